"""A ticket, receipt or claim slip: whether it reached the paper, and under which job."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.sale.table import after


class DocumentKind(StrEnum):
    """What is printed."""

    TICKET = "ticket"
    RECEIPT = "receipt"
    CLAIM = "claim"


class DocumentState(StrEnum):
    """What is known of a piece of paper."""

    NONE = "none"
    DUE = "due"
    PRINT_INTENT = "print_intent"  # durable; the printer may have the job
    PRINTED = "printed"
    UNKNOWN = "unknown"
    UNDELIVERED = "undelivered"  # will not be printed; a claim slip is then shown


class DocumentMove(StrEnum):
    """What happens to a piece of paper."""

    OWE = "owe"
    PRINT = "print"
    CONFIRM = "confirm"
    MISS = "miss"  # certainly not printed
    LOSE = "lose"  # no answer
    COPY = "copy"  # once more, marked as a copy, the same secret
    GIVE_UP = "give_up"


_S = DocumentState
_M = DocumentMove
DOCUMENT_TABLE: Mapping[tuple[DocumentState, DocumentMove], DocumentState] = {
    (_S.NONE, _M.OWE): _S.DUE,
    (_S.DUE, _M.PRINT): _S.PRINT_INTENT,
    (_S.DUE, _M.GIVE_UP): _S.UNDELIVERED,
    (_S.PRINT_INTENT, _M.CONFIRM): _S.PRINTED,
    (_S.PRINT_INTENT, _M.MISS): _S.DUE,
    (_S.PRINT_INTENT, _M.LOSE): _S.UNKNOWN,
    (_S.UNKNOWN, _M.CONFIRM): _S.PRINTED,
    (_S.UNKNOWN, _M.MISS): _S.DUE,
    (_S.UNKNOWN, _M.COPY): _S.DUE,
    (_S.UNKNOWN, _M.GIVE_UP): _S.UNDELIVERED,
}

PENDING = frozenset({_S.DUE, _S.PRINT_INTENT, _S.UNKNOWN})
FAILURES_MAX = 3  # design: three failures → UNDELIVERED
COPIES_MAX = 1  # at most one automatic copy


class Document(Struct, frozen=True):
    """One piece of paper.

    A ticket names its offer, its part, the `addon_ids` printed on it, its booking `code` and `secret`. `job_id` is
    what the printer knows (4 characters), made anew for each attempt. `copy` is 0 for the original. `copies` counts
    the automatic ones. `is_asked`: the printer cannot tell, so the customer is asked. `cause`: why it was not printed.
    """

    id: str
    kind: DocumentKind
    offer_id: str = ""
    part_id: str = ""
    addon_ids: tuple[str, ...] = ()
    code: str = ""
    secret: str = ""
    state: DocumentState = DocumentState.NONE
    job_id: str = ""
    attempt: int = 0
    copy: int = 0
    copies: int = 0
    failures: int = 0
    is_asked: bool = False
    is_waiting: bool = False
    cause: str = ""

    @property
    def is_pending(self) -> bool:
        """Say whether it is still to come."""
        return self.state in PENDING

    def moved(self, move: DocumentMove) -> "Document":
        """Return it after a move of the table."""
        return replace(self, state=after(DOCUMENT_TABLE, self.state, move))

    def can(self, move: DocumentMove) -> bool:
        """Say whether the table knows the move here."""
        return (self.state, move) in DOCUMENT_TABLE
