"""What a cash unit is: it takes notes and coins one by one, and pays out change, each with a known outcome."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from hardware.health import Health


class PieceOutcome(StrEnum):
    """What became of one note or coin."""

    STACKED = "stacked"
    RETURNED = "returned"
    UNKNOWN = "unknown"


class PieceOffered(Struct, frozen=True):
    """A note or coin lies in escrow and waits for `accept` or `give_back`; `piece_id` is the unit's own count."""

    piece_id: str
    value_minor: int
    currency: str


class PieceResult(Struct, frozen=True):
    """What became of a piece."""

    piece_id: str
    outcome: PieceOutcome
    value_minor: int


class DispenseResult(Struct, frozen=True):
    """How much came out; `is_certain` is false when the unit stopped answering in between."""

    reference: str
    dispensed_minor: int
    is_certain: bool
    cause: str = ""


class CashUnit(Protocol):
    """A note and coin acceptor with change."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    @property
    def used(self) -> Mapping[str, int]:
        """Return pieces stacked (in_200) and paid out (out_50) by value since this process began."""
        ...

    async def start(self) -> None:
        """Open the device."""
        ...

    async def close(self) -> None:
        """Let go of the device; idempotent."""
        ...

    async def health(self) -> Health:
        """Ask the device how it is; never raises."""
        ...

    async def enable(self, on_offered: Callable[[PieceOffered], None]) -> None:
        """Open the slot; `on_offered` is called on the caller's loop for each piece in escrow."""
        ...

    async def disable(self) -> None:
        """Close the slot; a piece in escrow is given back."""
        ...

    async def accept(self, piece_id: str, *, timeout_s: float) -> PieceResult:
        """Stack the piece in escrow."""
        ...

    async def give_back(self, piece_id: str, *, timeout_s: float) -> PieceResult:
        """Return the piece in escrow."""
        ...

    async def query(self, piece_id: str, *, timeout_s: float) -> PieceResult:
        """Ask what became of a piece before a crash."""
        ...

    async def dispense(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> DispenseResult:
        """Pay out change under our reference; the same reference again pays nothing and tells what was paid."""
        ...

    async def can_change(self, amount_minor: int) -> bool:
        """Say whether this amount could be paid out now."""
        ...

    async def counts(self) -> tuple[tuple[int, int], ...]:
        """Return (value_minor, pieces) of what lies in the unit."""
        ...
