"""Journal, platform and payment device say the same of the same money; where one does not, it is named."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hardware.payment_terminal import DayTotals, PaymentOutcome
from hardware.printer import FaultKind
from kiosk.__main__ import main
from kiosk.application.errors import Unreachable
from kiosk.application.interfaces import FoundBooking
from kiosk.application.ordering import SaleOrder
from kiosk.application.questions import reconciled
from kiosk.application.reconciliation import SENTENCES
from kiosk.application.selling import sell
from kiosk.application.settings_file import load
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_link, open_terminal
from kiosk.platforms.embedded import LinkMode

JOURNEY = SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 2})
SEATS = SaleOrder(event="winters-tale", best=2)
ALL = {"all": True}
LIMIT_S = 60.0


def at_terminal(folder: Path, story: Callable[[Terminal], Awaitable[Any]], *, paper_wait_s: float = 120) -> Any:
    file = folder / "settings.toml"
    times = f"platform_write_s = 1.0\nconfirm_wait_s = 0.2\npaper_wait_s = {paper_wait_s}\n"
    file.write_text(f"[timeouts]\n{times}", encoding="utf-8")

    async def opened() -> Any:
        async with open_terminal(Start(load(file, folder / "data"), folder / "data")) as terminal:
            async with asyncio.timeout(LIMIT_S):
                return await story(terminal)

    return asyncio.run(opened())


async def settled(terminal: Terminal) -> None:
    while terminal.till.open_sales() or (await terminal.store.figures()).queue_depth:
        await asyncio.sleep(0.02)


def kinds(found: dict[str, Any]) -> list[str]:
    assert all(each["sentence"] == SENTENCES[each["kind"]] for each in found["differences"])
    return [each["kind"] for each in found["differences"]]


def test_a_day_of_sales_reversals_and_declines_adds_up(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        device: Any = terminal.devices.payment
        first = await sell(terminal, JOURNEY)
        cash = await sell(terminal, replace(JOURNEY, tender="cash"))
        device.start_fault("declined", times=1)
        with pytest.raises(Exception, match="Nothing was sold"):
            await sell(terminal, JOURNEY)
        for printer in terminal.devices.printers:
            printer.faults.start(FaultKind.PAPER_OUT)
        given_back = await sell(terminal, SEATS)
        assert given_back["outcome"] == "paid_back"
        for printer in terminal.devices.printers:
            printer.faults.stop()
        seats = await sell(terminal, SEATS)
        await settled(terminal)
        found = await reconciled(terminal, ALL)
        assert kinds(found) == []
        card = first["price"]["minor"] + seats["price"]["minor"]
        assert found["journal_minor"] == {"card": card, "cash": cash["price"]["minor"]}
        assert found["platform_minor"] == card + cash["price"]["minor"]
        assert found["device"] == {"count": 2, "amount_minor": card, "currency": "EUR"}
        assert (found["sales"], found["waiting"], found["unasked"]) == (4, [], [])

    at_terminal(tmp_path, story, paper_wait_s=0.2)


def test_what_waits_and_what_cannot_be_asked_is_no_difference(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        link = open_link(terminal.settings, terminal.data_dir)
        done = await sell(terminal, JOURNEY)
        await settled(terminal)
        link.set(LinkMode.DOWN)
        waiting = await sell(terminal, JOURNEY)
        found = await reconciled(terminal, ALL)
        assert kinds(found) == []
        assert found["waiting"] == waiting["codes"]
        assert found["unasked"] == done["codes"]
        device: Any = terminal.devices.payment
        device.start_fault("not_reachable")
        found = await reconciled(terminal, ALL)
        assert kinds(found) == []
        assert device.device_id in found["unasked"]
        device.stop_fault("not_reachable")
        link.set(LinkMode.UP)
        terminal.supervision.nudge()
        await settled(terminal)
        assert (await reconciled(terminal, ALL))["unasked"] == []

    at_terminal(tmp_path, story)


class OtherPlatform:
    """The platform with one thing changed in what it shows."""

    def __init__(self, platform: Any, change: Callable[[FoundBooking], FoundBooking | None]) -> None:
        self.traits = platform.traits
        self._platform = platform
        self._change = change

    async def find(self, code: str, *, timeout_s: float) -> FoundBooking | None:
        found = await self._platform.find(code, timeout_s=timeout_s)
        return None if found is None else self._change(found)


PLATFORM_LIES: dict[str, tuple[str, Callable[[FoundBooking], FoundBooking | None]]] = {
    "forgot the booking": ("platform.missing", lambda _: None),
    "has it under another sale": ("platform.of_another", lambda found: replace(found, sale_id="another")),
    "has another price": (
        "platform.money",
        lambda found: replace(found, paid=replace(found.paid, minor=found.paid.minor - 1)),
    ),
    "calls a ticket dead": (
        "platform.dead",
        lambda found: replace(found, parts=(replace(found.parts[0], state="CANCELLED"), *found.parts[1:])),
    ),
}


@pytest.mark.parametrize("lie", PLATFORM_LIES)
def test_a_platform_that_says_otherwise_is_named(tmp_path: Path, lie: str) -> None:
    kind, change = PLATFORM_LIES[lie]

    async def story(terminal: Terminal) -> None:
        sold = await sell(terminal, SEATS)
        await settled(terminal)
        platform: Any = OtherPlatform(terminal.platform, change)
        found = await reconciled(replace(terminal, platform=platform), ALL)
        assert kinds(found) == [kind]
        assert found["differences"][0]["sale_id"] == sold["sale_id"]
        assert found["differences"][0]["reference"] == sold["codes"][0]

    at_terminal(tmp_path, story)


def test_a_ticket_paid_back_and_still_valid_is_named(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        for printer in terminal.devices.printers:
            printer.faults.start(FaultKind.PAPER_OUT)
        assert (await sell(terminal, JOURNEY))["outcome"] == "paid_back"
        await settled(terminal)
        assert kinds(await reconciled(terminal, ALL)) == []

        def alive(found: FoundBooking) -> FoundBooking:
            return replace(found, parts=tuple(replace(part, state="CONFIRMED") for part in found.parts))

        platform: Any = OtherPlatform(terminal.platform, alive)
        found = await reconciled(replace(terminal, platform=platform), ALL)
        assert kinds(found) == ["platform.alive"] * 2

    at_terminal(tmp_path, story, paper_wait_s=0.2)


def test_a_platform_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        sold = await sell(terminal, JOURNEY)
        await settled(terminal)

        def away(_: FoundBooking) -> FoundBooking:
            raise Unreachable("unreachable")

        platform: Any = OtherPlatform(terminal.platform, away)
        found = await reconciled(replace(terminal, platform=platform), ALL)
        assert (kinds(found), found["unasked"]) == ([], sold["codes"])

    at_terminal(tmp_path, story)


@pytest.mark.parametrize(("amount", "kind"), [(1, "device.less"), (10**6, "device.more")])
def test_a_device_that_charged_another_amount_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: int, kind: str
) -> None:
    async def story(terminal: Terminal) -> None:
        await sell(terminal, JOURNEY)
        await settled(terminal)
        device: Any = terminal.devices.payment
        query, totals = type(device).query, type(device).totals

        async def other(self: Any, *asked: Any, timeout_s: float) -> Any:
            said = await query(self, *asked, timeout_s=timeout_s)
            return replace(said, amount_minor=amount) if said.outcome is PaymentOutcome.APPROVED else said

        async def other_day(self: Any, *, timeout_s: float) -> DayTotals:
            return replace(await totals(self, timeout_s=timeout_s), amount_minor=amount)

        monkeypatch.setattr(type(device), "query", other)
        monkeypatch.setattr(type(device), "totals", other_day)
        assert kinds(await reconciled(terminal, ALL)) == [kind, "device.total"]

    at_terminal(tmp_path, story)


def test_the_command_closes_a_day_that_adds_up_and_begins_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ("--data", str(tmp_path))
    sale = ("sell", "--from", "aldermoor-central", "--to", "bellmar", "--adult", "1", *named)
    assert main(sale) == 0
    capsys.readouterr()
    assert main(("reconcile", "--close-day", *named)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sales"], told["device"]["count"]) == (1, 1)
    assert main(sale) == 0
    capsys.readouterr()
    assert main(("reconcile", *named)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sales"], told["device"]["count"]) == (2, 1), "the device counts the new day only, and so do we"
    assert main(("reconcile", "--since", "2099-01-01", *named)) == 0
    assert json.loads(capsys.readouterr().out)["sales"] == 0


def test_a_day_that_does_not_add_up_is_not_closed(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        await sell(terminal, JOURNEY)
        await settled(terminal)
        platform: Any = OtherPlatform(terminal.platform, lambda _: None)
        with pytest.raises(Exception, match="The day is not closed"):
            await reconciled(replace(terminal, platform=platform), {**ALL, "close_day": True})
        device: Any = terminal.devices.payment
        assert (await device.totals(timeout_s=1)).count == 1
        with pytest.raises(Exception, match="A day is written"):
            await reconciled(terminal, {"since": "yesterday"})

    at_terminal(tmp_path, story)
