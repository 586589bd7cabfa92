"""What is left to print of what was looked up: an extra stands on its ticket's paper, and a dead ticket on none."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.application.interfaces import FoundBooking, FoundPart
from kiosk.application.looking_up import all_printed
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PRICE = Money(1200, "EUR")


def booking(*parts: tuple[str, str, int, str]) -> FoundBooking:
    """Return a booking of parts: (id, state, prints, id of the part it adds to)."""
    when = Occurrence("s", OccurrenceKind.EVENT, Texts("Museum"), NOW, NOW + timedelta(hours=1), "Europe/Berlin")
    bought = tuple(
        OfferPart(part_id, PartKind.ADMISSION, "adult", Texts("Adult"), PRICE, 700, addon_to=host)
        for part_id, _, _, host in parts
    )
    offer = Offer("o", "p", when, bought, "EUR", NOW, NOW, NOW, NOW, Texts(""))
    found = tuple(FoundPart(part_id, "o", f"S{part_id}", state, prints) for part_id, state, prints, _ in parts)
    return FoundBooking("ABCDE", "sale", "web", (offer,), found, PRICE, NOW, "d", "CONFIRMED")


@pytest.mark.parametrize(
    ("parts", "is_over"),
    [
        ([("1", "CONFIRMED", 0, "")], False),
        ([("1", "FULFILLED", 1, "")], True),
        ([("1", "FULFILLED", 1, ""), ("2", "CONFIRMED", 0, "")], False),
        ([("1", "FULFILLED", 1, ""), ("2", "CONFIRMED", 0, "1")], True),
        ([("1", "CANCELLED", 1, ""), ("2", "CONFIRMED", 0, "1")], False),
        ([("1", "FULFILLED", 1, ""), ("2", "CANCELLED", 0, "")], True),
        ([("1", "CANCELLED", 1, "")], False),
    ],
)
def test_only_copies_are_left_when_each_live_ticket_came_out(
    parts: list[tuple[str, str, int, str]], is_over: bool
) -> None:
    assert all_printed([booking(*parts)]) is is_over
    assert all_printed([booking(*parts), booking(("9", "CONFIRMED", 0, ""))]) is False
