"""After a power cut: all that was in flight is unknown, and each unknown thing is asked after."""

from msgspec.structs import replace

from kiosk.domain.sale.booking import Booking, StockState, SyncState
from kiosk.domain.sale.cash import lose_pieces
from kiosk.domain.sale.document import Document, DocumentMove, DocumentState
from kiosk.domain.sale.effects import DispenseCash, Effect, ReleaseHold, StartTimer, query_payment, reverse_payment
from kiosk.domain.sale.events import Restarted, Timer
from kiosk.domain.sale.following import POWER
from kiosk.domain.sale.printing import query
from kiosk.domain.sale.sale import Sale, Step, is_unchecked
from kiosk.domain.sale.tender import Payout, PayoutMove, Tender, TenderKind, TenderMove, TenderState


def restarted(sale: Sale, event: Restarted) -> Step:
    """Decide a sale found open after a restart (design, table of recovery)."""
    del event
    sale = replace(sale, wanted=None, is_left=sale.is_settled or sale.is_left, leaving=_reason(sale))
    effects: list[Effect] = []
    for tender in sale.tenders:
        after, more = _tender(tender)
        sale = sale.with_tender(after)
        effects.extend(more)
    for booking in sale.bookings:
        effects.extend(_booking(sale, booking))
    for document in sale.documents:
        known, questions = _document(document)
        sale = sale.with_document(known)
        effects.extend(questions)
    return sale, tuple(effects)


def _reason(sale: Sale) -> str:
    return sale.leaving or ("" if sale.is_settled else POWER)


def _tender(tender: Tender) -> tuple[Tender, tuple[Effect, ...]]:
    if tender.kind is TenderKind.CASH:
        return _cash(tender)
    match tender.state:
        case TenderState.INTENT:
            return tender.moved(TenderMove.LOSE), (query_payment(tender),)
        case TenderState.UNKNOWN | TenderState.PARKED:
            return tender, (query_payment(tender),)
        case TenderState.VOID_INTENT:
            return tender.moved(TenderMove.LOSE), (reverse_payment(tender),)
        case TenderState.VOID_UNKNOWN:
            return tender, (reverse_payment(tender),)
        case _:
            return (replace(tender, is_asked_after=False) if is_unchecked(tender) else tender), ()


def _cash(tender: Tender) -> tuple[Tender, tuple[Effect, ...]]:
    tender, pieces = lose_pieces(tender)
    if tender.state is TenderState.INTENT:
        tender = replace(tender, is_cancelled=True)
    change, change_effects = _payout(tender.change)
    refund, refund_effects = _payout(tender.refund)
    return replace(tender, change=change, refund=refund), (*pieces, *change_effects, *refund_effects)


def _payout(payout: Payout | None) -> tuple[Payout | None, tuple[Effect, ...]]:
    if payout is None or not payout.is_open:
        return payout, ()
    lost = payout.moved(PayoutMove.LOSE, payout.dispensed) if payout.can_lose else payout
    return lost, (DispenseCash(payout.reference, payout.amount),)


def _booking(sale: Sale, booking: Booking) -> tuple[Effect, ...]:
    if booking.stock is StockState.LETTING_GO:
        return (ReleaseHold(booking.platform_id, booking.hold_id),)
    if booking.sync in {SyncState.DUE, SyncState.TRIED} and not booking.is_wait_over:
        return (StartTimer(Timer.CONFIRM, sale.terms.confirm_wait_s),)
    if booking.sync is SyncState.CANCEL_DUE and sale.refunded is None:
        return (StartTimer(Timer.REVOKE, sale.terms.revoke_wait_s),)
    return ()


def _document(document: Document) -> tuple[Document, tuple[Effect, ...]]:
    document = replace(document, is_asked=False, is_waiting=False)
    if document.can(DocumentMove.LOSE):
        document = document.moved(DocumentMove.LOSE)
    if document.state is DocumentState.UNKNOWN:
        return document, (query(document),)
    return document, ()
