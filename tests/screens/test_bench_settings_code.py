"""A settings code at the technician's bench, scanned on a real line: refused, shown, left and taken."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import Qt

from hardware.scanner import ScannerEmulator
from kiosk.application.inputs import CodeRead
from kiosk.application.service import Acts
from kiosk.application.settings import DeviceSettings, Settings
from kiosk.application.settings_code import SettingsCode, make
from kiosk.application.settings_file import load
from kiosk.shells import technician
from offline_store import OutOfSpace

MADE = datetime(2026, 11, 28, tzinfo=UTC)
TOML = """
[terminal]
name = "Hall 7"
[[devices]]
kind = "scanner.serial"
device_id = "scanner"
options = { path = "/dev/serial/by-id/usb-scanner" }
[[devices]]
kind = "payment_terminal.zvt"
device_id = "pay"
options = { host = "192.168.7.20", password = 987654 }
"""
SIZES = ((1920, 1080), (1366, 768))


@pytest.mark.parametrize("size", SIZES)
def test_a_scanned_code_is_shown_by_its_changes_and_taken_when_confirmed(
    sit: Any, tmp_path: Path, size: tuple[int, int], noted: list[Any]
) -> None:
    line = ScannerEmulator(tmp_path / "tty")
    line.plug_in()
    scanner = DeviceSettings(kind="scanner.serial", device_id="scanner", options={"path": line.path})
    mine, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()

    def scan(toml: str, key: Ed25519PrivateKey = mine, made: datetime = MADE, who: str = "*") -> None:
        line.scan(make(key, SettingsCode(toml, who, made)).encode(), b"\r")

    async def story(desk: Any) -> None:
        code, terminal = desk.face.code, desk.terminal
        beneath: list[Any] = []
        terminal.inputs._listeners.insert(0, beneath.append)
        await desk.until(
            lambda: any(h.family == "scanner" and h.is_working for h in terminal.supervision.healths), "it"
        )
        scan(TOML)
        await desk.until(lambda: "trusts no operator" in code.note, "nobody is trusted yet")
        terminal.intake.put_trust(mine.public_key().public_bytes_raw())
        for scanned, part in (
            (lambda: scan(TOML, stranger), "not signed by the operator"),
            (lambda: scan(TOML, who="hall-9"), "another terminal"),
            (lambda: line.scan(b"GUICHET1:AAAA.BBBB"), "damaged"),
            (lambda: line.scan(b"GUICHET1:" + b"A" * 1900 + b"." + b"B" * 86), "not signed"),
            (lambda: line.scan(b"TICKET-1234"), "11 characters"),
            (lambda: line.scan(b"bell\x07"), "cannot be used"),
        ):
            scanned()
            await desk.until(lambda part=part: part in code.note, part)
            assert not code.isShown
        desk.judge("bench-code-refused")
        scan(TOML)
        await desk.until(lambda: code.isShown, "the changes")
        rows = {row.name: (row.before, row.after) for row in code.rows.rows}
        assert rows["terminal.name"] == ("Demo terminal", "Hall 7")
        assert rows["devices.pay.options.host"] == ("not set", "192.168.7.20")
        assert rows["devices.pay.options.password"] == ("not set", "•••")
        assert "987654" not in str(desk.probe())
        desk.judge("bench-code")
        await desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: not code.isShown, "left as they are")
        assert load(None, tmp_path).settings == Settings()
        scan(TOML, made=MADE + timedelta(seconds=1))
        await desk.until(lambda: code.isShown, "the changes once more")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "from the next start" in code.note, "taken")
        desk.judge("bench-code-taken")
        assert load(None, tmp_path).settings.terminal.name == "Hall 7"
        scan(TOML)
        await desk.until(lambda: "older" in code.note, "an old code")
        assert beneath == [], "the page beneath the bench saw nothing"

    settings = Settings(devices=(scanner,))
    sit(lambda terminal, **more: technician.open_technician(terminal, technician="Anna", **more), story, size, settings)
    line.unplug()
    kinds = [kind for kind, _, _ in noted]
    assert {actor for _, actor, _ in noted} == {"technician:Anna"}
    assert kinds.count("service:settings_taken") == 1
    assert kinds.count("service:settings_code_refused") == 6
    taken = next(facts for kind, _, facts in noted if kind == "service:settings_taken")
    assert "terminal.name" in taken["keys"]
    assert "987654" not in str(noted)


def test_a_journal_that_takes_nothing_takes_no_settings_and_says_so(
    sit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Ed25519PrivateKey.generate()

    async def full(*_: object) -> None:
        raise OutOfSpace("store.full")

    async def story(desk: Any) -> None:
        code, terminal = desk.face.code, desk.terminal
        terminal.intake.put_trust(mine.public_key().public_bytes_raw())
        scanned = make(mine, SettingsCode(TOML, "*", MADE)).encode()
        terminal.devices.scanners[0].inject(scanned)
        await desk.until(lambda: code.isShown, "the changes")
        with monkeypatch.context() as journal:
            journal.setattr(Acts, "note", full)
            await desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: "does not keep the settings" in code.note, "why not")
            assert not code.isShown
            terminal.devices.scanners[0].inject(b"TICKET-1234")
            await desk.until(lambda: "11 characters" in code.note, "another code")
            terminal.devices.scanners[0].inject(b"GUICHET1:AAAA.BBBB")
            await desk.until(lambda: "does not keep the settings" in code.note, "a refusal is journalled, too")
        assert load(None, tmp_path).settings == Settings()
        terminal.devices.scanners[0].inject(scanned)
        await desk.until(lambda: code.isShown, "the same code once more")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "from the next start" in code.note, "taken")

    sit(technician.open_technician, story)


def test_a_device_test_that_waits_for_a_code_gets_it(sit: Any) -> None:
    async def story(desk: Any) -> None:
        heard: list[Any] = []
        end = desk.terminal.inputs.subscribe(heard.append)
        desk.terminal.devices.scanners[0].inject(b"SERVICE 42")
        await desk.until(lambda: heard, "the code")
        assert heard == [CodeRead("SERVICE 42")]
        assert not desk.face.code.note
        end()

    sit(technician.open_technician, story)
