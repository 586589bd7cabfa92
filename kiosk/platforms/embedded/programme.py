"""What is on: slots computed for any day, products, seats, and offers for a customer's choice.

Slots are never stored: a slot's id is its event and its local start, so the programme never ends. What the server has
sold comes in as `taken`; what other channels sold beforehand follows from the slot's id, the same every time.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import (
    Availability,
    Event,
    EventKind,
    EventProduct,
    Fullness,
    Place,
    PlaceKind,
    Seat,
    SeatCategory,
    SeatMap,
    SeatState,
    Slot,
    Texts,
)
from kiosk.domain.money import Money
from kiosk.platforms.embedded.programme_file import Area, Hall, ProgrammeEvent, ProgrammeFile
from kiosk.platforms.embedded.seating import best_seats
from kiosk.platforms.embedded.tariff_file import minor, texts

DAYS_LOOKED_AHEAD = 60
AISLE_PITCHES = 2.0
ADULT = "adult"
PARTS_MAX = 50


class SlotFacts(Struct, frozen=True):
    """A slot with its event: when it starts and ends, how many units it has and how many others sold beforehand."""

    id: str
    event: ProgrammeEvent
    starts: datetime
    ends: datetime
    zone: str
    capacity: int
    sold_before: int

    @property
    def needs_capacity(self) -> bool:
        """Say whether entry needs the platform's promise."""
        return self.event.kind != "open"


class Programme:
    """Answer what is on. Pure but for a cache of halls."""

    def __init__(self, file: ProgrammeFile) -> None:
        self._file = file
        self.currency = file.currency
        self._venues = {venue.id: venue for venue in file.venue}
        self._halls = {hall.id: hall for hall in file.hall}
        self._events = {event.id: event for event in file.event}
        self._hall_seats = lru_cache(maxsize=16)(lambda hall_id: _hall_seats(self._halls[hall_id]))
        self._seats_before = lru_cache(maxsize=64)(self._sold_seats)

    def venue(self, venue_id: str) -> Place | None:
        """Return a venue as a place."""
        venue = self._venues.get(venue_id)
        return None if venue is None else Place(venue.id, texts(venue.name), PlaceKind.VENUE, venue.zone)

    def event(self, event_id: str, now: datetime, on: date | None = None) -> Event | None:
        """Return an event with its next start (on a day, where one is given), None when it is not on."""
        event = self._events.get(event_id)
        if event is None:
            return None
        zone = self._venues[event.venue].zone
        today = now.astimezone(ZoneInfo(zone)).date()
        days = [on] if on is not None else [today + timedelta(days=ahead) for ahead in range(DAYS_LOOKED_AHEAD)]
        starts = (slot.starts for day in days for slot in self._slots(event, day) if _closes(slot) > now)
        following = next(starts, None)
        if following is None:
            return None
        venue = self.venue(event.venue)
        assert venue is not None  # noqa: S101 - programme_file holds every event to a known venue
        price = self._price_from(event)
        kind = EventKind(event.kind)
        return Event(event.id, texts(event.name), kind, venue, texts(event.description), price, following)

    def events(self, now: datetime, on: date | None) -> tuple[Event, ...]:
        """Return what is on, soonest first."""
        found = [event for event_id in self._events if (event := self.event(event_id, now, on)) is not None]
        return tuple(sorted(found, key=lambda each: (each.next_starts or now, each.id)))

    def slots(self, event_id: str, on: date) -> tuple[SlotFacts, ...]:
        """Return the slots of an event on a day; Refused(not_found)."""
        event = self._events.get(event_id)
        if event is None:
            raise Refused("not_found", event_id)
        return self._slots(event, on)

    def slot(self, slot_id: str) -> SlotFacts:
        """Return a slot by its id; Refused(not_found)."""
        event_id, _, start = slot_id.partition("@")
        try:
            moment = datetime.strptime(start, "%Y%m%dT%H%M")  # noqa: DTZ007 - local to the venue
        except ValueError:
            raise Refused("not_found", "slot") from None
        event = self._events.get(event_id)
        found = () if event is None else self._slots(event, moment.date())
        for slot in found:
            if slot.id == slot_id:
                return slot
        raise Refused("not_found", "slot")

    def products(self, slot: SlotFacts) -> tuple[EventProduct, ...]:
        """Return what can be bought for a slot, add-ons last."""
        return tuple(sorted(self._products(slot.event), key=lambda each: each.is_addon))

    def as_slot(self, slot: SlotFacts, availability: Availability) -> Slot:
        """Return a slot as the catalogue shows it."""
        price = self._price_from(slot.event)
        return Slot(slot.id, slot.event.id, slot.starts, slot.ends, slot.zone, availability, price)

    def availability(self, slot: SlotFacts, taken: int, as_of: datetime, *, is_stale: bool = False) -> Availability:
        """Return how many units are left of a slot when the server has `taken` of them."""
        if not slot.needs_capacity:
            return Availability(Fullness.PLENTY, None, as_of, is_stale)
        left = max(0, slot.capacity - slot.sold_before - taken)
        share = left / slot.capacity
        levels = ((0.0, Fullness.FULL), (0.12, Fullness.NEARLY_FULL), (0.4, Fullness.FILLING), (1.0, Fullness.PLENTY))
        return Availability(next(level for most, level in levels if share <= most), left, as_of, is_stale)

    def seat_map(self, slot: SlotFacts, taken: Mapping[str, bool], as_of: datetime) -> SeatMap:
        """Return the seats of a slot; `taken` maps a seat's id to whether it is only held. Refused(not_found)."""
        if slot.event.kind != "seated":
            raise Refused("not_found", "this slot has no seats")
        before = self._seats_before(slot.id)
        seats = tuple(
            replace(seat, state=SeatState.HELD if taken.get(seat.id) else SeatState.TAKEN)
            if seat.id in taken or seat.id in before else seat
            for seat in self._hall_seats(slot.event.hall)
        )  # fmt: skip
        categories = tuple(
            SeatCategory(each.id, texts(each.name), self._money(each.price), each.tone) for each in slot.event.category
        )
        return SeatMap(slot.id, categories, seats, as_of)

    def check_seat(self, slot: SlotFacts, seat_id: str) -> None:
        """Refuse a seat that is not in the hall (bad_request) or was sold beforehand (seat_taken)."""
        if slot.event.kind != "seated" or seat_id not in {seat.id for seat in self._hall_seats(slot.event.hall)}:
            raise Refused("bad_request", "a seat is not in this hall")
        if seat_id in self._seats_before(slot.id):
            raise Refused("seat_taken", seat_id)

    def best(self, slot: SlotFacts, seat_map: SeatMap, count: int, category_id: str) -> tuple[Seat, ...]:
        """Return the best free seats of a category ("": the first one with enough); Refused(sold_out)."""
        hall = self._halls[slot.event.hall]
        for area, best_y in _areas(hall):
            if category_id in {"", area.category}:
                seats = [seat for seat in seat_map.seats if seat.category_id == area.category]
                centre = (max(seat.x for seat in seat_map.seats) + min(seat.x for seat in seat_map.seats)) / 2
                chosen = best_seats(seats, count, centre=centre, best_y=best_y)
                if chosen:
                    return chosen
        raise Refused("sold_out", slot.id)

    def seat_product(self, slot: SlotFacts, product: EventProduct, seat: Seat) -> EventProduct:
        """Return the product for the same person in another price area."""
        same = [each for each in self._products(slot.event) if each.category_id == product.category_id]
        return next(each for each in same if each.seat_category_id == seat.category_id)

    def chosen(self, slot: SlotFacts, choice: EventChoice) -> tuple[EventProduct, ...]:
        """Return one product per wanted unit, add-ons last; Refused(bad_request)."""
        by_id = {product.id: product for product in self.products(slot)}
        if any(each.count < 0 or each.category_id not in by_id for each in choice.products):
            raise Refused("bad_request", "a product is not sold for this slot")
        if sum(each.count for each in choice.products) > PARTS_MAX:
            raise Refused("bad_request", f"at most {PARTS_MAX} tickets at once")
        counts = Counter({each.category_id: each.count for each in choice.products})
        return tuple(by_id[product_id] for product_id in by_id for _ in range(counts[product_id]))

    def _slots(self, event: ProgrammeEvent, day: date) -> tuple[SlotFacts, ...]:
        if day.isoweekday() not in event.weekdays:
            return ()
        zone = self._venues[event.venue].zone
        capacity = len(self._hall_seats(event.hall)) if event.kind == "seated" else event.capacity
        return tuple(self._facts(event, day, time.fromisoformat(each), zone, capacity) for each in event.times)

    def _facts(self, event: ProgrammeEvent, day: date, start: time, zone: str, capacity: int) -> SlotFacts:
        starts = datetime.combine(day, start, ZoneInfo(zone))
        slot_id = f"{event.id}@{starts:%Y%m%dT%H%M}"
        # Other channels sold between half and one and a half of the usual share, now and then everything.
        chance = crc32(slot_id.encode())
        percent = 100 if chance % 23 == 0 and event.kind == "slot" else event.sold_percent * (50 + chance % 100) // 100
        sold = capacity * min(100, percent) // 100
        # End by wall clock: a show of three hours across a clock change is printed as the venue's clock shows it.
        return SlotFacts(slot_id, event, starts, starts + timedelta(minutes=event.minutes), zone, capacity, sold)

    def _products(self, event: ProgrammeEvent) -> tuple[EventProduct, ...]:
        found: list[EventProduct] = []
        for each in event.product:
            tax = round((event.tax_percent if each.tax_percent is None else each.tax_percent) * 100)
            name = texts(each.name)
            if each.price is not None:
                price = self._money(each.price)
                found.append(EventProduct(each.id, name, each.category, price, tax, "", each.is_addon))
                continue
            for category in event.category:
                price = Money(round(minor(category.price, self.currency) * each.percent / 100), self.currency)
                found.append(EventProduct(f"{each.id}.{category.id}", name, each.category, price, tax, category.id))
        return tuple(found)

    def _sold_seats(self, slot_id: str) -> frozenset[str]:
        """Return which seats other channels sold: a fixed shuffle of the hall, as many as the slot says."""
        slot = self.slot(slot_id)
        ids = [seat.id for seat in self._hall_seats(slot.event.hall) if not seat.is_accessible]
        shuffled = sorted(ids, key=lambda seat_id: crc32(f"{slot_id}/{seat_id}".encode()))
        return frozenset(shuffled[: slot.sold_before])

    def _price_from(self, event: ProgrammeEvent) -> Money | None:
        """Return the lowest price of a grown-up's ticket, None where there is none."""
        prices = [each.price for each in self._products(event) if not each.is_addon and each.category_id in {ADULT, ""}]
        return min(prices, key=lambda each: each.minor, default=None)

    def _money(self, price: str) -> Money:
        return Money(minor(price, self.currency), self.currency)


def _closes(slot: SlotFacts) -> datetime:
    """Return until when a slot is sold: an open one all day, others until they start."""
    return slot.starts if slot.needs_capacity else slot.ends


def is_closed(slot: SlotFacts, now: datetime) -> bool:
    """Say whether a slot is no longer sold."""
    return _closes(slot) <= now


def seat_category_name(slot: SlotFacts, category_id: str) -> Texts:
    """Return the name of a price area."""
    return next(texts(each.name) for each in slot.event.category if each.id == category_id)


def _areas(hall: Hall) -> list[tuple[Area, float]]:
    """Return each area with the y of its best row."""
    return [(area, float(area.best_row) - 1 if area.best_row.isdigit() else 0.0) for area in hall.area]


def _hall_seats(hall: Hall) -> tuple[Seat, ...]:
    """Lay out a hall: rows centred, an aisle in the middle, ends bent back by the curve."""
    rows = [(area.category, count) for area in hall.area for count in area.rows]
    widest = max(count for _, count in rows)
    accessible = set(hall.accessible)
    seats = []
    for index, (category, count) in enumerate(rows):
        for number in range(1, count + 1):
            x = (widest - count) / 2 + number - 1 + (AISLE_PITCHES - 1 if number > count // 2 else 0)
            off = x - (widest - 1 + AISLE_PITCHES - 1) / 2
            seat_id = f"{index + 1}-{number}"
            y = round(index + hall.curve * off * off, 3)
            seats.append(
                Seat(seat_id, str(index + 1), str(number), category, x, y, is_accessible=seat_id in accessible)
            )
    return tuple(seats)
