"""A cash unit in process: pieces are put in by a call or a script, and its own book survives the program."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from hardware.cash.change import pick_pieces
from hardware.cash.interface import DispenseResult, PieceOffered, PieceOutcome, PieceResult
from hardware.cash.ledger import CashBook, CashLedger, Piece
from hardware.errors import DeviceUnavailable
from hardware.faults import FaultSwitch
from hardware.health import ComponentState, Health
from hardware.usage import Usage
from hardware.vitals import Vitals

FAULTS = {
    "jam": "A note sticks: accepting or returning it is of unknown outcome until the fault ends; then it is returned.",
    "stacked_unanswered": "The piece is stacked and the answer lost; a question finds it stacked.",
    "returned_unanswered": "The piece is returned instead and the answer lost; a question finds it returned.",
    "short_dispense": "One piece less than asked comes out, and the unit says so.",
    "dispense_unanswered": "The change comes out and the answer is lost; asking again tells how much came out.",
    "no_change": "The unit says it has no change.",
    "cashbox_full": "The box is full; nothing is taken in.",
    "cashbox_removed": "The box is out; nothing is taken in.",
    "acceptor_broken": "The note reader's motor has failed; nothing is taken in.",
    "not_reachable": "The unit is switched off or its cable pulled.",
}
_TAKES_NOTHING = ("not_reachable", "cashbox_full", "cashbox_removed", "acceptor_broken", "jam")
DEFAULT_STOCK = {5: 50, 10: 50, 20: 50, 50: 50, 100: 50, 200: 50, 500: 20, 1000: 20, 2000: 10, 5000: 0}


class CashSimulator(FaultSwitch):
    """A note and coin acceptor with change.

    Args:
        device_id: the id given in the settings.
        ledger_path: its book; the same path again is the same unit.
        currency: the one it takes.
        stock: pieces by value it is filled with when its book is new; its keys are the values it takes.
    """

    def __init__(
        self, device_id: str, ledger_path: Path, *, currency: str, stock: Mapping[int, int] | None = None
    ) -> None:
        super().__init__(FAULTS)
        self._device_id = device_id
        self._ledger_path = ledger_path
        self._currency = currency
        self._stock = dict(DEFAULT_STOCK if stock is None else stock)
        self._ledger: CashLedger | None = None
        self._on_offered: Callable[[PieceOffered], None] | None = None
        self._escrow = ""
        self._script: deque[int] = deque()
        self._usage = Usage()
        self._vitals = Vitals(device_id, "cash", is_simulated=True, model="Simulated cash unit")

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def ledger_path(self) -> Path:
        """Return where the unit's own book lies."""
        return self._ledger_path

    @property
    def book(self) -> CashBook:
        """Return the unit's own book."""
        return self._open().book

    @property
    def used(self) -> Mapping[str, int]:
        """Return what it has used since this process began."""
        return self._usage.snapshot()

    async def start(self) -> None:
        """Open the book; a piece left in escrow by a crash is given back, as units do when they start."""
        if self._ledger is None:
            self._ledger = CashLedger(self._ledger_path, self._stock)
            for piece in tuple(self._ledger.book.pieces.values()):
                if piece.outcome is None:
                    self._settle(piece.piece_id, PieceOutcome.RETURNED)

    async def close(self) -> None:
        """Close the book; idempotent."""
        if self._ledger is not None:
            self._on_offered = None
            self._ledger.close()
            self._ledger = None
            self._escrow = ""

    async def health(self) -> Health:
        """Say how the unit is."""
        if self._ledger is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "cash.not_started")
        for fault, state in (
            ("not_reachable", ComponentState.NOT_REACHABLE),
            ("jam", ComponentState.MEDIA_JAMMED),
            ("cashbox_full", ComponentState.HARDWARE_ERROR),
            ("cashbox_removed", ComponentState.USER_ACTION),
            ("acceptor_broken", ComponentState.HARDWARE_ERROR),
            ("no_change", ComponentState.MEDIA_LOW),
        ):
            if self._has(fault):
                return self._vitals.report(state, f"cash.{fault}")
        return self._vitals.report(ComponentState.MEDIA_PRESENT if self._escrow else ComponentState.READY)

    async def enable(self, on_offered: Callable[[PieceOffered], None]) -> None:
        """Open the slot; scripted pieces follow one another."""
        self._open()
        self._on_offered = on_offered
        asyncio.get_running_loop().call_soon(self._insert_next)

    async def disable(self) -> None:
        """Close the slot; a piece in escrow is given back."""
        self._on_offered = None
        if self._escrow and not self._has("jam"):
            self._settle(self._escrow, PieceOutcome.RETURNED)

    def queue_pieces(self, *values_minor: int) -> None:
        """Let a customer put in these pieces, one after the other, whenever the slot is open."""
        self._script.extend(values_minor)
        if self._on_offered is not None:
            self._insert_next()

    def insert(self, value_minor: int) -> str | None:
        """Put one piece in; return its id, or None where the slot does not take it."""
        is_taken = value_minor in self._stock and not self._escrow and self._on_offered is not None
        if self._ledger is None or not is_taken or any(map(self._has, _TAKES_NOTHING)):
            return None
        piece_id = f"{self._device_id}-{len(self._ledger.book.pieces) + 1}"
        self._ledger.write({"event": "offered", "piece_id": piece_id, "value_minor": value_minor})
        self._escrow = piece_id
        if self._on_offered is not None:
            offered = PieceOffered(piece_id, value_minor, self._currency)
            asyncio.get_running_loop().call_soon(self._on_offered, offered)
        return piece_id

    async def accept(self, piece_id: str, *, timeout_s: float) -> PieceResult:
        """Stack the piece in escrow."""
        return await self._move(piece_id, PieceOutcome.STACKED, timeout_s)

    async def give_back(self, piece_id: str, *, timeout_s: float) -> PieceResult:
        """Return the piece in escrow."""
        return await self._move(piece_id, PieceOutcome.RETURNED, timeout_s)

    async def query(self, piece_id: str, *, timeout_s: float) -> PieceResult:
        """Tell what became of a piece; UNKNOWN while it is in escrow or jammed, or was never seen."""
        del timeout_s
        piece = self._open().book.pieces.get(piece_id)
        if piece is None:
            return PieceResult(piece_id, PieceOutcome.UNKNOWN, 0)
        if self._has("not_reachable"):
            return PieceResult(piece_id, PieceOutcome.UNKNOWN, piece.value_minor)
        return _piece_result(self._freed(piece))

    async def dispense(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> DispenseResult:
        """Pay out change once under this reference; asked again it tells what came out."""
        del timeout_s
        ledger = self._open()
        if self._has("not_reachable"):
            return DispenseResult(reference, 0, is_certain=False, cause="cash.not_reachable")
        if reference in ledger.book.payouts:
            return self._tell(reference)
        picked = None if currency != self._currency else pick_pieces(amount_minor, ledger.book.stock)
        if picked is None or self._has("no_change"):
            return DispenseResult(reference, 0, is_certain=True, cause="cash.no_change")
        is_short = bool(picked) and self._strikes("short_dispense")
        ledger.write({"event": "payout", "reference": reference, "amount_minor": amount_minor})
        for value_minor in picked[:-1] if is_short else picked:
            ledger.write({"event": "paid", "reference": reference, "value_minor": value_minor})
            self._usage.add(f"out_{value_minor}")
        if is_short:
            ledger.write({"event": "short", "reference": reference, "cause": "cash.short_dispense"})
        self._vitals.count("payouts")
        if self._strikes("dispense_unanswered"):
            return DispenseResult(reference, 0, is_certain=False, cause="cash.answer_lost")
        return self._tell(reference)

    async def can_change(self, amount_minor: int) -> bool:
        """Say whether this amount could be paid out now."""
        if self._ledger is None or self._has("not_reachable") or self._has("no_change"):
            return False
        return pick_pieces(amount_minor, self._ledger.book.stock) is not None

    async def counts(self) -> tuple[tuple[int, int], ...]:
        """Return (value_minor, pieces) of what lies in the unit."""
        return tuple(sorted(self._open().book.stock.items()))

    async def _move(self, piece_id: str, wanted: PieceOutcome, timeout_s: float) -> PieceResult:
        del timeout_s
        piece = self._open().book.pieces.get(piece_id)
        if piece is None:
            return PieceResult(piece_id, PieceOutcome.UNKNOWN, 0)
        if piece.outcome is not None:
            return _piece_result(piece)
        if self._has("jam") or self._has("not_reachable"):
            return PieceResult(piece_id, PieceOutcome.UNKNOWN, piece.value_minor)
        for fault, outcome in (
            ("stacked_unanswered", PieceOutcome.STACKED),
            ("returned_unanswered", PieceOutcome.RETURNED),
        ):
            if self._strikes(fault):
                self._settle(piece_id, outcome)
                return PieceResult(piece_id, PieceOutcome.UNKNOWN, piece.value_minor)
        return _piece_result(self._settle(piece_id, wanted))

    def _freed(self, piece: Piece) -> Piece:
        """Return the piece; one that no longer sits in the escrow and was never settled came back to its owner."""
        if piece.outcome is None and piece.piece_id != self._escrow:
            return self._settle(piece.piece_id, PieceOutcome.RETURNED)
        return piece

    def _settle(self, piece_id: str, outcome: PieceOutcome) -> Piece:
        self._open().write({"event": "piece", "piece_id": piece_id, "outcome": outcome.value})
        self._vitals.count(f"pieces_{outcome.value}")
        if outcome is PieceOutcome.STACKED:
            self._usage.add(f"in_{self._open().book.pieces[piece_id].value_minor}")
        if piece_id == self._escrow:
            self._escrow = ""
            if self._on_offered is not None:
                asyncio.get_running_loop().call_soon(self._insert_next)
        return self._open().book.pieces[piece_id]

    def stop_fault(self, name: str) -> None:
        """Switch a fault off; when a jam is cleared the stuck piece comes back to its owner."""
        super().stop_fault(name)
        if name == "jam" and self._escrow and self._ledger is not None:
            self._settle(self._escrow, PieceOutcome.RETURNED)

    def _insert_next(self) -> None:
        if self._script and not self._escrow and self._on_offered is not None:
            self.insert(self._script.popleft())

    def _tell(self, reference: str) -> DispenseResult:
        payout = self._open().book.payouts[reference]
        is_short = payout.paid_minor < payout.amount_minor
        return DispenseResult(
            reference, payout.paid_minor, is_certain=True, cause=payout.cause or ("cash.short_dispense" * is_short)
        )

    def _open(self) -> CashLedger:
        if self._ledger is None:
            raise DeviceUnavailable("cash.not_started")
        return self._ledger


def _piece_result(piece: Piece) -> PieceResult:
    return PieceResult(piece.piece_id, piece.outcome or PieceOutcome.UNKNOWN, piece.value_minor)
