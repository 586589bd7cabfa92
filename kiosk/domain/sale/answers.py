"""What devices, platforms and timers tell a sale: each answer names the reference, code or job it answers."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money


class HoldMade(Struct, frozen=True):
    """The platform reserved."""

    platform_id: str
    hold_id: str
    expires: datetime
    at: datetime


class HoldRefused(Struct, frozen=True):
    """The platform said no: `key` as in `Refused`, such as sold_out or seat_taken."""

    platform_id: str
    hold_id: str
    key: str


class HoldUnreachable(Struct, frozen=True):
    """The platform is away: certainly nothing was reserved."""

    platform_id: str
    hold_id: str
    at: datetime


class HoldUnknown(Struct, frozen=True):
    """Asked, no answer: it may be reserved."""

    platform_id: str
    hold_id: str
    at: datetime


class HoldReleased(Struct, frozen=True):
    """A hold is given back, or left to its own expiry."""

    platform_id: str
    hold_id: str


class PaymentApproved(Struct, frozen=True):
    """The device says the money is in; `platform_id`: the platform that says so of its gift card."""

    reference: str
    amount: Money
    at: datetime
    device_reference: str = ""
    card_hint: str = ""
    receipt_lines: tuple[str, ...] = ()
    platform_id: str = ""


class PaymentDeclined(Struct, frozen=True):
    """Certainly no charge under this reference; `cause` is a message key. `was_asked` false: the device never heard."""

    reference: str
    at: datetime
    cause: str = ""
    was_asked: bool = True


class PaymentUnknown(Struct, frozen=True):
    """No answer: there may be a charge."""

    reference: str
    at: datetime


class PaymentInProgress(Struct, frozen=True):
    """Asked after: the device still works on it."""

    reference: str
    at: datetime


class PieceOffered(Struct, frozen=True):
    """A note or coin lies in escrow; `can_change`: the unit could give change for it."""

    reference: str
    piece_id: str
    value: Money
    at: datetime
    can_change: bool = True


class PieceStacked(Struct, frozen=True):
    """It is inside."""

    reference: str
    piece_id: str
    at: datetime


class PieceReturned(Struct, frozen=True):
    """It went back to the customer."""

    reference: str
    piece_id: str
    at: datetime


class PieceUnknown(Struct, frozen=True):
    """Nobody can tell now where it is."""

    reference: str
    piece_id: str
    at: datetime


class CashStopped(Struct, frozen=True):
    """The cash unit cannot take money (any more): `cause` is a message key."""

    reference: str
    at: datetime
    cause: str = ""


class ChangeDispensed(Struct, frozen=True):
    """Cash came out under our reference: `dispensed` certainly, `is_certain` that it was no more."""

    reference: str
    dispensed: Money
    is_certain: bool
    at: datetime
    cause: str = ""


class ReversalDone(Struct, frozen=True):
    """A payment was given back under its own reference."""

    reference: str
    at: datetime


class ReversalRefused(Struct, frozen=True):
    """The device will not give it back: the claim slip holds it."""

    reference: str
    at: datetime
    cause: str = ""


class ReversalUnknown(Struct, frozen=True):
    """No answer to a reversal; asking again under the same reference gives back only once."""

    reference: str
    at: datetime


class BookingTried(Struct, frozen=True):
    """A booking was not proven yet; `was_sent` false: the platform is away and certainly knows nothing of it."""

    code: str
    at: datetime
    was_sent: bool = True


class BookingProven(Struct, frozen=True):
    """The platform's word that the booking exists; `secrets` only where the platform issues documents."""

    code: str
    at: datetime
    secrets: tuple[tuple[str, str, str], ...] = ()


class BookingRefused(Struct, frozen=True):
    """The platform said no to the booking, for good."""

    code: str
    key: str
    at: datetime


class CancelProven(Struct, frozen=True):
    """The platform's word that these parts and their secrets are dead."""

    code: str
    at: datetime


class DocumentPrinted(Struct, frozen=True):
    """It is on paper."""

    document_id: str
    job_id: str
    at: datetime


class DocumentNotPrinted(Struct, frozen=True):
    """It certainly is not on paper; `cause` such as printer.paper_out."""

    document_id: str
    job_id: str
    at: datetime
    cause: str = ""


class DocumentUnknown(Struct, frozen=True):
    """Nobody can tell; `was_asked`: the printer was asked after it and does not know."""

    document_id: str
    job_id: str
    at: datetime
    was_asked: bool = False


class PrinterReady(Struct, frozen=True):
    """The printer works again."""

    at: datetime


class FoundTicket(Struct, frozen=True):
    """One ticket of a booking found again; `print_count` says how often it was printed.

    `code`: the booking it stands in, where that is another than the first one found.
    """

    offer_id: str
    part_id: str
    secret: str
    is_live: bool
    print_count: int = 0
    code: str = ""


class BookingFound(Struct, frozen=True):
    """A booking made by any channel was found; `balance`: what the gift card on the same medium holds."""

    code: str
    platform_id: str
    offers: tuple[Offer, ...]
    tickets: tuple[FoundTicket, ...]
    at: datetime
    balance: Money | None = None


class BookingNotFound(Struct, frozen=True):
    """There is none, or it cannot be asked for now; `key` says which. `balance`: of a gift card without tickets."""

    key: str
    at: datetime
    balance: Money | None = None


class Timer(StrEnum):
    """What a sale waits for at most so long."""

    CONFIRM = "confirm"
    PAPER = "paper"
    ANSWER = "answer"
    REVOKE = "revoke"
    LEAVE = "leave"


class Ticked(Struct, frozen=True):
    """A wait is over."""

    timer: Timer
    at: datetime


class Restarted(Struct, frozen=True):
    """The terminal came up again and found this sale open: all that was in flight is now unknown."""

    at: datetime
