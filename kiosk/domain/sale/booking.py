"""The platform's contract, one per platform in the basket: what is reserved, and what the platform knows of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.sale.table import after


class StockState(StrEnum):
    """What is reserved for us."""

    NONE = "none"
    ASKED = "asked"  # durable; the platform may have reserved it
    HELD = "held"
    SOLD = "sold"
    LETTING_GO = "letting_go"
    RELEASED = "released"


class StockMove(StrEnum):
    """What happens to the stock."""

    ASK = "ask"
    HOLD = "hold"
    REFUSE = "refuse"
    SELL = "sell"
    LET_GO = "let_go"
    RELEASE = "release"


_S = StockState
STOCK_TABLE: Mapping[tuple[StockState, StockMove], StockState] = {
    (_S.NONE, StockMove.ASK): _S.ASKED,
    (_S.ASKED, StockMove.HOLD): _S.HELD,
    (_S.ASKED, StockMove.REFUSE): _S.RELEASED,
    (_S.ASKED, StockMove.LET_GO): _S.LETTING_GO,
    (_S.HELD, StockMove.ASK): _S.ASKED,  # to prolong it
    (_S.HELD, StockMove.SELL): _S.SOLD,
    (_S.HELD, StockMove.LET_GO): _S.LETTING_GO,
    (_S.LETTING_GO, StockMove.RELEASE): _S.RELEASED,
}


class SyncState(StrEnum):
    """What the platform knows of a booking."""

    NONE = "none"
    DUE = "due"
    TRIED = "tried"  # sent, no answer; sent again under the same code
    DONE = "done"
    CONFLICT = "conflict"  # refused: parked and alarmed, never deleted; a person may send it again
    CANCEL_DUE = "cancel_due"
    CANCELLED = "cancelled"


class SyncMove(StrEnum):
    """What happens between us and the platform."""

    OWE = "owe"
    TRY = "try"
    PROVE = "prove"
    REFUSE = "refuse"
    CANCEL = "cancel"
    PROVE_CANCELLED = "prove_cancelled"


_Y = SyncState
SYNC_TABLE: Mapping[tuple[SyncState, SyncMove], SyncState] = {
    (_Y.NONE, SyncMove.OWE): _Y.DUE,
    (_Y.DUE, SyncMove.TRY): _Y.TRIED,
    (_Y.DUE, SyncMove.PROVE): _Y.DONE,
    (_Y.DUE, SyncMove.REFUSE): _Y.CONFLICT,
    (_Y.DUE, SyncMove.CANCEL): _Y.CANCEL_DUE,
    (_Y.TRIED, SyncMove.PROVE): _Y.DONE,
    (_Y.TRIED, SyncMove.REFUSE): _Y.CONFLICT,
    (_Y.TRIED, SyncMove.CANCEL): _Y.CANCEL_DUE,
    (_Y.CONFLICT, SyncMove.PROVE): _Y.DONE,
    (_Y.DONE, SyncMove.CANCEL): _Y.CANCEL_DUE,
    (_Y.CANCEL_DUE, SyncMove.REFUSE): _Y.CONFLICT,  # refused before the cancellation came: nothing lives there
    (_Y.CANCEL_DUE, SyncMove.PROVE_CANCELLED): _Y.CANCELLED,
}

SYNC_AT_REST = frozenset({_Y.NONE, _Y.DONE, _Y.CONFLICT, _Y.CANCELLED})


class Booking(Struct, frozen=True):
    """One platform's part of a sale, under our own `code` and our own `hold_id`.

    `is_provisional`: the platform was away and no promise was needed. `is_wait_over`: printing waits no longer for
    the proof. `cancelled_parts`: (offer id, part id) whose secrets are to be revoked. `problem`: why it was refused.
    `asks` counts holds without an answer.
    """

    platform_id: str
    code: str
    hold_id: str
    offer_ids: tuple[str, ...]
    needs_capacity: bool
    stock: StockState = StockState.NONE
    sync: SyncState = SyncState.NONE
    hold_expires: datetime | None = None
    is_provisional: bool = False
    is_wait_over: bool = False
    cancelled_parts: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    asks: int = 0

    def stocked(self, move: StockMove) -> "Booking":
        """Return it after a move of the stock table."""
        return replace(self, stock=after(STOCK_TABLE, self.stock, move))

    def synced(self, move: SyncMove) -> "Booking":
        """Return it after a move of the sync table."""
        return replace(self, sync=after(SYNC_TABLE, self.sync, move))

    def can_sync(self, move: SyncMove) -> bool:
        """Say whether the sync table knows the move here."""
        return (self.sync, move) in SYNC_TABLE
