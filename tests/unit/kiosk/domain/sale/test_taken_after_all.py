"""A platform refuses a booking and then takes it after all: what was paid back meanwhile must not stay alive there."""

from random import Random
from types import ModuleType
from typing import Any

import pytest

from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import rules
from kiosk.domain.sale.booking import SyncState
from kiosk.domain.sale.tender import TenderKind


def paid(worlds: ModuleType, basket: int = 1) -> Any:
    """Return a world whose booking is on its way."""
    world = worlds.World(Random(0), trouble=0.0)
    world.shop(worlds.BASKETS[basket])
    world.post(ev.CheckoutAsked(world.at()))
    while world.pending:
        world.work()
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    while not world.known.is_settled:
        world.pending = [each for each in world.pending if not isinstance(each, do.StartTimer)]
        world.work()
    world.pending.clear()
    return world


def paid_back(world: Any) -> None:
    """Answer the reversal that a refusal begins."""
    [reversal] = [each for each in world.pending if isinstance(each, do.ReversePayment)]
    world.post(ev.ReversalDone(reversal.reference, world.at()))
    assert world.known.refunded == Money(1800, "EUR")


@pytest.mark.parametrize(("change", "back", "told_minor"), [(3200, 1800, 1800), (2000, 1000, 1000), (2000, 1800, 1800),
                                                            (0, 0, 0)])  # fmt: skip
def test_the_platform_is_told_what_the_cash_unit_really_paid_back(
    worlds: ModuleType, change: int, back: int, told_minor: int
) -> None:
    """50.00 for 18.00: change and what goes back for the ticket may each fall short, and the slip holds the rest."""
    world = worlds.World(Random(0), trouble=0.0)
    world.shop(worlds.BASKETS[1])
    world.post(ev.CheckoutAsked(world.at()))
    while world.pending:
        world.work()
    world.post(ev.TenderChosen(TenderKind.CASH, world.at()))
    reference = world.known.tenders[0].reference
    world.post(ev.PieceOffered(reference, "note", Money(5000, "EUR"), world.at()))
    world.post(ev.PieceStacked(reference, "note", world.at()))
    world.post(ev.ChangeDispensed(f"{reference}C", Money(change, "EUR"), is_certain=True, at=world.at()))
    code = world.known.bookings[0].code
    world.post(ev.BookingProven(code, world.at()))
    while any(each.is_pending for each in world.known.tickets):
        printing = next(each for each in world.known.documents if each.job_id and each.state == "print_intent")
        world.post(ev.DocumentNotPrinted(printing.id, printing.job_id, world.at(), "printer.broken"))
        world.post(ev.Ticked(ev.Timer.PAPER, world.at()))
    world.post(ev.CancelProven(code, world.at()))
    world.post(ev.ChangeDispensed(f"{reference}R", Money(back, "EUR"), is_certain=True, at=world.at()))
    for each in [each for each in world.known.documents if each.kind == "claim"]:
        world.post(ev.DocumentPrinted(each.id, each.job_id, world.at()))
    world.post(ev.CustomerLeft())
    assert world.known.is_finished
    assert rules.broken(world.known) == ()
    owed = world.known.claim.owed.minor if world.known.claim else 0
    assert owed == 5000 - change - back
    assert told(world) == ([("rail", told_minor)] if told_minor else [])


@pytest.mark.parametrize("is_finished", [True, False])
def test_a_booking_taken_after_its_money_went_back_is_cancelled_there(worlds: ModuleType, *, is_finished: bool) -> None:
    world = paid(worlds)
    code = world.known.bookings[0].code
    world.post(ev.BookingRefused(code, "sold_out", world.at()))
    paid_back(world)
    if is_finished:
        world.post(ev.CustomerLeft())
    assert world.known.is_finished is is_finished
    world.outbox.clear()
    # The power went before the refusal was noted in the queue: asked again, the platform has room.
    world.post(ev.BookingProven(code, world.at()))
    assert world.known.bookings[0].sync is SyncState.CANCEL_DUE
    [(kind, _, _, parts), *more] = world.outbox
    assert (kind, set(parts)) == ("cancel", {("two", "two-0"), ("two", "two-1")})
    assert [each for each, *_ in more] == (["refund"] if is_finished else [])
    world.post(ev.CancelProven(code, world.at()))
    world.post(ev.CustomerLeft())
    assert world.known.is_finished
    assert world.known.bookings[0].sync is SyncState.CANCELLED
    assert [each for each, *_ in world.outbox] == ["cancel", "refund"]
    assert rules.broken(world.known) == ()


def test_a_cancellation_already_on_its_way_is_not_sent_twice(worlds: ModuleType) -> None:
    world = paid(worlds, basket=3)
    rail, hall = (each.code for each in world.known.bookings)
    world.post(ev.BookingProven(rail, world.at()))
    world.post(ev.Ticked(ev.Timer.CONFIRM, world.at()))
    while any(each.is_pending for each in world.known.tickets):
        world.work()
    assert world.known.bookings[1].sync is SyncState.CANCEL_DUE
    world.post(ev.BookingRefused(hall, "sold_out", world.at()))
    assert world.known.refunded == Money(900, "EUR")
    world.post(ev.BookingProven(hall, world.at()))
    assert world.known.bookings[1].sync is SyncState.CANCEL_DUE
    assert [code for kind, code, *_ in world.outbox if kind == "cancel"] == [hall]
    world.post(ev.CancelProven(hall, world.at()))
    assert world.known.bookings[1].sync is SyncState.CANCELLED
    assert rules.broken(world.known) == ()


def test_what_another_platform_had_refused_is_not_told_to_the_one_that_cancelled(worlds: ModuleType) -> None:
    world = paid(worlds, basket=3)
    rail, hall = (each.code for each in world.known.bookings)
    world.post(ev.BookingRefused(rail, "sold_out", world.at()))
    world.post(ev.Ticked(ev.Timer.CONFIRM, world.at()))
    world.post(ev.CancelProven(hall, world.at()))
    [reversal] = [each for each in world.pending if isinstance(each, do.ReversePayment)]
    world.post(ev.ReversalDone(reversal.reference, world.at()))
    world.post(ev.CustomerLeft())
    assert world.known.is_finished
    assert world.known.refunded == Money(1900, "EUR")
    [hall_offer] = [each for each in world.known.offers if each.id in world.known.bookings[1].offer_ids]
    assert told(world) == [("hall", hall_offer.price.minor)]
    assert hall_offer.price < Money(1900, "EUR")


def told(world: Any) -> list[tuple[str, int]]:
    """Return what each platform was told to have been paid back."""
    return [(each.platform_id, each.amount.minor) for each in world.refunds]


def test_each_platform_is_told_what_was_paid_back_for_its_own_tickets(worlds: ModuleType) -> None:
    """Both platforms had taken their part; nothing of either came out of the printer."""
    world = paid(worlds, basket=3)
    rail, hall = (each.code for each in world.known.bookings)
    prices = {each.platform_id: sum(o.price.minor for o in world.known.offers if o.id in each.offer_ids)
              for each in world.known.bookings}  # fmt: skip
    for code in (rail, hall):
        world.post(ev.BookingProven(code, world.at()))
    while any(each.is_pending for each in world.known.tickets):
        printing = next(each for each in world.known.documents if each.job_id and each.state == "print_intent")
        world.post(ev.DocumentNotPrinted(printing.id, printing.job_id, world.at(), "printer.broken"))
        world.post(ev.Ticked(ev.Timer.PAPER, world.at()))
    for code in (rail, hall):
        world.post(ev.CancelProven(code, world.at()))
    [reversal] = [each for each in world.pending if isinstance(each, do.ReversePayment)]
    world.post(ev.ReversalDone(reversal.reference, world.at()))
    world.post(ev.CustomerLeft())
    assert world.known.is_finished
    assert told(world) == [(each.platform_id, prices[each.platform_id]) for each in world.known.bookings]
