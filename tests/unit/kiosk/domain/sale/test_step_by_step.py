"""Single steps that the bad worlds meet seldom: pick-up, reprint, the drawer by hand, offline, and words for a page."""

from datetime import timedelta
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
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Stage
from kiosk.domain.sale.step import step
from kiosk.domain.sale.tender import TenderKind, TenderState


def good_world(worlds: ModuleType, basket: int = 0) -> Any:
    world = worlds.World(Random(0), trouble=0.0)
    world.shop(worlds.BASKETS[basket])
    return world


def held(worlds: ModuleType, basket: int = 0) -> Any:
    world = good_world(worlds, basket)
    world.post(ev.CheckoutAsked(world.at()))
    while world.pending:
        world.work()
    assert world.known.stage is Stage.PAYING
    return world


def found_world(worlds: ModuleType, kind: ev.SaleKind, *tickets: ev.FoundTicket) -> Any:
    world = worlds.World(Random(0), trouble=0.0)
    world.sale, _ = step(None, worlds.opened(kind))
    world.post(ev.PickUpAsked("CODE"))
    assert world.pending == [do.FindBooking("CODE")]
    world.pending.clear()
    offers = (worlds.BASKETS[1][0],)
    world.post(ev.BookingFound("CODE", "rail", offers, tickets, world.at()))
    return world


def test_a_pick_up_prints_what_was_never_printed_and_tells_the_platform(worlds: ModuleType) -> None:
    world = found_world(
        worlds,
        ev.SaleKind.PICKUP,
        ev.FoundTicket("two", "two-0", "s0", is_live=True, print_count=1),
        ev.FoundTicket("two", "two-1", "s1", is_live=True),
    )
    assert world.known.stage is Stage.CHOOSING
    assert world.known.problem == ""
    world.post(ev.CheckoutAsked(world.at()))
    assert [each.secret for each in world.known.tickets] == ["s1"]
    for _ in range(5):
        world.work()
    assert world.known.tickets[0].state is DocumentState.PRINTED
    assert [kind for kind, *_ in world.outbox] == ["print"]
    world.post(ev.CustomerLeft())
    assert world.known.is_finished
    assert rules.broken(world.known) == ()


def test_an_add_on_stands_on_the_ticket_it_adds_to_in_a_pick_up_too(worlds: ModuleType) -> None:
    world = worlds.World(Random(0), trouble=0.0)
    world.sale, _ = step(None, worlds.opened(ev.SaleKind.PICKUP))
    offer = worlds.offer("show", "rail", 500, 300, 200)
    host, guide, gone = offer.parts
    parts = (host, replace(guide, addon_to=host.id), replace(gone, addon_to=host.id))
    tickets = (
        ev.FoundTicket("show", host.id, "s0", is_live=True),
        ev.FoundTicket("show", guide.id, "s1", is_live=True),
        ev.FoundTicket("show", gone.id, "s2", is_live=False),
    )
    world.post(ev.BookingFound("CODE", "rail", (replace(offer, parts=parts),), tickets, world.at()))
    world.post(ev.CheckoutAsked(world.at()))
    [ticket] = world.known.tickets
    assert (ticket.part_id, ticket.addon_ids) == (host.id, (guide.id,))


def test_tickets_of_several_bookings_keep_each_its_own_code(worlds: ModuleType) -> None:
    tickets = (
        ev.FoundTicket("two", "two-0", "s0", is_live=True, code="CODE"),
        ev.FoundTicket("two", "two-1", "s1", is_live=True, code="OTHER"),
    )
    world = found_world(worlds, ev.SaleKind.PICKUP, *tickets)
    world.post(ev.CheckoutAsked(world.at()))
    assert [each.code for each in world.known.tickets] == ["CODE", "OTHER"]


def test_what_a_gift_card_on_the_medium_holds_is_told_until_another_is_read(worlds: ModuleType) -> None:
    world = worlds.World(Random(0), trouble=0.0)
    world.sale, _ = step(None, worlds.opened(ev.SaleKind.PICKUP))
    world.post(ev.PickUpAsked("", "04A1"))
    assert world.pending == [do.FindBooking("", "04A1")]
    world.post(ev.BookingNotFound("pickup.only_gift_card", world.at(), Money(2500, "EUR")))
    assert world.known.balance == Money(2500, "EUR")
    world.post(ev.PickUpAsked("", "04B2"))
    assert world.known.balance is None


def test_a_reprint_is_marked_and_keeps_its_secret(worlds: ModuleType) -> None:
    ticket = ev.FoundTicket("two", "two-0", "s0", is_live=True, print_count=1)
    world = found_world(worlds, ev.SaleKind.REPRINT, ticket)
    world.post(ev.CheckoutAsked(world.at()))
    assert [(each.secret, each.copy) for each in world.known.tickets] == [("s0", 1)]


@pytest.mark.parametrize(
    ("ticket", "problem"),
    [
        (ev.FoundTicket("two", "two-0", "s", is_live=True, print_count=1), "pickup.already_printed"),
        (ev.FoundTicket("two", "two-0", "s", is_live=False), "pickup.cancelled"),
    ],
)
def test_a_pick_up_says_why_it_prints_nothing(worlds: ModuleType, ticket: ev.FoundTicket, problem: str) -> None:
    world = found_world(worlds, ev.SaleKind.PICKUP, ticket)
    assert world.known.problem == problem
    world.post(ev.CheckoutAsked(world.at()))
    assert world.known.problem == problem
    assert world.known.tickets == ()


def test_a_pick_up_that_finds_nothing_stays_open_for_another_code(worlds: ModuleType) -> None:
    world = worlds.World(Random(0), trouble=0.0)
    world.sale, _ = step(None, worlds.opened(ev.SaleKind.PICKUP))
    world.post(ev.CheckoutAsked(world.at()))
    assert world.known.problem == "pickup.nothing_found"
    world.post(ev.PickUpAsked("X"))
    world.post(ev.BookingNotFound("pickup.not_found", world.at()))
    assert world.known.problem == "pickup.not_found"
    assert world.known.stage is Stage.CHOOSING


def test_a_clerk_takes_cash_by_hand_and_gives_change_at_once(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(ev.TenderChosen(TenderKind.CASH, world.at(), handed=Money(2000, "EUR")))
    assert world.known.is_settled
    assert world.known.change == Money(800, "EUR")
    assert do.OpenDrawer() in world.pending
    world.rest()
    assert rules.kept(world.known) == Money(1200, "EUR")


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({"kind": TenderKind.FREE}, "sale.not_free"),
        ({"kind": TenderKind.VOUCHER}, "sale.voucher_not_here"),
        ({"kind": TenderKind.CARD, "amount": Money(1300, "EUR")}, "sale.amount_beyond_due"),
        ({"kind": TenderKind.CASH, "handed": Money(100, "EUR")}, "sale.handed_too_little"),
    ],
)
def test_a_tender_that_does_not_fit_is_refused_in_words(
    worlds: ModuleType, chosen: dict[str, Any], problem: str
) -> None:
    world = held(worlds)
    world.post(ev.TenderChosen(at=world.at(), **chosen))
    assert world.known.problem == problem
    assert world.known.tenders == ()


def test_a_free_sale_is_a_sale(worlds: ModuleType) -> None:
    world = held(worlds, 2)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    assert world.known.problem == "sale.nothing_to_pay"
    world.post(ev.TenderChosen(TenderKind.FREE, world.at()))
    assert world.known.is_settled
    world.rest()
    assert world.known.stage is Stage.DONE
    assert world.known.due.minor == 0


def test_what_needs_no_promise_is_sold_while_the_platform_is_away(worlds: ModuleType) -> None:
    world = good_world(worlds)
    world.post(ev.CheckoutAsked(world.at()))
    hold = world.pending.pop()
    world.post(ev.HoldUnreachable(hold.platform_id, hold.hold_id, world.at()))
    assert world.known.bookings[0].is_provisional
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    world.work()
    assert world.known.stage is Stage.PRINTING, "no wait for a proof that cannot come"
    world.rest()
    assert world.known.bookings[0].sync is SyncState.DONE


def test_what_needs_a_promise_is_refused_while_the_platform_is_away(worlds: ModuleType) -> None:
    world = good_world(worlds, 1)
    world.post(ev.CheckoutAsked(world.at()))
    hold = world.pending.pop()
    world.post(ev.HoldUnreachable(hold.platform_id, hold.hold_id, world.at()))
    assert (world.known.stage, world.known.problem) == (Stage.CHOOSING, "sale.needs_the_network")


def test_a_sale_in_progress_finishes_on_its_hold(worlds: ModuleType) -> None:
    world = held(worlds, 1)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    while not world.known.is_settled:
        world.work()
    code = world.known.bookings[0].code
    assert world.known.stage is Stage.CONFIRMING
    world.post(ev.BookingTried(code, world.at(), was_sent=False))
    assert world.known.stage is Stage.PRINTING
    world.rest()


def test_a_platform_that_must_confirm_is_never_printed_unproven(worlds: ModuleType) -> None:
    world = held(worlds, 3)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    while not world.known.is_settled:
        world.pending = [each for each in world.pending if not isinstance(each, do.StartTimer)]
        world.work()
    world.pending.clear()
    world.post(ev.Ticked(ev.Timer.CONFIRM, world.at()))
    by_hall = [each for each in world.known.tickets if each.offer_id == "b"]
    assert [each.state for each in by_hall] == [DocumentState.UNDELIVERED]
    world.crash()
    world.rest()


def test_a_short_hold_is_prolonged_before_any_money_is_asked_for(worlds: ModuleType) -> None:
    world = held(worlds, 1)
    expires = world.known.hold_expires
    assert expires is not None
    world.now = expires - timedelta(seconds=60)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    assert world.known.tenders == ()
    assert [type(each) for each in world.pending] == [do.MakeHold]
    world.work()
    assert [each.state for each in world.known.tenders] == [TenderState.INTENT]
    world.rest()


def test_the_basket_can_be_changed_until_it_is_held(worlds: ModuleType) -> None:
    world = good_world(worlds)
    world.post(ev.OfferRemoved("one"))
    world.post(ev.CheckoutAsked(world.at()))
    assert world.known.problem == "sale.basket_empty"
    world.shop(worlds.BASKETS[0])
    world.now += timedelta(days=2)
    world.post(ev.CheckoutAsked(world.at()))
    assert world.known.problem == "sale.offer_expired"
    world.post(ev.OfferChosen(worlds.offer("big", "rail", *([1] * 51))))
    assert world.known.problem == "sale.basket_full"
    world.post(ev.LanguageChosen("zh"))
    assert world.known.language == "zh"


def test_for_whom_it_is_can_be_said_and_corrected_until_it_is_held(worlds: ModuleType) -> None:
    world = good_world(worlds)
    world.post(ev.PurchaserGiven(("holder",)))
    first = world.known
    world.post(ev.PurchaserGiven(("holder",)))
    assert world.known != first, "a corrected name is a step of its own, so that it is written"
    assert world.known.purchaser_fields == ("holder",)
    world = held(worlds)
    world.post(ev.PurchaserGiven(("mail",)))
    assert world.known.purchaser_fields == ()


def test_what_a_ticket_asks_is_answered_before_it_is_held(worlds: ModuleType) -> None:
    world = good_world(worlds)
    offer = world.known.basket.offers[0]
    part = replace(offer.parts[0], asks=("age", "meal"))
    world.post(ev.OfferChosen(replace(offer, parts=(part, *offer.parts[1:]))))
    world.post(ev.PurchaserGiven(("answers",), ((offer.id, part.id, "age"),)))
    world.post(ev.CheckoutAsked(world.at()))
    assert (world.known.problem, world.known.stage) == ("sale.unanswered", Stage.CHOOSING)
    world.post(ev.PurchaserGiven(("answers",), tuple((offer.id, part.id, each) for each in part.asks)))
    world.post(ev.CheckoutAsked(world.at()))
    assert (world.known.problem, world.known.stage) == ("", Stage.HOLDING)


def test_one_step_back_gives_back_what_was_paid_in(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at(), amount=Money(300, "EUR")))
    world.work()
    assert world.known.paid == Money(300, "EUR")
    world.post(ev.BackToBasket())
    while world.pending:
        world.work()
    assert world.known.stage is Stage.CHOOSING
    assert [each.state for each in world.known.tenders] == [TenderState.VOIDED]
    assert world.known.bookings[0].stock is StockState.RELEASED
    world.rest()


def test_a_device_that_charges_another_amount_gives_it_back(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    effect = world.pending.pop()
    world.payments[effect.reference] = "charged"
    world.post(ev.PaymentApproved(effect.reference, Money(1100, "EUR"), world.at()))
    assert world.known.problem == "payment.amount_differs"
    assert [each.state for each in world.known.tenders] == [TenderState.VOID_INTENT]
    world.rest()


def test_a_device_that_never_ends_is_asked_to_stop(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    reference = world.known.tenders[0].reference
    world.payments[reference] = "none"
    world.pending.clear()
    world.post(ev.PaymentUnknown(reference, world.at()))
    for _ in range(20):
        world.post(ev.PaymentInProgress(reference, world.at()))
    assert do.AbortPayment(reference) in world.pending
    world.rest()
