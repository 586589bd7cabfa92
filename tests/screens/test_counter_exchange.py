"""Old tickets become others at the counter, by keys: another time, something cheaper or dearer, or new codes alone."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from kiosk.application.errors import Refused
from kiosk.application.settings import Settings
from kiosk.domain.money import Money
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.events import SaleKind
from kiosk.domain.sale.sale import Stage
from kiosk.shells import box_office

Desk = Any  # the one of conftest
Sit = Callable[..., None]


async def choose(desk: Desk, event_id: str) -> None:
    events = await desk.terminal.platform.events(on=None, limit=20)
    desk.face._take_event(next(each for each in events if each.id == event_id))
    await ready(desk)


async def ready(desk: Desk) -> None:
    when = desk.face.when
    await desk.until(lambda: when.list_counts() and not when.is_asking, "products")


async def sold(desk: Desk, count: int = 2) -> Any:
    """Sell a harbour tour for cash, and go on to the next customer."""
    pay = desk.face.pay
    await choose(desk, "harbour-tour")
    desk.face.when.setCount(0, count)
    await ready(desk)
    await desk.press(Qt.Key.Key_Return)
    await desk.until(lambda: pay.props.enter == "pay", "something to pay")
    await desk.press(Qt.Key.Key_Return)
    sale = await done(desk)
    await desk.press(Qt.Key.Key_Return)
    await desk.until(lambda: pay.sale is None, "the next customer")
    return sale


async def done(desk: Desk) -> Any:
    pay = desk.face.pay
    await desk.until(lambda: pay.sale and pay.sale.stage is Stage.DONE and pay.sale.is_at_rest, "a finished sale")
    assert {each.state for each in pay.sale.tickets} == {DocumentState.PRINTED}
    return pay.sale


async def exchange(desk: Desk, code: str) -> None:
    await desk.press(Qt.Key.Key_F6)
    await desk.type(code)
    await desk.press(Qt.Key.Key_Return)
    what = desk.face.what
    await desk.until(lambda: desk.face.pay.exchanging is not None or what.shown_problem, "the old tickets")
    assert not what.shown_problem, what.shown_problem
    await ready(desk)


async def live(desk: Desk, code: str) -> set[str]:
    found = await desk.terminal.platform.find(code, timeout_s=5)
    return {part.secret for part in found.parts}


def test_two_tickets_go_to_another_time_and_the_clerk_pays_nothing(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        pay, first = desk.face.pay, await sold(desk)
        code = first.tickets[0].code
        await exchange(desk, code)
        assert next(row.count for row in desk.face.when.list_counts()) == 2, "as many as before"
        desk.judge("counter-exchange-choose")
        await desk.press(Qt.Key.Key_Down)
        await ready(desk)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.kind is SaleKind.EXCHANGE and pay.sale.offers, "the exchange")
        desk.judge("counter-exchange-same-price")
        assert "nothing to pay" in pay.props.way
        await desk.press(Qt.Key.Key_Return)
        second = await done(desk)
        assert await live(desk, code) == {each.secret for each in second.tickets}
        assert second.offers[0].occurrence.id != first.offers[0].occurrence.id
        desk.judge("counter-exchange-done")

    sit(box_office.open_window, story)


@pytest.mark.parametrize(("tag", "size"), [
    ("en", (1920, 1080)), ("de", (1366, 768)), ("zh", (1920, 1080)), ("ar", (1920, 1080)),
])  # fmt: skip
def test_the_difference_is_named_and_goes_back_or_is_paid(sit: Sit, tag: str, size: tuple[int, int]) -> None:
    settings = replace(Settings(), terminal=replace(Settings().terminal, staff_language=tag))

    async def story(desk: Desk) -> None:
        pay, first = desk.face.pay, await sold(desk)
        code = first.tickets[0].code
        await exchange(desk, code)
        await choose(desk, "museum-of-light")
        desk.face.when.setCount(0, 1)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.props.mood == "warn", "that it is one ticket too few")
        desk.judge(f"counter-exchange-count-{tag}")
        assert desk.face.pane == 2, "Enter must not become new codes for the old place"
        desk.face.when.setCount(0, 2)
        await ready(desk)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.over.minor == 1200, "what is too much")
        await desk.until(lambda: pay.props.enter == "pay", "the way on")
        desk.judge(f"counter-exchange-cheaper-{tag}")
        await desk.press(Qt.Key.Key_Return)
        assert (await done(desk)).change.minor == 1200
        assert pay.props.total == pay._words.amount(Money(-1200, "EUR"))
        desk.judge(f"counter-exchange-back-{tag}")
        await desk.press(Qt.Key.Key_Return)
        await exchange(desk, code)
        await choose(desk, "museum-day")
        desk.face.when.setCount(0, 2)
        await ready(desk)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.offers and pay.props.canCard, "what is too little")
        assert pay.sale.due.minor == 600
        desk.judge(f"counter-exchange-dearer-{tag}")
        await desk.press(Qt.Key.Key_Asterisk, "*")
        last = await done(desk)
        assert await live(desk, code) == {each.secret for each in last.tickets}

    sit(box_office.open_window, story, size, settings)


def test_one_of_two_gets_a_new_code_and_the_other_stays(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        pay, first = desk.face.pay, await sold(desk)
        code = first.tickets[0].code
        await exchange(desk, code)
        desk.face.go(3)
        await desk.press(Qt.Key.Key_Down)
        await desk.press(Qt.Key.Key_Delete)
        assert len(pay.exchanging.parts) == 1
        await desk.press(Qt.Key.Key_Return)
        second = await done(desk)
        assert len(second.tickets) == 1
        assert await live(desk, code) == {first.tickets[1].secret, second.tickets[0].secret}
        await desk.press(Qt.Key.Key_Return)
        await exchange(desk, code)
        desk.face.go(3)
        await desk.press(Qt.Key.Key_Delete)
        await desk.press(Qt.Key.Key_Delete)
        assert pay.exchanging is None
        await exchange(desk, code)
        desk.face.go(3)
        await desk.press(Qt.Key.Key_Escape)
        assert pay.exchanging is None
        await desk.press(Qt.Key.Key_F6)
        await desk.type("NOSUCHCODE")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.what.shown_problem, "an answer")
        desk.judge("counter-exchange-unknown")

    sit(box_office.open_window, story)


@pytest.mark.parametrize(
    ("key", "says"), [("seat_taken", "The old tickets stay good"), ("worth_changed", "exchanged elsewhere meanwhile")]
)
def test_a_refusal_says_what_becomes_of_the_old_tickets(sit: Sit, key: str, says: str) -> None:
    async def story(desk: Desk) -> None:
        async def refused(order: Any, *, timeout_s: float) -> Any:
            raise Refused(key, f"{order.code} within {timeout_s} s")

        pay, first = desk.face.pay, await sold(desk)
        code = first.tickets[0].code
        desk.terminal.platform._platform.exchange = refused
        await exchange(desk, code)
        desk.face.go(3)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.stage is Stage.ABANDONED and pay.sale.is_at_rest, "a refusal")
        assert says in pay.props.headline
        assert await live(desk, code) == {each.secret for each in first.tickets}
        desk.judge(f"counter-exchange-{key}")

    sit(box_office.open_window, story)


def test_seats_are_painted_anew_and_the_old_ones_are_free(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        pay, when = desk.face.pay, desk.face.when
        await choose(desk, "winters-tale")
        when.setCount(0, 2)
        await ready(desk)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.props.enter == "pay", "something to pay")
        await desk.press(Qt.Key.Key_Return)
        first = await done(desk)
        await desk.press(Qt.Key.Key_Return)
        code, slot = first.tickets[0].code, first.offers[0].occurrence.id
        await exchange(desk, code)
        await desk.press(Qt.Key.Key_F10)
        await desk.until(lambda: when.seat_plan.cursor, "the plan")
        await desk.press(Qt.Key.Key_B, "b")
        chosen = {seat.id for seat in when.seat_plan.chosen}
        assert len(chosen) == 2
        desk.judge("counter-exchange-seats")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.offers and pay.props.enter == "pay", "the exchange")
        desk.judge("counter-exchange-new-seats")
        await desk.press(Qt.Key.Key_Return)
        second = await done(desk)
        assert {part.seat_id for offer in second.offers for part in offer.parts} == chosen
        seats = (await desk.terminal.platform.seat_map(slot, timeout_s=5)).seats
        taken = {seat.id for seat in seats if seat.state != "free"}
        old = {part.seat_id for offer in first.offers for part in offer.parts}
        assert chosen <= taken
        assert not old & taken

    sit(box_office.open_window, story)


async def to_lanshan(desk: Desk) -> None:
    what, when = desk.face.what, desk.face.when
    await desk.until(lambda: what.origin_place is not None and what.list_hits(), "the place we stand at")
    await desk.type("lanshan")
    await desk.until(lambda: what.list_hits() and "lanshan" in what.list_hits()[0].name.lower(), "hits")
    await desk.press(Qt.Key.Key_Return)
    await desk.until(lambda: when.list_offers() and not when.is_asking, "tickets")


def test_a_journey_becomes_a_later_one(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        pay, when = desk.face.pay, desk.face.when
        await to_lanshan(desk)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.props.enter == "pay", "something to pay")
        await desk.press(Qt.Key.Key_Return)
        first = await done(desk)
        await desk.press(Qt.Key.Key_Return)
        await desk.press(Qt.Key.Key_F6)
        await desk.type(first.tickets[0].code)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.exchanging is not None, "the old ticket")
        assert desk.face.pane == 3, "no event is there to choose a time of"
        await desk.press(Qt.Key.Key_F1)
        await to_lanshan(desk)
        await desk.press(Qt.Key.Key_Down)
        await desk.until(lambda: when.list_offers() and not when.is_asking, "tickets of the next one")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.offers and pay.props.enter == "pay", "the exchange")
        await desk.press(Qt.Key.Key_Return)
        second = await done(desk)
        assert second.offers[0].occurrence.starts > first.offers[0].occurrence.starts
        assert await live(desk, first.tickets[0].code) == {second.tickets[0].secret}

    sit(box_office.open_window, story)
