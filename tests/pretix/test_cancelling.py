"""Tickets and their extras are cancelled together, once, whatever is lost on the way."""

from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import RiderCount

ALIVE = "SELECT secret FROM pretixbase_orderposition WHERE canceled = 0 ORDER BY positionid"
PARTS = ("p1", "p2", "p3", "p4", "p5")  # two adults, a child, an audio guide for each adult


def booked(stage: Any, code: str, adults: int, children: int, guides: int) -> Any:
    counts = zip(("adult", "child", "guide"), (adults, children, guides), strict=True)
    choice = EventChoice(stage.slot_id, tuple(RiderCount(stage.facts[name], count) for name, count in counts if count))
    order = stage.order(code, stage.run(stage.platform.event_offer(choice, timeout_s=30)))
    stage.run(stage.platform.book(order, timeout_s=30))
    return order


def cancel(stage: Any, order: Any, *parts: str) -> Any:
    """Cancel parts by their places, p1 the first."""
    whole = tuple(f"{order.offers[0].id}-{each[1:]}" for each in parts)
    done = stage.run(stage.platform.cancel(order.code, whole, reason="not printed", timeout_s=30))
    return replace(done, part_ids=tuple(map(short, done.part_ids)))


def short(part_id: str) -> str:
    return f"p{part_id.rpartition('-')[2]}"


def alive(stage: Any, order: Any) -> list[str]:
    """Return which parts of an order live, and hold the platform's own finding to it."""
    names = {part.secret: short(part.part_id) for part in order.parts}
    found = stage.run(stage.platform.find(order.code, timeout_s=30))
    told = [short(part.part_id) for part in found.parts if part.state not in {"CANCELLED", "RELEASED"}]
    lives = sorted(names[row[0]] for row in stage.server.rows(ALIVE) if row[0] in names)
    status = stage.server.rows("SELECT status FROM pretixbase_order WHERE code = ?", order.code)[0][0]
    assert sorted(told) == (lives if status != "c" else [])
    return lives if status != "c" else []


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (("p1",), ["p2", "p3", "p5"]), (("p4",), ["p1", "p2", "p3", "p5"]), (("p1", "p4"), ["p2", "p3", "p5"]),
        (("p1", "p2", "p3"), []), (("p3",), ["p1", "p2", "p4", "p5"]), ((), []),
    ],
)  # fmt: skip
def test_an_extra_goes_with_its_ticket(stage: Any, asked: tuple[str, ...], left: list[str]) -> None:
    order = booked(stage, "EXTRA", 2, 1, 2)
    first = cancel(stage, order, *asked)
    assert alive(stage, order) == left
    assert set(asked) <= set(first.part_ids)
    again = cancel(stage, order, *asked)
    assert (set(asked) <= set(again.part_ids), again.cancelled_at) == (True, first.cancelled_at)
    assert alive(stage, order) == left


def test_the_only_ticket_goes_with_its_extra_and_the_order_with_both(stage: Any) -> None:
    order = booked(stage, "ALXNE", 1, 0, 1)
    cancel(stage, order, "p1")
    assert alive(stage, order) == []
    assert stage.server.rows("SELECT status FROM pretixbase_order") == [("c",)]


def test_what_was_cancelled_when_the_answer_was_lost_is_cancelled_once(stage: Any) -> None:
    order = booked(stage, "LXSTA", 2, 1, 2)
    stage.lose_answer()
    with pytest.raises(OutcomeUnknown):
        cancel(stage, order, "p2")
    stage.wire.loses = stage.wire.loses_look_up = 0
    assert set(cancel(stage, order, "p2").part_ids) >= {"p2"}
    assert alive(stage, order) == ["p1", "p3", "p4"]
    with pytest.raises(Refused):
        cancel(stage, order, "p9")


def test_money_that_went_back_is_in_the_servers_books_once(stage: Any) -> None:
    """A ticket that was not printed is cancelled and paid back: the order is then paid, not overpaid."""
    order = booked(stage, "BACKX", 2, 1, 2)
    cancel(stage, order, "p1")
    back = order.offers[0].parts[0].price + order.offers[0].parts[3].price

    def note() -> None:
        call = stage.platform.record_refund("BACKX", back, reference="sale-1", at=stage.clock.now(), timeout_s=30)
        stage.run(call)

    stage.lose_answer()
    with pytest.raises(OutcomeUnknown):
        note()
    stage.wire.loses = stage.wire.loses_look_up = 0
    note()
    note()
    rows = stage.server.rows("SELECT amount, state, provider, comment FROM pretixbase_orderrefund")
    assert [(round(amount * 100), *others) for amount, *others in rows] == [
        (back.minor, "done", "boxoffice", "Guichet sale-1")
    ]
    total, status = stage.server.rows("SELECT total, status FROM pretixbase_order")[0]
    paid = stage.server.rows("SELECT sum(amount) FROM pretixbase_orderpayment WHERE state = 'confirmed'")[0][0]
    assert (round((paid - total) * 100), status) == (back.minor, "p")
