"""What works now is derived from what devices and platform say, each reason by its key."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

import kiosk.application.supervision
from hardware.health import ComponentState, Health
from kiosk.application.interfaces import PlatformHealth
from kiosk.application.service import OUT_CAUSE
from kiosk.application.supervision import SILENT_CAUSE, Supervision, Watched, capabilities_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UP = PlatformHealth(is_reachable=True, since=NOW, catalogue_as_of=NOW)
DOWN = replace(UP, is_reachable=False)


def health(family: str, state: ComponentState = ComponentState.READY, cause: str = "") -> Health:
    return Health(family, family, state, NOW, NOW, cause=cause)


ALL = [
    ("tickets", health("printer")),
    ("receipts", replace(health("printer"), device_id="receipts")),
    ("", health("payment_device")),
    ("", health("cash")),
    ("", health("scanner")),
    ("", health("card_reader")),
]


def without(family: str, cause: str = "x.y") -> list[tuple[str, Health]]:
    return [
        (role, health(family, ComponentState.HARDWARE_ERROR, cause) if each.family == family else each)
        for role, each in ALL
    ]


def test_all_works_when_all_is_well() -> None:
    what = capabilities_of(ALL, UP, confirms_offline=True)
    assert what.reasons == ()
    assert what.can_sell_journeys
    assert what.can_sell_events
    assert what.platform_as_of == NOW


@pytest.mark.parametrize(
    ("family", "off"),
    [
        ("printer", {"can_sell_journeys", "can_sell_events", "can_print_tickets", "can_print_receipts",
                     "can_pick_up_by_scan", "can_pick_up_by_card"}),
        ("payment_device", {"can_pay_card"}),
        ("cash", {"can_pay_cash", "can_give_change"}),
        ("scanner", {"can_pick_up_by_scan"}),
        ("card_reader", {"can_pick_up_by_card"}),
    ],
)  # fmt: skip
def test_a_dead_device_takes_away_what_needs_it_and_nothing_else(family: str, off: set[str]) -> None:
    what = capabilities_of(without(family), UP, confirms_offline=True)
    assert {name for name, _ in what.reasons} == off
    assert {reason for _, reason in what.reasons} == {"x.y"}


def test_a_missing_device_is_a_reason_too() -> None:
    what = capabilities_of([], UP, confirms_offline=True)
    assert what.reason("can_pay_card") == "payment_device.none"
    assert what.reason("is_platform_reachable") == ""


def test_without_any_way_to_pay_nothing_is_sold() -> None:
    neither = [(role, each) for role, each in ALL if each.family not in {"payment_device", "cash"}]
    assert not capabilities_of(neither, UP, confirms_offline=True).can_sell_journeys


def test_a_printer_of_another_role_stands_in() -> None:
    broken = replace(health("printer", ComponentState.MEDIA_JAMMED, "printer.jam"), device_id="tickets")
    assert capabilities_of([("tickets", broken), *ALL[1:]], UP, confirms_offline=True).reasons == ()


def test_cash_that_gives_no_change_still_takes_money() -> None:
    low = health("cash", ComponentState.MEDIA_LOW, "cash.no_change")
    what = capabilities_of([*ALL[:3], ("", low), *ALL[4:]], UP, confirms_offline=True)
    assert what.can_pay_cash
    assert what.reasons == (("can_give_change", "cash.no_change"),)


def test_low_paper_still_sells() -> None:
    low = [("tickets", health("printer", ComponentState.MEDIA_LOW)), *ALL[1:]]
    assert capabilities_of(low, UP, confirms_offline=True).can_print_tickets


def test_with_the_link_down_journeys_go_on_where_the_platform_allows_it() -> None:
    what = capabilities_of(ALL, DOWN, confirms_offline=True)
    assert what.can_sell_journeys
    assert not what.can_sell_events
    assert what.reason("can_sell_events") == "platform_away"
    assert not capabilities_of(ALL, DOWN, confirms_offline=False).can_sell_journeys
    assert not capabilities_of(ALL, None, confirms_offline=False).is_platform_reachable


class Device:
    def __init__(self, health: Health) -> None:
        self.device_id = health.device_id
        self.now = health

    async def health(self) -> Health:
        return self.now


class Link:
    traits = SimpleNamespace(confirms_offline=True)
    now = UP

    async def health(self, *, timeout_s: float) -> PlatformHealth:
        assert timeout_s == 1.0
        return self.now


def test_listeners_hear_of_changes_only() -> None:
    async def story() -> None:
        printer, link, heard = Device(health("printer")), Link(), []
        supervision = Supervision([Watched(printer, "tickets")], link, poll_s=60, platform_s=1.0)
        end = supervision.subscribe(lambda: heard.append(supervision.capabilities.can_print_tickets))
        await supervision.look()
        await supervision.look()
        assert heard == [True]
        printer.now = health("printer", ComponentState.MEDIA_EMPTY, "printer.paper_out")
        await supervision.look()
        assert heard == [True, False]
        assert supervision.healths[0].cause == "printer.paper_out"
        link.now = DOWN
        end()
        await supervision.look()
        assert len(heard) == 2
        assert not supervision.capabilities.is_platform_reachable
        assert supervision.role_of("printer") == "tickets"

    asyncio.run(story())


def test_a_nudge_looks_at_once() -> None:
    async def story() -> None:
        printer = Device(health("printer"))
        supervision = Supervision([Watched(printer)], Link(), poll_s=3600, platform_s=1.0)
        changed = asyncio.Event()
        supervision.subscribe(changed.set)
        task = asyncio.create_task(supervision.run())
        await asyncio.wait_for(changed.wait(), 30)
        changed.clear()
        printer.now = health("printer", ComponentState.MEDIA_JAMMED, "printer.jam")
        supervision.nudge()
        await asyncio.wait_for(changed.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


class Mute(Device):
    """A device that answers only when the test lets it."""

    def __init__(self, health: Health) -> None:
        super().__init__(health)
        self.may_answer = asyncio.Event()
        self.asked = 0

    async def health(self) -> Health:
        self.asked += 1
        await self.may_answer.wait()
        return self.now


def test_a_slow_device_hides_no_other_and_its_own_answer_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.application.supervision, "LOOK_S", 0.05)

    async def story() -> None:
        slow, printer = Mute(health("payment_device")), Device(health("printer"))
        watched = [Watched(slow, "", "payment_device"), Watched(printer, "", "printer")]
        supervision = Supervision(watched, Link(), poll_s=0.01, platform_s=1.0)
        heard = asyncio.Event()
        supervision.subscribe(heard.set)
        async with asyncio.timeout(60):
            task = asyncio.create_task(supervision.run())
            while not supervision.capabilities.can_print_tickets:
                await heard.wait()
                heard.clear()
            printer.now = health("printer", ComponentState.MEDIA_EMPTY, "printer.paper_out")
            while supervision.capabilities.reason("can_print_tickets") != "printer.paper_out":
                await heard.wait()
                heard.clear()
            assert slow.asked == 1
            slow.may_answer.set()
            while not supervision.capabilities.can_pay_card:
                await heard.wait()
                heard.clear()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(story())


def test_a_device_that_falls_silent_is_not_offered_until_it_speaks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.application.supervision, "LOOK_S", 0.05)

    async def story() -> None:
        payment = Mute(health("payment_device"))
        watched = [Watched(payment, "", "payment_device")]
        supervision = Supervision(watched, Link(), poll_s=0.01, platform_s=1.0, silent_s=0.02)
        await supervision.look()
        assert supervision.capabilities.reason("can_pay_card") == SILENT_CAUSE  # never heard
        assert supervision.healths[0].family == "payment_device"
        payment.may_answer.set()
        await supervision.look()
        assert supervision.capabilities.can_pay_card
        payment.may_answer.clear()
        await supervision.look()
        assert supervision.healths[0].state is ComponentState.NOT_REACHABLE
        since = supervision.healths[0].since
        await supervision.look()
        assert supervision.healths[0].since == since
        payment.may_answer.set()
        await supervision.look()
        assert supervision.healths[0].state is ComponentState.READY

    asyncio.run(story())


def test_a_silent_device_counts_as_who_took_it_out_says_and_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.application.supervision, "LOOK_S", 0.05)

    async def story() -> None:
        payment, out, alarms = Mute(health("payment_device")), set[str](), StandingAlarms()
        watched = [Watched(payment, "", "payment_device")]
        anyone: Any = alarms
        supervision = Supervision(
            watched, Link(), poll_s=60, platform_s=1.0, silent_s=0.02, is_out=out.__contains__, alarms=anyone
        )
        causes: list[str] = []
        for is_out, stands in ((False, False), (True, False), (True, True), (False, True), (False, False)):
            (out.add if is_out else out.discard)(payment.device_id)
            alarms.stands = stands
            await supervision.look()
            causes.append(supervision.healths[0].cause)
            since = supervision.healths[0].since
            await supervision.look()
            assert supervision.healths[0].since == since, "nothing has changed"
        assert causes == [SILENT_CAUSE, OUT_CAUSE, "payment.tampered", "payment.tampered", SILENT_CAUSE]

    asyncio.run(story())


class StandingAlarms:
    """Alarms of which that of the payment device stands as long as the test says so."""

    stands = False

    def of(self, _: str) -> None:
        """Nobody asks for it here."""

    def overruled(self, said: Health) -> Health:
        return replace(said, state=ComponentState.OUT_OF_SERVICE, cause="payment.tampered") if self.stands else said


def test_what_a_driver_raises_is_not_swallowed() -> None:
    class Broken(Device):
        async def health(self) -> Health:
            raise LookupError(self.device_id)

    supervision = Supervision([Watched(Broken(health("printer")))], Link(), poll_s=60, platform_s=1.0)
    with pytest.raises(LookupError):
        asyncio.run(supervision.look())


def test_a_look_asks_again_after_a_question_that_was_under_way() -> None:
    async def story() -> None:
        printer = Mute(health("printer"))
        supervision = Supervision([Watched(printer)], Link(), poll_s=60, platform_s=1.0)
        asked = supervision._ask("printer")
        looking = asyncio.create_task(supervision.look())
        printer.may_answer.set()
        await asked
        printer.now = health("printer", ComponentState.MEDIA_JAMMED, "printer.jam")
        await looking
        assert printer.asked == 2
        assert supervision.healths[0].cause == "printer.jam"

    asyncio.run(story())
