"""How money goes back: in full under its own reference, as cash, or onto the claim slip."""

from msgspec.structs import replace

from kiosk.domain.money import Money, zero
from kiosk.domain.sale.booking import SyncState
from kiosk.domain.sale.effects import DispenseCash, Effect, OpenDrawer, reverse_payment
from kiosk.domain.sale.events import ChangeDispensed, ReversalDone, ReversalRefused, ReversalUnknown
from kiosk.domain.sale.sale import Sale, Step
from kiosk.domain.sale.tender import ASKS_MAX, Payout, PayoutMove, Tender, TenderKind, TenderMove, TenderState

REVERSAL_GAP_S = 3.0
_VOIDING = frozenset({TenderState.VOID_INTENT, TenderState.VOID_UNKNOWN})


def give_back(sale: Sale, tender: Tender, amount: Money) -> Step:
    """Begin to give back an amount of a tender; the intent is durable before the device is asked."""
    voiding = tender.moved(TenderMove.REVERSE)
    match tender.kind:
        case TenderKind.CARD | TenderKind.GIFT_CARD:
            voiding = replace(voiding, asks=0, giving=amount)
            return sale.with_tender(voiding), (reverse_payment(voiding),)
        case TenderKind.CASH if not tender.is_by_hand:
            refund = Payout(f"{tender.reference}R", amount, zero(amount.currency))
            return sale.with_tender(replace(voiding, refund=refund)), (DispenseCash(refund.reference, amount),)
        case _:
            effects: tuple[Effect, ...] = (OpenDrawer(),) if tender.is_by_hand else ()
            return sale.with_tender(replace(voiding.moved(TenderMove.REVERSED), returned=amount)), effects


def _owing(tender: Tender, amount: Money) -> Tender:
    """Put an amount of a tender on the claim slip; it moves to OWED when nothing of it is left."""
    owed = (tender.owed or zero(amount.currency)) + amount
    tender = replace(tender, owed=owed)
    if tender.refundable.minor == 0 and tender.can(TenderMove.OWE):
        return tender.moved(TenderMove.OWE)
    return tender


def owe(sale: Sale, amount: Money) -> Sale:
    """Put an amount on the claim slip, newest tender first."""
    for tender in reversed(sale.tenders):
        if tender.state is TenderState.PAID and amount.minor > 0:
            part = min(tender.refundable, amount)
            sale, amount = sale.with_tender(_owing(tender, part)), amount - part
    return sale


def refund(sale: Sale, amount: Money) -> Step:
    """Give an amount back: whole card payments, any part of cash or to a gift card, newest first; else a claim slip.

    A payment device reverses in full under its reference or not at all (hardware.payment_terminal).
    """
    effects: tuple[Effect, ...] = ()
    for tender in reversed(sale.tenders):
        if tender.state is not TenderState.PAID or amount.minor <= 0:
            continue
        if tender.kind is TenderKind.CREDIT and not _is_refused(sale):
            continue  # the old tickets are gone: what they were worth is owed
        part = min(tender.refundable, amount)
        if part.minor > 0 and (tender.kind is not TenderKind.CARD or part == tender.refundable):
            sale, more = give_back(sale, replace(tender, is_refund=True), part)
            effects, amount = (*effects, *more), amount - part
    return owe(sale, amount), effects


def _is_refused(sale: Sale) -> bool:
    return any(booking.sync is SyncState.CONFLICT for booking in sale.bookings)


def _find(sale: Sale, reference: str) -> Tender | None:
    return next((each for each in sale.tenders if each.reference == reference), None)


def reversal_done(sale: Sale, event: ReversalDone) -> Step:
    """Note that a payment went back."""
    tender = _find(sale, event.reference)
    if tender is None or tender.state not in _VOIDING:
        return sale, ()
    return sale.with_tender(replace(tender.moved(TenderMove.REVERSED), returned=tender.giving)), ()


def reversal_refused(sale: Sale, event: ReversalRefused) -> Step:
    """Put what the device will not give back on the claim slip."""
    tender = _find(sale, event.reference)
    if tender is None or tender.state not in _VOIDING:
        return sale, ()
    return sale.with_tender(replace(tender.moved(TenderMove.OWE), owed=tender.giving, cause=event.cause)), ()


def reversal_unknown(sale: Sale, event: ReversalUnknown) -> Step:
    """Ask again under the same reference; after ASKS_MAX the claim slip holds it."""
    tender = _find(sale, event.reference)
    if tender is None or tender.state not in _VOIDING:
        return sale, ()
    if tender.state is TenderState.VOID_INTENT:
        tender = tender.moved(TenderMove.LOSE)
    tender = replace(tender, asks=tender.asks + 1)
    if tender.asks < ASKS_MAX:
        return sale.with_tender(tender), (reverse_payment(tender, REVERSAL_GAP_S * tender.asks),)
    return sale.with_tender(replace(tender.moved(TenderMove.OWE), owed=tender.giving)), ()


# ---- cash that comes out


def change_dispensed(sale: Sale, event: ChangeDispensed) -> Step:
    """Note what came out, as change or as money given back; ask again where that is not certain."""
    for tender in sale.tenders:
        for name, payout in (("change", tender.change), ("refund", tender.refund)):
            if payout is not None and payout.reference == event.reference and payout.is_open:
                after, effects = _paid_out(payout, event)
                return sale.with_tender(_booked(tender, name, after)), effects
    return sale, ()


def _paid_out(payout: Payout, event: ChangeDispensed) -> tuple[Payout, tuple[Effect, ...]]:
    out = max(payout.dispensed, min(event.dispensed, payout.amount))
    if out == payout.amount:
        return payout.moved(PayoutMove.PAY, out), ()
    if event.is_certain or payout.asks + 1 >= ASKS_MAX:
        return payout.moved(PayoutMove.FALL_SHORT, out), ()
    payout = replace(payout, asks=payout.asks + 1)
    again = DispenseCash(payout.reference, payout.amount, REVERSAL_GAP_S * payout.asks)
    return (payout.moved(PayoutMove.LOSE, out) if payout.can_lose else replace(payout, dispensed=out)), (again,)


def _booked(tender: Tender, name: str, payout: Payout) -> Tender:
    """Carry a payout's end over to its tender: what did not come out is owed."""
    if name == "change":
        tender = replace(tender, change=payout)
        if not payout.is_open and payout.missing.minor > 0:
            owed = (tender.owed or zero(payout.amount.currency)) + payout.missing
            return replace(tender, owed=owed, change=replace(payout, amount=payout.dispensed))
        return tender
    tender = replace(tender, refund=payout)
    if payout.is_open:
        return tender
    if payout.missing.minor == 0:
        return replace(tender.moved(TenderMove.REVERSED), returned=payout.dispensed)
    owed = (tender.owed or zero(payout.amount.currency)) + payout.missing  # change that fell short is owed beside it
    return replace(tender.moved(TenderMove.OWE), returned=payout.dispensed, owed=owed)
