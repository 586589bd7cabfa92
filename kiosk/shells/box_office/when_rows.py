"""Rows of pane 2, made from what the platform says; pure."""

from collections.abc import Mapping

from msgspec import Struct

from kiosk.domain.catalogue import Event, EventProduct, Fullness, Journey, Offer, Place, RiderCategory, Slot, Texts
from kiosk.domain.money import Money, total
from kiosk.shells.box_office.words import fullness
from kiosk.ui.controls.staff_words import StaffWords

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


def journey_rows(words: StaffWords, journeys: tuple[Journey, ...], chosen: int) -> tuple[TimeRow, ...]:
    """Return rows of departures; the cheapest of several prices says so."""
    prices = [each.price_from for each in journeys if each.price_from]
    lowest = min(prices, key=lambda price: price.minor) if len({price.minor for price in prices}) > 1 else None
    shown = journeys[:ROWS_MAX]
    first = next((at for at, each in enumerate(shown) if lowest is not None and each.price_from == lowest), -1)
    return tuple(
        _journey_row(words, each, at, is_cheapest=at == first, is_chosen=at == chosen) for at, each in enumerate(shown)
    )


def _journey_row(words: StaffWords, journey: Journey, at: int, *, is_cheapest: bool, is_chosen: bool) -> TimeRow:
    first, last = journey.legs[0], journey.legs[-1]
    changes = ", ".join(words.text(leg.origin.name) for leg in journey.legs[1:])
    tag, mood = "", "ok"
    if journey.delay_min:
        tag, mood = words.say("{minutes} min late", minutes=journey.delay_min), "warn"
    elif is_cheapest:
        tag = words.say("Cheapest")
    departs, arrives = words.clock(first.departs, first.origin.zone), words.clock(last.arrives, last.destination.zone)
    way = words.say("via {place}", place=changes) if changes else words.say("direct")
    price = words.amount(journey.price_from)
    return TimeRow(
        key=LETTERS[at],
        first=departs,
        second=arrives,
        line=first.line if len(first.line) <= LINE_CHARS_MAX else "",
        span=words.duration(journey.arrives - journey.departs),
        way=way,
        tag=tag,
        tagMood=mood,
        track=first.track,
        fullness=fullness(words, journey.availability.fullness),
        price=price,
        said=", ".join(each for each in (departs, first.line, way, tag, price) if each),
        isOff=journey.availability.fullness is Fullness.FULL,
        isChosen=is_chosen,
    )


def slot_rows(words: StaffWords, slots: tuple[Slot, ...], chosen: int) -> tuple[TimeRow, ...]:
    """Return rows of slots; full ones say so."""
    return tuple(_slot_row(words, each, at, is_chosen=at == chosen) for at, each in enumerate(slots[:ROWS_MAX]))


def _slot_row(words: StaffWords, slot: Slot, at: int, *, is_chosen: bool) -> TimeRow:
    is_full = slot.availability.fullness is Fullness.FULL or slot.availability.left == 0
    starts = words.clock(slot.starts, slot.zone)
    left = words.say("%n left", n=slot.availability.left) if slot.availability.left is not None else ""
    how_full = words.say("Full") if is_full else left or fullness(words, slot.availability.fullness)
    price = words.amount(slot.price_from)
    return TimeRow(
        key=LETTERS[at],
        first=starts,
        second=words.clock(slot.ends, slot.zone),
        line="",
        span=words.duration(slot.ends - slot.starts),
        way="",
        tag="",
        tagMood="ok",
        track="",
        fullness=how_full,
        price=words.say("from {price}", price=price) if price else "",
        said=", ".join(each for each in (starts, how_full, price) if each),
        isOff=is_full,
        isChosen=is_chosen,
    )


def rider_rows(
    words: StaffWords, riders: tuple[RiderCategory, ...], counts: dict[str, int], current: int
) -> tuple[CountRow, ...]:
    """Return who can travel and how many do."""
    return tuple(
        CountRow(words.text(each.name), _ages(each), counts.get(each.id, 0), 20, isCurrent=at == current)
        for at, each in enumerate(riders)
    )


def _ages(rider: RiderCategory) -> str:
    if rider.age_max is not None:
        return f"{rider.age_min or 0}–{rider.age_max}"  # noqa: RUF001 - a range
    return f"{rider.age_min}+" if rider.age_min is not None else ""


def product_rows(
    words: StaffWords,
    products: tuple[EventProduct, ...],
    counts: dict[str, int],
    current: int,
    areas: Mapping[str, Texts],
) -> tuple[CountRow, ...]:
    """Return what can be bought for a slot and how many of it are."""
    return tuple(
        CountRow(
            ", ".join(words.text(name) for name in (areas.get(each.seat_category_id), each.name) if name),
            words.amount(each.price) + (f" · {words.say('add-on')}" if each.is_addon else ""),
            counts.get(each.id, 0),
            min(each.count_max, each.left) if each.left is not None else each.count_max,
            isCurrent=at == current,
        )
        for at, each in enumerate(products)
    )


def offer_rows(words: StaffWords, offers: tuple[Offer, ...], chosen: int) -> tuple[OfferRow, ...]:
    """Return the valid tickets, cheapest first as the platform gave them."""
    return tuple(_offer_row(words, each, at, is_chosen=at == chosen) for at, each in enumerate(offers[:OFFERS_MAX]))


def _offer_row(words: StaffWords, offer: Offer, at: int, *, is_chosen: bool) -> OfferRow:
    name = " + ".join(dict.fromkeys(words.text(part.product_name) for part in offer.parts))
    fact, price = words.text(offer.validity), words.amount(offer.price)
    return OfferRow(str(at + 1), name, fact, price, f"{name}, {price}, {fact}", is_chosen)


def product_total(products: tuple[EventProduct, ...], counts: dict[str, int]) -> Money | None:
    """Return what the counted products cost; None where nothing is counted."""
    prices = tuple(each.price * counts.get(each.id, 0) for each in products if counts.get(each.id))
    return total(prices, prices[0].currency) if prices else None


def title(words: StaffWords, event: Event | None, origin: Place | None, destination: Place | None) -> str:
    """Return what pane 2 is about."""
    if event is not None:
        return words.text(event.name)
    if origin is None or destination is None:
        return ""
    names = words.text(origin.name), words.text(destination.name)
    return words.say("{origin} to {destination}", origin=names[0], destination=names[1])


def day_text(words: StaffWords, slots: tuple[Slot, ...], journeys: tuple[Journey, ...]) -> str:
    """Return the day that is shown."""
    if slots:
        return words.day(slots[0].starts, slots[0].zone)
    return words.day(journeys[0].departs, journeys[0].legs[0].origin.zone) if journeys else ""
