"""One sale: the tenders, bookings and documents it owns; everything said of the whole is derived from them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.basket import Basket
from kiosk.domain.catalogue import Offer, OfferPart
from kiosk.domain.money import Money, total, zero
from kiosk.domain.sale.booking import SYNC_AT_REST, Booking, StockState, SyncState
from kiosk.domain.sale.document import Document, DocumentKind, DocumentState
from kiosk.domain.sale.effects import Effect
from kiosk.domain.sale.events import SELLS, Actor, BookingFound, Channel, SaleKind, SaleTerms, TenderChosen
from kiosk.domain.sale.tender import PlatformCard, Tender, TenderKind, TenderState


class Stage(StrEnum):
    """What a page shows; derived, never stored."""

    CHOOSING = "choosing"
    HOLDING = "holding"
    PAYING = "paying"
    CONFIRMING = "confirming"
    PRINTING = "printing"
    ASK_CUSTOMER = "ask_customer"
    RECOVERY = "recovery"
    DONE = "done"
    CLAIM = "claim"
    ABANDONED = "abandoned"


class ClaimReason(StrEnum):
    """Why the terminal promises in writing."""

    PAYMENT_UNKNOWN = "payment_unknown"  # we do not know yet whether the card was charged
    NOT_GIVEN_BACK = "not_given_back"  # money we owe and could not give back
    CHANGE_SHORT = "change_short"
    PIECE_UNKNOWN = "piece_unknown"  # a note or coin we cannot account for
    EXCHANGE_OPEN = "exchange_open"  # paid for an exchange, and the platform does not say whether it did it


class Claim(Struct, frozen=True):
    """Our signed promise: `owed` is certainly the customer's, `doubtful` is if we find that it came in."""

    id: str
    reasons: tuple[ClaimReason, ...]
    owed: Money
    doubtful: Money


class Exchange(Struct, frozen=True):
    """Tickets of an earlier booking that become others, and what each of them is worth."""

    code: str
    platform_id: str
    of_sale: str
    parts: tuple[tuple[str, Money], ...]
    keeps_place: bool = False
    is_by_gift_card: bool = False


class Sale(Struct, frozen=True):
    """Hold one sale as of its last event.

    `now` is the time of the latest event. `settled_at`: when tenders covered the total, the point of no return;
    `settled_with`: their references.
    `leaving`: why the sale is given up, "" while it is not. `wanted`: the tender asked for while holds are prolonged.
    `is_revoke_over`: the platform's proof that dead secrets are dead is waited for no longer. `refunded`: undelivered
    parts have been paid back or put on the claim. `problem`: message key for the page, "" if none. `purchaser_fields`:
    what personal data is sealed beside the sale, `answered`: the questions it answers. `balance`: what the gift card on
    a medium that was read holds.
    """

    id: str
    kind: SaleKind
    channel: Channel
    actor: Actor
    language: str
    seed: str
    terms: SaleTerms
    opened_at: datetime
    now: datetime
    basket: Basket
    of_sale: str = ""
    bookings: tuple[Booking, ...] = ()
    tenders: tuple[Tender, ...] = ()
    documents: tuple[Document, ...] = ()
    claim: Claim | None = None
    found: BookingFound | None = None
    exchange: Exchange | None = None
    balance: Money | None = None
    settled_at: datetime | None = None
    settled_with: tuple[str, ...] = ()
    leaving: str = ""
    wanted: TenderChosen | None = None
    hold_round: int = 0
    is_receipt_wanted: bool = False
    is_revoke_over: bool = False
    refunded: Money | None = None
    is_left: bool = False
    is_leave_timed: bool = False
    purchaser_fields: tuple[str, ...] = ()
    answered: tuple[tuple[str, str, str], ...] = ()
    purchaser_round: int = 0
    is_finished: bool = False
    problem: str = ""

    # ---- money

    @property
    def price(self) -> Money:
        """Return what the basket costs."""
        return self.basket.price

    @property
    def paid(self) -> Money:
        """Return what counts towards the price now; cash in the slot counts as it is stacked."""
        return total(tuple(tender.credit for tender in self.tenders), self.basket.currency)

    @property
    def due(self) -> Money:
        """Return what is still to pay, never less than nothing."""
        if self.is_settled:
            return zero(self.basket.currency)
        nothing = zero(self.basket.currency)
        return max(self.price - self.paid - (nothing if self.has_credit else self.credit), nothing)

    @property
    def credit(self) -> Money:
        """Return what the tickets to be exchanged are worth."""
        prices = tuple(price for _, price in self.exchange.parts) if self.exchange else ()
        return total(prices, self.basket.currency)

    @property
    def over(self) -> Money:
        """Return what they are worth more than the new ones cost."""
        return max(self.credit - self.price, zero(self.basket.currency))

    @property
    def awaiting(self) -> Money:
        """Return what was paid for an exchange of which nobody knows yet whether the platform did it."""
        is_open = self.exchange is not None and any(
            each.is_wait_over and each.sync in {SyncState.DUE, SyncState.TRIED} for each in self.bookings
        )
        paid = (each.credit for each in self.tenders if is_open and each.kind is not TenderKind.CREDIT)
        return total(tuple(paid), self.basket.currency)

    @property
    def has_credit(self) -> bool:
        """Say whether they pay already."""
        return any(each.kind is TenderKind.CREDIT and each.state is TenderState.PAID for each in self.tenders)

    @property
    def change(self) -> Money:
        """Return what is to come back, or came back, of cash that was too much."""
        amounts = tuple(tender.change.amount for tender in self.tenders if tender.change)
        return total(amounts, self.basket.currency)

    @property
    def cash_inserted(self) -> Money:
        """Return the notes and coins taken so far."""
        return total(tuple(tender.inserted for tender in self.tenders), self.basket.currency)

    @property
    def is_settled(self) -> bool:
        """Say whether the tenders covered the total once: from then on tickets are owed, or money."""
        return self.settled_at is not None

    @property
    def tender_in_flight(self) -> Tender | None:
        """Return the tender a device works on or owes an answer for."""
        return next((tender for tender in self.tenders if tender.is_in_flight), None)

    @property
    def is_unanswered(self) -> bool:
        """Say whether a part of the basket asks what was not answered."""
        asked = {
            (offer.id, part.id, question)
            for offer in self.basket.offers for part in offer.parts for question in part.asks
        }  # fmt: skip
        return not asked <= set(self.answered)

    @property
    def gift_cards(self) -> tuple[tuple[Tender, PlatformCard], ...]:
        """Return the gift cards among the tenders that covered the total."""
        settled = (each for each in self.tenders if each.reference in self.settled_with)
        return tuple((each, each.card) for each in settled if each.card is not None)

    # ---- what was sold

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Return the offers behind the documents: the basket's, or the found booking's."""
        return self.found.offers if self.found else self.basket.offers

    def offer(self, offer_id: str) -> Offer:
        """Return an offer by id."""
        return next(offer for offer in self.offers if offer.id == offer_id)

    def part(self, offer_id: str, part_id: str) -> OfferPart:
        """Return a part by its offer and id."""
        return next(part for part in self.offer(offer_id).parts if part.id == part_id)

    def parts_of(self, document: Document) -> tuple[OfferPart, ...]:
        """Return the part of a ticket and its add-ons."""
        ids = (document.part_id, *document.addon_ids)
        return tuple(self.part(document.offer_id, part_id) for part_id in ids)

    def price_of(self, document: Document) -> Money:
        """Return what a ticket with its add-ons costs."""
        return total(tuple(part.price for part in self.parts_of(document)), self.basket.currency)

    def booking(self, platform_id: str) -> Booking:
        """Return the booking on a platform."""
        return next(booking for booking in self.bookings if booking.platform_id == platform_id)

    def booking_of(self, document: Document) -> Booking | None:
        """Return the booking of a ticket; None where the sale only prints another's."""
        return next((booking for booking in self.bookings if document.offer_id in booking.offer_ids), None)

    def document(self, document_id: str) -> Document:
        """Return a document by id."""
        return next(document for document in self.documents if document.id == document_id)

    @property
    def tickets(self) -> tuple[Document, ...]:
        """Return the tickets, in the order of printing."""
        return tuple(each for each in self.documents if each.kind is DocumentKind.TICKET)

    @property
    def undelivered(self) -> tuple[Document, ...]:
        """Return the tickets that will not be printed."""
        return tuple(
            each
            for each in self.documents
            if each.state is DocumentState.UNDELIVERED and each.kind is DocumentKind.TICKET
        )

    @property
    def hold_expires(self) -> datetime | None:
        """Return when the first needed hold runs out."""
        times = [each.hold_expires for each in self.bookings if each.hold_expires and not each.is_provisional]
        return min(times, default=None)

    def outlasts(self, seconds: float) -> bool:
        """Say whether every hold that promises capacity lasts that much longer from now."""
        until = self.now + timedelta(seconds=seconds)
        return all(
            booking.hold_expires is not None and booking.hold_expires >= until
            for booking in self.bookings
            if booking.needs_capacity
        )

    # ---- the whole

    @property
    def stage(self) -> Stage:
        """Return the stage: the first in STAGES whose condition holds."""
        return next(stage for stage, holds in STAGES if holds(self))

    @property
    def is_moving(self) -> bool:
        """Say whether anything is still asked of a device, or money is on its way."""
        payouts = (payout for tender in self.tenders for payout in (tender.change, tender.refund) if payout)
        return (
            self.tender_in_flight is not None
            or any(payout.is_open for payout in payouts)
            or any(tender.is_piece_open for tender in self.tenders)
        )

    @property
    def is_at_rest(self) -> bool:
        """Say whether nothing is open with device, paper or platform: the rules at rest hold from here on."""
        return (
            not self.is_moving
            and not any(tender.state in UNSETTLED for tender in self.tenders)
            and not any(is_unchecked(tender) for tender in self.tenders)
            and not any(document.is_pending for document in self.documents)
            and all(booking.sync in SYNC_AT_REST for booking in self.bookings)
            and all(booking.stock not in OPEN_STOCK for booking in self.bookings)
            and (not self.undelivered or self.refunded is not None or self.kind not in SELLS)
        )

    # ---- how it changes

    def with_tender(self, tender: Tender) -> "Sale":
        """Return it with a tender put in the place of its reference, or added."""
        if all(each.reference != tender.reference for each in self.tenders):
            return replace(self, tenders=(*self.tenders, tender))
        return replace(
            self, tenders=tuple(tender if each.reference == tender.reference else each for each in self.tenders)
        )

    def with_booking(self, booking: Booking) -> "Sale":
        """Return it with a booking put in the place of its platform's; all of them are made at checkout."""
        return replace(
            self,
            bookings=tuple(booking if each.platform_id == booking.platform_id else each for each in self.bookings),
        )

    def with_document(self, document: Document) -> "Sale":
        """Return it with a document put in the place of its id, or added."""
        if all(each.id != document.id for each in self.documents):
            return replace(self, documents=(*self.documents, document))
        return replace(self, documents=tuple(document if each.id == document.id else each for each in self.documents))


Step = tuple[Sale, tuple[Effect, ...]]

OPEN_STOCK = frozenset({StockState.ASKED, StockState.HELD, StockState.LETTING_GO})
CONFIRMED = frozenset({SyncState.DONE, SyncState.CONFLICT, SyncState.CANCEL_DUE, SyncState.CANCELLED})


UNSETTLED = frozenset({TenderState.PARKED, TenderState.LATE_PAID})


def is_unchecked(tender: Tender) -> bool:
    """Say whether a declined card payment is still to be asked after once: an approval can come late."""
    return tender.kind is TenderKind.CARD and tender.state is TenderState.DECLINED and not tender.is_checked


def may_print(sale: Sale, booking: Booking) -> bool:
    """Say whether tickets of a booking may be printed: proven, or sold offline where that is no empty promise."""
    if booking.sync is SyncState.DONE:
        return True
    if booking.sync not in {SyncState.DUE, SyncState.TRIED} or not booking.is_wait_over:
        return False
    return may_sell_offline(sale, booking)


def may_sell_offline(sale: Sale, booking: Booking) -> bool:
    """Say whether a booking may be promised without the platform's proof.

    The platform allows it, and no capacity is needed or a hold was good when the sale was settled.
    """
    terms = next((each for each in sale.terms.platforms if each.platform_id == booking.platform_id), None)
    if terms is None or not terms.confirms_offline or sale.kind is SaleKind.EXCHANGE:
        return False
    if not booking.needs_capacity:
        return True
    settled_at, expires = sale.settled_at, booking.hold_expires
    return settled_at is not None and expires is not None and settled_at <= expires


def _any_tender(*states: TenderState) -> Callable[[Sale], bool]:
    wanted = frozenset(states)
    return lambda sale: any(tender.state in wanted for tender in sale.tenders)


def _is_confirming(sale: Sale) -> bool:
    pending = (each for each in sale.tickets if each.state is DocumentState.DUE)
    bookings = (sale.booking_of(document) for document in pending)
    return any(booking is not None and not may_print(sale, booking) for booking in bookings)


def _is_asking(sale: Sale) -> bool:
    return any(each.is_asked and each.state is DocumentState.UNKNOWN for each in sale.documents)


def _is_reversing(sale: Sale) -> bool:
    return bool(sale.undelivered) and sale.kind in SELLS and (sale.refunded is None or sale.is_moving)


def _is_over(sale: Sale) -> bool:
    return bool(sale.leaving) or (sale.is_settled and bool(sale.undelivered) and sale.undelivered == sale.tickets)


def _is_claimed(sale: Sale) -> bool:
    """Say whether a slip is what the customer goes with; the one of an exchange is over with the platform's answer."""
    if sale.claim is None:
        return False
    return sale.exchange is None or (sale.claim.owed + sale.claim.doubtful).minor > 0


_MONEY_UNCLEAR = _any_tender(TenderState.UNKNOWN, TenderState.VOID_INTENT, TenderState.VOID_UNKNOWN)

# The stage is the first whose condition holds: what matters most to the person in front stands first.
STAGES: tuple[tuple[Stage, Callable[[Sale], bool]], ...] = (
    (Stage.ASK_CUSTOMER, _is_asking),
    (Stage.RECOVERY, lambda sale: _MONEY_UNCLEAR(sale) or (sale.is_settled and _is_reversing(sale))),
    (Stage.CONFIRMING, lambda sale: sale.is_settled and _is_confirming(sale)),
    (
        Stage.PRINTING,
        lambda sale: any(each.is_pending for each in sale.documents if each.kind is not DocumentKind.CLAIM),
    ),
    (Stage.CLAIM, _is_claimed),
    (Stage.PAYING, _any_tender(TenderState.INTENT)),
    (Stage.ABANDONED, _is_over),
    (Stage.DONE, lambda sale: sale.is_settled),
    (Stage.HOLDING, lambda sale: any(each.stock is StockState.ASKED for each in sale.bookings)),
    (
        Stage.PAYING,
        lambda sale: bool(sale.bookings) and all(each.stock is StockState.HELD for each in sale.bookings),
    ),
    (Stage.CHOOSING, lambda _: True),
)
