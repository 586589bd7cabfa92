"""What must hold: at every moment, and at rest. Asserted while running, and the measure of every test.

Each rule takes a sale and says what is wrong, or nothing.
"""

from collections.abc import Callable

from kiosk.domain.money import Money, total, zero
from kiosk.domain.sale.booking import StockState, SyncState
from kiosk.domain.sale.document import COPIES_MAX, DocumentKind, DocumentState
from kiosk.domain.sale.effects import CollectPayment, Effect, PrintDocument
from kiosk.domain.sale.events import SELLS
from kiosk.domain.sale.sale import Sale, may_print
from kiosk.domain.sale.tender import BY_REFERENCE, TenderState

Rule = Callable[[Sale], str]
_LIVE_CHARGE = frozenset({TenderState.INTENT, TenderState.UNKNOWN, TenderState.PARKED, TenderState.PAID})


class RuleBrokenError(AssertionError):
    """A sale broke one of its rules: a fault of ours."""


# ---- at every moment


def charges_once(sale: Sale) -> str:
    """At most one uncompensated charge per amount due: what is or may be charged never exceeds the price."""
    nothing = zero(sale.basket.currency)
    live = tuple(
        each.amount - (each.returned or nothing) - (each.owed or nothing)
        for each in sale.tenders
        if each.state in _LIVE_CHARGE and not (each.is_cancelled and each.state is TenderState.PAID)
    )
    charged = total(live, sale.basket.currency)
    return f"{charged.minor} charged for {sale.price.minor}" if sale.price < charged else ""


def settles_once_covered(sale: Sale) -> str:
    """Nothing is sold that is not covered."""
    if not sale.is_settled or sale.kind not in SELLS:
        return ""
    taken = total(tuple(tender.taken for tender in sale.tenders), sale.basket.currency)
    return "" if sale.price <= taken else f"settled with {taken.minor} of {sale.price.minor}"


def prints_only_what_is_settled(sale: Sale) -> str:
    """No ticket is on its way to paper before the money is in."""
    started = any(each.state not in {DocumentState.NONE, DocumentState.DUE} for each in sale.tickets)
    return "printed before settled" if started and not sale.is_settled else ""


def copies_are_few(sale: Sale) -> str:
    """At most COPIES_MAX automatic copies of a ticket, each with the secret of the original."""
    return "too many copies" if any(each.copies > COPIES_MAX for each in sale.documents) else ""


def secrets_are_unique(sale: Sale) -> str:
    """No two tickets carry the same secret, nor one job id twice at once."""
    secrets = [each.secret for each in sale.tickets]
    return "two tickets with one secret" if len(set(secrets)) != len(secrets) else ""


def dead_before_refund(sale: Sale) -> str:
    """Money for undelivered tickets goes back only after their secrets are dead; else it is owed."""
    if sale.refunded is None:
        return ""
    for document in sale.undelivered:
        booking = sale.booking_of(document)
        is_dead = booking is not None and booking.sync in {SyncState.CANCELLED, SyncState.CONFLICT}
        if not is_dead and not sale.is_revoke_over:
            return f"{document.id} refunded while its secret lives"
    return ""


# ---- at rest


def kept(sale: Sale) -> Money:
    """Return what stays with us of all that came in."""
    nothing = zero(sale.basket.currency)
    out = tuple(
        (each.change.dispensed if each.change else nothing) + (each.returned or nothing) + (each.owed or nothing)
        for each in sale.tenders
    )
    taken = total(tuple(each.taken for each in sale.tenders), sale.basket.currency)
    return taken - total(out, sale.basket.currency)


def delivered(sale: Sale) -> Money:
    """Return what the delivered tickets cost."""
    printed = tuple(each for each in sale.tickets if each.state is DocumentState.PRINTED)
    return total(tuple(sale.price_of(each) for each in printed), sale.basket.currency)


def money_adds_up(sale: Sale) -> str:
    """Money in = kept + change + returned + owed, and what is kept is what the delivered tickets cost."""
    if sale.kind not in SELLS:
        return "" if not sale.tenders else "a transaction without a price took money"
    have, should = kept(sale), delivered(sale)
    return "" if have == should else f"kept {have.minor}, delivered {should.minor}"


def unsettled_costs_nothing(sale: Sale) -> str:
    """Not settled: no charge and no live booking."""
    if sale.is_settled:
        return ""
    if kept(sale).minor != 0:
        return f"{kept(sale).minor} kept for nothing"
    if any(booking.sync is not SyncState.NONE for booking in sale.bookings):
        return "booked without money"
    open_stock = {StockState.ASKED, StockState.HELD, StockState.LETTING_GO, StockState.SOLD}
    return "held for nobody" if any(booking.stock in open_stock for booking in sale.bookings) else ""


def one_live_booking(sale: Sale) -> str:
    """Settled: one live booking behind each delivered ticket, none behind the others."""
    if not sale.is_settled or sale.kind not in SELLS:
        return ""
    for document in sale.tickets:
        booking = sale.booking_of(document)
        if booking is None:
            return f"{document.id} without a booking"
        is_revoked = (document.offer_id, document.part_id) in booking.cancelled_parts
        is_cancelled = booking.sync in {SyncState.CANCEL_DUE, SyncState.CANCELLED}
        is_live = booking.sync is SyncState.DONE or (is_cancelled and not is_revoked)
        if document.state is DocumentState.PRINTED and not is_live and booking.sync is not SyncState.CONFLICT:
            return f"{document.id} delivered without a live booking"
        if document.state is DocumentState.UNDELIVERED and is_live:
            return f"{document.id} undelivered and alive"
    return ""


def debts_are_in_writing(sale: Sale) -> str:
    """What is owed or doubtful is held by a claim slip."""
    nothing = zero(sale.basket.currency)
    owed = total(tuple(each.owed or nothing for each in sale.tenders), sale.basket.currency)
    doubtful = total(tuple(each.doubtful for each in sale.tenders), sale.basket.currency)
    if owed.minor == 0 and doubtful.minor == 0:
        return ""
    if sale.claim is None or (sale.claim.owed, sale.claim.doubtful) != (owed, doubtful):
        return "owed without a claim slip"
    return "" if any(each.kind is DocumentKind.CLAIM for each in sale.documents) else "a claim without a slip"


AT_EVERY_MOMENT: tuple[Rule, ...] = (
    charges_once,
    settles_once_covered,
    prints_only_what_is_settled,
    copies_are_few,
    secrets_are_unique,
    dead_before_refund,
)
AT_REST: tuple[Rule, ...] = (money_adds_up, unsettled_costs_nothing, one_live_booking, debts_are_in_writing)


def broken(sale: Sale) -> tuple[str, ...]:
    """Return what is wrong with a sale as it stands: the rules at rest only once it is finished."""
    wanted = (*AT_EVERY_MOMENT, *AT_REST) if sale.is_finished else AT_EVERY_MOMENT
    return tuple(finding for rule in wanted if (finding := rule(sale)))


def check_step(before: Sale | None, after: Sale, effects: tuple[Effect, ...]) -> None:
    """Hold one step to the rules before it is written.

    Raises:
        RuleBrokenError: names every broken rule.
    """
    findings = [*broken(after), *(finding for effect in effects if (finding := _effect_finding(before, after, effect)))]
    if findings:
        raise RuleBrokenError(f"sale {after.id}: {'; '.join(findings)}")


def _effect_finding(before: Sale | None, after: Sale, effect: Effect) -> str:
    """No effect without its intent in the very state that is written with it; no second charge of one reference."""
    if isinstance(effect, CollectPayment):
        tender = next((each for each in after.tenders if each.reference == effect.reference), None)
        if tender is None or tender.state is not TenderState.INTENT or tender.kind not in BY_REFERENCE:
            return "a charge without an intent"
        if not after.outlasts(after.terms.payment_timeout_s + after.terms.hold_margin_s):
            return "a charge that may outlive its hold"
        is_again = before is not None and any(each.reference == effect.reference for each in before.tenders)
        return "charged twice under one reference" if is_again else ""
    if isinstance(effect, PrintDocument):
        document = after.document(effect.document_id)
        if document.state is not DocumentState.PRINT_INTENT or document.job_id != effect.job_id:
            return "printing without an intent"
        booking = after.booking_of(document)
        is_ticket = document.kind is DocumentKind.TICKET and booking is not None
        return "printing without proof" if is_ticket and booking and not may_print(after, booking) else ""
    return ""
