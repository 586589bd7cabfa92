"""A booking scanned at the counter: what is left to print is printed; of what is not, the clerk is told why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.application.inputs import CodeRead
from kiosk.application.settings import Settings, TerminalSettings
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.sale.events import SaleKind
from kiosk.domain.sale.sale import Stage
from kiosk.shells import box_office

Sit = Callable[..., None]
TOLD = {
    "en": ("This booking was cancelled", "This booking is not paid yet"),
    "de": ("Diese Buchung wurde storniert", "Diese Buchung ist noch nicht bezahlt"),
    "ar": ("أُلغي هذا الحجز", "لم يُدفع ثمن هذا الحجز بعد"),
    "zh": ("此预订已取消", "此预订尚未付款"),
}


async def booked(terminal: Any, count: int = 1) -> Any:
    """Let another channel book a journey."""
    platform, now = terminal.platform, terminal.clock.now()
    found = await platform.departures("aldermoor-central", "bellmar", after=now + timedelta(hours=1), limit=1)
    offers = await platform.journey_offers(found.journeys[0].id, (RiderCount("adult", count),))

    async def book() -> Any:
        return platform._platform.book_as_other_channel(offers[:1])

    return await platform._network.hop(book)


@pytest.mark.parametrize("tag", TOLD)
def test_a_cancelled_and_an_unpaid_booking_are_told_as_what_they_are(
    sit: Sit, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(desk: Any) -> None:
        terminal, pay = desk.terminal, desk.face.pay
        order, platform = await booked(terminal), terminal.platform
        await platform.cancel(order.code, (), reason="weather", timeout_s=5)
        terminal.inputs.tell(CodeRead(order.code))
        await desk.until(lambda: pay.props.message, "the reason")
        assert pay.props.message.startswith(TOLD[tag][0])
        desk.judge(f"counter-cancelled-{tag}")
        find, inner = platform._platform.find, platform._platform

        async def unpaid(code: str, **more: Any) -> Any:
            return replace(await find(code, **more), state="PREBOOKED")

        monkeypatch.setattr(inner, "find", unpaid)
        pay.leave()
        terminal.inputs.tell(CodeRead(order.code))
        await desk.until(lambda: pay.props.message, "the other reason")
        assert pay.props.message.startswith(TOLD[tag][1])
        desk.judge(f"counter-unpaid-{tag}")

    sit(box_office.open_window, story, settings=Settings(terminal=TerminalSettings(staff_language=tag)))


def test_what_did_not_come_out_yet_is_printed_before_anything_is_printed_once_more(sit: Sit) -> None:
    async def story(desk: Any) -> None:
        terminal, pay = desk.terminal, desk.face.pay
        order = await booked(terminal, 2)
        await terminal.platform.record_print(order.code, order.parts[0].part_id, copy=1, timeout_s=5)
        copies = []
        for _ in range(2):
            terminal.inputs.tell(CodeRead(order.code))
            await desk.until(lambda: pay.sale and pay.sale.stage is Stage.DONE, "the paper")
            copies.append((pay.sale.kind, [each.copy for each in pay.sale.tickets]))
            pay.leave()
        assert copies == [(SaleKind.PICKUP, [0]), (SaleKind.REPRINT, [1, 1])]

    sit(box_office.open_window, story)
