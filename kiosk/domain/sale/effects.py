"""What must be done after an event: frozen values, one closed union, in the imperative.

No effect starts before the event that caused it is on disk. The performer does it and posts what came of it; the
three that begin with Send or Record become messages in the same durable transaction instead.
"""

from dataclasses import dataclass

from kiosk.domain.money import Money
from kiosk.domain.sale.document import DocumentKind
from kiosk.domain.sale.events import Timer


@dataclass(frozen=True, slots=True)
class MakeHold:
    """Reserve these offers under our id, or prolong it."""

    platform_id: str
    hold_id: str
    offer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """Give a hold back."""

    platform_id: str
    hold_id: str


@dataclass(frozen=True, slots=True)
class CollectPayment:
    """Ask the payment device for money, once under this reference."""

    reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class AbortPayment:
    """Ask the payment device to stop; the outcome comes from the payment itself."""

    reference: str


@dataclass(frozen=True, slots=True)
class QueryPayment:
    """Ask what became of a payment, after a while."""

    reference: str
    amount: Money
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReversePayment:
    """Give a payment back under its own reference, after a while; again gives back only once."""

    reference: str
    amount: Money
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CollectCash:
    """Open the slot for notes and coins."""

    reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class StopCash:
    """Close the slot."""

    reference: str


@dataclass(frozen=True, slots=True)
class AcceptPiece:
    """Take the piece in escrow."""

    reference: str
    piece_id: str


@dataclass(frozen=True, slots=True)
class GiveBackPiece:
    """Return the piece in escrow."""

    reference: str
    piece_id: str


@dataclass(frozen=True, slots=True)
class QueryPiece:
    """Ask what became of a piece, after a while."""

    reference: str
    piece_id: str
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DispenseCash:
    """Pay out under our reference, after a while; again pays nothing and tells what was paid."""

    reference: str
    amount: Money
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """Let the clerk at the cash."""


@dataclass(frozen=True, slots=True)
class SendBooking:
    """Tell the platform what was sold: a message of the same transaction."""

    platform_id: str


@dataclass(frozen=True, slots=True)
class SendCancel:
    """Have the platform revoke parts: a message of the same transaction, after the booking's own."""

    platform_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordPrint:
    """Tell the platform that a ticket is on paper: a message of the same transaction."""

    document_id: str


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """Print under this job id; `attempt` picks the printer among those of the role."""

    document_id: str
    kind: DocumentKind
    job_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class QueryPrint:
    """Ask the printer of that attempt what became of a job."""

    document_id: str
    kind: DocumentKind
    job_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class AwaitPrinter:
    """Say when the printer of that attempt works again."""

    kind: DocumentKind
    attempt: int


@dataclass(frozen=True, slots=True)
class FindBooking:
    """Look a booking up by code or secret."""

    code_or_secret: str


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Say when a wait is over."""

    timer: Timer
    after_s: float


@dataclass(frozen=True, slots=True)
class FinishSale:
    """Close the sale in the journal: it never moves again."""


Message = SendBooking | SendCancel | RecordPrint
Effect = (
    MakeHold | ReleaseHold | FindBooking
    | CollectPayment | AbortPayment | QueryPayment | ReversePayment
    | CollectCash | StopCash | AcceptPiece | GiveBackPiece | QueryPiece | DispenseCash | OpenDrawer
    | Message
    | PrintDocument | QueryPrint | AwaitPrinter
    | StartTimer | FinishSale
)  # fmt: skip

# What cannot be taken back: the plain second journal is on disk before these begin.
IRREVERSIBLE = (
    CollectPayment,
    ReversePayment,
    CollectCash,
    AcceptPiece,
    DispenseCash,
    PrintDocument,
    SendBooking,
    SendCancel,
)
