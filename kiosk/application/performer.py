"""Performs effects: each names its time-out, and what came of it returns as an event. It decides nothing.

A device that was certainly not asked gives a refusal; one that was asked and does not answer gives Unknown, never a
guess. The tasks run in the till's group; none is forgotten.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from kiosk.application.cash_desk import CashDesk
from kiosk.application.clock import Clock
from kiosk.application.payment_desk import PaymentDesk
from kiosk.application.platform_desk import PlatformDesk
from kiosk.application.print_desk import PrintDesk
from kiosk.domain.sale import effects as do
from kiosk.domain.sale.effects import Effect
from kiosk.domain.sale.events import Event, Ticked
from kiosk.domain.sale.sale import Sale

Post = Callable[[str, Event], None]


@dataclass(frozen=True, slots=True)
class Desks:
    """The counters behind the performer, one per kind of device."""

    payment: PaymentDesk
    cash: CashDesk
    platform: PlatformDesk
    printing: PrintDesk


class Performer:
    """Perform effects of sales and post what came of them."""

    def __init__(self, desks: Desks, clock: Clock) -> None:
        self._desks = desks
        self._clock = clock

    async def perform(self, sale: Sale, effect: Effect, post: Post) -> None:
        """Do one thing; returns when its outcome was posted."""
        after_s = getattr(effect, "after_s", 0.0)
        if after_s > 0:
            await asyncio.sleep(after_s)
        event = await self._outcome(sale, effect, post)
        if event is not None:
            post(sale.id, event)

    async def _outcome(self, sale: Sale, effect: Effect, post: Post) -> Event | None:  # noqa: C901, PLR0911, PLR0912 - one line per effect
        desks = self._desks
        match effect:
            case do.CollectPayment():
                return await desks.payment.collect(effect)
            case do.AbortPayment():
                await desks.payment.abort(effect)
                return None
            case do.QueryPayment():
                return await desks.payment.query(effect)
            case do.ReversePayment():
                return await desks.payment.reverse(effect)
            case do.CollectCash():
                return await desks.cash.collect(sale.id, effect, post)
            case do.StopCash():
                await desks.cash.stop(effect)
                return None
            case do.AcceptPiece():
                return await desks.cash.accept(effect)
            case do.GiveBackPiece():
                return await desks.cash.give_back(effect)
            case do.QueryPiece():
                return await desks.cash.query(effect)
            case do.DispenseCash():
                return await desks.cash.dispense(effect)
            case do.OpenDrawer():
                await desks.printing.open_drawer()
                return None
            case do.MakeHold():
                return await desks.platform.make_hold(sale, effect)
            case do.ReleaseHold():
                return await desks.platform.release_hold(sale, effect)
            case do.FindBooking():
                return await desks.platform.find(effect)
            case do.PrintDocument():
                return await desks.printing.print(sale, effect)
            case do.QueryPrint():
                return await desks.printing.query(effect)
            case do.AwaitPrinter():
                return await desks.printing.wait(effect)
            case do.StartTimer(timer):
                return Ticked(timer, self._clock.now())
            case do.SendBooking() | do.SendCancel() | do.RecordPrint() | do.FinishSale():
                return None  # done already, in the durable transaction
            case _:
                assert_never(effect)
