"""pretix as the central platform: its live catalogue, holds by cart positions, orders under our own code."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from kiosk.application.errors import PlatformError, Refused, Unreachable
from kiosk.application.interfaces import (
    BookingOrder,
    BookingProof,
    CancelProof,
    Departures,
    DocumentIssuer,
    EventChoice,
    ExchangeOrder,
    FoundBooking,
    GiftCardPart,
    Hold,
    Medium,
    MediumKind,
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
    SeatMap,
    Slot,
    Voucher,
)
from kiosk.domain.money import Money
from kiosk.platforms.pretix import mapping, offers, vouchers
from kiosk.platforms.pretix.catalogue import EventFacts, SlotFacts, Snapshot, Unsold
from kiosk.platforms.pretix.changes import Changes
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.config import Clock, PretixConfig
from kiosk.platforms.pretix.finding import Finding
from kiosk.platforms.pretix.gift_cards import PretixGiftCards
from kiosk.platforms.pretix.halls import Halls, seat_map
from kiosk.platforms.pretix.holds import Holds
from kiosk.platforms.pretix.orders import Orders, readable
from kiosk.platforms.pretix.quotas import Room
from kiosk.platforms.pretix.reader import Reader
from kiosk.platforms.pretix.shared import Shared
from kiosk.platforms.pretix.vouchers import Terms

OFFER_LASTS = timedelta(minutes=15)
FRESH_S = 60.0
PATIENCE_S = 1.0  # how long a page waits for news of what is known; the reading then goes on behind it
LIMIT_MAX = 200


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
        self._changes = Changes(client, self._orders, clock.now)
        self._finding = Finding(
            client,
            self._orders,
            self._catalogue,
            platform_id=config.platform_id,
            currency=config.currency,
            now=clock.now,
        )
        self._gift_cards = PretixGiftCards(
            client, self._finding.card_on, clock.now, currency=config.currency, is_training=config.is_training
        )
        self._shared = Shared()
        self._halls = Halls(client, self._shared)
        self._snapshot: Snapshot | None = None
        self._vouchers: dict[tuple[str, str], Terms] = {}
        self._full_on: date | None = None
        self._since = clock.now()
        self._was_up = True
        self._holds = Holds(client, config.platform_id, config.channel, config.hold_key)

    async def close(self) -> None:
        """End what is being read and close the connections."""
        await self._shared.close()
        await self._client.close()

    @property
    def traits(self) -> PlatformTraits:
        """Return what this platform allows."""
        config = self._config
        return PlatformTraits(
            config.platform_id, config.name, config.currency, config.zone, DocumentIssuer.TERMINAL,
            confirms_offline=False, is_simulated=False, sells_journeys=False, has_vouchers=True, has_media=True,
        )  # fmt: skip

    @property
    def gift_cards(self) -> PretixGiftCards:
        """Return the gift cards the organizer accepts."""
        return self._gift_cards

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
        found = [
            replace(facts.event, next_starts=starts)
            for facts in (await self._catalogue()).events.values()
            if (starts := facts.next_starts(now, on)) is not None
        ]
        found.sort(key=lambda event: (event.next_starts or now, event.id))
        return tuple(found[: max(0, min(limit, LIMIT_MAX))])

    async def slots(self, event_id: str, *, on: date) -> tuple[Slot, ...]:
        """Return the slots of a day; without the server each shows what was last known, marked stale."""
        snapshot = await self._catalogue()
        facts = snapshot.events.get(event_id)
        if facts is None:
            raise Refused("not_found", "event")
        mine, now = facts.on(on), self._clock.now()
        try:
            rooms, is_stale = await self._reader.rooms(event_id, mine, now), False
        except (Unreachable, Refused):
            rooms, is_stale = {}, True
        return tuple(
            self._slot(facts, each, rooms.get(each.number) or self._last_room(each), is_stale=is_stale)
            for each in mine
        )  # fmt: skip

    async def event_products(self, slot_id: str) -> tuple[EventProduct, ...]:
        """Return what can be bought for a slot, extras last; how many are left is as of their `as_of`."""
        facts, slot = (await self._catalogue()).slot(slot_id)
        now, room = self._clock.now(), self._last_room(slot)
        if abs((now - room.as_of).total_seconds()) >= FRESH_S:
            with suppress(Unreachable, Refused):  # then what was last known, with its age
                room = (await self._reader.rooms(slot.event_id, (slot,), now))[slot.number]
        return offers.shown_products(facts, slot, room, now)

    async def seat_map(self, slot_id: str, *, timeout_s: float) -> SeatMap:
        """Return the seats as the server has them now; those of a large hall may be a minute old."""
        facts, slot = (await self._catalogue()).slot(slot_id)
        if not slot.is_seated:
            raise Refused("not_found", "not seated")
        now = self._clock.now()
        hall = await self._halls.hall(slot, now, timeout_s=timeout_s)
        return seat_map(facts, slot, hall, self._last_room(slot), now)

    async def voucher(self, slot_id: str, code: str, *, timeout_s: float) -> Voucher:
        """Return what a code is good for in a slot."""
        facts, slot = (await self._catalogue()).slot(slot_id)
        now = self._clock.now()
        terms = await self._terms(slot, code, now, timeout_s)
        room = (await self._reader.rooms(slot.event_id, (slot,), now))[slot.number]
        products = offers.vouched_products(facts, slot, room, now, terms)
        if not products:
            raise Refused("voucher_not_here", terms.code)
        return Voucher(terms.code, products, terms.left, terms.least, terms.until)

    async def event_price(self, choice: EventChoice) -> Money:
        """Return what a choice costs by what is known."""
        facts, slot = (self._snapshot or await self._catalogue()).slot(choice.slot_id)
        now = self._clock.now()
        units = offers.chosen(facts, slot, choice, now)
        terms = self._vouchers.get((slot.event_id, choice.voucher))
        deal = offers.deal(facts, slot, units, self._last_room(slot), now, terms=terms)
        return Money(deal.total, self._config.currency)

    async def _terms(self, slot: SlotFacts, code: str, now: datetime, timeout_s: float) -> Terms:
        """Ask the server what a code is good for."""
        wanted = code.strip()
        path = f"{self._client.root}/events/{slot.event_id}/vouchers/"
        rows = (await self._client.listed(path, {"code": wanted}, timeout_s=timeout_s)).rows if wanted else []
        row = next((each for each in rows if str(each.get("code")).casefold() == wanted.casefold()), None)
        if row is None:
            raise Refused("voucher_unknown", "voucher")
        terms = readable(lambda: vouchers.terms(row, self._config.currency))
        vouchers.check(terms, slot, now)
        self._vouchers[slot.event_id, terms.code] = terms
        return terms

    async def event_offer(self, choice: EventChoice, *, timeout_s: float) -> Offer:
        """Price a choice after asking the server what is left."""
        facts, slot = (await self._catalogue()).slot(choice.slot_id)
        now = self._clock.now()
        seats: tuple[Seat, ...] = ()
        if slot.is_seated:
            tickets = sum(each.count for each in choice.products if not offers.is_addon(facts, each.category_id))
            count = choice.best_count or tickets
            if not choice.seat_ids and not 1 <= count <= facts.count_max:
                raise Refused("bad_request", "count")
            seats = await self._halls.chosen(
                slot, choice.seat_ids, count, choice.seat_category_id, now, timeout_s=timeout_s
            )
            choice = offers.with_seat_products(facts, choice, seats)
        elif choice.seat_ids or choice.best_count:
            raise Refused("bad_request", "no seats here")
        units = offers.chosen(facts, slot, choice, now)
        room = (await self._reader.rooms(slot.event_id, (slot,), now))[slot.number]
        terms = await self._terms(slot, choice.voucher, now, timeout_s) if choice.voucher else None
        deal = offers.deal(facts, slot, units, room, now, terms=terms, seats=seats)
        keeps_room = terms is not None and terms.keeps_room
        needing = [unit for unit, price in zip(units, deal.vouched, strict=True) if price is None or not keeps_room]
        offers.check_room(slot, needing, room)
        return offers.offer(
            facts, slot, units, seats, offer_id=token_hex(8), platform_id=self._config.platform_id, now=now,
            lasts=OFFER_LASTS, deal=deal,
        )  # fmt: skip

    async def hold(self, hold_id: str, offers: tuple[Offer, ...], *, timeout_s: float) -> Hold:
        """Reserve by cart positions; asked again it is made anew, because the server prolongs none."""
        expires = self._clock.now() + timedelta(seconds=self._config.hold_s)
        return await self._holds.hold(hold_id, offers, expires, timeout_s=timeout_s)

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        """Give a hold back, whoever of our runs made it."""
        await self._holds.give_back(hold_id, self._slugs, timeout_s=timeout_s)

    async def _slugs(self) -> Iterable[str]:
        return (await self._catalogue()).events

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        """Book exactly once under our code."""
        carts = (self._holds.cart_id(order.hold_id),) if order.hold_id else ()
        proof = await self._orders.book(order, carts, timeout_s=timeout_s)
        self._holds.used(order.hold_id)
        return proof

    async def find(self, code_or_secret: str, *, timeout_s: float) -> FoundBooking | None:
        """Find an order by its code, however it was typed, or by a whole ticket secret."""
        return await self._finding.find(code_or_secret, timeout_s=timeout_s)

    async def medium(self, kind: MediumKind, identifier: str, *, timeout_s: float) -> Medium | None:
        """Return what is on a reusable medium."""
        return await self._finding.medium(kind, identifier, timeout_s=timeout_s)

    async def cancel(
        self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float, of_sale: str = ""
    ) -> CancelProof:
        """Cancel parts and revoke their secrets."""
        return await self._orders.cancel(code, part_ids, reason=reason, timeout_s=timeout_s, of_sale=of_sale)

    async def check_exchange(
        self, code: str, part_ids: tuple[str, ...], offers: tuple[Offer, ...], *, timeout_s: float
    ) -> None:
        """Say whether tickets can become others: alive, not let in, and of the same event."""
        await self._changes.check(code, part_ids, offers, timeout_s=timeout_s)

    async def exchange(self, order: ExchangeOrder, *, timeout_s: float) -> BookingProof:
        """Put new tickets in the place of old ones: slot, seat, product, price and secret change in one request."""

        async def let_go() -> None:
            await self._holds.give_back(order.hold_id, self._slugs, timeout_s=timeout_s)

        return await self._changes.exchange(order, let_go, timeout_s=timeout_s)

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        """Note a print, unless this copy is noted already."""
        await self._orders.record_print(code, part_id, copy=copy, timeout_s=timeout_s)

    async def record_refund(
        self, code: str, amount: Money, *, reference: str, at: datetime, timeout_s: float, of_sale: str = "",
        to_gift_card: tuple[GiftCardPart, ...] = (),
    ) -> None:  # fmt: skip
        """Note money that went back, unless it is noted already."""
        await self._orders.record_refund(
            code, amount, to_gift_card, reference=reference, at=at, timeout_s=timeout_s, of_sale=of_sale
        )

    async def refresh(self, *, is_full: bool = False) -> Snapshot:
        """Read what changed in the catalogue; on each business day, and where it is asked for, all of it."""
        found: Snapshot = await self._shared.run(f"catalogue {is_full}", lambda: self._refresh(is_full=is_full))
        return found

    async def _refresh(self, *, is_full: bool) -> Snapshot:
        now = self._clock.now()
        today = now.astimezone(ZoneInfo(self._config.zone)).date()
        is_full = is_full or self._full_on != today
        self._snapshot = await self._reader.read(now, is_full=is_full)
        if is_full:
            self._full_on = today
            self._halls.forget()
        return self._snapshot

    async def _catalogue(self) -> Snapshot:
        """Return the catalogue; what is known and old is read again behind whoever asks, unless that is soon done."""
        known = self._snapshot
        if known is not None and abs((self._clock.now() - known.as_of).total_seconds()) < FRESH_S:
            return known
        wait_s = self._config.read_timeout_s if known is None else PATIENCE_S
        try:
            found: Snapshot = await self._shared.run(
                "catalogue False", lambda: self._refresh(is_full=False), wait_s=wait_s
            )
        except TimeoutError:
            if known is None:
                raise Unreachable("unreachable", "the catalogue is still being read") from None
            return known
        except PlatformError:
            if known is None:
                raise
            return known
        return found

    def _last_room(self, slot: SlotFacts) -> Room:
        """Return what was last known to be left of a slot; nothing where that was never heard."""
        return self._reader.room(slot.event_id, slot.number) or Room((), datetime.min.replace(tzinfo=UTC))

    def _slot(self, facts: EventFacts, slot: SlotFacts, room: Room, *, is_stale: bool) -> Slot:
        products = [
            each for each in offers.shown_products(facts, slot, room, self._clock.now()) if not each.is_addon
        ]  # fmt: skip
        lefts = [each.left for each in products]
        most = None if None in lefts else max((each for each in lefts if each is not None), default=0)
        shown = mapping.availability(most, room.size, room.as_of, is_stale=is_stale)
        lowest = min((each.price for each in products), key=lambda price: price.minor, default=None)
        return Slot(slot.id, facts.event.id, slot.starts, slot.ends, facts.zone, shown, lowest)


def _problem(trouble: PlatformError) -> str:
    """Return what is wrong when it is more than silence."""
    if trouble.key == "not_allowed":
        return "revoked"
    return trouble.detail if trouble.detail.startswith("certificate ") else ""
