"""What takes the place of which: the same product first, extras with their ticket, never more or fewer."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from kiosk.application.clock import SystemClock
from kiosk.application.errors import Refused
from kiosk.application.exchanging import in_place_of, of_booking, same_place
from kiosk.application.interfaces import FoundBooking, FoundPart
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def part(name: str, product: str, addon_to: str = "") -> OfferPart:
    kind = PartKind.ANCILLARY if addon_to else PartKind.ADMISSION
    return OfferPart(name, kind, product, Texts(product), Money(1000, "EUR"), 0, addon_to=addon_to)


def offer(name: str, *parts: OfferPart) -> Offer:
    when = Occurrence(f"e@{name}", OccurrenceKind.EVENT, Texts("E"), NOW, NOW, "UTC")
    return Offer(name, "embedded", when, parts, "EUR", NOW, NOW, NOW, NOW, Texts(""))


def booking(*offers: Offer, dead: tuple[str, ...] = ()) -> FoundBooking:
    parts = tuple(
        FoundPart(each.id, offer.id, f"S{each.id}", "CANCELLED" if each.id in dead else "FULFILLED")
        for offer in offers for each in offer.parts
    )  # fmt: skip
    return FoundBooking("CODE", "s1", "counter", offers, parts, Money(0, "EUR"), NOW, "d", "FULFILLED")


SOLD = booking(offer("o", part("a", "adult"), part("b", "child"), part("g", "guide", "a")))


def test_the_same_product_comes_first_and_extras_stay_on_their_ticket() -> None:
    new = offer("n", part("1", "senior"), part("2", "adult"), part("3", "guide", "1"))
    (there,) = in_place_of(of_booking(SOLD), (new,))
    assert [(each.product_id, each.id, each.addon_to) for each in there.parts] == [
        ("senior", "b", ""), ("adult", "a", ""), ("guide", "g", "a"),
    ]  # fmt: skip


@pytest.mark.parametrize("parts", [
    (part("1", "adult"),), (part("1", "adult"), part("2", "child")),
    (part("1", "adult"), part("2", "child"), part("3", "guide", "1"), part("4", "guide", "2")),
])  # fmt: skip
def test_other_counts_are_refused(parts: tuple[OfferPart, ...]) -> None:
    with pytest.raises(Refused) as caught:
        in_place_of(of_booking(SOLD), (offer("n", *parts),))
    assert caught.value.key == "exchange_count"


def test_a_ticket_brings_its_extra_and_leaves_the_others() -> None:
    assert [each.id for each in of_booking(SOLD, ("a",)).parts] == ["a", "g"]
    assert [each.id for each in of_booking(SOLD, ("b",)).parts] == ["b"]
    (kept,) = same_place(of_booking(SOLD, ("b",)), SystemClock())
    assert ([each.id for each in kept.parts], kept.id) == (["b"], "o")
    assert kept.expires > SystemClock().now()


@pytest.mark.parametrize(("found", "wanted", "key"), [
    (SOLD, ("x",), "not_found"), (booking(*SOLD.offers, dead=("b",)), ("b",), "not_live"),
    (booking(*SOLD.offers, dead=("a", "b", "g")), (), "not_live"), (replace(SOLD, offers=()), (), "bad_request"),
])  # fmt: skip
def test_what_is_not_there_or_not_alive_cannot_be_exchanged(
    found: FoundBooking, wanted: tuple[str, ...], key: str
) -> None:
    with pytest.raises(Refused) as caught:
        of_booking(found, wanted)
    assert caught.value.key == key
