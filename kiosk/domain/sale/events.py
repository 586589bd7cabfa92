"""What can happen in a sale: frozen values, one closed union. Past tense; time enters as `at`.

People post the first group, devices, platforms and timers the second, each answer naming the reference, code or
job it answers. An event that no longer fits changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money
from kiosk.domain.sale.tender import TenderKind


class SaleKind(StrEnum):
    """What kind of transaction it is; the last three point at an earlier booking or sale."""

    PURCHASE = "purchase"
    PICKUP = "pickup"
    REPRINT = "reprint"
    REFUND = "refund"


class Channel(StrEnum):
    """Where it is made."""

    KIOSK = "kiosk"
    COUNTER = "counter"


class ActorKind(StrEnum):
    """Who does something."""

    CUSTOMER = "customer"
    SYSTEM = "system"
    CLERK = "clerk"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it; `id` is a staff number, never a name."""

    kind: ActorKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


CUSTOMER = Actor(ActorKind.CUSTOMER)
SYSTEM = Actor(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class PlatformTerms:
    """What a platform allowed when the sale was opened."""

    platform_id: str
    confirms_offline: bool = True
    issues_documents: bool = False


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """The limits in force when a sale was opened, in seconds; kept in it so that a replay decides alike."""

    platforms: tuple[PlatformTerms, ...] = ()
    payment_timeout_s: float = 90.0
    cash_timeout_s: float = 10.0
    hold_margin_s: float = 30.0
    confirm_wait_s: float = 6.0
    paper_wait_s: float = 120.0
    answer_wait_s: float = 60.0
    revoke_wait_s: float = 15.0
    leave_wait_s: float = 120.0
    printers: int = 1


# ---- from people


@dataclass(frozen=True, slots=True)
class SaleOpened:
    """A sale begins; `seed` (256 bit, hex) is what all its codes, references, secrets and job ids are derived from."""

    sale_id: str
    kind: SaleKind
    channel: Channel
    actor: Actor
    language: str
    currency: str
    at: datetime
    seed: str
    terms: SaleTerms = SaleTerms()
    of_sale: str = ""


@dataclass(frozen=True, slots=True)
class OfferChosen:
    """An offer goes into the basket; the same offer id again replaces it."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class OfferRemoved:
    """An offer leaves the basket."""

    offer_id: str


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The traveller reads another language from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class CheckoutAsked:
    """The basket is complete: hold everything. In a pick-up or reprint: print what was found."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TenderChosen:
    """A way to pay is chosen for `amount` (None: all that is due).

    `handed`: the cash a clerk took by hand; without it the cash unit collects. FREE fits a sale of nothing.
    """

    kind: TenderKind
    at: datetime
    amount: Money | None = None
    handed: Money | None = None


@dataclass(frozen=True, slots=True)
class TenderCancelled:
    """The customer takes back the way to pay; cash already in stays in as credit."""

    at: datetime


@dataclass(frozen=True, slots=True)
class BackToBasket:
    """One step back from paying; what was paid in so far goes back, holds are let go."""


@dataclass(frozen=True, slots=True)
class CustomerAnswered:
    """The customer says whether that paper came out."""

    document_id: str
    came_out: bool


@dataclass(frozen=True, slots=True)
class SaleAbandoned:
    """The customer goes, or the terminal gives the sale up; `reason` is a message key."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """The claim slip is to be printed (again)."""


@dataclass(frozen=True, slots=True)
class ReceiptAsked:
    """A receipt is wanted, after the tickets."""


@dataclass(frozen=True, slots=True)
class PickUpAsked:
    """A code was typed, scanned or read from a card."""

    code_or_secret: str


@dataclass(frozen=True, slots=True)
class CustomerLeft:
    """The customer is done with the last page: the sale may be closed."""


# ---- from the world


@dataclass(frozen=True, slots=True)
class HoldMade:
    """The platform reserved."""

    platform_id: str
    hold_id: str
    expires: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldRefused:
    """The platform said no: `key` as in `Refused`, such as sold_out or seat_taken."""

    platform_id: str
    hold_id: str
    key: str


@dataclass(frozen=True, slots=True)
class HoldUnreachable:
    """The platform is away: certainly nothing was reserved."""

    platform_id: str
    hold_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldUnknown:
    """Asked, no answer: it may be reserved."""

    platform_id: str
    hold_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """A hold is given back, or left to its own expiry."""

    platform_id: str
    hold_id: str


@dataclass(frozen=True, slots=True)
class PaymentApproved:
    """The device says the money is in."""

    reference: str
    amount: Money
    at: datetime
    device_reference: str = ""
    card_hint: str = ""
    receipt_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    """Certainly no charge under this reference; `cause` is a message key."""

    reference: str
    at: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class PaymentUnknown:
    """No answer: there may be a charge."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentInProgress:
    """Asked after: the device still works on it."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PieceOffered:
    """A note or coin lies in escrow; `can_change`: the unit could give change for it."""

    reference: str
    piece_id: str
    value: Money
    at: datetime
    can_change: bool = True


@dataclass(frozen=True, slots=True)
class PieceStacked:
    """It is inside."""

    reference: str
    piece_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PieceReturned:
    """It went back to the customer."""

    reference: str
    piece_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PieceUnknown:
    """Nobody can tell now where it is."""

    reference: str
    piece_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CashStopped:
    """The cash unit cannot take money (any more): `cause` is a message key."""

    reference: str
    at: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ChangeDispensed:
    """Cash came out under our reference: `dispensed` certainly, `is_certain` that it was no more."""

    reference: str
    dispensed: Money
    is_certain: bool
    at: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ReversalDone:
    """A payment was given back under its own reference."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReversalRefused:
    """The device will not give it back: the claim slip holds it."""

    reference: str
    at: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ReversalUnknown:
    """No answer to a reversal; asking again under the same reference gives back only once."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BookingTried:
    """A booking was not proven yet; `was_sent` false: the platform is away and certainly knows nothing of it."""

    code: str
    at: datetime
    was_sent: bool = True


@dataclass(frozen=True, slots=True)
class BookingProven:
    """The platform's word that the booking exists; `secrets` only where the platform issues documents."""

    code: str
    at: datetime
    secrets: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BookingRefused:
    """The platform said no to the booking, for good."""

    code: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelProven:
    """The platform's word that these parts and their secrets are dead."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentPrinted:
    """It is on paper."""

    document_id: str
    job_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentNotPrinted:
    """It certainly is not on paper; `cause` such as printer.paper_out."""

    document_id: str
    job_id: str
    at: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class DocumentUnknown:
    """Nobody can tell; `was_asked`: the printer was asked after it and does not know."""

    document_id: str
    job_id: str
    at: datetime
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class PrinterReady:
    """The printer works again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FoundTicket:
    """One ticket of a booking found again; `print_count` says how often it was printed."""

    offer_id: str
    part_id: str
    secret: str
    is_live: bool
    print_count: int = 0


@dataclass(frozen=True, slots=True)
class BookingFound:
    """A booking made by any channel was found."""

    code: str
    platform_id: str
    offers: tuple[Offer, ...]
    tickets: tuple[FoundTicket, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class BookingNotFound:
    """There is none, or it cannot be asked for now; `key` says which."""

    key: str
    at: datetime


class Timer(StrEnum):
    """What a sale waits for at most so long."""

    CONFIRM = "confirm"
    PAPER = "paper"
    ANSWER = "answer"
    REVOKE = "revoke"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Ticked:
    """A wait is over."""

    timer: Timer
    at: datetime


@dataclass(frozen=True, slots=True)
class Restarted:
    """The terminal came up again and found this sale open: all that was in flight is now unknown."""

    at: datetime


FromPeople = (
    SaleOpened | OfferChosen | OfferRemoved | LanguageChosen | CheckoutAsked | TenderChosen | TenderCancelled
    | BackToBasket | CustomerAnswered | SaleAbandoned | ClaimAsked | ReceiptAsked | PickUpAsked | CustomerLeft
)  # fmt: skip
FromWorld = (
    HoldMade | HoldRefused | HoldUnreachable | HoldUnknown | HoldReleased
    | PaymentApproved | PaymentDeclined | PaymentUnknown | PaymentInProgress
    | PieceOffered | PieceStacked | PieceReturned | PieceUnknown | CashStopped | ChangeDispensed
    | ReversalDone | ReversalRefused | ReversalUnknown
    | BookingTried | BookingProven | BookingRefused | CancelProven | BookingFound | BookingNotFound
    | DocumentPrinted | DocumentNotPrinted | DocumentUnknown | PrinterReady | Ticked | Restarted
)  # fmt: skip
Event = FromPeople | FromWorld
