"""An answer that no longer fits, or belongs to nobody here, changes nothing of a sale."""

from dataclasses import replace
from datetime import datetime
from random import Random
from types import ModuleType

import pytest

from kiosk.domain.money import Money
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.step import step
from kiosk.domain.sale.tender import TenderKind

CENT = Money(100, "EUR")


def strangers(at: datetime) -> tuple[ev.Event, ...]:
    return (
        ev.PaymentApproved("NOBODY", CENT, at),
        ev.PaymentDeclined("NOBODY", at),
        ev.PaymentUnknown("NOBODY", at),
        ev.PaymentInProgress("NOBODY", at),
        ev.PieceStacked("NOBODY", "1", at),
        ev.PieceReturned("NOBODY", "1", at),
        ev.PieceUnknown("NOBODY", "1", at),
        ev.CashStopped("NOBODY", at),
        ev.ChangeDispensed("NOBODY", CENT, True, at),
        ev.ReversalDone("NOBODY", at),
        ev.ReversalRefused("NOBODY", at),
        ev.ReversalUnknown("NOBODY", at),
        ev.BookingTried("NOCODE", at),
        ev.BookingProven("NOCODE", at),
        ev.BookingRefused("NOCODE", "sold_out", at),
        ev.CancelProven("NOCODE", at),
        ev.DocumentPrinted("ticket-99", "abcd", at),
        ev.DocumentNotPrinted("ticket-99", "abcd", at),
        ev.DocumentUnknown("ticket-99", "abcd", at),
    )


@pytest.fixture
def settled(worlds: ModuleType) -> tuple[Sale, datetime]:
    world = worlds.World(Random(1), trouble=0.0)
    world.shop(worlds.BASKETS[0])
    world.post(ev.CheckoutAsked(world.at()))
    world.work()
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    world.work()
    world.rest()
    return world.known, world.at()


def test_answers_for_nobody_change_nothing(settled: tuple[Sale, datetime]) -> None:
    sale, at = settled
    for event in strangers(at):
        after, effects = step(sale, event)
        assert replace(after, now=sale.now) == sale, event
        assert effects == ()
