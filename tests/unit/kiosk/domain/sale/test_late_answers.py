"""An answer that no longer fits, or belongs to nobody here, changes nothing of a sale."""

from datetime import datetime
from random import Random
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.money import Money
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.document import DocumentState
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
def paying(worlds: ModuleType) -> Any:
    world = worlds.World(Random(1), trouble=0.0)
    world.shop(worlds.BASKETS[0])
    world.post(ev.CheckoutAsked(world.at()))
    world.work()
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    return world


@pytest.fixture
def printed(paying: Any) -> Any:
    while not paying.known.tickets or paying.known.tickets[0].state is not DocumentState.PRINTED:
        paying.work()
        paying.deliver()
    assert not paying.known.is_finished, "a finished sale would answer nothing, whatever the handlers do"
    return paying


def assert_unmoved(world: Any, event: ev.Event) -> None:
    after, effects = step(world.known, event)
    assert replace(after, now=world.known.now) == world.known, event
    assert effects == ()


@pytest.mark.parametrize("stage", ["paying", "printed"])
def test_answers_for_nobody_change_nothing(stage: str, request: pytest.FixtureRequest) -> None:
    world = request.getfixturevalue(stage)
    for event in strangers(world.at()):
        assert_unmoved(world, event)


def test_a_lost_answer_after_a_certain_one_changes_nothing(printed: Any) -> None:
    assert_unmoved(printed, ev.PaymentUnknown(printed.known.tenders[0].reference, printed.at()))


def test_a_decline_that_was_checked_is_not_asked_after_again(paying: Any) -> None:
    reference = paying.known.tenders[0].reference
    paying.post(ev.PaymentDeclined(reference, paying.at(), was_asked=False))
    assert paying.known.tenders[0].is_checked
    assert_unmoved(paying, ev.PaymentUnknown(reference, paying.at()))


def test_touches_on_a_page_that_is_gone_change_nothing(printed: Any) -> None:
    found = ev.BookingFound("CODE", "rail", (), (), printed.at())
    for event in (
        ev.OfferRemoved("one"),
        ev.PickUpAsked("CODE"),
        found,
        ev.BookingNotFound("pickup.not_found", printed.at()),
    ):
        assert_unmoved(printed, event)
