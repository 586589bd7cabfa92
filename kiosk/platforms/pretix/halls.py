"""The seats of a slot as the server has them: small halls read whole each time, large ones only as far as they change.

Of a large hall the seats that are taken or blocked are read again; whoever chooses seats there has those very seats
asked after. So a hall of 50,000 seats is read whole once a day.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.errors import Refused, Unreachable
from kiosk.domain.catalogue import Seat, SeatCategory, SeatMap, SeatState
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.catalogue import EventFacts, SlotFacts
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.offers import best_seats, named_seats, shown_products
from kiosk.platforms.pretix.orders import readable
from kiosk.platforms.pretix.quotas import Room
from kiosk.platforms.pretix.shared import Shared

LARGE = 1_000
FRESH_S = 60.0
TRIES_MAX = 4
TONES = ("front", "middle", "back")


class Hall(Struct, frozen=True):
    """The seats in the server's order, as of a moment."""

    seats: tuple[Seat, ...]
    as_of: datetime


class Halls:
    """Read halls and pick seats in them."""

    def __init__(self, client: Client, shared: Shared) -> None:
        self._client = client
        self._shared = shared
        self._known: dict[str, Hall] = {}

    def forget(self) -> None:
        """Read everything whole the next time."""
        self._known.clear()

    async def hall(self, slot: SlotFacts, now: datetime, *, timeout_s: float) -> Hall:
        """Return the hall of a slot; Unreachable where the answer cannot be read."""
        known = self._known.get(slot.id)
        if known is not None and abs((now - known.as_of).total_seconds()) < FRESH_S:
            return known
        try:
            found: Hall = await self._shared.run(f"hall {slot.id}", lambda: self._read(slot, known, now, timeout_s))
        except mapping.AbsurdFieldError as problem:
            raise Unreachable("unreachable", f"unreadable answer: {problem}") from problem
        return found

    async def chosen(
        self, slot: SlotFacts, seat_ids: tuple[str, ...], count: int, category_id: str, now: datetime, *,
        timeout_s: float,
    ) -> tuple[Seat, ...]:  # fmt: skip
        """Return seats by id, or the best `count` together of a category; free as of now.

        Raises:
            Refused: seat_taken, sold_out or bad_request.
        """
        hall = await self.hall(slot, now, timeout_s=timeout_s)
        for _ in range(TRIES_MAX):
            found = named_seats(hall.seats, seat_ids) if seat_ids else best_seats(hall.seats, count, category_id)
            if slot.id not in self._known:  # a small hall, read just now
                return found
            asked = {each.id: await self._seat(slot, each, timeout_s) for each in found}
            if all(each.state is SeatState.FREE for each in asked.values()):
                return tuple(asked[each.id] for each in found)
            hall = self._known[slot.id] = replace(hall, seats=tuple(asked.get(each.id, each) for each in hall.seats))
        raise Refused("sold_out", "no seats together")

    async def _read(self, slot: SlotFacts, known: Hall | None, now: datetime, timeout_s: float) -> Hall:
        if known is not None and (found := await self._changed(slot, known, now, timeout_s)) is not None:
            hall = found
        else:
            lines = _Lines()
            rows = (await self._client.listed(self._path(slot), timeout_s=timeout_s, read=lines.seat)).rows
            hall = Hall(tuple(rows), now)
        if len(hall.seats) > LARGE:
            self._known[slot.id] = hall
        return hall

    async def _changed(self, slot: SlotFacts, known: Hall, now: datetime, timeout_s: float) -> Hall | None:
        """Return the known hall with today's takings; None when its seats are others now."""
        path = self._path(slot)
        if await self._client.count(path, {}, timeout_s=timeout_s) != len(known.seats):
            return None
        states: dict[str, SeatState] = {}
        for only in ({"is_available": "false"}, {"blocked": "true"}):
            rows = (await self._client.listed(path, only, timeout_s=timeout_s, read=mapping.seat_state)).rows
            states |= dict(rows)
        if not states.keys() <= {each.id for each in known.seats}:
            return None
        seats = tuple(
            each if (state := states.get(each.id, SeatState.FREE)) is each.state else replace(each, state=state)
            for each in known.seats
        )
        return Hall(seats, now)

    async def _seat(self, slot: SlotFacts, seat: Seat, timeout_s: float) -> Seat:
        """Return one seat as it is now."""
        rows = (await self._client.listed(self._path(slot), {"seat_guid": seat.id}, timeout_s=timeout_s)).rows
        return readable(lambda: mapping.seat(rows[0], seat.x, seat.y)) if rows else replace(seat, state=SeatState.TAKEN)

    def _path(self, slot: SlotFacts) -> str:
        root = f"{self._client.root}/events/{slot.event_id}"
        return f"{root}/seats/" if slot.number is None else f"{root}/subevents/{slot.number}/seats/"


class _Lines:
    """Place seats in the server's order; it tells no coordinates, so rows stand behind each other."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], int] = {}
        self._counts: dict[int, int] = {}

    def seat(self, data: dict[str, Any]) -> Seat:
        """Return the next seat."""
        name = str(data.get("zone_name")), str(data.get("row_name"))
        line = self._lines.setdefault(name, len(self._lines))
        self._counts[line] = self._counts.get(line, 0) + 1
        return mapping.seat(data, float(self._counts[line]), float(line))


def seat_map(facts: EventFacts, slot: SlotFacts, hall: Hall, room: Room, now: datetime) -> SeatMap:
    """Return the seats with the categories that are sold."""
    products = {each.id: each for each in shown_products(facts, slot, room, now)}
    sold = sorted(
        {seat.category_id for seat in hall.seats} & set(products), key=lambda each: -products[each].price.minor
    )
    categories = tuple(
        SeatCategory(each, products[each].name, products[each].price, TONES[min(rank, 2)])
        for rank, each in enumerate(sold)
    )
    return SeatMap(slot.id, categories, hall.seats, hall.as_of)
