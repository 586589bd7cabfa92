"""Each rule sees what it is there for: a sale that breaks it is named."""

from random import Random
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import rules
from kiosk.domain.sale.booking import StockState, SyncState
from kiosk.domain.sale.document import Document, DocumentKind, DocumentState
from kiosk.domain.sale.sale import Claim, ClaimReason, Sale
from kiosk.domain.sale.tender import Tender, TenderKind, TenderState

EUR = Money(1200, "EUR")


@pytest.fixture
def done(worlds: ModuleType) -> Sale:
    """Return a sale that went well to its end."""
    world = worlds.World(Random(0), trouble=0.0)
    world.shop(worlds.BASKETS[0])
    world.post(ev.CheckoutAsked(world.at()))
    world.work()
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    world.work()
    world.rest()
    sale: Sale = world.known
    return sale


def card(state: TenderState, reference: str = "R" * 16, **more: Any) -> Tender:
    return Tender(TenderKind.CARD, reference, EUR, state, **more)


def test_a_good_sale_breaks_none(done: Sale) -> None:
    assert rules.broken(done) == ()


def test_two_charges_are_seen(done: Sale) -> None:
    assert "charged" in rules.charges_once(done.with_tender(card(TenderState.UNKNOWN)))


def test_a_sale_settled_without_money_is_seen(done: Sale) -> None:
    assert "settled with 0" in rules.settles_once_covered(replace(done, tenders=()))


def test_paper_before_money_is_seen(done: Sale) -> None:
    assert rules.prints_only_what_is_settled(replace(done, settled_at=None))


def test_too_many_copies_are_seen(done: Sale) -> None:
    assert rules.copies_are_few(done.with_document(replace(done.tickets[0], copies=2)))


def test_two_tickets_with_one_secret_are_seen(done: Sale) -> None:
    assert rules.secrets_are_unique(done.with_document(replace(done.tickets[0], id="ticket-9")))


def test_a_refund_of_a_live_secret_is_seen(done: Sale) -> None:
    lost = done.with_document(replace(done.tickets[0], state=DocumentState.UNDELIVERED))
    assert rules.dead_before_refund(replace(lost, refunded=EUR))
    assert rules.dead_before_refund(replace(lost, refunded=EUR, is_revoke_over=True)) == ""


def test_money_that_does_not_add_up_is_seen(done: Sale) -> None:
    assert "kept" in rules.money_adds_up(done.with_tender(replace(done.tenders[0], returned=Money(1, "EUR"))))
    assert rules.money_adds_up(replace(done, kind=ev.SaleKind.PICKUP))
    assert rules.money_adds_up(replace(done, kind=ev.SaleKind.PICKUP, tenders=())) == ""


def test_what_an_unsettled_sale_may_not_leave_behind_is_seen(done: Sale) -> None:
    unsettled = replace(done, settled_at=None)
    assert "kept for nothing" in rules.unsettled_costs_nothing(unsettled)
    free = replace(unsettled, tenders=())
    assert rules.unsettled_costs_nothing(free) == "booked without money"
    held = replace(done.bookings[0], sync=SyncState.NONE, stock=StockState.HELD)
    assert rules.unsettled_costs_nothing(free.with_booking(held)) == "held for nobody"
    gone = replace(held, stock=StockState.RELEASED)
    assert rules.unsettled_costs_nothing(free.with_booking(gone)) == ""


def test_tickets_and_bookings_that_do_not_match_are_seen(done: Sale) -> None:
    booking, ticket = done.bookings[0], done.tickets[0]
    assert "without a booking" in rules.one_live_booking(replace(done, bookings=()))
    assert "without a live booking" in rules.one_live_booking(done.with_booking(replace(booking, sync=SyncState.DUE)))
    alive = done.with_document(replace(ticket, state=DocumentState.UNDELIVERED))
    assert "undelivered and alive" in rules.one_live_booking(alive)
    assert rules.one_live_booking(replace(done, kind=ev.SaleKind.PICKUP)) == ""


def test_debts_without_a_slip_are_seen(done: Sale) -> None:
    owing = done.with_tender(replace(done.tenders[0], owed=EUR))
    assert rules.debts_are_in_writing(owing) == "owed without a claim slip"
    claim = Claim("C", (ClaimReason.NOT_GIVEN_BACK,), EUR, Money(0, "EUR"))
    assert rules.debts_are_in_writing(replace(owing, claim=claim)) == "a claim without a slip"
    slip = Document("claim-1", DocumentKind.CLAIM, state=DocumentState.UNDELIVERED)
    assert rules.debts_are_in_writing(replace(owing, claim=claim).with_document(slip)) == ""


def test_effects_without_their_intent_are_seen(done: Sale) -> None:
    tender, ticket, booking = done.tenders[0], done.tickets[0], done.bookings[0]
    charge = do.CollectPayment(tender.reference, EUR)
    asked = done.with_tender(replace(tender, state=TenderState.INTENT))
    with pytest.raises(rules.RuleBrokenError, match="without an intent"):
        rules.check_step(None, done, (charge,))
    with pytest.raises(rules.RuleBrokenError, match="twice under one reference"):
        rules.check_step(asked, replace(asked, settled_at=None, documents=(), is_finished=False), (charge,))
    late = replace(booking, needs_capacity=True, hold_expires=done.now)
    with pytest.raises(rules.RuleBrokenError, match="outlive its hold"):
        rules.check_step(None, asked.with_booking(late), (charge,))
    job = do.PrintDocument(ticket.id, ticket.kind, ticket.job_id, 1)
    with pytest.raises(rules.RuleBrokenError, match="printing without an intent"):
        rules.check_step(None, done, (job,))
    printing = done.with_document(replace(ticket, state=DocumentState.PRINT_INTENT))
    unproven = printing.with_booking(replace(booking, sync=SyncState.DUE, is_wait_over=False))
    with pytest.raises(rules.RuleBrokenError, match="without proof"):
        rules.check_step(None, unproven, (job,))
