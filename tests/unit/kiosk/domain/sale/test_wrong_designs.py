"""Deliberately wrong designs: each is put in, and the same worlds and rules must catch it."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.sale import (
    effects,
    events,
    following,
    identity,
    paying,
    printing,
    restarting,
    tender,
)
from kiosk.domain.sale import sale as sale_module
from kiosk.domain.sale import step as step_module
from kiosk.domain.sale.booking import SYNC_AT_REST, SyncState
from kiosk.domain.sale.tender import TenderMove, TenderState

SEEDS = 400
Patch = pytest.MonkeyPatch


def _handler(patch: Patch, event: type, instead: Callable[[Any, Any], Any]) -> None:
    patch.setattr(step_module, "HANDLERS", {**step_module.HANDLERS, event: instead})


def _rules(patch: Patch, *, without: Callable[..., Any], instead: Callable[..., Any] | None = None) -> None:
    kept = [instead if rule is without else rule for rule in following.RULES if instead or rule is not without]
    patch.setattr(following, "RULES", tuple(kept))


def no_intent_before_charge(patch: Patch, _: ModuleType) -> None:
    def begin(sale: Any, wish: Any) -> Any:
        reference = identity.payment_reference(sale.seed, len(sale.tenders))
        return sale, (effects.CollectPayment(reference, wish.amount or sale.due),)

    patch.setattr(paying, "begin_tender", begin)


def timeout_taken_as_decline(patch: Patch, _: ModuleType) -> None:
    def declined(sale: Any, event: Any) -> Any:
        return paying.payment_declined(sale, events.PaymentDeclined(event.reference, event.at, was_asked=False))

    _handler(patch, events.PaymentUnknown, declined)


def charged_again_while_unknown(patch: Patch, _: ModuleType) -> None:
    patch.setattr(tender, "IN_FLIGHT", tender.IN_FLIGHT - {TenderState.UNKNOWN})


def restart_takes_an_intent_for_nothing(patch: Patch, _: ModuleType) -> None:
    right = restarting._tender

    def wrong(each: Any) -> Any:
        if each.state is TenderState.INTENT and each.kind is tender.TenderKind.CARD:
            return replace(each.moved(TenderMove.DECLINE), is_checked=True), ()
        return right(each)

    patch.setattr(restarting, "_tender", wrong)


def late_approvals_never_asked_for(patch: Patch, _: ModuleType) -> None:
    for module in (following, sale_module, paying):
        patch.setattr(module, "is_unchecked", lambda _: False)


def reversal_timeout_taken_as_done(patch: Patch, _: ModuleType) -> None:
    done = step_module.HANDLERS[events.ReversalDone]
    _handler(patch, events.ReversalUnknown, done)


def new_secret_on_automatic_reprint(patch: Patch, _: ModuleType) -> None:
    right = printing._copy

    def wrong(sale: Any, document: Any) -> Any:
        return right(sale, replace(document, secret=document.secret[::-1]))

    patch.setattr(printing, "_copy", wrong)


def unknown_print_taken_as_printed(patch: Patch, _: ModuleType) -> None:
    _handler(patch, events.DocumentUnknown, printing.document_printed)


def sold_before_it_is_paid(patch: Patch, _: ModuleType) -> None:
    patch.setattr(sale_module.Sale, "due", property(lambda sale: sale.price - sale.price))
    patch.setattr(following, "_is_paid", lambda _: True)
    patch.setattr(sale_module.Sale, "is_moving", property(lambda _: False))


def refunded_before_it_is_revoked(patch: Patch, _: ModuleType) -> None:
    patch.setattr(following, "SYNC_AT_REST", SYNC_AT_REST | {SyncState.CANCEL_DUE})


def hold_shorter_than_payment(patch: Patch, _: ModuleType) -> None:
    patch.setattr(paying, "_needed_s", lambda _: 0.0)


def change_kept(patch: Patch, _: ModuleType) -> None:
    _rules(patch, without=following._pay_change)


def debt_without_a_slip(patch: Patch, _: ModuleType) -> None:
    _rules(patch, without=following._promise)


def printed_without_proof(patch: Patch, _: ModuleType) -> None:
    patch.setattr(following, "may_print", lambda *_: True)


def outbox_row_dropped_when_it_was_not_taken(patch: Patch, worlds: ModuleType) -> None:
    right = worlds.World.deliver

    def wrong(world: Any) -> None:
        before = len(world.outbox)
        right(world)
        if before and len(world.outbox) == before:
            world.outbox.pop(0)

    patch.setattr(worlds.World, "deliver", wrong)


def commit_error_taken_as_not_done(patch: Patch, worlds: ModuleType) -> None:
    right = worlds.World.post

    def wrong(world: Any, event: Any) -> None:
        before, pending = world.sale, list(world.pending)
        right(world, event)
        if before is not None and world.chance.random() < 0.03 * (world.trouble > 0):
            world.sale, world.pending = before, pending

    patch.setattr(worlds.World, "post", wrong)


WRONG = (
    no_intent_before_charge,
    timeout_taken_as_decline,
    charged_again_while_unknown,
    restart_takes_an_intent_for_nothing,
    late_approvals_never_asked_for,
    reversal_timeout_taken_as_done,
    new_secret_on_automatic_reprint,
    unknown_print_taken_as_printed,
    sold_before_it_is_paid,
    refunded_before_it_is_revoked,
    hold_shorter_than_payment,
    change_kept,
    debt_without_a_slip,
    printed_without_proof,
    outbox_row_dropped_when_it_was_not_taken,
    commit_error_taken_as_not_done,
)


@pytest.mark.parametrize("design", WRONG, ids=lambda design: design.__name__)
def test_a_wrong_design_is_caught(
    design: Callable[[Patch, ModuleType], None], monkeypatch: Patch, worlds: ModuleType
) -> None:
    design(monkeypatch, worlds)
    for seed in range(SEEDS):
        try:
            worlds.drive(seed, step_module.step)
        except (AssertionError, ValueError, RuntimeError):
            return
    pytest.fail(f"{design.__name__} went through {SEEDS} worlds unnoticed")
