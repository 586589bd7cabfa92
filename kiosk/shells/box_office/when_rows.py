"""Rows of pane 2, made from what the platform says; pure."""

from collections.abc import Mapping

from msgspec import Struct

from kiosk.domain.catalogue import EventProduct, Fullness, Journey, Offer, RiderCategory, Slot
from kiosk.domain.money import Money, total
from kiosk.shells.box_office.words import FULLNESS, amount, clock_time, duration, say

LETTERS = "ABCDEF"
ROWS_MAX = len(LETTERS)
OFFERS_MAX = 4
LINE_CHARS_MAX = 8


class TimeRow(Struct, frozen=True):
    """One departure or slot."""

    key: str
    first: str
    second: str
    line: str
    span: str
    way: str
    tag: str
    tagMood: str
    track: str
    fullness: str
    price: str
    said: str
    isOff: bool
    isChosen: bool


class CountRow(Struct, frozen=True):
    """Who or what is counted."""

    name: str
    fact: str
    count: int
    countMax: int
    isCurrent: bool


class OfferRow(Struct, frozen=True):
    """One ticket that would be valid."""

    key: str
    name: str
    fact: str
    price: str
    said: str
    isChosen: bool


def journey_rows(journeys: tuple[Journey, ...], chosen: int) -> tuple[TimeRow, ...]:
    """Return rows of departures; the cheapest of several prices says so."""
    prices = [each.price_from for each in journeys if each.price_from]
    lowest = min(prices, key=lambda price: price.minor) if len({price.minor for price in prices}) > 1 else None
    shown = journeys[:ROWS_MAX]
    first = next((at for at, each in enumerate(shown) if lowest is not None and each.price_from == lowest), -1)
    return tuple(
        _journey_row(each, at, is_cheapest=at == first, is_chosen=at == chosen) for at, each in enumerate(shown)
    )


def _journey_row(journey: Journey, at: int, *, is_cheapest: bool, is_chosen: bool) -> TimeRow:
    first, last = journey.legs[0], journey.legs[-1]
    changes = ", ".join(leg.origin.name.text("en") for leg in journey.legs[1:])
    tag, mood = "", "ok"
    if journey.delay_min:
        tag, mood = say("{0} min late", journey.delay_min), "warn"
    elif is_cheapest:
        tag = say("Cheapest")
    departs, arrives = clock_time(first.departs, first.origin.zone), clock_time(last.arrives, last.destination.zone)
    way = say("via {0}", changes) if changes else say("direct")
    price = amount(journey.price_from)
    return TimeRow(
        key=LETTERS[at],
        first=departs,
        second=arrives,
        line=first.line if len(first.line) <= LINE_CHARS_MAX else "",
        span=duration(journey.arrives - journey.departs),
        way=way,
        tag=tag,
        tagMood=mood,
        track=first.track,
        fullness=say(FULLNESS[journey.availability.fullness]),
        price=price,
        said=", ".join(each for each in (departs, first.line, way, tag, price) if each),
        isOff=journey.availability.fullness is Fullness.FULL,
        isChosen=is_chosen,
    )


def slot_rows(slots: tuple[Slot, ...], chosen: int) -> tuple[TimeRow, ...]:
    """Return rows of slots; full ones say so."""
    return tuple(_slot_row(each, at, is_chosen=at == chosen) for at, each in enumerate(slots[:ROWS_MAX]))


def _slot_row(slot: Slot, at: int, *, is_chosen: bool) -> TimeRow:
    is_full = slot.availability.fullness is Fullness.FULL or slot.availability.left == 0
    starts = clock_time(slot.starts, slot.zone)
    left = say("{0} left", slot.availability.left) if slot.availability.left is not None else ""
    fullness = say("Full") if is_full else left or say(FULLNESS[slot.availability.fullness])
    price = amount(slot.price_from)
    return TimeRow(
        key=LETTERS[at],
        first=starts,
        second=clock_time(slot.ends, slot.zone),
        line="",
        span=duration(slot.ends - slot.starts),
        way="",
        tag="",
        tagMood="ok",
        track="",
        fullness=fullness,
        price=say("from {0}", price) if price else "",
        said=", ".join(each for each in (starts, fullness, price) if each),
        isOff=is_full,
        isChosen=is_chosen,
    )


def rider_rows(riders: tuple[RiderCategory, ...], counts: dict[str, int], current: int) -> tuple[CountRow, ...]:
    """Return who can travel and how many do."""
    return tuple(
        CountRow(each.name.text("en"), _ages(each), counts.get(each.id, 0), 20, isCurrent=at == current)
        for at, each in enumerate(riders)
    )


def _ages(rider: RiderCategory) -> str:
    if rider.age_min is not None and rider.age_max is not None:
        return say("{0} to {1}", rider.age_min, rider.age_max)
    if rider.age_min is not None:
        return say("{0} and over", rider.age_min)
    return say("up to {0}", rider.age_max) if rider.age_max is not None else ""


def product_rows(
    products: tuple[EventProduct, ...], counts: dict[str, int], current: int, areas: Mapping[str, str]
) -> tuple[CountRow, ...]:
    """Return what can be bought for a slot and how many of it are."""
    return tuple(
        CountRow(
            ", ".join(name for name in (areas.get(each.seat_category_id, ""), each.name.text("en")) if name),
            amount(each.price) + (say(" · add-on") if each.is_addon else ""),
            counts.get(each.id, 0),
            min(each.count_max, each.left) if each.left is not None else each.count_max,
            isCurrent=at == current,
        )
        for at, each in enumerate(products)
    )


def offer_rows(offers: tuple[Offer, ...], chosen: int) -> tuple[OfferRow, ...]:
    """Return the valid tickets, cheapest first as the platform gave them."""
    return tuple(_offer_row(each, at, is_chosen=at == chosen) for at, each in enumerate(offers[:OFFERS_MAX]))


def _offer_row(offer: Offer, at: int, *, is_chosen: bool) -> OfferRow:
    name = " + ".join(dict.fromkeys(part.product_name.text("en") for part in offer.parts))
    fact, price = offer.validity.text("en"), amount(offer.price)
    return OfferRow(str(at + 1), name, fact, price, f"{name}, {price}, {fact}", is_chosen)


def product_total(products: tuple[EventProduct, ...], counts: dict[str, int]) -> Money | None:
    """Return what the counted products cost; None where nothing is counted."""
    prices = tuple(each.price * counts.get(each.id, 0) for each in products if counts.get(each.id))
    return total(prices, prices[0].currency) if prices else None
