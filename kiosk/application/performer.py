"""Performs effects: each names its time-out, and what came of it returns as an event. It decides nothing.

A device that was certainly not asked gives a refusal; one that was asked and does not answer gives Unknown, never a
guess. The tasks run in the till's group; none is forgotten.
"""

import asyncio
from collections.abc import Callable
from typing import assert_never

from msgspec import Struct

from kiosk.application.cash_desk import CashDesk
from kiosk.application.clock import Clock
from kiosk.application.gift_card_desk import GiftCardDesk
from kiosk.application.payment_desk import PaymentDesk
from kiosk.application.platform_desk import PlatformDesk
from kiosk.application.print_desk import PrintDesk
from kiosk.domain.sale import effects as do
from kiosk.domain.sale.effects import Effect
from kiosk.domain.sale.events import Event, Ticked
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.tender import PlatformCard

Post = Callable[[str, Event], None]
PaymentEffect = do.CollectPayment | do.AbortPayment | do.QueryPayment | do.ReversePayment
CashEffect = do.CollectCash | do.StopCash | do.DispenseCash | do.AcceptPiece | do.GiveBackPiece | do.QueryPiece
PlatformEffect = do.MakeHold | do.ReleaseHold | do.FindBooking
PrinterEffect = do.PrintDocument | do.QueryPrint | do.AwaitPrinter | do.OpenDrawer


class Desks(Struct, frozen=True):
    """The counters behind the performer, one per kind of device."""

    payment: PaymentDesk
    gift_cards: GiftCardDesk
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

    async def _outcome(self, sale: Sale, effect: Effect, post: Post) -> Event | None:
        match effect:
            case do.CollectPayment() | do.AbortPayment() | do.QueryPayment() | do.ReversePayment():
                return await self._by_payment(effect)
            case (
                do.CollectCash()
                | do.StopCash()
                | do.DispenseCash()
                | do.AcceptPiece()
                | do.GiveBackPiece()
                | do.QueryPiece()
            ):
                return await self._by_cash(sale, effect, post)
            case do.MakeHold() | do.ReleaseHold() | do.FindBooking():
                return await self._by_platform(sale, effect)
            case do.PrintDocument() | do.QueryPrint() | do.AwaitPrinter() | do.OpenDrawer():
                return await self._by_printer(sale, effect)
            case do.StartTimer(timer):
                return Ticked(timer, self._clock.now())
            case (
                do.SendBooking()
                | do.SendExchange()
                | do.SendCancel()
                | do.RecordPrint()
                | do.RecordRefund()
                | do.FinishSale()
            ):
                return None  # done already, in the durable transaction
            case _:
                assert_never(effect)

    async def _by_payment(self, effect: PaymentEffect) -> Event | None:
        if effect.card is not None:
            return await self._by_gift_card(effect, effect.card)
        desk = self._desks.payment
        match effect:
            case do.CollectPayment():
                return await desk.collect(effect)
            case do.AbortPayment():
                await desk.abort(effect)
                return None
            case do.QueryPayment():
                return await desk.query(effect)
            case do.ReversePayment():
                return await desk.reverse(effect)
            case _:
                assert_never(effect)

    async def _by_gift_card(self, effect: PaymentEffect, card: PlatformCard) -> Event | None:
        desk = self._desks.gift_cards
        match effect:
            case do.CollectPayment():
                return await desk.collect(effect, card)
            case do.AbortPayment():
                return None  # the platform answers at once; its answer is what counts
            case do.QueryPayment():
                return await desk.query(effect, card)
            case do.ReversePayment():
                return await desk.reverse(effect, card)
            case _:
                assert_never(effect)

    async def _by_cash(self, sale: Sale, effect: CashEffect, post: Post) -> Event | None:
        desk = self._desks.cash
        match effect:
            case do.CollectCash():
                return await desk.collect(sale.id, effect, post)
            case do.StopCash():
                await desk.stop(effect)
                return None
            case do.DispenseCash():
                return await desk.dispense(effect)
            case do.AcceptPiece():
                return await desk.accept(effect)
            case do.GiveBackPiece():
                return await desk.give_back(effect)
            case do.QueryPiece():
                return await desk.query(effect)
            case _:
                assert_never(effect)

    async def _by_platform(self, sale: Sale, effect: PlatformEffect) -> Event | None:
        desk = self._desks.platform
        match effect:
            case do.MakeHold():
                return await desk.make_hold(sale, effect)
            case do.ReleaseHold():
                return await desk.release_hold(sale, effect)
            case do.FindBooking():
                return await desk.find(effect)
            case _:
                assert_never(effect)

    async def _by_printer(self, sale: Sale, effect: PrinterEffect) -> Event | None:
        desk = self._desks.printing
        match effect:
            case do.PrintDocument():
                return await desk.print(sale, effect)
            case do.QueryPrint():
                return await desk.query(effect)
            case do.AwaitPrinter():
                return await desk.wait(effect)
            case do.OpenDrawer():
                await desk.open_drawer()
                return None
            case _:
                assert_never(effect)
