"""From a held basket to covered: card and free tenders, and the question after an answer that was lost."""

from msgspec.structs import replace

from kiosk.domain.sale import identity
from kiosk.domain.sale.booking import StockMove, StockState
from kiosk.domain.sale.cash import begin_cash, close_cash
from kiosk.domain.sale.choosing import make_hold
from kiosk.domain.sale.effects import AbortPayment, CollectPayment, Effect, StopCash, query_payment
from kiosk.domain.sale.events import (
    SELLS,
    PaymentApproved,
    PaymentDeclined,
    PaymentInProgress,
    PaymentUnknown,
    SaleAbandoned,
    TenderCancelled,
    TenderChosen,
)
from kiosk.domain.sale.exchanging import with_credit
from kiosk.domain.sale.sale import Sale, Step, is_unchecked
from kiosk.domain.sale.tender import ASKS_MAX, BY_REFERENCE, PlatformCard, Tender, TenderKind, TenderMove, TenderState

QUERY_GAP_S = 3.0
PROGRESS_MAX = 20
PARKED_GAP_S = 30.0
PARKED_GAP_MAX_S = 3600.0
_TENDERS_MAX = 20


def tender_chosen(sale: Sale, event: TenderChosen) -> Step:
    """Begin a tender for what is due; refuse it where the sale could not be finished."""
    if not _may_pay(sale):
        return sale, ()
    sale, effects = _without_open_cash(sale)
    if sale.tender_in_flight is not None:
        return replace(sale, problem="sale.wait"), effects
    problem = _why_not(sale, event)
    if problem:
        return replace(sale, problem=problem), effects
    if event.kind in BY_REFERENCE and not sale.outlasts(_needed_s(sale)):
        return _prolong(sale, event, effects)
    sale, more = begin_tender(sale, event)
    return sale, (*effects, *more)


def _may_pay(sale: Sale) -> bool:
    return (
        sale.kind in SELLS
        and not sale.is_settled
        and not sale.leaving
        and bool(sale.bookings)
        and all(booking.stock is StockState.HELD for booking in sale.bookings)
    )


def _without_open_cash(sale: Sale) -> Step:
    """Close an open slot: what is in stays in as credit and the next tender pays the rest."""
    tender = sale.tender_in_flight
    if tender is None or tender.kind is not TenderKind.CASH or tender.state is not TenderState.INTENT:
        return sale, ()
    if tender.is_piece_open:
        return sale, ()
    return sale.with_tender(close_cash(tender)), (StopCash(tender.reference),)


def _why_not(sale: Sale, event: TenderChosen) -> str:
    if event.kind in {TenderKind.VOUCHER, TenderKind.CREDIT}:
        return "sale.voucher_not_here"  # no platform interface redeems one yet
    if event.kind is TenderKind.GIFT_CARD and (problem := _card_problem(sale, event.card)):
        return problem
    if (event.kind is TenderKind.FREE) != (sale.due.minor == 0):
        return "sale.nothing_to_pay" if sale.due.minor == 0 else "sale.not_free"
    if event.amount is not None and not 0 < event.amount.minor <= sale.due.minor:
        return "sale.amount_beyond_due"
    if event.handed is not None and event.handed.minor < (event.amount or sale.due).minor:
        return "sale.handed_too_little"
    return "sale.too_many_tenders" if len(sale.tenders) >= _TENDERS_MAX else ""


def _card_problem(sale: Sale, card: PlatformCard | None) -> str:
    """Return why a gift card cannot pay: the booking that tells of it must be its own platform's, the only one."""
    if card is None:
        return "gift_card.unknown"
    if sale.exchange is not None:
        return "sale.voucher_not_here"  # the platform is told of what is paid for an exchange in one sum
    return "" if sale.basket.platform_ids == (card.platform_id,) else "gift_card.of_another_platform"


def _needed_s(sale: Sale) -> float:
    return sale.terms.payment_timeout_s + sale.terms.hold_margin_s


def _prolong(sale: Sale, event: TenderChosen, effects: tuple[Effect, ...]) -> Step:
    """Ask for a longer hold before any money is asked for; the tender goes on when it is there."""
    if event.amount is not None and event.card is None:
        return replace(sale, problem="sale.hold_too_short"), effects
    sale = replace(sale, wanted=event, problem="")
    for booking in sale.bookings:
        if booking.needs_capacity:
            sale = sale.with_booking(booking.stocked(StockMove.ASK))
            effects = (*effects, make_hold(booking))
    return sale, effects


def go_on_wanted(sale: Sale) -> Step:
    """Begin the tender that waited for longer holds, or say that they stay too short."""
    wanted = sale.wanted
    sale = replace(sale, wanted=None)
    if wanted is None or not sale.outlasts(_needed_s(sale)):
        return replace(sale, problem="sale.hold_too_short"), ()
    return begin_tender(sale, wanted)


def begin_tender(sale: Sale, wish: TenderChosen) -> Step:
    """Put a new tender at INTENT under a reference of its own; nothing was asked of a device before."""
    sale = with_credit(sale)
    reference = identity.payment_reference(sale.seed, len(sale.tenders))
    tender = Tender(wish.kind, reference, wish.amount or sale.due, card=wish.card).moved(TenderMove.ASK)
    sale = replace(sale, problem="")
    match wish.kind:
        case TenderKind.CASH:
            return begin_cash(sale, tender, wish.handed)
        case TenderKind.FREE:
            return sale.with_tender(tender.moved(TenderMove.APPROVE)), ()
        case _:
            return sale.with_tender(tender), (CollectPayment(reference, tender.amount, tender.card),)


def tender_cancelled(sale: Sale, event: TenderCancelled) -> Step:
    """Take the wish to pay back; what the device does all the same is reversed."""
    del event
    return stop_tender(replace(sale, wanted=None))


def stop_tender(sale: Sale) -> Step:
    """Ask whatever collects money to stop."""
    tender = sale.tender_in_flight
    if tender is None or tender.is_cancelled or tender.state not in {TenderState.INTENT, TenderState.UNKNOWN}:
        return sale, ()
    sale = sale.with_tender(replace(tender, is_cancelled=True))
    if tender.kind is TenderKind.CASH:
        return sale, (StopCash(tender.reference),)
    return sale, (AbortPayment(tender.reference, tender.card),)


def sale_abandoned(sale: Sale, event: SaleAbandoned) -> Step:
    """Give the sale up: nothing is charged, or what was charged goes back. After settlement paper comes first."""
    if sale.is_settled or sale.leaving:
        return sale, ()
    return stop_tender(replace(sale, leaving=event.reason, wanted=None, problem=""))


# ---- what the payment device says


def _find(sale: Sale, reference: str, move: TenderMove) -> Tender | None:
    return next(
        (each for each in sale.tenders if each.reference == reference and each.can(move) and is_by_reference(each)),
        None,
    )


def is_by_reference(tender: Tender) -> bool:
    """Say whether it is asked for once under its reference, and asked after under it."""
    return tender.kind in BY_REFERENCE


def payment_approved(sale: Sale, event: PaymentApproved) -> Step:
    """Note that the money is in; an approval nobody waits for any more is reversed by what follows."""
    tender = _find(sale, event.reference, TenderMove.APPROVE)
    if tender is None:
        return sale, ()
    paid = replace(
        tender.moved(TenderMove.APPROVE),
        amount=event.amount,
        is_cancelled=tender.is_cancelled or event.amount != tender.amount,
        device_reference=event.device_reference,
        card_hint=event.card_hint,
        receipt_lines=event.receipt_lines,
    )
    problem = "payment.amount_differs" if event.amount != tender.amount else ""
    return replace(sale.with_tender(paid), problem=problem), ()


def payment_declined(sale: Sale, event: PaymentDeclined) -> Step:
    """Note that there is certainly no charge."""
    tender = next((each for each in sale.tenders if each.reference == event.reference and is_unchecked(each)), None)
    if tender is not None:
        return sale.with_tender(replace(tender, is_checked=True)), ()
    tender = _find(sale, event.reference, TenderMove.DECLINE)
    if tender is None:
        return sale, ()
    declined = replace(tender.moved(TenderMove.DECLINE), cause=event.cause, asks=0, is_checked=not event.was_asked)
    problem = "payment.cancelled" if tender.is_cancelled else event.cause or "payment.declined"
    return replace(sale.with_tender(declined), problem=problem), ()


def payment_unknown(sale: Sale, event: PaymentUnknown) -> Step:
    """Never charge again: ask what became of it, park it after ASKS_MAX, and go on asking for ever."""
    tender = next((each for each in sale.tenders if each.reference == event.reference and is_by_reference(each)), None)
    if tender is None:
        return sale, ()
    match tender.state:
        case TenderState.INTENT:
            return sale.with_tender(tender.moved(TenderMove.LOSE)), (query_payment(tender),)
        case TenderState.UNKNOWN | TenderState.DECLINED | TenderState.PARKED:
            return _asked_in_vain(sale, replace(tender, asks=tender.asks + 1))
        case _:
            return sale, ()


def _asked_in_vain(sale: Sale, tender: Tender) -> Step:
    if tender.state is TenderState.DECLINED and tender.is_checked:
        return sale, ()
    if tender.state is TenderState.UNKNOWN and tender.asks >= ASKS_MAX:
        tender = tender.moved(TenderMove.PARK)
        sale = replace(sale, leaving=sale.leaving or "payment.unknown")
    gap_s = QUERY_GAP_S * tender.asks
    if tender.state is not TenderState.UNKNOWN and tender.asks > ASKS_MAX:
        gap_s = min(PARKED_GAP_S * 2 ** min(tender.asks - ASKS_MAX, 10), PARKED_GAP_MAX_S)
    return sale.with_tender(tender), (query_payment(tender, gap_s),)


def payment_in_progress(sale: Sale, event: PaymentInProgress) -> Step:
    """Wait for a device that still works on it; after PROGRESS_MAX looks have it stop, and look on."""
    tender = next((each for each in sale.tenders if each.reference == event.reference), None)
    if tender is None or tender.state not in {TenderState.UNKNOWN, TenderState.PARKED, TenderState.DECLINED}:
        return sale, ()
    tender = replace(tender, looks=tender.looks + 1)
    again = query_payment(tender, QUERY_GAP_S)
    stop: tuple[Effect, ...] = (AbortPayment(tender.reference, tender.card),) if tender.looks == PROGRESS_MAX else ()
    return sale.with_tender(tender), (*stop, again)
