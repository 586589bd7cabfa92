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
    assert [kind for kind, *_ in world.outbox if kind == "refund"] == []
