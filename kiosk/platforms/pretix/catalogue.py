"""What a pretix sells, as of a moment: events, their slots by day, their products."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from kiosk.application.errors import Refused
from kiosk.domain.catalogue import Event, EventKind, Occurrence, OccurrenceKind, Place, PlaceKind, Texts
from kiosk.platforms.pretix import discounts, mapping
from kiosk.platforms.pretix.products import Product

DEFAULT_LENGTH = timedelta(hours=2)
NO_OVERRIDES: dict[str, dict[str, Any]] = {}


class SlotFacts(Struct, frozen=True, gc=False):
    """One dated entry: a subevent of a series, or the event itself (`number` None)."""

    id: str
    event_id: str
    number: int | None
    starts: datetime
    ends: datetime
    opens: datetime | None
    closes: datetime | None
    is_seated: bool
    overrides: dict[str, dict[str, Any]]


class Days(Struct, frozen=True):
    """The slots of an event by the day they start on in its zone; `longest` is the longest of them."""

    by_day: dict[date, tuple[str, ...]]
    days: tuple[date, ...]
    longest: timedelta

    def since(self, moment: datetime, zone: str) -> tuple[date, ...]:
        """Return the days whose slots may not have ended at a moment."""
        first = (moment - self.longest).astimezone(ZoneInfo(zone)).date()
        return self.days[bisect_left(self.days, first) :]


class EventFacts(Struct, frozen=True):
    """One event whole; `items` names the products of an item."""

    event: Event
    zone: str
    count_max: int
    slots: dict[str, SlotFacts]
    days: Days
    products: dict[str, Product]
    items: dict[int, tuple[str, ...]]
    reductions: tuple[discounts.Rule, ...] = ()

    def on(self, day: date) -> list[SlotFacts]:
        """Return the slots of a day, soonest first."""
        return sorted((self.slots[each] for each in self.days.by_day.get(day, ())), key=lambda slot: slot.starts)

    def next_starts(self, now: datetime, day: date | None) -> datetime | None:
        """Return when the first slot begins that has not ended (of a day: on it); None when there is none."""
        for each in self.days.since(now, self.zone) if day is None else (day,):
            for slot in self.on(each):
                if slot.ends > now:
                    return slot.starts
        return None


class Unsold(Struct, frozen=True):
    """Something the server has and this terminal does not sell, and why."""

    id: str
    reason: str


class Snapshot(Struct, frozen=True):
    """The catalogue as of a moment."""

    events: dict[str, EventFacts]
    unsold: tuple[Unsold, ...]
    as_of: datetime

    def slot(self, slot_id: str) -> tuple[EventFacts, SlotFacts]:
        """Return a slot and its event; Refused(not_found)."""
        found = self.events.get(mapping.target(slot_id).event)
        if found is None or slot_id not in found.slots:
            raise Refused("not_found", "slot")
        return found, found.slots[slot_id]


def event(data: dict[str, Any], slug: str, *, zone: str, is_seated: bool, products: dict[str, Product]) -> Event:
    """Return an event as the pages show it, without its next start."""
    kind = EventKind.SEATED if is_seated else EventKind.SLOT
    prices = [each.shown.price for each in products.values() if not each.shown.is_addon]
    lowest = min(prices, key=lambda price: price.minor, default=None)
    place = Place(f"venue-{slug}", mapping.texts(data.get("location"), slug), PlaceKind.VENUE, zone)
    return Event(slug, mapping.texts(data.get("name"), slug), kind, place, Texts(""), lowest, None)


def zone_of(data: dict[str, Any]) -> str:
    """Return the time zone of an event."""
    zone = str(data.get("timezone") or "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise mapping.AbsurdFieldError(f"timezone is unknown: {zone[:60]}") from None
    return zone


def occurrence(facts: EventFacts, slot: SlotFacts) -> Occurrence:
    """Return a slot as page and paper show it."""
    shown = facts.event
    return Occurrence(slot.id, OccurrenceKind.EVENT, shown.name, slot.starts, slot.ends, facts.zone, venue=shown.venue)


def slot_facts(data: dict[str, Any], slug: str, number: int | None) -> SlotFacts:
    """Return a subevent, or the event itself (`number` None), as a slot."""
    starts = mapping.moment(data.get("date_from"), "date_from")
    ends = mapping.moment(data["date_to"], "date_to") if data.get("date_to") else starts + DEFAULT_LENGTH
    overrides = {str(each["item"]): each for each in data.get("item_price_overrides") or []}
    overrides |= {f"v{each['variation']}": each for each in data.get("variation_price_overrides") or []}
    return SlotFacts(
        f"{slug}@{number or 0}", slug, number, starts.astimezone(UTC), ends.astimezone(UTC),
        mapping.window(data, "presale_start"), mapping.window(data, "presale_end"),
        data.get("seating_plan") is not None, overrides or NO_OVERRIDES,
    )  # fmt: skip
