"""Reads the catalogue: whole once, then only what changed, a page at a time so that nobody else waits for it.

Of slots the server tells what changed since a moment, of five lists whether anything did; of quotas nothing: they are
asked for again, slot by slot, where somebody looks. What vanished is found by counting, and everything at the next
full reading.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from kiosk.application.errors import Unreachable
from kiosk.platforms.pretix import discounts, mapping
from kiosk.platforms.pretix.catalogue import Days, EventFacts, SlotFacts, Snapshot, Unsold, event, slot_facts, zone_of
from kiosk.platforms.pretix.products import COUNT_MAX, Product, kept, products, tables
from kiosk.platforms.pretix.quotas import Quota, Quotas, Room

if TYPE_CHECKING:
    from kiosk.platforms.pretix.client import Client, Listed

# Lists whose Last-Modified the server honours; it also says so of quotas and slots, which is not true.
CONDITIONAL = ("categories", "items", "taxrules", "discounts", "questions")
SLICE = 200  # rows worked on before others get their turn
ASKED_MAX = 100  # slots named in one question
PAST = timedelta(days=1)  # slots that ended longer ago are not asked for
Row = dict[str, Any]
Rooms = dict[int | None, Room]
T = TypeVar("T")


class _Known(Struct):
    """What was read of one event, and what it takes to ask for changes only."""

    lists: dict[str, tuple[str, list[Row]]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    items: dict[int, tuple[str, ...]] = field(default_factory=dict)
    unsold: list[Unsold] = field(default_factory=list)
    slots: dict[int | None, SlotFacts | Unsold] = field(default_factory=dict)
    days: Days | None = None
    ends_after: str = ""
    since: str = ""


class Reader:
    """Read what is sold in a currency on a channel; a full reading forgets what it had."""

    def __init__(
        self, client: "Client", currency: str, channel: str, timeout_s: float, *, is_training: bool
    ) -> None:  # fmt: skip
        self._client = client
        self._is_training = is_training
        self._currency = currency
        self._channel = channel
        self._timeout_s = timeout_s
        self._known: dict[str, _Known] = {}
        self._quotas = Quotas()
        self._rooms: dict[str, Rooms] = {}

    async def read(self, now: datetime, *, is_full: bool) -> Snapshot:
        """Return the catalogue now; an event that cannot be read is listed as not sold."""
        events: dict[str, EventFacts] = {}
        unsold: list[Unsold] = []
        for data in (await self._listed("/events/")).rows:
            slug = str(data.get("slug"))
            try:
                reason = self._reason(data)
                if not reason:
                    known = _Known() if is_full else replace(self._known.get(slug, _Known()))
                    events[slug] = await self._event(data, slug, known, now)
                    unsold += [*known.unsold, *(each for each in known.slots.values() if isinstance(each, Unsold))]
                    self._known[slug] = known
                    continue
            except mapping.AbsurdFieldError as problem:
                reason = str(problem)
            unsold.append(Unsold(slug, reason))
        return Snapshot(events, tuple(unsold), now)

    async def rooms(self, slug: str, slots: Iterable[SlotFacts], now: datetime) -> Rooms:
        """Ask what is left of some slots of an event; Unreachable where the answer cannot be read."""
        try:
            return await self._ask_rooms(slug, slots, now)
        except mapping.AbsurdFieldError as problem:
            raise Unreachable("unreachable", f"unreadable answer: {problem}") from problem

    async def _ask_rooms(self, slug: str, slots: Iterable[SlotFacts], now: datetime) -> Rooms:
        found: Rooms = {}
        numbers = [each.number for each in slots]
        for first in range(0, len(numbers), ASKED_MAX):
            found |= await self._read_rooms(slug, numbers[first : first + ASKED_MAX], now)
        self._rooms.setdefault(slug, {}).update(found)
        return found

    def room(self, slug: str, number: int | None) -> Room | None:
        """Return what was last known to be left of a slot."""
        return self._rooms.get(slug, {}).get(number)

    async def _read_rooms(self, slug: str, numbers: list[int | None], now: datetime, *, is_all: bool = False) -> Rooms:
        """Read the quotas of slots; where one is not of a series, or all are meant, those of the event."""
        asked = [] if is_all else [str(each) for each in numbers if each is not None]
        params = {"with_availability": "true", **({"subevent__in": ",".join(asked)} if asked else {})}
        rows = (await self._listed(f"/events/{slug}/quotas/", params, read=self._quotas.read)).rows
        of_slot: dict[int | None, list[Quota]] = {each: [] for each in numbers}
        async for quota in _in_slices(rows):
            of_slot.setdefault(quota.subevent, []).append(quota)
        return {number: Room(tuple(mine), now) for number, mine in of_slot.items()}

    async def _listed(self, path: str, params: Row | None = None, **more: Any) -> "Listed":
        return await self._client.listed(self._client.root + path, params, timeout_s=self._timeout_s, **more)

    def _reason(self, data: Row) -> str:
        if data.get("currency") != self._currency:
            return f"sold in {data.get('currency')}"
        if not data.get("live"):
            return "not live"
        if bool(data.get("testmode")) is not self._is_training:
            return "not in test mode, and this terminal practises" if self._is_training else "in test mode"
        channels = data.get("limit_sales_channels") or []
        is_here = data.get("all_sales_channels", True) or self._channel in channels
        return "" if is_here else "not sold on this channel"

    async def _event(self, data: Row, slug: str, known: _Known, now: datetime) -> EventFacts:
        zone = zone_of(data)
        is_new = known.days is None
        if any([await self._is_list_new(slug, name, known) for name in CONDITIONAL]):
            await self._map_products(slug, known)
        count_max = await self._count_max(slug)
        if not data.get("has_subevents"):
            known.slots, is_moved = {None: slot_facts(data, slug, None)}, True
        else:
            is_moved = await self._read_slots(slug, known, now)
        slots = [each for each in known.slots.values() if isinstance(each, SlotFacts)]
        if known.days is None or is_moved:
            known.days = await _days(slots, zone)
        if is_new:
            self._rooms[slug] = await self._read_rooms(slug, [each.number for each in slots], now, is_all=True)
        elif unknown := [each for each in slots if self.room(slug, each.number) is None]:
            await self._ask_rooms(slug, unknown, now)
        is_seated = any(each.is_seated for each in slots)
        shown = event(data, slug, zone=zone, is_seated=is_seated, products=known.products)
        return EventFacts(
            shown, zone, count_max, {each.id: each for each in slots}, known.days, known.products, known.items,
            discounts.rules(known.lists["discounts"][1], self._currency, self._channel),
        )  # fmt: skip

    async def _is_list_new(self, slug: str, name: str, known: _Known) -> bool:
        """Read a list anew unless nothing changed in it."""
        since, rows = known.lists.get(name, ("", []))
        found = await self._listed(f"/events/{slug}/{name}/", since=since, read=kept if name == "items" else dict)
        known.lists = {**known.lists, name: (found.since, found.rows if found.is_modified else rows)}
        return found.is_modified

    async def _map_products(self, slug: str, known: _Known) -> None:
        rows = {name: rows for name, (_, rows) in known.lists.items()}
        read_with = tables(rows["categories"], rows["taxrules"], rows["questions"])
        known.products, known.items, known.unsold = {}, {}, []
        async for item in _in_slices(rows["items"]):
            try:
                found = products(item, read_with, self._currency, self._channel)
            except mapping.AbsurdFieldError as problem:
                found = str(problem)
            if isinstance(found, str):
                known.unsold.append(Unsold(f"{slug}/{item.get('id')}", found))
                continue
            known.products |= {each.shown.id: each for each in found}
            known.items[found[0].item] = tuple(each.shown.id for each in found)

    async def _read_slots(self, slug: str, known: _Known, now: datetime) -> bool:
        """Read the slots, or those that changed; say whether any did."""
        path = f"/events/{slug}/subevents/"
        if known.since:
            asked = {"ends_after": known.ends_after, "modified_since": known.since, "ordering": "-last_modified"}
            changed = await self._listed(path, asked, read=lambda row: _slot(row, slug))
            known.slots, known.since = {**known.slots, **dict(changed.rows)}, changed.generated
            if await self._client.count(self._client.root + path, {"ends_after": known.ends_after},
                                        timeout_s=self._timeout_s) == len(known.slots):  # fmt: skip
                return bool(changed.rows)
        ends_after = (now - PAST).isoformat()
        asked = {"ends_after": ends_after, "ordering": "id"}
        found = await self._listed(path, asked, read=lambda row: _slot(row, slug))
        known.slots, known.since, known.ends_after = dict(found.rows), found.generated, ends_after
        return True

    async def _count_max(self, slug: str) -> int:
        """Return how many tickets one order may have; the server does not see to it."""
        path = f"{self._client.root}/events/{slug}/settings/"
        told = (await self._client.get(path, timeout_s=self._timeout_s)).body
        most = told.get("max_items_per_order") if isinstance(told, dict) else None
        return min(most, COUNT_MAX) if isinstance(most, int) and most > 0 else COUNT_MAX


def _slot(data: Row, slug: str) -> tuple[int, SlotFacts | Unsold]:
    number = mapping.field(data, "id", int)
    if not data.get("active"):
        return number, Unsold(f"{slug}@{number}", "not active")
    try:
        return number, slot_facts(data, slug, number)
    except mapping.AbsurdFieldError as problem:
        return number, Unsold(f"{slug}@{number}", str(problem))


async def _days(slots: Iterable[SlotFacts], zone: str) -> Days:
    by_day: dict[date, list[str]] = {}
    longest, local = timedelta(0), ZoneInfo(zone)
    async for each in _in_slices(slots):
        by_day.setdefault(each.starts.astimezone(local).date(), []).append(each.id)
        longest = max(longest, each.ends - each.starts)
    return Days({day: tuple(ids) for day, ids in by_day.items()}, tuple(sorted(by_day)), longest)


async def _in_slices(rows: Iterable[T]) -> AsyncIterator[T]:
    """Give rows, and everybody else a turn after each slice of them."""
    for number, each in enumerate(rows, start=1):
        yield each
        if not number % SLICE:
            await asyncio.sleep(0)
