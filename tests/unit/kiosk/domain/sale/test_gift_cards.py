"""Gift cards: charged once by their platform, for a part or the whole, and given back in any part."""

from random import Random
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import rules
from kiosk.domain.sale.sale import Stage
from kiosk.domain.sale.tender import TenderKind, TenderState

CARD = ev.PlatformCard("rail", "7", "J2Q9")
FIVE, SEVEN, PRICE = Money(500, "EUR"), Money(700, "EUR"), Money(1200, "EUR")


def held(worlds: ModuleType, basket: int = 0) -> Any:
    world = worlds.World(Random(0), trouble=0.0)
    world.shop(worlds.BASKETS[basket])
    world.post(ev.CheckoutAsked(world.at()))
    while world.pending:
        world.work()
    assert world.known.stage is Stage.PAYING
    return world


def chosen(world: Any, amount: Money | None = None, card: ev.PlatformCard | None = CARD) -> ev.TenderChosen:
    return ev.TenderChosen(TenderKind.GIFT_CARD, world.at(), amount=amount, card=card)


def test_a_part_is_paid_by_gift_card_and_the_rest_by_card(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(chosen(world, FIVE))
    (tender,) = world.known.tenders
    assert world.pending == [do.CollectPayment(tender.reference, FIVE, CARD)]
    assert (tender.state, tender.card) == (TenderState.INTENT, CARD)
    world.work()
    assert (world.known.due, world.known.is_settled) == (SEVEN, False)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    world.work()
    assert world.known.is_settled
    assert [(each.amount, card.id) for each, card in world.known.gift_cards] == [(FIVE, "7")]
    world.rest()
    assert rules.kept(world.known) == PRICE


@pytest.mark.parametrize(
    ("amount", "card", "problem"),
    [
        (None, None, "gift_card.unknown"),
        (None, ev.PlatformCard("hall", "7"), "gift_card.of_another_platform"),
        (Money(1201, "EUR"), CARD, "sale.amount_beyond_due"),
    ],
)
def test_a_gift_card_that_cannot_pay_asks_nobody(
    worlds: ModuleType, amount: Money | None, card: ev.PlatformCard | None, problem: str
) -> None:
    world = held(worlds)
    world.post(chosen(world, amount, card))
    assert (world.known.problem, world.known.tenders, world.pending) == (problem, (), [])


def test_a_basket_of_two_platforms_takes_none(worlds: ModuleType) -> None:
    world = held(worlds, 3)
    world.post(chosen(world, FIVE))
    assert world.known.problem == "gift_card.of_another_platform"


def test_a_short_hold_is_prolonged_and_the_same_part_is_then_charged(worlds: ModuleType) -> None:
    world = held(worlds, 1)
    booking = world.known.bookings[0]
    short = replace(booking, hold_expires=world.now)
    world.sale = world.known.with_booking(short)
    world.post(chosen(world, FIVE))
    assert [type(each) for each in world.pending] == [do.MakeHold]
    world.work()
    assert world.pending == [do.CollectPayment(world.known.tenders[0].reference, FIVE, CARD)]


def test_a_lost_answer_is_asked_after_and_never_charged_again(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(chosen(world))
    reference = world.known.tenders[0].reference
    world.pending.clear()
    world.post(ev.PaymentUnknown(reference, world.at()))
    assert world.pending == [do.QueryPayment(reference, PRICE, 0.0, CARD)]
    world.post(chosen(world))
    assert world.known.problem == "sale.wait"
    world.post(ev.PaymentDeclined(reference, world.at(), "gift_card.not_charged", was_asked=False))
    assert (world.known.tenders[0].state, world.known.problem) == (TenderState.DECLINED, "gift_card.not_charged")


def test_a_power_cut_between_intent_and_answer_asks_the_platform_and_gives_back_what_it_took(
    worlds: ModuleType,
) -> None:
    world = held(worlds)
    world.post(chosen(world, FIVE))
    reference = world.known.tenders[0].reference
    world.answer(world.pending.pop())  # the platform took it, and nobody heard
    world.post(ev.Restarted(world.at()))
    assert do.QueryPayment(reference, FIVE, 0.0, CARD) in world.pending
    world.rest()
    assert (world.taken[reference], world.known.tenders[0].state) == (0, TenderState.VOIDED)


@pytest.mark.parametrize("state", [TenderState.VOID_INTENT, TenderState.VOID_UNKNOWN])
def test_a_power_cut_while_a_part_goes_back_asks_for_the_same_part(worlds: ModuleType, state: TenderState) -> None:
    world = held(worlds)
    world.post(chosen(world))
    world.work()
    (tender,) = world.known.tenders
    world.sale = world.known.with_tender(replace(tender, state=state, giving=FIVE))
    world.pending.clear()
    world.post(ev.Restarted(world.at()))
    assert do.ReversePayment(tender.reference, FIVE, 0.0, CARD) in world.pending


def test_cancelling_asks_nobody_to_stop_and_gives_back_what_was_taken(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(chosen(world, FIVE))
    reference = world.known.tenders[0].reference
    world.post(ev.TenderCancelled(world.at()))
    assert do.AbortPayment(reference, CARD) in world.pending
    world.pending.clear()
    world.post(ev.PaymentApproved(reference, FIVE, world.at(), platform_id="rail"))
    assert world.pending == [do.ReversePayment(reference, FIVE, 0.0, CARD)]


def test_going_back_to_the_basket_gives_a_part_back_and_the_booking_says_nothing_of_it(worlds: ModuleType) -> None:
    world = held(worlds)
    world.post(chosen(world, FIVE))
    world.work()
    world.gifts[world.known.tenders[0].reference] = "charged"
    world.post(ev.BackToBasket())
    while world.pending:
        world.work()
    assert world.known.tenders[0].returned == FIVE
    world.post(ev.CheckoutAsked(world.at()))
    while world.pending:
        world.work()
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    world.work()
    assert world.known.is_settled
    assert world.known.gift_cards == ()


def test_only_the_undelivered_part_goes_back_to_the_card(worlds: ModuleType) -> None:
    """Two tickets, one is printed, the printer then fails for good; the card gets the other's price."""
    world = held(worlds, 1)
    world.post(chosen(world))
    world.work()
    first, second = world.known.tickets
    world.deliver()
    for _ in range(60):
        for effect in tuple(world.pending):
            world.pending.remove(effect)
            if isinstance(effect, do.PrintDocument) and effect.document_id == second.id:
                world.post(ev.DocumentNotPrinted(second.id, effect.job_id, world.at(), "printer.paper_out"))
            elif not isinstance(effect, do.StartTimer) and (event := world.answer(effect)) is not None:
                world.post(event)
        world.deliver()
    (tender,) = world.known.tenders
    assert (tender.state, tender.returned) == (TenderState.VOIDED, Money(600, "EUR"))
    assert world.taken[tender.reference] == 1200
    world.rest()
    assert first.id != second.id


def test_the_code_of_a_card_is_no_part_of_what_is_journalled() -> None:
    assert set(ev.PlatformCard.__struct_fields__) == {"platform_id", "id", "hint"}
