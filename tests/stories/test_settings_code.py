"""Provisioning by a scanned code, as operator and technician do it: a QR code is read and taken, or refused."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hardware.scanner import ScannerSimulator
from kiosk.__main__ import main
from kiosk.application import settings_intake
from kiosk.application.clock import SystemClock
from kiosk.application.control import NotDone
from kiosk.application.inputs import CodeRead, Input
from kiosk.application.questions import ANSWERS
from kiosk.application.settings import Settings
from kiosk.application.settings_code import SettingsCode, SettingsCodeRefusedError, make
from kiosk.application.settings_file import load, parse
from kiosk.application.settings_intake import HIDDEN, SettingsIntake, Trust, changes
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_store, open_terminal

TOML = '[terminal]\nid = "hall-7"\nname = "Hall 7"\n'


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    said = capsys.readouterr()
    return status, said.out.strip(), said.err


def test_a_terminal_is_provisioned_by_a_code_of_the_operator_and_of_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, key, other, data = (tmp_path / name for name in ("hall.toml", "operator.key", "other.key", "data"))
    wanted.write_text(TOML, encoding="utf-8")
    named = ("--data", str(data))
    _, public, _ = told(capsys, "settings", "key", "--key", str(key))
    assert key.stat().st_mode & 0o077 == 0
    assert told(capsys, "settings", "key", "--key", str(key))[0] == 3, "a key is never written over"
    _, code, _ = told(capsys, "settings", "code", str(wanted), "--key", str(key))
    assert "trusts no operator" in told(capsys, "settings", "accept", code, *named)[2]
    assert "64 hexadecimal" in told(capsys, "settings", "trust", "12", *named)[2]
    assert told(capsys, "settings", "trust", public, *named)[0] == 0
    told(capsys, "settings", "key", "--key", str(other))
    _, strange, _ = told(capsys, "settings", "code", str(wanted), "--key", str(other))
    assert "not signed by the operator" in told(capsys, "settings", "accept", strange, *named)[2]
    assert load(None, data).settings.terminal.id == "demo-1"
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
    [scanned] = zxingcpp.read_barcodes(zxingcpp.write_barcode_to_image(barcode, scale=4))
    assert told(capsys, "settings", "accept", scanned.text, *named)[0] == 0
    assert load(None, data).settings.terminal.name == "Hall 7"
    assert "older" in told(capsys, "settings", "accept", code, *named)[2], "no code is taken twice"
    _, elsewhere, _ = told(capsys, "settings", "code", str(wanted), "--key", str(key), "--terminal", "hall-9")
    assert "another terminal" in told(capsys, "settings", "accept", elsewhere, *named)[2]


def test_what_is_missing_or_wrong_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, bad = tmp_path / "hall.toml", tmp_path / "bad.key"
    wanted.write_text(TOML, encoding="utf-8")
    bad.write_bytes(b"short")
    assert "Name both" in told(capsys, "settings", "code", str(wanted))[2]
    assert "holds no key" in told(capsys, "settings", "code", str(wanted), "--key", str(bad))[2]
    assert "cannot be used" in told(capsys, "settings", "code", str(wanted), "--key", str(tmp_path / "none"))[2]
    assert told(capsys, "settings", "check", str(wanted))[0] == 0


def at_terminal(data: Path, story: Callable[[Terminal], Awaitable[None]]) -> None:
    async def opened() -> None:
        async with open_terminal(Start(load(None, data), data)) as terminal, asyncio.timeout(60):
            await story(terminal)

    asyncio.run(opened())


def journal(data: Path) -> list[Any]:
    async def read() -> list[Any]:
        async with open_store(Start(load(None, data), data)) as store:
            return list(await store.read_journal(0, 100))

    return asyncio.run(read())


def test_a_running_terminal_waits_for_a_code_tells_its_changes_and_takes_it_by_its_name(tmp_path: Path) -> None:
    mine = Ed25519PrivateKey.generate()
    code = make(mine, SettingsCode(TOML, "*", datetime.now(UTC)))

    async def scanned(terminal: Terminal, text: str) -> Any:
        scanner = terminal.devices.scanners[0]
        assert isinstance(scanner, ScannerSimulator)
        asking = asyncio.create_task(ANSWERS["settings.scan"](terminal, {}))
        await asyncio.sleep(0)
        scanner.inject(b"TICKET-1")
        scanner.inject(text.encode())
        return await asking

    async def story(terminal: Terminal) -> None:
        page: list[Input] = []
        terminal.inputs.subscribe(page.append)
        with pytest.raises(NotDone, match="trusts no operator"):
            await scanned(terminal, code)
        terminal.intake.put_trust(mine.public_key().public_bytes_raw())
        told = await scanned(terminal, code)
        assert {(each["key"], each["after"]) for each in told["changes"]} == {
            ("terminal.id", "hall-7"),
            ("terminal.name", "Hall 7"),
        }
        assert set(page) == {CodeRead("TICKET-1")}, "a ticket reaches its page all the while"
        assert (await ANSWERS["settings.take"](terminal, {"code": told["name"]}))["name"] == told["name"]
        with pytest.raises(NotDone, match=r"older.*Nothing was changed"):
            await ANSWERS["settings.take"](terminal, {"code": code})
        with pytest.raises(NotDone, match="not a settings code"):
            await ANSWERS["settings.take"](terminal, {"code": "00000000"})

    at_terminal(tmp_path, story)
    assert load(None, tmp_path).settings.terminal.name == "Hall 7"

    acts = [(entry.kind, entry.actor) for entry in journal(tmp_path)]
    assert ("service:settings_taken", "technician:command-line") in acts
    assert [kind for kind, _ in acts].count("service:settings_code_refused") == 3


def test_a_code_stands_over_the_file_the_system_starts_with_until_that_is_edited(tmp_path: Path) -> None:
    system, data, mine = tmp_path / "guichet.toml", tmp_path / "data", Ed25519PrivateKey.generate()
    system.write_text('[terminal]\nname = "As shipped"\n', encoding="utf-8")
    loaded = load(system, data)
    intake = SettingsIntake(data, loaded.file, loaded.settings)
    intake.put_trust(mine.public_key().public_bytes_raw())
    intake.take(make(mine, SettingsCode(TOML, "*", datetime.now(UTC))))
    assert load(system, data).settings.terminal.name == "Hall 7"
    assert system.read_text(encoding="utf-8") == '[terminal]\nname = "As shipped"\n'
    good = system.read_text(encoding="utf-8")
    system.write_text("[terminal\n", encoding="utf-8")
    assert load(system, data).settings.terminal.name == "Hall 7", "what was never in force replaces nothing"
    system.write_text('[terminal]\nname = "Edited by hand"\n', encoding="utf-8")
    assert load(system, data).settings.terminal.name == "Edited by hand"
    system.write_text(good, encoding="utf-8")
    assert load(system, data).settings.terminal.name == "As shipped", "an old text put back revives no code"


def test_whom_a_terminal_trusts_is_journalled_with_its_actor_and_a_wrong_clock_has_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
    public, named = mine.public_key().public_bytes_raw().hex(), ("--data", str(tmp_path))
    code = make(mine, SettingsCode(TOML, "*", now))
    assert told(capsys, "settings", "trust", public, *named)[0] == 0
    ahead = make(mine, SettingsCode(TOML, "*", now + timedelta(days=30)))
    assert "later than this terminal's clock" in told(capsys, "settings", "accept", ahead, *named)[2]

    class Ahead(SystemClock):
        def now(self) -> datetime:
            return now + timedelta(days=31)

    SettingsIntake(tmp_path, None, Settings(), Ahead()).take(ahead)
    status, _, said = told(capsys, "settings", "accept", code, *named)
    assert (status, "--anew" in said) == (3, True), "the clock was set right, and the code from the future blocks"
    assert told(capsys, "settings", "trust", public, *named)[0] == 0
    assert told(capsys, "settings", "accept", code, *named)[0] == 3, "named again is not anew"
    assert told(capsys, "settings", "trust", public, "--anew", *named)[0] == 0
    assert told(capsys, "settings", "accept", code, *named)[0] == 0

    async def asked(terminal: Terminal) -> None:
        with pytest.raises(NotDone, match="64 hexadecimal"):
            await ANSWERS["settings.trust"](terminal, {"operator": "12"})
        await ANSWERS["settings.trust"](terminal, {"operator": public})

    at_terminal(tmp_path, asked)
    trusted = [(each.actor, json.loads(each.payload)) for each in journal(tmp_path) if "operator_trusted" in each.kind]
    assert {actor for actor, _ in trusted} == {"technician:command-line"}
    assert [facts["is_anew"] for _, facts in trusted] == [False, False, True, False]
    assert {facts["key"] for _, facts in trusted} == {public}
    assert trusted[2][1]["newest_before"] == (now + timedelta(days=30)).isoformat()


def test_an_operator_the_disk_does_not_keep_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def story(terminal: Terminal) -> None:
        with monkeypatch.context() as disk:
            disk.setattr(settings_intake, "write_private", full)
            with pytest.raises(NotDone, match=r"No space left on device\. Nothing was changed"):
                await ANSWERS["settings.trust"](terminal, {"operator": public.hex()})
        assert terminal.intake.trust is None

    at_terminal(tmp_path, story)
    kinds = [each.kind for each in journal(tmp_path)]
    assert kinds.index("service:operator_trusted") < kinds.index("service:operator_not_written")


def test_an_operator_named_again_and_a_disk_that_is_full_let_no_older_code_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, day = Ed25519PrivateKey.generate(), datetime.now(UTC)
    public = mine.public_key().public_bytes_raw()
    older = make(mine, SettingsCode(TOML, "*", day - timedelta(days=1)))
    newer = make(mine, SettingsCode(TOML.replace("Hall 7", "Hall 8"), "*", day))
    intake = SettingsIntake(tmp_path, None, Settings())
    intake.put_trust(public)

    def full(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as disk:
        disk.setattr(settings_intake, "take", full)
        with pytest.raises(OSError, match="no space"):
            intake.take(newer)
    assert intake.trust == Trust(public), "a code that was not kept can be taken later"
    assert intake.take(newer).made == day
    intake.put_trust(public)
    with pytest.raises(SettingsCodeRefusedError, match="older"):
        intake.take(older)
    assert load(None, tmp_path).settings.terminal.name == "Hall 8"
    intake.put_trust(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert intake.trust is not None
    assert intake.trust.newest is None, "another operator begins anew"


def test_what_changes_is_told_without_what_may_be_secret() -> None:
    before = parse('[[devices]]\nkind = "printer.escpos.usb"\ndevice_id = "p"\n', "a")
    after = parse(
        '[platform]\nurl = "https://me:hunter2@tickets.example.org"\n[[devices]]\nkind = "payment_terminal.zvt"\n'
        'device_id = "pay"\noptions = { password = 987654, host = "192.168.7.2" }\n',
        "b",
    )
    told = changes(before, after)
    assert "hunter2" not in str(told)
    assert "987654" not in str(told)
    assert {each.key: each.after for each in told}["devices.pay.options.password"] == HIDDEN
    assert [each.before for each in told if each.key == "devices.p.kind"] == ["printer.escpos.usb"]
    assert changes(Settings(), Settings()) == ()
