"""What follows by itself once a fact is noted: a list of rules, the first that applies moves the sale, until none does.

The order is the order of what matters: money nobody wants goes back first, then the sale settles or is left, then
paper, then what paper could not deliver, then the promise in writing, then rest.
"""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.domain.money import Money, total, zero
from kiosk.domain.sale import identity
from kiosk.domain.sale.booking import SYNC_AT_REST, Booking, StockMove, StockState, SyncMove, SyncState
from kiosk.domain.sale.cash import finish_cash, is_cash_complete, is_change_due, pay_change
from kiosk.domain.sale.choosing import let_go
from kiosk.domain.sale.document import Document, DocumentKind, DocumentMove, DocumentState
from kiosk.domain.sale.effects import (
    Effect,
    FinishSale,
    RecordRefund,
    SendBooking,
    SendCancel,
    SendExchange,
    StartTimer,
    query_payment,
)
from kiosk.domain.sale.events import SELLS, SaleKind, Timer
from kiosk.domain.sale.exchanging import give_over
from kiosk.domain.sale.paying import QUERY_GAP_S, go_on_wanted, is_by_reference
from kiosk.domain.sale.printing import add_document, begin_print, is_printer_busy
from kiosk.domain.sale.refunding import give_back, owe, refund
from kiosk.domain.sale.sale import Claim, ClaimReason, Sale, Step, is_unchecked, may_print, may_sell_offline
from kiosk.domain.sale.syncing import dead_tickets
from kiosk.domain.sale.tender import PayoutState, PieceState, Tender, TenderState

POWER = "power"  # the reason of a sale given up because the terminal went down
MOVES_MAX = 200  # more than documents, tenders and bookings of the largest sale


def follow(sale: Sale) -> Step:
    """Apply the rules until none does."""
    effects: tuple[Effect, ...] = ()
    for _ in range(MOVES_MAX):
        step = next((step for rule in RULES if (step := rule(sale)) is not None), None)
        if step is None:
            return sale, effects
        sale, effects = step[0], (*effects, *step[1])
    raise RuntimeError("the rules of a sale do not come to rest")


# ---- money nobody wants


def _close_cash(sale: Sale) -> Step | None:
    tender = next((each for each in sale.tenders if is_cash_complete(each)), None)
    return None if tender is None else finish_cash(sale, tender)


def _is_unwanted(sale: Sale, tender: Tender) -> bool:
    if tender.state is TenderState.LATE_PAID:
        return True
    return tender.state is TenderState.PAID and is_by_reference(tender) and not sale.is_settled and tender.is_cancelled


def _reverse_unwanted(sale: Sale) -> Step | None:
    tender = next((each for each in sale.tenders if _is_unwanted(sale, each)), None)
    return None if tender is None else give_back(sale, tender, tender.amount)


def _go_on(sale: Sale) -> Step | None:
    if sale.wanted is None or any(booking.stock is not StockState.HELD for booking in sale.bookings):
        return None
    return go_on_wanted(sale)


# ---- the point of no return


def _settle(sale: Sale) -> Step | None:
    if sale.is_settled or not sale.tenders or not sale.bookings or sale.leaving not in {"", POWER}:
        return None
    is_covered = sale.due.minor == 0 and any(_is_paid(each) for each in sale.tenders)
    is_held = all(booking.stock is StockState.HELD for booking in sale.bookings)
    if not is_covered or not is_held or sale.is_moving:
        return None
    bookings = tuple(_sold(booking) for booking in sale.bookings)
    references = tuple(each.reference for each in sale.tenders if _is_paid(each))
    sale = replace(sale, settled_at=sale.now, settled_with=references, bookings=bookings, leaving="", problem="")
    sale = replace(sale, documents=(*_tickets(sale), *sale.documents))
    send = SendExchange if sale.kind is SaleKind.EXCHANGE else SendBooking
    sends = tuple(send(booking.platform_id) for booking in bookings)
    return sale, (*sends, StartTimer(Timer.CONFIRM, sale.terms.confirm_wait_s))


def _is_paid(tender: Tender) -> bool:
    return tender.state is TenderState.PAID


def _sold(booking: Booking) -> Booking:
    sold = booking.stocked(StockMove.SELL).synced(SyncMove.OWE)
    return replace(sold, is_wait_over=booking.is_provisional)


def _tickets(sale: Sale) -> tuple[Document, ...]:
    """Owe one ticket per part; add-ons stand on the ticket they add to."""
    documents: list[Document] = []
    for offer in sale.basket.offers:
        ids = {part.id for part in offer.parts}
        for part in offer.parts:
            if part.addon_to in ids and part.addon_to != part.id:
                continue
            ticket = Document(
                id=f"ticket-{len(documents) + 1}",
                kind=DocumentKind.TICKET,
                offer_id=offer.id,
                part_id=part.id,
                addon_ids=tuple(each.id for each in offer.parts if each.addon_to == part.id and each.id != part.id),
                code=sale.booking(offer.platform_id).code,
                secret=identity.ticket_secret(sale.seed, offer.id, part.id),
            )
            documents.append(ticket.moved(DocumentMove.OWE))
    return tuple(documents)


# ---- leaving


def _leave(sale: Sale) -> Step | None:
    if sale.is_settled or not sale.leaving or any(_is_collecting(each) for each in sale.tenders):
        return None
    paid = next((each for each in sale.tenders if _is_paid(each)), None)
    if paid is not None:
        return give_back(sale, paid, paid.refundable)
    gone, effects = let_go(sale)
    return None if gone == sale else (gone, effects)


def _is_collecting(tender: Tender) -> bool:
    return tender.state in {TenderState.INTENT, TenderState.UNKNOWN}


# ---- paper


def _give_up(sale: Sale) -> Step | None:
    """Give up tickets whose booking is refused, or cannot be proven where it must be."""
    for document in sale.tickets:
        booking = sale.booking_of(document)
        if document.state is DocumentState.DUE and booking is not None and not _may_still_print(sale, booking):
            return sale.with_document(replace(document, is_waiting=False).moved(DocumentMove.GIVE_UP)), ()
    return None


def _may_still_print(sale: Sale, booking: Booking) -> bool:
    if booking.sync is SyncState.DONE:
        return True
    if booking.sync not in {SyncState.DUE, SyncState.TRIED}:
        return False
    # Nobody knows whether an exchange was done while it is unproven: it is waited for, the old tickets stay good.
    return not booking.is_wait_over or sale.kind is SaleKind.EXCHANGE or may_sell_offline(sale, booking)


def _print_next(sale: Sale) -> Step | None:
    if is_printer_busy(sale):
        return None
    document = next((each for each in sale.documents if _is_printable(sale, each)), None)
    return None if document is None else begin_print(sale, document)


def _is_printable(sale: Sale, document: Document) -> bool:
    if document.state is not DocumentState.DUE:
        return False
    booking = sale.booking_of(document)
    return document.kind is not DocumentKind.TICKET or booking is None or may_print(sale, booking)


def _pay_change(sale: Sale) -> Step | None:
    if not sale.is_settled:
        return None
    tender = next((each for each in sale.tenders if is_change_due(each)), None)
    return None if tender is None else pay_change(sale, tender)


# ---- what paper could not deliver


def _is_reversal_due(sale: Sale) -> bool:
    return (
        sale.kind in SELLS
        and bool(sale.undelivered)
        and sale.refunded is None
        and not any(each.is_pending for each in sale.tickets)
    )


def _revoke(sale: Sale) -> Step | None:
    """Have the secrets of undelivered tickets revoked before any money goes back."""
    if not _is_reversal_due(sale):
        return None
    for booking in sale.bookings:
        if dead_tickets(sale, booking) and booking.can_sync(SyncMove.CANCEL):
            sale, sends = _cancel(sale, booking)
            return sale, (*sends, StartTimer(Timer.REVOKE, sale.terms.revoke_wait_s))
    return None


def _cancel(sale: Sale, booking: Booking) -> Step:
    """Have the undelivered tickets of a booking die; once asked for, that is on its way and not sent again."""
    dead = dead_tickets(sale, booking)
    parts = tuple((each.offer_id, part_id) for each in dead for part_id in (each.part_id, *each.addon_ids))
    sends = () if booking.cancelled_parts else (SendCancel(booking.platform_id, "undelivered"),)
    return sale.with_booking(replace(booking.synced(SyncMove.CANCEL), cancelled_parts=parts)), sends


def _revoke_again(sale: Sale) -> Step | None:
    """Revoke what was paid back because its platform refused it, where the platform took it after all."""
    for booking in sale.bookings:
        if sale.refunded is not None and booking.sync is SyncState.DONE and dead_tickets(sale, booking):
            sale, sends = _cancel(replace(sale, is_revoke_over=True), booking)
            notes = _refund_notes(sale) if sale.is_finished and sends else ()
            return sale, (*sends, *(each for each in notes if each.platform_id == booking.platform_id))
    return None


def _refund(sale: Sale) -> Step | None:
    """Give back what was not delivered once its secrets are dead; owe it where nobody could prove that."""
    if not _is_reversal_due(sale) or sale.is_moving:
        return None
    amount = total(tuple(sale.price_of(each) for each in sale.undelivered), sale.basket.currency)
    open_bookings = [each for each in sale.bookings if dead_tickets(sale, each) and each.sync not in SYNC_AT_REST]
    if open_bookings and not sale.is_revoke_over:
        return None
    sale = replace(sale, refunded=amount)
    return (owe(sale, amount), ()) if open_bookings else refund(sale, amount)


# ---- the promise in writing


def _promise(sale: Sale) -> Step | None:
    """Make, or bring up to date, the claim; the first one is also printed."""
    if not sale.is_settled and not sale.leaving:
        return None  # the customer may still pay the rest; one slip names it all at the end
    if (sale.is_moving and not _has_parked(sale)) or _is_reversal_due(sale):
        return None
    owed, doubtful = _owed(sale), _doubtful(sale)
    if owed.minor == 0 and doubtful.minor == 0 and sale.claim is None:
        return None
    if sale.claim is not None and (sale.claim.owed, sale.claim.doubtful) == (owed, doubtful):
        return None
    if sale.claim is not None:
        return replace(sale, claim=replace(sale.claim, owed=owed, doubtful=doubtful)), ()
    claim = Claim(identity.claim_id(sale.seed), _reasons(sale), owed, doubtful)
    return add_document(replace(sale, claim=claim), DocumentKind.CLAIM), ()


def _has_parked(sale: Sale) -> bool:
    return any(tender.state is TenderState.PARKED for tender in sale.tenders)


def _owed(sale: Sale) -> Money:
    nothing = zero(sale.basket.currency)
    return total(tuple(tender.owed or nothing for tender in sale.tenders), sale.basket.currency)


def _doubtful(sale: Sale) -> Money:
    return total((*(tender.doubtful for tender in sale.tenders), sale.awaiting), sale.basket.currency)


def _reasons(sale: Sale) -> tuple[ClaimReason, ...]:
    found = {
        ClaimReason.PAYMENT_UNKNOWN: _has_parked(sale),
        ClaimReason.CHANGE_SHORT: any(_is_change_short(each) for each in sale.tenders),
        ClaimReason.EXCHANGE_OPEN: sale.awaiting.minor > 0,
        ClaimReason.PIECE_UNKNOWN: any(_has_lost_piece(each) for each in sale.tenders),
    }
    reasons = tuple(reason for reason, is_so in found.items() if is_so)
    return reasons or (ClaimReason.NOT_GIVEN_BACK,)


def _is_change_short(tender: Tender) -> bool:
    return tender.change is not None and tender.change.state is PayoutState.SHORT


def _has_lost_piece(tender: Tender) -> bool:
    return any(piece.state is PieceState.UNKNOWN for piece in tender.pieces)


# ---- rest


def _receipt(sale: Sale) -> Step | None:
    if not sale.is_receipt_wanted or not sale.is_settled or sale.is_moving:
        return None
    if any(each.is_pending for each in sale.tickets) or _is_reversal_due(sale):
        return None
    sale = replace(sale, is_receipt_wanted=False)
    return (sale if sale.undelivered == sale.tickets else add_document(sale, DocumentKind.RECEIPT)), ()


def _is_over(sale: Sale) -> bool:
    """Say whether nothing more happens in front of the customer."""
    if (not sale.is_settled and not sale.leaving) or any(each.is_pending for each in sale.documents):
        return False
    return not sale.is_moving and not _is_reversal_due(sale)


def _check_declined(sale: Sale) -> Step | None:
    """Ask once more after each declined card payment before the sale is closed: approvals come late."""
    tender = next((each for each in sale.tenders if is_unchecked(each) and not each.is_asked_after), None)
    if tender is None or not _is_over(sale):
        return None
    return sale.with_tender(replace(tender, is_asked_after=True)), (query_payment(tender, QUERY_GAP_S),)


def _time_leave(sale: Sale) -> Step | None:
    if sale.is_leave_timed or not sale.documents or not _is_over(sale):
        return None
    return replace(sale, is_leave_timed=True), (StartTimer(Timer.LEAVE, sale.terms.leave_wait_s),)


def _finish(sale: Sale) -> Step | None:
    is_left = sale.is_left or not sale.documents
    if sale.is_finished or not is_left or not _is_over(sale) or not sale.is_at_rest:
        return None
    return replace(sale, is_finished=True), (*_refund_notes(sale), FinishSale())


def _refund_notes(sale: Sale) -> tuple[RecordRefund, ...]:
    """Return what each platform is told to have been paid back for its tickets: what went out, and no more.

    What the claim slip holds was not paid back; the platforms hear of what was in the order of their bookings. One that
    was refused has no books there, so nobody is told of its share.
    """
    nothing = zero(sale.basket.currency)
    left = total(tuple(each.returned or nothing for each in sale.tenders if each.is_refund), sale.basket.currency)
    notes: list[RecordRefund] = []
    for booking in sale.bookings:
        prices = tuple(sale.price_of(each) for each in dead_tickets(sale, booking))
        share = min(total(prices, sale.basket.currency), left)
        left -= share
        if share.minor and booking.cancelled_parts:
            notes.append(RecordRefund(booking.platform_id, share, "R" if sale.exchange else ""))
    return tuple(notes)


RULES: tuple[Callable[[Sale], Step | None], ...] = (
    _close_cash,
    _reverse_unwanted,
    _go_on,
    _settle,
    _leave,
    _pay_change,
    give_over,
    _give_up,
    _revoke,
    _refund,
    _revoke_again,
    _promise,
    _receipt,
    _print_next,
    _check_declined,
    _time_leave,
    _finish,
)
