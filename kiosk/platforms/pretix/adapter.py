"""pretix as the central platform: its live catalogue, holds by cart positions, orders under our own code."""

import hmac
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused, Unreachable
from kiosk.application.interfaces import (
    BookingOrder,
    BookingProof,
    CancelProof,
    Departures,
    DocumentIssuer,
    EventChoice,
    FoundBooking,
    Hold,
    PlatformHealth,
    PlatformTraits,
)
from kiosk.domain.catalogue import (
    Event,
    EventProduct,
    Offer,
    Place,
    PlaceHit,
    RiderCategory,
    RiderCount,
    Seat,
    SeatCategory,
    SeatMap,
    Slot,
)
from kiosk.platforms.pretix import mapping, offers
from kiosk.platforms.pretix.catalogue import EventFacts, Product, Reader, SlotFacts, Snapshot, Unsold, left
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.extras import hosts
from kiosk.platforms.pretix.orders import Orders, once, readable

OFFER_LASTS = timedelta(minutes=15)
FRESH_S = 60.0
LIMIT_MAX = 200
TONES = ("front", "middle", "back")


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return the time now, with an offset."""
        ...


@dataclass(frozen=True, slots=True)
class PretixConfig:
    """What an operator decides; `hold_key` (16 random bytes or more) makes our holds unguessable.

    `is_training`: sell the events in the server's test mode, and only those; else only the others.
    """

    platform_id: str
    name: str
    currency: str
    zone: str
    channel: str
    hold_key: bytes = field(repr=False)
    hold_s: int = 600
    read_timeout_s: float = 20.0
    is_training: bool = False


class PretixPlatform:
    """Sell from a pretix server; implements kiosk.application.interfaces.Platform."""

    def __init__(self, config: PretixConfig, client: Client, clock: Clock) -> None:
        self._config = config
        self._client = client
        self._clock = clock
        self._reader = Reader(
            client, config.currency, config.channel, config.read_timeout_s, is_training=config.is_training
        )
        self._orders = Orders(client, config.currency, config.channel, clock.now, is_training=config.is_training)
        self._snapshot: Snapshot | None = None
        self._full_on: date | None = None
        self._since = clock.now()
        self._was_up = True
        self._holds: dict[str, tuple[tuple[str, ...], Hold]] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @property
    def traits(self) -> PlatformTraits:
        """Return what this platform allows."""
        config = self._config
        return PlatformTraits(
            config.platform_id, config.name, config.currency, config.zone, DocumentIssuer.TERMINAL,
            confirms_offline=False, is_simulated=False, sells_journeys=False,
        )  # fmt: skip

    @property
    def unsold(self) -> tuple[Unsold, ...]:
        """Return what the server has and this terminal does not sell, with the reasons."""
        return self._snapshot.unsold if self._snapshot else ()

    async def health(self, *, timeout_s: float) -> PlatformHealth:
        """Ask whether it answers and lets us in."""
        try:
            server_time = (await self._client.get(self._client.root + "/", timeout_s=timeout_s)).server_time
            is_up, problem = True, ""
        except PlatformError as trouble:
            server_time, is_up, problem = None, False, _problem(trouble)
        if is_up != self._was_up:
            self._was_up, self._since = is_up, self._clock.now()
        as_of = self._snapshot.as_of if self._snapshot else datetime.min.replace(tzinfo=UTC)
        return PlatformHealth(is_up, self._since, as_of, server_time, problem)

    async def places(self, text: str, *, language: str, limit: int) -> tuple[PlaceHit, ...]:  # noqa: ARG002 - no journeys here
        """Return nothing: a pretix has no journeys."""
        return ()

    async def place(self, place_id: str) -> Place:
        """Return the venue of an event."""
        snapshot = await self._catalogue()
        for facts in snapshot.events.values():
            if facts.event.venue.id == place_id:
                return facts.event.venue
        raise Refused("not_found", "place")

    async def departures(self, origin_id: str, destination_id: str, *, after: datetime, limit: int) -> Departures:  # noqa: ARG002 - no journeys here
        """Return nothing: a pretix has no journeys."""
        return Departures((), self._clock.now())

    async def board(self, origin_id: str, *, after: datetime, limit: int) -> Departures:  # noqa: ARG002 - no journeys here
        """Return nothing: a pretix has no journeys."""
        return Departures((), self._clock.now())

    async def rider_categories(self) -> tuple[RiderCategory, ...]:
        """Return nothing: products say who they are for."""
        return ()

    async def journey_offers(self, journey_id: str, riders: tuple[RiderCount, ...]) -> tuple[Offer, ...]:  # noqa: ARG002 - no journeys here
        """Refuse: a pretix has no journeys."""
        raise Refused("not_found", "journey")

    async def events(self, *, on: date | None, limit: int) -> tuple[Event, ...]:
        """Return what is on, soonest first."""
        now = self._clock.now()
        found = []
        for facts in (await self._catalogue()).events.values():
            starts = [
                slot.starts for slot in facts.slots.values()
                if slot.ends > now and (on is None or _day(slot, facts) == on)
            ]  # fmt: skip
            if starts:
                found.append(replace(facts.event, next_starts=min(starts)))
        found.sort(key=lambda event: (event.next_starts or now, event.id))
        return tuple(found[: max(0, min(limit, LIMIT_MAX))])

    async def slots(self, event_id: str, *, on: date) -> tuple[Slot, ...]:
        """Return the slots of a day; without the server each shows what was last known, marked stale."""
        snapshot = await self._catalogue()
        facts = snapshot.events.get(event_id)
        if facts is None:
            raise Refused("not_found", "event")
        if not any(_day(each, facts) == on for each in facts.slots.values()):
            return ()
        try:
            facts, as_of, is_stale = await self._with_live_quotas(facts), self._clock.now(), False
        except (Unreachable, Refused):
            as_of, is_stale = snapshot.as_of, True
        slots = sorted((each for each in facts.slots.values() if _day(each, facts) == on), key=lambda slot: slot.starts)
        return tuple(self._slot(facts, slot, as_of, is_stale=is_stale) for slot in slots)

    async def event_products(self, slot_id: str) -> tuple[EventProduct, ...]:
        """Return what can be bought for a slot, extras last."""
        facts, slot = (await self._catalogue()).slot(slot_id)
        return offers.shown_products(facts, slot, self._clock.now())

    async def seat_map(self, slot_id: str, *, timeout_s: float) -> SeatMap:
        """Return the seats as the server has them now."""
        facts, slot = (await self._catalogue()).slot(slot_id)
        if not slot.is_seated:
            raise Refused("not_found", "not seated")
        root = f"{self._client.root}/events/{slot.event_id}"
        path = f"{root}/seats/" if slot.number is None else f"{root}/subevents/{slot.number}/seats/"
        rows = await self._client.pages(path, timeout_s=timeout_s)
        return readable(lambda: _seat_map(facts, slot, rows, self._clock.now()))

    async def event_offer(self, choice: EventChoice, *, timeout_s: float) -> Offer:
        """Price a choice after asking the server what is left."""
        facts, slot = (await self._catalogue()).slot(choice.slot_id)
        now = self._clock.now()
        seats: tuple[Seat, ...] = ()
        if slot.is_seated:
            seat_map = await self.seat_map(choice.slot_id, timeout_s=timeout_s)
            tickets = sum(each.count for each in choice.products if not _is_addon(facts, each.category_id))
            count = choice.best_count or tickets
            if not choice.seat_ids and not 1 <= count <= facts.count_max:
                raise Refused("bad_request", "count")
            seats = (
                offers.named_seats(seat_map.seats, choice.seat_ids) if choice.seat_ids
                else offers.best_seats(seat_map.seats, count, choice.seat_category_id)
            )  # fmt: skip
            choice = _with_seat_products(facts, choice, seats)
        elif choice.seat_ids or choice.best_count:
            raise Refused("bad_request", "no seats here")
        units = offers.chosen(facts, slot, choice, now)
        hosts(units)
        offers.check_room(facts, slot, units, (await self._with_live_quotas(facts)).quotas)
        return offers.offer(
            facts, slot, units, seats, offer_id=token_hex(8), platform_id=self._config.platform_id, now=now,
            lasts=OFFER_LASTS,
        )  # fmt: skip

    async def hold(self, hold_id: str, offers: tuple[Offer, ...], *, timeout_s: float) -> Hold:
        """Reserve by cart positions; asked again it is made anew, because the server prolongs none."""
        slugs = tuple(sorted({mapping.target(offer.occurrence.id).event for offer in offers}))
        if len(slugs) > 1:  # an order is for one event, and it must not turn out after the payment
            raise Refused("one_event", ", ".join(slugs))
        if hold_id in self._holds:
            await self.release(hold_id, timeout_s=timeout_s)
        expires = self._clock.now() + timedelta(seconds=self._config.hold_s)
        made = Hold(hold_id, self._config.platform_id, tuple(offer.id for offer in offers), expires)
        self._holds[hold_id] = (slugs, made)
        try:
            for slug in slugs:
                mine = tuple(each for each in offers if mapping.target(each.occurrence.id).event == slug)
                await self._hold_event(hold_id, slug, mine, expires, timeout_s)
        except (Refused, Unreachable):
            await self.release(hold_id, timeout_s=timeout_s)
            raise
        return made

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        """Give a hold back, whoever of our runs made it."""
        known = self._holds.get(hold_id)
        slugs = known[0] if known else tuple((await self._catalogue()).events)
        cart_id = self._cart_id(hold_id)
        for slug in slugs:
            path = f"{self._client.root}/events/{slug}/cartpositions/"
            for each in await self._client.pages(path, timeout_s=timeout_s):
                if each.get("cart_id") == cart_id and each.get("addon_to") is None:
                    await once(self._client, f"{path}{each['id']}/", timeout_s)
        self._holds.pop(hold_id, None)

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        """Book exactly once under our code."""
        carts = (self._cart_id(order.hold_id),) if order.hold_id else ()
        proof = await self._orders.book(order, carts, timeout_s=timeout_s)
        self._holds.pop(order.hold_id, None)
        return proof

    async def find(self, code_or_secret: str, *, timeout_s: float) -> FoundBooking | None:
        """Find an order by its code, however it was typed, or by a whole ticket secret."""
        return await self._orders.find(code_or_secret, timeout_s=timeout_s)

    async def cancel(self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float) -> CancelProof:
        """Cancel parts and revoke their secrets."""
        return await self._orders.cancel(code, part_ids, reason=reason, timeout_s=timeout_s)

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        """Note a print, unless this copy is noted already."""
        await self._orders.record_print(code, part_id, copy=copy, timeout_s=timeout_s)

    async def refresh(self, *, is_full: bool = False) -> Snapshot:
        """Read the catalogue again; a full reading is due on each business day."""
        now = self._clock.now()
        today = now.astimezone(ZoneInfo(self._config.zone)).date()
        self._snapshot = await self._reader.read(now, is_full=is_full or self._full_on != today)
        self._full_on = today
        return self._snapshot

    async def _catalogue(self) -> Snapshot:
        known = self._snapshot
        if known is not None and abs((self._clock.now() - known.as_of).total_seconds()) < FRESH_S:
            return known
        try:
            return await self.refresh()
        except PlatformError:
            if known is None:
                raise
            return known

    async def _with_live_quotas(self, facts: EventFacts) -> EventFacts:
        return replace(facts, quotas=await self._reader.quotas(facts.event.id))

    def _slot(self, facts: EventFacts, slot: SlotFacts, as_of: datetime, *, is_stale: bool) -> Slot:
        sold = [each for each in facts.products.values() if not each.shown.is_addon]
        lefts = [left(facts.quotas, each, slot) for each in sold]
        most = None if None in lefts else max((each for each in lefts if each is not None), default=0)
        sizes = [each["size"] for each in facts.quotas if each.get("subevent") == slot.number and each.get("size")]
        shown = mapping.availability(most, max(sizes, default=None), as_of, is_stale=is_stale)
        prices = [each.price for each in offers.shown_products(facts, slot, self._clock.now()) if not each.is_addon]
        lowest = min(prices, key=lambda price: price.minor, default=None)
        return Slot(slot.id, facts.event.id, slot.starts, slot.ends, facts.zone, shown, lowest)

    def _cart_id(self, hold_id: str) -> str:
        return hmac.new(self._config.hold_key, hold_id.encode(), sha256).hexdigest()[:48] + "@api"

    async def _hold_event(
        self, hold_id: str, slug: str, mine: tuple[Offer, ...], expires: datetime, timeout_s: float
    ) -> None:
        cart_id = self._cart_id(hold_id)
        body = [
            line
            for offer in mine
            for line in _cart_lines(offer, cart_id, self._config.channel, expires)
        ]  # fmt: skip
        path = f"{self._client.root}/events/{slug}/cartpositions/bulk_create/"
        answer = (await self._client.send("POST", path, body, timeout_s=timeout_s)).body
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(body):
            raise OutcomeUnknown("outcome_unknown", "holds were answered otherwise")
        refused = [each.get("errors") for each in results if not each.get("success")]
        if refused:
            raise Refused(mapping.refusal_key(refused), str(refused)[:300])


def _problem(trouble: PlatformError) -> str:
    """Return what is wrong when it is more than silence."""
    if trouble.key == "not_allowed":
        return "revoked"
    return trouble.detail if trouble.detail.startswith("certificate ") else ""


def _day(slot: SlotFacts, facts: EventFacts) -> date:
    return slot.starts.astimezone(ZoneInfo(facts.zone)).date()


def _is_addon(facts: EventFacts, product_id: str) -> bool:
    product: Product | None = facts.products.get(product_id)
    return product is not None and product.shown.is_addon


def _with_seat_products(facts: EventFacts, choice: EventChoice, seats: tuple[Seat, ...]) -> EventChoice:
    """Return the choice with one ticket of each seat's own category; Refused(bad_request) for another category."""
    extras = tuple(each for each in choice.products if _is_addon(facts, each.category_id))
    named = [each for each in choice.products if not _is_addon(facts, each.category_id) and each.count]
    of_seats = [seat.category_id for seat in seats]
    wanted = sorted(each.category_id for each in named for _ in range(each.count))
    if named and wanted != sorted(of_seats):
        raise Refused("bad_request", "a seat of another category")
    return replace(choice, products=(*(RiderCount(each, 1) for each in of_seats), *extras))


def _cart_lines(offer: Offer, cart_id: str, channel: str, expires: datetime) -> list[dict[str, Any]]:
    """Return one cart position per ticket with its extras inside."""
    more = {"cart_id": cart_id, "sales_channel": channel, "expires": expires.isoformat()}
    lines = []
    for number, part in enumerate(offer.parts):
        if not part.addon_to:
            addons = [mapping.position(offer, at) for at, each in enumerate(offer.parts) if each.addon_to == part.id]
            lines.append({**mapping.position(offer, number), **more, "addons": addons})
    return lines


def _seat_map(facts: EventFacts, slot: SlotFacts, rows: list[dict[str, Any]], now: datetime) -> SeatMap:
    """Return seats in the server's order; it tells no coordinates, so rows stand behind each other."""
    lines: dict[tuple[str, str], int] = {}
    counts: dict[int, int] = {}
    seats = []
    for data in rows:
        line = lines.setdefault((str(data.get("zone_name")), str(data.get("row_name"))), len(lines))
        counts[line] = counts.get(line, 0) + 1
        seats.append(mapping.seat(data, float(counts[line]), float(line)))
    products = {each.id: each for each in offers.shown_products(facts, slot, now)}
    sold = sorted({seat.category_id for seat in seats} & set(products), key=lambda each: -products[each].price.minor)
    categories = tuple(
        SeatCategory(each, products[each].name, products[each].price, TONES[min(rank, 2)])
        for rank, each in enumerate(sold)
    )
    return SeatMap(slot.id, categories, tuple(seats), now)
