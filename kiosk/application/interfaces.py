"""What the till asks of the world: platforms here, devices by the faces of `hardware`, the store by `offline_store`.

Every call names its time-out and raises only errors of `kiosk.application.errors`. Read calls may answer from
the last good copy; then the figure says so (`as_of`, `is_stale`). Write calls never do.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from kiosk.domain.catalogue import (
    Event,
    EventProduct,
    Journey,
    Offer,
    Place,
    PlaceHit,
    RiderCategory,
    RiderCount,
    SeatMap,
    Slot,
    Voucher,
)
from kiosk.domain.money import Money
from kiosk.domain.questions import Answer


class DocumentIssuer(StrEnum):
    """Who makes ticket secrets and codes."""

    TERMINAL = "terminal"
    PLATFORM = "platform"


class PlatformTraits(Struct, frozen=True):
    """Say what a platform allows, which decides the order of a sale."""

    id: str
    name: str
    currency: str
    zone: str
    issues_documents: DocumentIssuer
    confirms_offline: bool
    is_simulated: bool
    sells_journeys: bool = True
    has_vouchers: bool = False
    has_media: bool = False


class PlatformHealth(Struct, frozen=True):
    """Say whether the platform answers now and since when that is so; `server_time` is its own clock.

    `problem`: why it does not, where that is more than silence: "revoked", or what is wrong with its certificate.
    """

    is_reachable: bool
    since: datetime
    catalogue_as_of: datetime
    server_time: datetime | None = None
    problem: str = ""


class Departures(Struct, frozen=True):
    """A page of journeys and the age of the data behind it."""

    journeys: tuple[Journey, ...]
    as_of: datetime
    is_stale: bool = False


class EventChoice(Struct, frozen=True):
    """What a customer asks of a slot: counts per product, seats by id or the best `best_count` of a category.

    `voucher`: a code whose terms count for as many of the tickets as it is good for.
    """

    slot_id: str
    products: tuple[RiderCount, ...]  # category_id holds the product id here
    seat_ids: tuple[str, ...] = ()
    best_count: int = 0
    seat_category_id: str = ""
    voucher: str = ""


class Hold(Struct, frozen=True):
    """Reserved, not sold, until `expires`; `id` is ours. `is_provisional`: no promise was needed or had."""

    id: str
    platform_id: str
    offer_ids: tuple[str, ...]
    expires: datetime
    is_provisional: bool = False


class PartOrder(Struct, frozen=True):
    """One part to be booked, under our own ticket secret (128 bit, base32 without padding)."""

    part_id: str
    offer_id: str
    secret: str


class GiftCardPart(Struct, frozen=True):
    """What of a booking's money came from, or went back to, a gift card: the platform's number of it, our reference."""

    card_id: str
    reference: str
    amount: Money


class BookingOrder(Struct, frozen=True):
    """A booking to be made exactly once: `code` is its identity, `sale_id` and `digest` prove it is ours.

    `body` holds the offers in full, so that the platform can book what was sold even if its catalogue moved on.
    `hold_id` is empty where the sale needed none. `by_gift_card`: what of `paid` the platform has already. `purchaser`,
    `mail` and `answers` are personal: the message is sealed with them.
    """

    code: str
    sale_id: str
    hold_id: str
    offers: tuple[Offer, ...]
    parts: tuple[PartOrder, ...]
    paid: Money
    sold_at: datetime
    channel: str
    digest: str
    purchaser: str = ""
    mail: str = ""
    answers: tuple[Answer, ...] = ()
    by_gift_card: tuple[GiftCardPart, ...] = ()


class ExchangeOrder(Struct, frozen=True):
    """New tickets in the place of old ones of a booking, made exactly once: all in one act, or nothing.

    `of_sale` made the booking ("": another channel), `sale_id` exchanges. `parts` keep their ids; `credit` is the worth
    of the old ones. `keeps_place`: only the secrets change.
    """

    code: str
    of_sale: str
    sale_id: str
    hold_id: str
    offers: tuple[Offer, ...]
    parts: tuple[PartOrder, ...]
    credit: Money
    price: Money
    sold_at: datetime
    channel: str
    digest: str
    keeps_place: bool = False


class BookingProof(Struct, frozen=True):
    """The platform's word that a booking exists: what it stored under our code."""

    code: str
    sale_id: str
    digest: str
    state: str  # OSDM: CONFIRMED, FULFILLED, CANCELLED
    confirmed_at: datetime


class FoundPart(Struct, frozen=True):
    """A ticket of a found booking with its live secret; `state` is OSDM's.

    `sold_in`: the offer it was sold in, where it was moved to another since.
    """

    part_id: str
    offer_id: str
    secret: str
    state: str
    print_count: int = 0
    sold_in: str = ""


class FoundBooking(Struct, frozen=True):
    """A booking made by any channel, found again; `gift_card_minor` of what was paid came from gift cards."""

    code: str
    sale_id: str
    channel: str
    offers: tuple[Offer, ...]
    parts: tuple[FoundPart, ...]
    paid: Money
    sold_at: datetime
    digest: str
    state: str
    gift_card_minor: int = 0


class MediumKind(StrEnum):
    """How a reusable medium tells who it is: a chip by its UID in hex, or a printed code."""

    CHIP = "chip"
    CODE = "code"


class Medium(Struct, frozen=True):
    """A reusable medium: the bookings behind it, each with no tickets but its own, and what its gift card holds."""

    bookings: tuple[FoundBooking, ...]
    balance: Money | None = None


class CancelProof(Struct, frozen=True):
    """The platform's word that these parts and their secrets are dead."""

    code: str
    part_ids: tuple[str, ...]
    cancelled_at: datetime


class GiftCard(Struct, frozen=True):
    """A gift card that can pay here: the platform's number of it, the end of its code, what it holds."""

    id: str
    hint: str
    balance: Money


class GiftCharge(Struct, frozen=True):
    """What was taken off a gift card under a reference, and what of it went back."""

    charged: Money
    back: Money


class GiftCards(Protocol):
    """The gift cards of a platform; what is asked twice under one reference happens once."""

    async def card(self, code: str, *, timeout_s: float) -> GiftCard:
        """Return the card of a code.

        Raises:
            Refused: gift_card_unknown, gift_card_expired, gift_card_empty, gift_card_currency, gift_card_test (a card
                for tests where tickets are real), gift_card_real (the other way round).
        """
        ...

    async def card_on(self, chip: str, *, timeout_s: float) -> GiftCard:
        """Return the card on a chip, by its UID; Refused as `card` and `Platform.medium`."""
        ...

    async def charge(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Take an amount off a card, once; Refused(gift_card_too_little | gift_card_closed)."""
        ...

    async def charge_of(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what the card's book says of a reference, None where it says nothing (yet)."""
        ...

    async def close(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what was taken under a reference; where that is nothing (None), nothing can be any more."""
        ...

    async def pay_back(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Give back what was taken under a reference, or a part of it, once; Refused(not_found)."""
        ...


class Platform(Protocol):
    """The central ticketing system behind an adapter."""

    @property
    def traits(self) -> PlatformTraits:
        """Return what this platform allows."""
        ...

    @property
    def gift_cards(self) -> GiftCards | None:
        """Return its gift cards; None where it has none."""
        ...

    async def health(self, *, timeout_s: float) -> PlatformHealth:
        """Ask whether it answers; never raises."""
        ...

    async def places(self, text: str, *, language: str, limit: int) -> tuple[PlaceHit, ...]:
        """Search places while typing, best first; "" gives the popular ones."""
        ...

    async def place(self, place_id: str) -> Place:
        """Return one place; Refused(not_found)."""
        ...

    async def departures(self, origin_id: str, destination_id: str, *, after: datetime, limit: int) -> Departures:
        """Return the next journeys, direct or with one change, in order of departure, at most `limit`."""
        ...

    async def board(self, origin_id: str, *, after: datetime, limit: int) -> Departures:
        """Return the next departures from a place to anywhere (for the attract page)."""
        ...

    async def rider_categories(self) -> tuple[RiderCategory, ...]:
        """Return who can travel, adult first."""
        ...

    async def journey_offers(self, journey_id: str, riders: tuple[RiderCount, ...]) -> tuple[Offer, ...]:
        """Price a journey for these riders: every valid ticket, cheapest first."""
        ...

    async def events(self, *, on: date | None, limit: int) -> tuple[Event, ...]:
        """Return what is on, soonest first."""
        ...

    async def slots(self, event_id: str, *, on: date) -> tuple[Slot, ...]:
        """Return the slots of an event on a day of its own zone."""
        ...

    async def event_products(self, slot_id: str) -> tuple[EventProduct, ...]:
        """Return what can be bought for a slot, add-ons last."""
        ...

    async def seat_map(self, slot_id: str, *, timeout_s: float) -> SeatMap:
        """Return the seats of a slot; Refused(not_found) for unseated ones."""
        ...

    async def voucher(self, slot_id: str, code: str, *, timeout_s: float) -> Voucher:
        """Return what a code is good for in a slot; Refused(voucher_unknown | voucher_expired | voucher_used | …)."""
        ...

    async def event_price(self, choice: EventChoice) -> Money:
        """Return what a choice without named seats costs, by what is known; nobody is asked.

        Raises:
            Refused: against the rules; see `event_offer`.
        """
        ...

    async def event_offer(self, choice: EventChoice, *, timeout_s: float) -> Offer:
        """Price a choice and pick best seats where asked; Refused(sold_out | seat_taken | bad_request)."""
        ...

    async def hold(self, hold_id: str, offers: tuple[Offer, ...], *, timeout_s: float) -> Hold:
        """Reserve under our id; the same id again returns the same hold (and prolongs it)."""
        ...

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        """Give a hold back; an unknown or expired one is already given back."""
        ...

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        """Book under our code, consuming the hold; the same order again returns the same proof.

        Raises Refused(code_in_use) when the code stands for another digest.
        """
        ...

    async def check_exchange(
        self, code: str, part_ids: tuple[str, ...], offers: tuple[Offer, ...], *, timeout_s: float
    ) -> None:
        """Say before any money moves whether these tickets can become those; refuses as `exchange` does."""
        ...

    async def exchange(self, order: ExchangeOrder, *, timeout_s: float) -> BookingProof:
        """Put new tickets in the place of old ones, once; Refused (not_live, used, sold_out …) leaves all as it was."""
        ...

    async def find(self, code_or_secret: str, *, timeout_s: float) -> FoundBooking | None:
        """Find a booking by its code or any ticket secret; None when there is none."""
        ...

    async def medium(self, kind: MediumKind, identifier: str, *, timeout_s: float) -> Medium | None:
        """Return what is on a reusable medium, None where there is none; Refused(medium_inactive | medium_expired)."""
        ...

    async def cancel(
        self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float, of_sale: str = ""
    ) -> CancelProof:
        """Cancel parts (all when empty) and revoke their secrets; again returns the same proof.

        Raises Refused(not_found) where the code stands for another sale than `of_sale`; "" is whoever's.
        """
        ...

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        """Note that a ticket was printed; idempotent per (code, part, copy)."""
        ...

    async def record_refund(
        self,
        code: str,
        amount: Money,
        *,
        reference: str,
        at: datetime,
        timeout_s: float,
        of_sale: str = "",
        to_gift_card: tuple[GiftCardPart, ...] = (),
    ) -> None:
        """Note that money of a booking went back, parts of it to gift cards; idempotent per (code, reference).

        `of_sale` as in `cancel`.
        """
        ...
