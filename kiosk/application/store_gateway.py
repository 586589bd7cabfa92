"""The till's use of the store: events become rows, Send and Record effects become messages, all in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.codec import (
    KIND_PREFIX,
    BookMessage,
    CancelOrder,
    ExchangeMessage,
    PrintRecord,
    RefundRecord,
    decode_event,
    encode,
    kind_of,
)
from kiosk.application.interfaces import BookingOrder, ExchangeOrder, GiftCardPart, PartOrder
from kiosk.application.purchaser import NOBODY, Purchaser, purchaser_of
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import total
from kiosk.domain.sale.effects import (
    IRREVERSIBLE,
    Effect,
    Message,
    RecordPrint,
    RecordRefund,
    SendBooking,
    SendCancel,
    SendExchange,
)
from kiosk.domain.sale.events import SYSTEM, Actor, Event, FromPeople, SaleAbandoned, TenderChosen
from kiosk.domain.sale.identity import ticket_secret
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.step import step
from offline_store import CommitUncertain, JournalRow, OutboxMessage, PersonalField, Store

# Reasons the terminal gives by itself: such a sale is never said to be given up by a person.
NOTHING_PERSONAL: Mapping[str, bytes] = MappingProxyType({})
SYSTEM_REASONS = frozenset({"idle", "power", "shutdown", "not_sold"})


CLAIMS_ID = "claims"  # stands in the journal where a sale's id stands
CLAIM_MADE = "claims:made"


class ClaimMade(Struct, frozen=True):
    """Which sale a claim belongs to, for whoever has only its code."""

    claim: str
    sale: str


class Kept(Struct, frozen=True):
    """A sale as the journal has it, and how many rows that are."""

    sale: Sale
    rows: int


class Written(Struct, frozen=True):
    """One step to be written: the sale after it, and how many rows the journal has of that sale before it."""

    sale: Sale
    event: Event
    effects: tuple[Effect, ...]
    rows_before: int
    personal: Mapping[str, bytes] = NOTHING_PERSONAL

    def row(self) -> JournalRow:
        """Return the journal's row of this step."""
        return JournalRow(self.sale.id, str(actor_of(self.sale, self.event)), kind_of(self.event), encode(self.event))


class StoreGateway:
    """Keep sales in the store and read them back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._claims: set[str] = set()

    async def keep(self, written: Sequence[Written]) -> None:
        """Write steps durably, all or none: their events, messages, personal data, and which sales are finished.

        Raises:
            NotWritten: nothing was written; also where a payment is begun that could not be written down to its end.
            CommitUncertain: nobody can tell even after reading again.
        """
        rows: list[JournalRow] = []
        messages: list[OutboxMessage] = []
        fields: list[PersonalField] = []
        finished: list[str] = []
        claims: set[str] = set()
        for each in written:
            sale = each.sale
            rows.append(each.row())
            messages += [await self._message(sale, effect) for effect in each.effects if isinstance(effect, Message)]
            fields += (PersonalField(sale.id, name, value) for name, value in each.personal.items())
            if sale.is_finished:
                finished.append(sale.id)
            if sale.claim is not None and sale.claim.id not in self._claims and sale.claim.id not in claims:
                claims.add(sale.claim.id)
                made = ClaimMade(sale.claim.id, sale.id)
                rows.append(JournalRow(CLAIMS_ID, str(SYSTEM), CLAIM_MADE, msgspec.json.encode(made)))
                finished.append(CLAIMS_ID)
        is_irreversible = any(isinstance(effect, IRREVERSIBLE) for each in written for effect in each.effects)
        begins_payment = any(isinstance(each.event, TenderChosen) for each in written)
        try:
            await self._store.append(
                rows,
                messages,
                fields,
                finished=finished,
                is_irreversible=is_irreversible,
                begins_payment=begins_payment,
            )
        except CommitUncertain:
            # A COMMIT that raised may have persisted: only the disk knows, and of one transaction any row tells.
            last = written[-1]
            entries = await self._store.read_sale(last.sale.id)
            steps = [entry for entry in entries if entry.kind.startswith(KIND_PREFIX)]
            if len(steps) != last.rows_before + 1 or steps[-1].payload != last.row().payload:
                raise
        self._claims |= claims

    async def purchaser(self, sale: Sale) -> Purchaser:
        """Return for whom a sale is, NOBODY where nobody was named.

        Raises:
            Forgotten: it was, and has been forgotten since.
        """
        return purchaser_of(await self._store.read_personal(sale.id)) if sale.purchaser_fields else NOBODY

    async def _message(self, sale: Sale, effect: Message) -> OutboxMessage:
        """Return the message of an effect; one that names a person is sealed."""
        if not isinstance(effect, SendBooking) or not sale.purchaser_fields:
            return message(sale, effect)
        whom = await self.purchaser(sale)
        order = replace(
            booking_order(sale, effect.platform_id), purchaser=whom.holder, mail=whom.mail, answers=whom.answers
        )
        return replace(book_message(sale, order, effect.platform_id), is_personal=True)

    async def open_sales(self) -> tuple[Kept, ...]:
        """Return the sales that are not finished, oldest first, by replaying their rows.

        Raises:
            UnknownVersionError, UnreadableError: a row this program cannot read.
        """
        kept = []
        for sale_id in await self._store.open_sale_ids():
            sale = await self.read(sale_id)
            if sale is not None:
                kept.append(sale)
        return tuple(kept)

    async def read(self, sale_id: str) -> Kept | None:
        """Return one sale by replaying its rows; None where the journal has none."""
        entries = await self._store.read_sale(sale_id)
        steps = [entry for entry in entries if entry.kind.startswith(KIND_PREFIX)]
        sale: Sale | None = None
        for entry in steps:
            sale, _ = step(sale, decode_event(entry.kind, entry.payload))
        return None if sale is None else Kept(sale, len(steps))


def actor_of(sale: Sale, event: Event) -> Actor:
    """Return who did it: people what they touched, the system the rest; never a person what the system decided."""
    if not isinstance(event, FromPeople):
        return SYSTEM
    if isinstance(event, SaleAbandoned) and event.reason in SYSTEM_REASONS:
        return SYSTEM
    return sale.actor


# ---- messages to the platform


def message(sale: Sale, effect: Message) -> OutboxMessage:
    """Return the message of an effect: its key is its identity for ever."""
    match effect:
        case SendBooking(platform_id):
            return book_message(sale, booking_order(sale, platform_id), platform_id)
        case SendExchange(platform_id):
            change = exchange_order(sale, platform_id)
            body = encode(ExchangeMessage(platform_id, change))
            return OutboxMessage(f"exchange:{_key(sale, change.code)}", platform_id, body, sale_id=sale.id)
        case SendCancel(platform_id, reason):
            booking = sale.booking(platform_id)
            parts = tuple(part_id for _, part_id in booking.cancelled_parts)
            body = encode(CancelOrder(platform_id, sale.id, booking.code, parts, reason, _of_sale(sale)))
            return OutboxMessage(f"cancel:{_key(sale, booking.code)}", platform_id, body, sale_id=sale.id)
        case RecordPrint(document_id):
            document = sale.document(document_id)
            platform_id = sale.offer(document.offer_id).platform_id
            body = encode(PrintRecord(platform_id, sale.id, document.code, document.part_id, document.copy))
            return OutboxMessage(f"print:{sale.id}:{document.id}:{document.copy}", platform_id, body, sale_id=sale.id)
        case RecordRefund(platform_id, amount, mark):
            code = sale.booking(platform_id).code
            back = tuple(
                GiftCardPart(card.id, tender.reference, tender.returned)
                for tender, card in sale.gift_cards
                if tender.is_refund and tender.returned is not None
            )
            body = encode(RefundRecord(platform_id, sale.id, code, amount, sale.now, back, _of_sale(sale), mark))
            return OutboxMessage(f"refund:{_key(sale, code)}{mark}", platform_id, body, sale_id=sale.id)
        case _:
            assert_never(effect)


def _key(sale: Sale, code: str) -> str:
    """Return what names a booking's message for ever; a booking is exchanged more than once, each time in a sale."""
    return f"{code}:{sale.id}" if sale.exchange else code


def _of_sale(sale: Sale) -> str | None:
    return sale.exchange.of_sale if sale.exchange else None


def exchange_order(sale: Sale, platform_id: str) -> ExchangeOrder:
    """Return all the platform needs to put the new tickets in the place of the old ones."""
    booking, exchange = sale.booking(platform_id), sale.exchange
    parts = _parts(sale, sale.basket.offers)
    sold_at: datetime = sale.settled_at or sale.now
    facts = msgspec.json.encode([booking.code, sale.id, parts, sale.price, sold_at])
    return ExchangeOrder(
        code=booking.code,
        of_sale=exchange.of_sale if exchange else "",
        sale_id=sale.id,
        hold_id="" if booking.is_provisional else booking.hold_id,
        offers=sale.basket.offers,
        parts=parts,
        credit=sale.credit,
        price=sale.price,
        sold_at=sold_at,
        channel=sale.channel.value,
        digest=hashlib.sha256(facts).hexdigest(),
        keeps_place=exchange.keeps_place if exchange else False,
    )


def _parts(sale: Sale, offers: tuple[Offer, ...]) -> tuple[PartOrder, ...]:
    return tuple(
        PartOrder(part.id, offer.id, ticket_secret(sale.seed, offer.id, part.id))
        for offer in offers
        for part in offer.parts
    )


def book_message(sale: Sale, order: BookingOrder, platform_id: str) -> OutboxMessage:
    """Return the message that books an order."""
    body = encode(BookMessage(platform_id, order))
    return OutboxMessage(f"book:{order.code}", platform_id, body, sale_id=sale.id)


def booking_order(sale: Sale, platform_id: str) -> BookingOrder:
    """Return the full booking: everything the platform needs even if its catalogue moved on."""
    booking = sale.booking(platform_id)
    offers = tuple(offer for offer in sale.basket.offers if offer.id in booking.offer_ids)
    parts = _parts(sale, offers)
    paid = total(tuple(offer.price for offer in offers), sale.basket.currency)
    sold_at: datetime = sale.settled_at or sale.now
    facts = msgspec.json.encode([booking.code, sale.id, [offer.id for offer in offers], parts, paid, sold_at])
    return BookingOrder(
        code=booking.code,
        sale_id=sale.id,
        hold_id="" if booking.is_provisional else booking.hold_id,
        offers=offers,
        parts=parts,
        paid=paid,
        sold_at=sold_at,
        channel=sale.channel.value,
        digest=hashlib.sha256(facts).hexdigest(),
        by_gift_card=tuple(GiftCardPart(card.id, tender.reference, tender.amount) for tender, card in sale.gift_cards),
    )
