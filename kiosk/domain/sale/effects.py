"""What must be done after an event: frozen values, one closed union, in the imperative.

No effect starts before the event that caused it is on disk. The performer does it and posts what came of it; the
three that begin with Send or Record become messages in the same durable transaction instead.
"""

from msgspec import Struct

from kiosk.domain.money import Money
from kiosk.domain.sale.document import DocumentKind
from kiosk.domain.sale.events import Timer
from kiosk.domain.sale.tender import PlatformCard, Tender


class MakeHold(Struct, frozen=True):
    """Reserve these offers under our id, or prolong it."""

    platform_id: str
    hold_id: str
    offer_ids: tuple[str, ...]


class ReleaseHold(Struct, frozen=True):
    """Give a hold back."""

    platform_id: str
    hold_id: str


class CollectPayment(Struct, frozen=True):
    """Ask the payment device, or the platform of a gift card, for money, once under this reference."""

    reference: str
    amount: Money
    card: PlatformCard | None = None


class AbortPayment(Struct, frozen=True):
    """Ask the payment device to stop; the outcome comes from the payment itself."""

    reference: str
    card: PlatformCard | None = None


class QueryPayment(Struct, frozen=True):
    """Ask what became of a payment, after a while."""

    reference: str
    amount: Money
    after_s: float = 0.0
    card: PlatformCard | None = None


class ReversePayment(Struct, frozen=True):
    """Give a payment back under its own reference, after a while; again gives back only once."""

    reference: str
    amount: Money
    after_s: float = 0.0
    card: PlatformCard | None = None


def query_payment(tender: Tender, after_s: float = 0.0) -> QueryPayment:
    """Return the question what became of a tender."""
    return QueryPayment(tender.reference, tender.amount, after_s, tender.card)


def reverse_payment(tender: Tender, after_s: float = 0.0) -> ReversePayment:
    """Return the wish to give a tender back, or the part of it that is on its way back."""
    return ReversePayment(tender.reference, tender.giving or tender.amount, after_s, tender.card)


class CollectCash(Struct, frozen=True):
    """Open the slot for notes and coins."""

    reference: str
    amount: Money


class StopCash(Struct, frozen=True):
    """Close the slot."""

    reference: str


class AcceptPiece(Struct, frozen=True):
    """Take the piece in escrow."""

    reference: str
    piece_id: str


class GiveBackPiece(Struct, frozen=True):
    """Return the piece in escrow."""

    reference: str
    piece_id: str


class QueryPiece(Struct, frozen=True):
    """Ask what became of a piece, after a while."""

    reference: str
    piece_id: str
    after_s: float = 0.0


class DispenseCash(Struct, frozen=True):
    """Pay out under our reference, after a while; again pays nothing and tells what was paid."""

    reference: str
    amount: Money
    after_s: float = 0.0


class OpenDrawer(Struct, frozen=True):
    """Let the clerk at the cash."""


class SendBooking(Struct, frozen=True):
    """Tell the platform what was sold: a message of the same transaction."""

    platform_id: str


class SendExchange(Struct, frozen=True):
    """Have the platform put new tickets in the place of old ones: a message of the same transaction."""

    platform_id: str


class SendCancel(Struct, frozen=True):
    """Have the platform revoke parts: a message of the same transaction, after the booking's own."""

    platform_id: str
    reason: str


class RecordPrint(Struct, frozen=True):
    """Tell the platform that a ticket is on paper: a message of the same transaction."""

    document_id: str


class RecordRefund(Struct, frozen=True):
    """Tell the platform that money of revoked parts went back: a message of the same transaction."""

    platform_id: str
    amount: Money
    mark: str = ""  # tells more than one of a sale apart


class PrintDocument(Struct, frozen=True):
    """Print under this job id; `attempt` picks the printer among those of the role."""

    document_id: str
    kind: DocumentKind
    job_id: str
    attempt: int


class QueryPrint(Struct, frozen=True):
    """Ask the printer of that attempt what became of a job."""

    document_id: str
    kind: DocumentKind
    job_id: str
    attempt: int


class AwaitPrinter(Struct, frozen=True):
    """Say when the printer of that attempt works again."""

    kind: DocumentKind
    attempt: int


class FindBooking(Struct, frozen=True):
    """Look a booking up by code or secret, else by the medium it is on."""

    code_or_secret: str
    chip: str = ""


class StartTimer(Struct, frozen=True):
    """Say when a wait is over."""

    timer: Timer
    after_s: float


class FinishSale(Struct, frozen=True):
    """Close the sale in the journal: it never moves again."""


Message = SendBooking | SendExchange | SendCancel | RecordPrint | RecordRefund
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
    SendExchange,
    SendCancel,
)
