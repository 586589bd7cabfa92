"""What devices, platforms and timers tell a sale: each answer names the reference, code or job it answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money


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
    """Certainly no charge under this reference; `cause` is a message key. `was_asked` false: the device never heard."""

    reference: str
    at: datetime
    cause: str = ""
    was_asked: bool = True


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
