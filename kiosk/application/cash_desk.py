"""Notes, coins and change: effects to the cash unit, its answers to events."""

import asyncio
from collections.abc import Callable

from hardware.cash import CashUnit, PieceOutcome, PieceResult
from hardware.cash import PieceOffered as Offered
from hardware.errors import DeviceError
from kiosk.application.bounding import bounded
from kiosk.application.clock import Clock
from kiosk.domain.money import Money, zero
from kiosk.domain.sale.effects import AcceptPiece, CollectCash, DispenseCash, GiveBackPiece, QueryPiece, StopCash
from kiosk.domain.sale.events import (
    CashStopped,
    ChangeDispensed,
    Event,
    PieceOffered,
    PieceReturned,
    PieceStacked,
    PieceUnknown,
)

Post = Callable[[str, Event], None]
NO_DEVICE = "cash.no_device"
OUT_OF_SERVICE = "cash.out_of_service"


class CashDesk:
    """Work the cash unit of this terminal, if it has one."""

    def __init__(
        self,
        unit: CashUnit | None,
        clock: Clock,
        *,
        piece_s: float,
        change_s: float,
        is_out: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_out = is_out
        self._unit = unit
        self._clock = clock
        self._piece_s = piece_s
        self._change_s = change_s
        self._offers: dict[str, asyncio.Queue[Offered | None]] = {}
        self._inserted: dict[str, int] = {}

    async def collect(self, sale_id: str, effect: CollectCash, post: Post) -> Event | None:
        """Hold the slot open and post each piece in escrow, until `stop`; a unit out of service is not opened."""
        if self._unit is None:
            return CashStopped(effect.reference, self._clock.now(), NO_DEVICE)
        if self._is_out(self._unit.device_id):
            return CashStopped(effect.reference, self._clock.now(), OUT_OF_SERVICE)
        offers = self._offers.setdefault(effect.reference, asyncio.Queue())
        self._inserted[effect.reference] = 0
        try:
            await bounded(self._unit.enable(offers.put_nowait), self._piece_s)
            while (offered := await offers.get()) is not None:
                post(sale_id, await self._seen(effect, offered))
        except (DeviceError, TimeoutError) as problem:
            return CashStopped(effect.reference, self._clock.now(), getattr(problem, "key", "cash.no_answer"))
        finally:
            self._offers.pop(effect.reference, None)
            self._inserted.pop(effect.reference, None)
        return None

    async def _seen(self, effect: CollectCash, offered: Offered) -> PieceOffered:
        too_much = self._inserted.get(effect.reference, 0) + offered.value_minor - effect.amount.minor
        can_change = too_much <= 0 or (self._unit is not None and await self._unit.can_change(too_much))
        value = Money(offered.value_minor, offered.currency)
        return PieceOffered(effect.reference, offered.piece_id, value, self._clock.now(), can_change=can_change)

    async def stop(self, effect: StopCash) -> None:
        """Close the slot; what lies in escrow goes back."""
        offers = self._offers.get(effect.reference)
        if offers is not None:
            offers.put_nowait(None)
        if self._unit is None:
            return
        try:
            await bounded(self._unit.disable(), self._piece_s)
        except (DeviceError, TimeoutError):
            return  # pieces offered later find no open tender and are not accepted

    async def accept(self, effect: AcceptPiece) -> Event:
        """Take the piece in escrow."""
        return await self._piece(effect, "accept")

    async def give_back(self, effect: GiveBackPiece) -> Event:
        """Return the piece in escrow."""
        return await self._piece(effect, "give_back")

    async def query(self, effect: QueryPiece) -> Event:
        """Ask where a piece is."""
        return await self._piece(effect, "query")

    async def _piece(self, effect: AcceptPiece | GiveBackPiece | QueryPiece, name: str) -> Event:
        unknown = PieceUnknown(effect.reference, effect.piece_id, self._clock.now())
        if self._unit is None:
            return unknown
        calls = {"accept": self._unit.accept, "give_back": self._unit.give_back, "query": self._unit.query}
        try:
            result = await bounded(calls[name](effect.piece_id, timeout_s=self._piece_s), self._piece_s)
        except (DeviceError, TimeoutError):
            return unknown
        return self._said(effect.reference, result)

    def _said(self, reference: str, result: PieceResult) -> Event:
        now = self._clock.now()
        match result.outcome:
            case PieceOutcome.STACKED:
                if reference in self._inserted:
                    self._inserted[reference] += result.value_minor
                return PieceStacked(reference, result.piece_id, now)
            case PieceOutcome.RETURNED:
                return PieceReturned(reference, result.piece_id, now)
            case PieceOutcome.UNKNOWN:
                return PieceUnknown(reference, result.piece_id, now)

    async def dispense(self, effect: DispenseCash) -> Event:
        """Pay out under our reference; asked again it tells what came out."""
        amount = effect.amount
        if self._unit is None:
            nothing = zero(amount.currency)
            return ChangeDispensed(effect.reference, nothing, is_certain=True, at=self._clock.now(), cause=NO_DEVICE)
        try:
            result = await bounded(
                self._unit.dispense(effect.reference, amount.minor, amount.currency, timeout_s=self._change_s),
                self._change_s,
            )
        except (DeviceError, TimeoutError):
            return ChangeDispensed(effect.reference, zero(amount.currency), is_certain=False, at=self._clock.now())
        out = Money(result.dispensed_minor, amount.currency)
        return ChangeDispensed(
            effect.reference, out, is_certain=result.is_certain, at=self._clock.now(), cause=result.cause
        )
