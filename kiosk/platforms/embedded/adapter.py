"""The embedded platform: the catalogue read from a local copy, the server's book behind a scriptable link."""

from datetime import date, datetime, timedelta
from itertools import islice
from secrets import token_hex

from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.errors import Refused, Unreachable
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
    SeatState,
    Slot,
    Voucher,
)
from kiosk.domain.money import Money, total
from kiosk.platforms.embedded.config import Clock, EmbeddedConfig
from kiosk.platforms.embedded.connections import Search, journeys
from kiosk.platforms.embedded.exchanges import Exchanges
from kiosk.platforms.embedded.gift_cards import EmbeddedGiftCards
from kiosk.platforms.embedded.journeys import Journeys
from kiosk.platforms.embedded.ledger import Ledger, units_of
from kiosk.platforms.embedded.link import Link
from kiosk.platforms.embedded.media import Media
from kiosk.platforms.embedded.offers import OfferMaker, seated_products
from kiosk.platforms.embedded.other_channel import paid_order
from kiosk.platforms.embedded.places import PlaceIndex
from kiosk.platforms.embedded.programme import Programme, SlotFacts, is_closed
from kiosk.platforms.embedded.tariff import Tariff, UnknownRiderError
from kiosk.platforms.embedded.timetable import CatalogueFacts, Timetable

LIMIT_MAX = 200


class Catalogue(Struct, frozen=True):
    """What the terminal knows by itself, as of when it was read."""

    timetable: Timetable
    tariff: Tariff
    programme: Programme
    journeys: Journeys
    places: PlaceIndex
    as_of: datetime


class EmbeddedPlatform:
    """Sell with no server; implements kiosk.application.interfaces.Platform."""

    def __init__(self, config: EmbeddedConfig, catalogue: Catalogue, ledger: Ledger, link: Link, clock: Clock) -> None:
        self._config = config
        self._catalogue = catalogue
        self._clock = clock
        self.ledger = ledger
        self.media = Media(ledger)
        self.gift_cards = EmbeddedGiftCards(ledger, self.media, link, clock, catalogue.tariff.currency)
        self._exchanges = Exchanges(ledger)
        self.link = link
        self._offers = OfferMaker(config.platform_id, config.offer_s, lambda: token_hex(8))
        self._since = clock.now()
        self._was_up = True
        self._seen_units: dict[str, tuple[int, datetime]] = {}

    def close(self) -> None:
        """Close the files."""
        self._catalogue.timetable.close()
        self.ledger.close()

    @property
    def traits(self) -> PlatformTraits:
        """Return what this platform allows."""
        tariff = self._catalogue.tariff
        return PlatformTraits(
            id=self._config.platform_id, name=self._config.name or tariff.file.name or "Embedded platform",
            currency=tariff.currency, zone=self._catalogue.timetable.zone,
            issues_documents=DocumentIssuer.TERMINAL, confirms_offline=True, is_simulated=True, has_media=True,
        )  # fmt: skip

    async def health(self, *, timeout_s: float) -> PlatformHealth:
        """Ask whether the server answers."""
        try:
            server_time = await self.link.ask(self._clock.now, timeout_s=timeout_s)
        except Unreachable:
            server_time = None
        is_up = server_time is not None
        if is_up != self._was_up:
            self._was_up, self._since = is_up, self._clock.now()
        return PlatformHealth(is_up, self._since, self._catalogue.as_of, server_time)

    async def places(self, text: str, *, language: str, limit: int) -> tuple[PlaceHit, ...]:
        """Search places while typing."""
        return self._catalogue.places.search(text, language, _bounded(limit))

    async def place(self, place_id: str) -> Place:
        """Return a place or venue."""
        venue = self._catalogue.programme.venue(place_id)
        return venue if venue is not None else self._catalogue.journeys.place(self._number(place_id))

    async def departures(self, origin_id: str, destination_id: str, *, after: datetime, limit: int) -> Departures:
        """Return the next journeys."""
        catalogue = self._catalogue
        origin, destination = self._number(origin_id), self._number(destination_id)
        search = Search(
            catalogue.timetable, origin, destination, catalogue.journeys.cost, catalogue.journeys.fare_class
        )
        found = journeys(search, after, _bounded(limit))
        as_of, is_stale = self._age()
        return Departures(tuple(catalogue.journeys.journey(rides, as_of) for rides in found), as_of, is_stale)

    async def board(self, origin_id: str, *, after: datetime, limit: int) -> Departures:
        """Return the next departures to anywhere."""
        catalogue = self._catalogue
        rides = islice(catalogue.timetable.board(self._number(origin_id), after), _bounded(limit))
        as_of, is_stale = self._age()
        return Departures(tuple(catalogue.journeys.journey((ride,), as_of) for ride in rides), as_of, is_stale)

    async def rider_categories(self) -> tuple[RiderCategory, ...]:
        """Return who can travel."""
        return self._catalogue.tariff.categories

    async def journey_offers(self, journey_id: str, riders: tuple[RiderCount, ...]) -> tuple[Offer, ...]:
        """Price a journey, cheapest ticket first."""
        catalogue, now = self._catalogue, self._clock.now()
        rides = catalogue.journeys.rides(journey_id)
        occurrence = catalogue.journeys.occurrence(rides, journey_id)
        if occurrence.ends <= now:
            raise Refused("sale_closed", "this train has arrived")
        try:
            priced = catalogue.tariff.price(catalogue.journeys.facts(rides), riders)
        except UnknownRiderError as problem:
            raise Refused("bad_request", str(problem)) from None
        return tuple(self._offers.journey(occurrence, each, catalogue.tariff, now) for each in priced)

    async def events(self, *, on: date | None, limit: int) -> tuple[Event, ...]:
        """Return what is on, soonest first."""
        return self._catalogue.programme.events(self._clock.now(), on)[: _bounded(limit)]

    async def slots(self, event_id: str, *, on: date) -> tuple[Slot, ...]:
        """Return the slots of a day; with the link down each shows what was last known of it, marked stale."""
        programme = self._catalogue.programme
        is_up = self.link.is_up
        return tuple(self._slot(programme, slot, is_up) for slot in programme.slots(event_id, on))

    async def event_products(self, slot_id: str) -> tuple[EventProduct, ...]:
        """Return what can be bought for a slot."""
        return self._catalogue.programme.products(self._catalogue.programme.slot(slot_id))

    async def seat_map(self, slot_id: str, *, timeout_s: float) -> SeatMap:
        """Return the seats of a slot as the server has them."""
        slot = self._catalogue.programme.slot(slot_id)
        return await self.link.ask(lambda: self._seat_map(slot), timeout_s=timeout_s)

    async def voucher(self, slot_id: str, code: str, *, timeout_s: float) -> Voucher:  # noqa: ARG002 - there are none
        """Refuse: the embedded platform has no vouchers."""
        raise Refused("voucher_unknown", "voucher")

    async def event_price(self, choice: EventChoice) -> Money:
        """Return the sum of the products' prices."""
        products = self._catalogue.programme.chosen(self._catalogue.programme.slot(choice.slot_id), choice)
        if choice.voucher or not products:
            raise Refused("voucher_unknown" if choice.voucher else "bad_request", "choice")
        return total(tuple(each.price for each in products), products[0].price.currency)

    async def event_offer(self, choice: EventChoice, *, timeout_s: float) -> Offer:
        """Price a choice; only what needs capacity asks the server."""
        slot = self._catalogue.programme.slot(choice.slot_id)
        if is_closed(slot, self._clock.now()):
            raise Refused("sale_closed", slot.id)
        if choice.voucher:
            raise Refused("voucher_unknown", "voucher")
        products = self._catalogue.programme.chosen(slot, choice)
        if not slot.needs_capacity:
            return self._unseated_offer(slot, products)
        return await self.link.ask(lambda: self._promised_offer(slot, products, choice), timeout_s=timeout_s)

    async def hold(self, hold_id: str, offers: tuple[Offer, ...], *, timeout_s: float) -> Hold:
        """Reserve; what needs no capacity needs no server."""
        offer_ids = tuple(offer.id for offer in offers)
        if not any(offer.needs_capacity for offer in offers):
            expires = self._clock.now() + timedelta(seconds=self._config.hold_s)
            return Hold(hold_id, self._config.platform_id, offer_ids, expires, is_provisional=True)
        return await self.link.send(lambda: self._hold(hold_id, offers), timeout_s=timeout_s)

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        """Give a hold back."""
        await self.link.send(lambda: self.ledger.release(hold_id, self._clock.now()), timeout_s=timeout_s)

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        """Book exactly once under our code."""
        return await self.link.send(lambda: self.book_as_server(order), timeout_s=timeout_s)

    async def check_exchange(
        self, code: str, part_ids: tuple[str, ...], offers: tuple[Offer, ...], *, timeout_s: float
    ) -> None:
        """Say whether tickets can become others: here, whatever is alive."""
        del offers
        await self.link.ask(lambda: self._exchanges.check(code, part_ids), timeout_s=timeout_s)

    async def exchange(self, order: ExchangeOrder, *, timeout_s: float) -> BookingProof:
        """Put new tickets in the place of old ones."""
        return await self.link.send(
            lambda: self._exchanges.exchange(order, self._capacities(order.offers), self._clock.now()),
            timeout_s=timeout_s,
        )

    async def find(self, code_or_secret: str, *, timeout_s: float) -> FoundBooking | None:
        """Find a booking by code or secret."""
        return await self.link.ask(lambda: self.ledger.find(code_or_secret), timeout_s=timeout_s)

    async def medium(self, kind: MediumKind, identifier: str, *, timeout_s: float) -> Medium | None:
        """Return what is on a reusable medium."""
        return await self.link.ask(lambda: self.media.medium(kind, identifier, self._clock.now()), timeout_s=timeout_s)

    async def cancel(
        self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float, of_sale: str = ""
    ) -> CancelProof:
        """Cancel parts and revoke their secrets."""
        return await self.link.send(
            lambda: self.ledger.cancel(code, part_ids, reason, self._clock.now(), of_sale=of_sale), timeout_s=timeout_s
        )

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        """Note that a ticket was printed."""
        await self.link.send(
            lambda: self.ledger.record_print(code, part_id, copy, self._clock.now()), timeout_s=timeout_s
        )

    async def record_refund(
        self, code: str, amount: Money, *, reference: str, at: datetime, timeout_s: float, of_sale: str = "",
        to_gift_card: tuple[GiftCardPart, ...] = (),
    ) -> None:  # fmt: skip
        """Ask whether the booking is there; its book keeps no payments."""
        del amount, reference, at, to_gift_card
        found = await self.link.ask(lambda: self.ledger.find(code), timeout_s=timeout_s)
        if found is None or (of_sale and found.sale_id != of_sale):
            raise Refused("not_found", code)

    @property
    def catalogue_facts(self) -> CatalogueFacts:
        """Return what a technician wants to know of the timetable."""
        return self._catalogue.timetable.facts

    def book_as_server(self, order: BookingOrder) -> BookingProof:
        """Book on the server's side of the link, as any other channel does."""
        return self.ledger.book(order, self._capacities(order.offers), self._clock.now())

    def book_as_other_channel(
        self, offers: tuple[Offer, ...], *, channel: str = "web", purchaser: str = ""
    ) -> BookingOrder:
        """Book what another channel sold, on the server's side of the link; return the order with its code.

        Raises:
            Refused: bad_request without offers; seat_taken or sold_out where there is no room.
        """
        if not offers:
            raise Refused("bad_request", "nothing to book")
        order = paid_order(offers, channel, purchaser, self._clock.now())
        self.book_as_server(order)
        return order

    def _number(self, place_id: str) -> int:
        number = self._catalogue.timetable.number(place_id)
        if number is None:
            raise Refused("not_found", "place")
        return number

    def _age(self) -> tuple[datetime, bool]:
        """Return as of when live figures are, and whether they may have changed since."""
        if self.link.is_up:
            return self._clock.now(), False
        return (self._since if not self._was_up else self._catalogue.as_of), True

    def _slot(self, programme: Programme, slot: SlotFacts, is_up: bool) -> Slot:
        now = self._clock.now()
        if is_up:
            self._seen_units[slot.id] = (self.ledger.taken_units(slot.id, now) if slot.needs_capacity else 0, now)
            return programme.as_slot(slot, programme.availability(slot, *self._seen_units[slot.id]))
        taken, as_of = self._seen_units.get(slot.id, (0, self._catalogue.as_of))
        return programme.as_slot(slot, programme.availability(slot, taken, as_of, is_stale=True))

    def _seat_map(self, slot: SlotFacts) -> SeatMap:
        now = self._clock.now()
        return self._catalogue.programme.seat_map(slot, self.ledger.taken_seats(slot.id, now), now)

    def _unseated_offer(self, slot: SlotFacts, products: tuple[EventProduct, ...]) -> Offer:
        if not any(not each.is_addon for each in products):
            raise Refused("bad_request", "no ticket was chosen")
        return self._offers.event(slot, products, (), self._catalogue.programme, self._clock.now())

    def _promised_offer(self, slot: SlotFacts, products: tuple[EventProduct, ...], choice: EventChoice) -> Offer:
        programme, now = self._catalogue.programme, self._clock.now()
        if slot.event.kind != "seated":
            taken = self.ledger.taken_units(slot.id, now)
            wanted = sum(not each.is_addon for each in products)
            if wanted > slot.capacity - slot.sold_before - taken:
                raise Refused("sold_out", slot.id)
            return self._unseated_offer(slot, products)
        seat_map = self._seat_map(slot)
        count = choice.best_count or sum(not each.is_addon for each in products)
        seats = _named(seat_map, choice.seat_ids) if choice.seat_ids else programme.best(
            slot, seat_map, count, choice.seat_category_id or next((each.seat_category_id for each in products), "")
        )  # fmt: skip
        return self._offers.event(slot, seated_products(programme, slot, products, seats), seats, programme, now)

    def _hold(self, hold_id: str, offers: tuple[Offer, ...]) -> Hold:
        held = self.ledger.hold(hold_id, offers, self._capacities(offers), self._clock.now(), self._config.hold_s)
        return replace(held, platform_id=self._config.platform_id)

    def _capacities(self, offers: tuple[Offer, ...]) -> dict[str, int]:
        """Return how many units of each slot are the server's to give.

        Seats sold beforehand by other channels are refused here, because the book does not hold them.
        """
        programme = self._catalogue.programme
        capacities: dict[str, int] = {}
        for unit in units_of(offers):
            slot = programme.slot(unit.slot_id)
            capacities[slot.id] = slot.capacity - slot.sold_before
            if unit.seat:
                programme.check_seat(slot, unit.seat)
        return capacities


def _named(seat_map: SeatMap, seat_ids: tuple[str, ...]) -> tuple[Seat, ...]:
    """Return free seats by id; Refused(seat_taken | bad_request)."""
    by_id = {seat.id: seat for seat in seat_map.seats}
    if len(set(seat_ids)) != len(seat_ids) or not set(seat_ids) <= set(by_id):
        raise Refused("bad_request", "a seat is not in this hall")
    seats = tuple(by_id[seat_id] for seat_id in seat_ids)
    for seat in seats:
        if seat.state is not SeatState.FREE:
            raise Refused("seat_taken", f"{seat.row}-{seat.number}")
    return seats


def _bounded(limit: int) -> int:
    return max(0, min(limit, LIMIT_MAX))
