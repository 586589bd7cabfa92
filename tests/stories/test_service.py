"""A technician's acts: out of and into service, a support bundle; journalled, lasting, with nothing of anybody's."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.health import ComponentState
from hardware.payment_terminal import PaymentSimulator
from hardware.printer import SimulatedPrinter
from kiosk.__main__ import main
from kiosk.application import service_access
from kiosk.application.control import NotDone
from kiosk.application.ordering import SaleOrder
from kiosk.application.questions import ANSWERS
from kiosk.application.selling import sell
from kiosk.application.service import OUT_CAUSE, Acts, OutOfService
from kiosk.application.settings_file import load
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_store, open_terminal
from kiosk.commands.doctor import lines
from offline_store import OutOfSpace

ORDER = SaleOrder(
    origin="aldermoor-central", destination="bellmar", riders={"adult": 1}, holder="Xanthippe Quokkasdottir",
    mail="canary.quokka@example.org",
)  # fmt: skip


def start(data: Path) -> Start:
    return Start(load(None, data), data)


def at_terminal(data: Path, story: Callable[[Terminal], Awaitable[Any]]) -> Any:
    async def opened() -> Any:
        async with open_terminal(start(data)) as terminal, asyncio.timeout(60):
            return await story(terminal)

    return asyncio.run(opened())


def journalled(data: Path) -> list[tuple[str, str, dict[str, Any]]]:
    async def read() -> list[tuple[str, str, dict[str, Any]]]:
        async with open_store(start(data)) as store:
            assert await store.open_sale_ids() == ()
            return [
                (entry.kind, entry.actor, json.loads(entry.payload))
                for entry in await store.read_journal(0, 1000)
                if entry.kind.startswith("service:")
            ]

    return asyncio.run(read())


def test_a_device_out_of_service_is_not_offered_until_it_is_put_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ("--data", str(tmp_path))
    assert main(("service", "out", "payment-device", "--reason", "reader is loose", *named)) == 0
    assert main(("service", "out", "no-such-device", *named)) == 3
    assert "There are: ticket-printer" in capsys.readouterr().err

    async def after_a_restart(terminal: Terminal) -> None:
        await terminal.supervision.look()
        what = terminal.supervision.capabilities
        assert (what.can_pay_card, what.reason("can_pay_card")) == (False, OUT_CAUSE)
        health = next(each for each in terminal.supervision.healths if each.device_id == "payment-device")
        assert health.state is ComponentState.OUT_OF_SERVICE
        assert terminal.out_of_service.reasons == {"payment-device": "reader is loose"}
        await ANSWERS["service.in"](terminal, {"device_id": "payment-device"})
        assert terminal.supervision.capabilities.can_pay_card
        with pytest.raises(NotDone, match="in service already"):
            await ANSWERS["service.in"](terminal, {"device_id": "payment-device"})
        with pytest.raises(NotDone, match="one line"):
            await ANSWERS["service.out"](terminal, {"device_id": "payment-device", "reason": "a\nb"})

    at_terminal(tmp_path, after_a_restart)
    assert journalled(tmp_path) == [
        (
            "service:out_of_service",
            "technician:command-line",
            {"device_id": "payment-device", "reason": "reader is loose"},
        ),
        ("service:into_service", "technician:command-line", {"device_id": "payment-device"}),
    ]
    assert main(("store", "verify", *named)) == 0


def test_an_opened_payment_device_stays_out_of_service_until_somebody_answers_for_it(tmp_path: Path) -> None:
    async def opened(terminal: Terminal) -> None:
        device = terminal.devices.payment
        assert isinstance(device, PaymentSimulator)
        device.start_fault("tampered")
        await terminal.supervision.look()
        device.stop_fault("tampered")
        assert terminal.supervision.capabilities.reason("can_pay_card") == "payment.tampered"

    async def after_a_restart(terminal: Terminal) -> None:
        device = terminal.devices.payment
        assert isinstance(device, PaymentSimulator)
        assert (await device.health()).is_working
        await terminal.supervision.look()
        assert terminal.supervision.capabilities.reason("can_pay_card") == "payment.tampered"
        with pytest.raises(NotDone, match="The device it needs is out of service"):
            await sell(terminal, ORDER)
        told = await ANSWERS["doctor"](terminal, {})
        alarm = next(each["alarm"] for each in told["devices"] if each["device_id"] == device.device_id)
        assert (alarm["cause"], alarm["by"]) == ("payment.tampered", "")
        assert any(f"Alarm since {alarm['since'][:16]}: guichet service in" in line for line in lines(told))
        assert (await device.totals(timeout_s=5)).count == 0, "it is not asked for money"
        device.start_fault("tampered")
        with pytest.raises(NotDone, match="still says so"):
            await ANSWERS["service.in"](terminal, {"device_id": device.device_id})
        assert terminal.supervision.capabilities.reason("can_pay_card") == "payment.tampered", "it still says so"
        device.stop_fault("tampered")
        await ANSWERS["service.in"](terminal, {"device_id": device.device_id})
        assert (await sell(terminal, ORDER))["outcome"] == "delivered"
        told = await ANSWERS["doctor"](terminal, {})
        assert [each["alarm"]["by"] for each in told["devices"] if each["alarm"]] == ["technician:command-line"]
        assert not any("Alarm since" in line for line in lines(told))

    at_terminal(tmp_path, opened)
    at_terminal(tmp_path, after_a_restart)
    told = [(kind.removeprefix("service:"), actor, facts.get("cause")) for kind, actor, facts in journalled(tmp_path)]
    by = "technician:command-line"
    answered = [("alarm_acknowledged", by, "payment.tampered"), ("into_service", by, None)]
    raised = ("alarm_raised", "system", "payment.tampered")
    assert told == [raised, *answered, raised, *answered]


def test_tickets_come_from_the_stand_in_while_a_printer_is_out_of_service(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        first, second = terminal.devices.printers
        assert isinstance(first, SimulatedPrinter)
        assert isinstance(second, SimulatedPrinter)
        await ANSWERS["service.out"](terminal, {"device_id": first.device_id, "reason": ""})
        assert (await sell(terminal, ORDER))["outcome"] == "delivered"
        assert (len(first.papers()), len(second.papers())) == (0, 1)

    at_terminal(tmp_path, story)


def test_a_note_that_cannot_be_read_takes_nothing_out_of_service(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_bytes(b"\xff{")
    assert dict(OutOfService(file).reasons) == {}
    out = OutOfService(file)
    out.put("printer", "jam")
    assert "printer" in OutOfService(file)
    assert not out.take_back("scanner")


def test_a_support_bundle_says_how_all_is_and_holds_nothing_of_anybody(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "bundle.zip"

    async def story(terminal: Terminal) -> dict[str, Any]:
        sold = await sell(terminal, ORDER)
        made = await ANSWERS["service.bundle"](terminal, {"file": str(file)})
        assert made["bytes"] == file.stat().st_size
        with pytest.raises(NotDone, match="already"):
            await ANSWERS["service.bundle"](terminal, {"file": str(file)})
        with pytest.raises(NotDone, match="whole path"):
            await ANSWERS["service.bundle"](terminal, {"file": "here.zip"})
        with pytest.raises(NotDone, match="cannot be written"):
            await ANSWERS["service.bundle"](terminal, {"file": str(file / "inside.zip")})
        return sold

    sold = at_terminal(data, story)
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as parts:
        told = {name: parts.read(name).decode() for name in parts.namelist()}
    assert json.loads(told["doctor.json"])["devices"]
    assert json.loads(told["versions.json"])["msgspec"]
    assert json.loads(told["store.json"])["findings"] == []
    secrets = [each["secret"] for each in sold["documents"]] + sold["codes"]
    keys = [(data / "store" / "claim.key").read_bytes().hex(), "Quokkasdottir", "canary.quokka"]
    everything = "".join(told.values())
    assert not [each for each in (*secrets, *keys) if each and each in everything]
    assert journalled(data)[-1][0] == "service:support_bundle"
    assert file.stat().st_mode & 0o077 == 0


def test_what_a_device_keeps_in_its_options_stays_out_of_the_bundle(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    options = 'options = { host = "127.0.0.9", password = 654321 }'
    device = f'[[devices]]\nkind = "payment_terminal.zvt"\ndevice_id = "pay"\n{options}\n'
    platform = '[platform]\nurl = "https://me:hunter2@tickets.example.org"\n'
    settings.write_text(platform + device, encoding="utf-8")
    data, file = tmp_path / "data", tmp_path / "b.zip"
    named = ("--settings", str(settings), "--data", str(data))
    assert main(("service", "bundle", str(file), *named)) == 0
    with zipfile.ZipFile(file) as parts:
        told = parts.read("settings.json").decode()
    assert "127.0.0.9" in told
    assert "654321" not in told
    assert "tickets.example.org" in told
    assert "hunter2" not in told


def test_a_new_service_code_that_is_not_journalled_or_not_kept_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(*_: object) -> None:
        raise OutOfSpace("store.full")

    def full(*_: object) -> None:
        raise OSError("no space")

    async def story(terminal: Terminal) -> None:
        code = terminal.access.make()
        for owner, name, refusal, trouble in (
            (Acts, "note", no_room, OutOfSpace), (service_access, "write_private", full, OSError),
        ):  # fmt: skip
            with monkeypatch.context() as disk:
                disk.setattr(owner, name, refusal)
                with pytest.raises(trouble):
                    await ANSWERS["service.code"](terminal, {})
        assert terminal.access.attempt(code).is_admitted
        fresh = (await ANSWERS["service.code"](terminal, {}))["service_code"].replace(" ", "")
        assert terminal.access.attempt(fresh).is_admitted

    at_terminal(tmp_path, story)
    acts = [kind.removeprefix("service:") for kind, _, _ in journalled(tmp_path)]
    assert acts == ["new_service_code", "new_service_code_not_written", "new_service_code"]
