"""Make offers of what tariff and programme say. Ids are drawn anew for each offer: two equal ones are still two."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.application import cldr
from kiosk.application.errors import Refused
from kiosk.application.paper_words import western
from kiosk.domain.catalogue import (
    EventProduct,
    Occurrence,
    OccurrenceKind,
    Offer,
    OfferPart,
    PartKind,
    Place,
    Seat,
    Texts,
)
from kiosk.platforms.embedded.programme import Programme, SlotFacts, seat_category_name
from kiosk.platforms.embedded.tariff import PricedProduct, Tariff
from kiosk.platforms.embedded.tariff_file import TariffProduct, texts

SERVICE_DAY_ENDS = time(3)  # a day ticket rides home after midnight
LOCALES = {"en": "en-GB", "zh": "zh-Hans-CN"}
KINDS = {"seated": OccurrenceKind.EVENT, "slot": OccurrenceKind.EVENT, "open": OccurrenceKind.OPEN}


class OfferMaker:
    """Make offers of one platform that last `offer_s` seconds."""

    def __init__(self, platform_id: str, offer_s: int, new_id: Callable[[], str]) -> None:
        self._platform_id = platform_id
        self._lasts = timedelta(seconds=offer_s)
        self._new_id = new_id

    def journey(self, occurrence: Occurrence, priced: PricedProduct, tariff: Tariff, now: datetime) -> Offer:
        """Return an offer for a journey, one part per ticket."""
        offer_id = self._new_id()
        name = texts(priced.product.name)
        parts = tuple(
            OfferPart(f"{offer_id}.{index}", PartKind.ADMISSION, priced.product.id, name, ticket.price,
                      tariff.tax_permyriad, ticket.category_id, ticket.category_name)
            for index, ticket in enumerate(priced.tickets, 1)
        )  # fmt: skip
        start, until = _validity(priced.product, occurrence)
        sentence = _filled(texts(priced.product.validity), occurrence, until)
        return Offer(
            offer_id,
            self._platform_id,
            occurrence,
            parts,
            tariff.currency,
            now + self._lasts,
            now,
            start,
            until,
            sentence,
        )

    def event(
        self, slot: SlotFacts, products: tuple[EventProduct, ...], seats: tuple[Seat, ...], programme: Programme,
        now: datetime,
    ) -> Offer:  # fmt: skip
        """Return an offer for admissions (each with its seat, where there are seats) and their add-ons."""
        offer_id = self._new_id()
        admissions = [each for each in products if not each.is_addon]
        parts: list[OfferPart] = []
        for index, product in enumerate(admissions):
            seat = seats[index] if seats else None
            parts.append(_admission(f"{offer_id}.{index + 1}", slot, product, seat))
        for index, product in enumerate(each for each in products if each.is_addon):
            owner = parts[index % len(admissions)].id
            part_id = f"{offer_id}.{len(parts) + 1}"
            parts.append(
                OfferPart(
                    part_id,
                    PartKind.ANCILLARY,
                    product.id,
                    product.name,
                    product.price,
                    product.tax_permyriad,
                    addon_to=owner,
                )
            )
        venue = programme.venue(slot.event.venue)
        return Offer(
            offer_id, self._platform_id, event_occurrence(slot, venue), tuple(parts), programme.currency,
            now + self._lasts, now, slot.starts, slot.ends, texts(slot.event.validity),
        )  # fmt: skip


def event_occurrence(slot: SlotFacts, venue: Place | None) -> Occurrence:
    """Return what pages and paper show of a slot."""
    name = texts(slot.event.name)
    return Occurrence(slot.id, KINDS[slot.event.kind], name, slot.starts, slot.ends, slot.zone, venue=venue)


def _admission(part_id: str, slot: SlotFacts, product: EventProduct, seat: Seat | None) -> OfferPart:
    part = OfferPart(
        part_id, PartKind.ADMISSION, product.id, product.name, product.price, product.tax_permyriad,
        product.category_id, product.name, needs_capacity=slot.needs_capacity,
    )  # fmt: skip
    if seat is None:
        return part
    return OfferPart(
        part_id, part.kind, part.product_id, part.product_name, part.price, part.tax_permyriad, part.category_id,
        part.category_name, seat.id, seat.row, seat.number, seat_category_name(slot, seat.category_id), True,
    )  # fmt: skip


def seated_products(
    programme: Programme, slot: SlotFacts, products: tuple[EventProduct, ...], seats: tuple[Seat, ...]
) -> tuple[EventProduct, ...]:
    """Match people to seats in the order both were chosen, each at the price of the seat; add-ons stay.

    Without any people chosen, the first kind of person sits on every seat.

    Raises:
        Refused: bad_request when there are not as many people as seats.
    """
    admissions = [each for each in products if not each.is_addon]
    if not admissions:
        admissions = [programme.products(slot)[0]] * len(seats)
    if len(admissions) != len(seats):
        raise Refused("bad_request", "there are not as many tickets as seats")
    # People who asked for a price area get its seats first, so that a mixed choice keeps its prices.
    placed: list[EventProduct | None] = [None] * len(seats)
    rest = list(admissions)
    for index, seat in enumerate(seats):
        fitting = next((each for each in rest if each.seat_category_id == seat.category_id), None)
        if fitting is not None:
            rest.remove(fitting)
            placed[index] = fitting
    people = [
        each if each is not None else programme.seat_product(slot, rest.pop(0), seats[i])
        for i, each in enumerate(placed)
    ]
    return (*people, *(each for each in products if each.is_addon))


def _validity(product: TariffProduct, occurrence: Occurrence) -> tuple[datetime, datetime]:
    """Return from when until when a ticket is valid: this ride, or whole service days."""
    if product.days == 0:
        return occurrence.starts, occurrence.ends
    zone = ZoneInfo(occurrence.zone)
    local = occurrence.starts.astimezone(zone)
    day = local.date() if local.time() >= SERVICE_DAY_ENDS else local.date() - timedelta(days=1)
    start = datetime.combine(day, time(0) if local.time() >= SERVICE_DAY_ENDS else SERVICE_DAY_ENDS, zone)
    until = datetime.combine(day + timedelta(days=product.days), SERVICE_DAY_ENDS, zone)
    return start, max(until, occurrence.ends)


def _filled(sentence: Texts, occurrence: Occurrence, until: datetime) -> Texts:
    """Put names and times into a sentence, in each of its languages."""
    local_until = until.astimezone(ZoneInfo(occurrence.zone))

    def fill(text: str, language: str) -> str:
        values = {
            "{origin}": occurrence.origin.name.text(language) if occurrence.origin else "",
            "{destination}": occurrence.destination.name.text(language) if occurrence.destination else "",
            "{line}": occurrence.line,
            "{departs}": f"{occurrence.starts:%H:%M}",
            "{until}": _moment(local_until, language),
        }
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    return Texts(fill(sentence.default, "en"), tuple((tag, fill(text, tag)) for tag, text in sentence.others))


def _moment(local: datetime, language: str) -> str:
    """Return a day in words and the time of day as the language writes them (CLDR), in western digits."""
    core, dates = cldr.core(), cldr.dates()
    try:
        locale = core.Locale.parse(LOCALES.get(language, language), sep="-")
    except (core.UnknownLocaleError, ValueError):
        locale = core.Locale("en", "GB")
    day = western(dates.format_date(local.date(), "long", locale=locale))
    return str(dates.get_datetime_format("medium", locale=locale)).format(f"{local:%H:%M}", day)
