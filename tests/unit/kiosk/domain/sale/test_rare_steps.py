"""Steps a traveller seldom meets: odd cash, lost answers to holds and reversals, secrets a platform issues."""

from datetime import timedelta
from random import Random
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import following
from kiosk.domain.sale.booking import StockState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.step import step
from kiosk.domain.sale.tender import ASKS_MAX, PieceState, TenderKind, TenderState

SOME = Money(300, "EUR")


@pytest.fixture
def world(worlds: ModuleType) -> Any:
    return worlds.World(Random(0), trouble=0.0)


def hold(world: Any, basket: tuple[Any, ...]) -> do.MakeHold:
    """Ask for the basket and return the wish to hold it, taken from the queue."""
    world.shop(basket)
    world.post(ev.CheckoutAsked(world.at()))
    wish = world.pending.pop()
    assert isinstance(wish, do.MakeHold)
    return wish


def held(world: Any, basket: tuple[Any, ...]) -> None:
    world.post(world.answer(hold(world, basket)))
    assert world.known.stage is Stage.PAYING


# ---- cash


def test_the_exact_amount_taken_by_hand_owes_no_change(world: Any, worlds: ModuleType) -> None:
    held(world, worlds.BASKETS[0])
    world.post(ev.TenderChosen(TenderKind.CASH, world.at(), handed=Money(1200, "EUR")))
    assert world.known.is_settled
    assert world.known.tenders[0].change is None
    assert world.known.cash_inserted == Money(1200, "EUR")
    world.rest()


def test_cash_taken_by_hand_goes_back_out_of_the_drawer(world: Any, worlds: ModuleType) -> None:
    held(world, worlds.BASKETS[0])
    world.post(ev.TenderChosen(TenderKind.CASH, world.at(), amount=SOME, handed=Money(500, "EUR")))
    assert world.known.due == Money(900, "EUR")
    world.pending.clear()
    world.post(ev.BackToBasket())
    assert do.OpenDrawer() in world.pending
    assert not any(isinstance(each, do.DispenseCash) for each in world.pending)
    tender = world.known.tenders[0]
    assert (tender.state, tender.returned) == (TenderState.VOIDED, SOME)
    world.rest()


def test_a_note_of_another_currency_is_given_back_in_words(world: Any, worlds: ModuleType) -> None:
    held(world, worlds.BASKETS[0])
    world.post(ev.TenderChosen(TenderKind.CASH, world.at()))
    reference = world.known.tenders[0].reference
    world.pieces["p"] = (500, "escrow")
    world.post(ev.PieceOffered(reference, "p", Money(500, "CHF"), world.at()))
    assert world.known.problem == "cash.other_currency"
    assert do.GiveBackPiece(reference, "p") in world.pending
    assert not any(each.state is PieceState.ACCEPT_INTENT for each in world.known.tenders[0].pieces)


# ---- the basket and its holds


def test_an_offer_in_another_currency_stays_out_of_the_basket(world: Any, worlds: ModuleType) -> None:
    (first,) = worlds.BASKETS[0]
    world.sale, _ = step(None, replace(worlds.opened(), currency="CHF"))
    world.post(ev.OfferChosen(first))
    assert world.known.problem == "sale.other_currency"
    assert world.known.basket.offers == ()


def test_a_hold_nobody_answers_for_is_asked_again_under_its_id_and_then_let_go(world: Any, worlds: ModuleType) -> None:
    wish = hold(world, worlds.BASKETS[1])
    for _ in range(ASKS_MAX - 1):
        world.post(ev.HoldUnknown(wish.platform_id, wish.hold_id, world.at()))
        assert world.pending.pop() == wish
    world.post(ev.HoldUnknown(wish.platform_id, wish.hold_id, world.at()))
    assert world.pending == [do.ReleaseHold(wish.platform_id, wish.hold_id)]
    assert (world.known.stage, world.known.problem) == (Stage.CHOOSING, "sale.needs_the_network")


def test_a_hold_nobody_answers_for_is_done_without_where_none_is_needed(world: Any, worlds: ModuleType) -> None:
    wish = hold(world, worlds.BASKETS[0])
    for _ in range(ASKS_MAX):
        world.post(ev.HoldUnknown(wish.platform_id, wish.hold_id, world.at()))
    assert world.known.stage is Stage.PAYING
    assert world.known.bookings[0].is_provisional


def test_a_longer_hold_that_is_refused_gives_back_what_was_paid(world: Any, worlds: ModuleType) -> None:
    held(world, worlds.BASKETS[1])
    world.post(ev.TenderChosen(TenderKind.CARD, world.at(), amount=SOME))
    world.work()
    assert world.known.paid == SOME
    world.now = world.known.hold_expires - timedelta(seconds=60)
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    wish = world.pending.pop()
    world.post(ev.HoldRefused(wish.platform_id, wish.hold_id, "sold_out"))
    assert world.known.leaving == "hold.sold_out"
    assert world.known.tenders[0].state is TenderState.VOID_INTENT
    world.rest()
    assert world.known.tenders[0].state is TenderState.VOIDED
    assert world.known.bookings[0].stock is StockState.RELEASED


# ---- money on its way back, and the platform's word


def test_a_reversal_without_an_answer_is_asked_for_again_after_a_restart(world: Any, worlds: ModuleType) -> None:
    held(world, worlds.BASKETS[0])
    world.post(ev.TenderChosen(TenderKind.CARD, world.at(), amount=SOME))
    world.work()
    world.post(ev.BackToBasket())
    reference = world.known.tenders[0].reference
    world.post(ev.ReversalUnknown(reference, world.at()))
    assert world.known.tenders[0].state is TenderState.VOID_UNKNOWN
    world.pending.clear()
    world.crash()
    assert world.known.tenders[0].state is TenderState.VOID_UNKNOWN
    assert do.ReversePayment(reference, SOME) in world.pending
    world.rest()
    assert world.payments[reference] == "reversed"


def test_a_ticket_carries_the_secret_its_platform_issued(world: Any, worlds: ModuleType) -> None:
    held(world, worlds.BASKETS[1])
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    world.work()
    own = [each.secret for each in world.known.tickets]
    code = world.known.bookings[0].code
    world.post(ev.BookingProven(code, world.at(), (("two", "two-1", "THEIRS"),)))
    assert [each.secret for each in world.known.tickets] == [own[0], "THEIRS"]


def test_rules_that_never_rest_are_seen(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def restless(sale: Sale) -> tuple[Sale, tuple[do.Effect, ...]]:
        return sale, ()

    monkeypatch.setattr(following, "RULES", (restless,))
    with pytest.raises(RuntimeError, match="do not come to rest"):
        following.follow(world.known)


def test_an_actor_is_written_by_staff_number_and_never_by_name() -> None:
    assert str(ev.Actor(ev.ActorKind.CLERK, "17")) == "clerk:17"
    assert str(ev.CUSTOMER) == "customer"
