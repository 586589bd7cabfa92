"""What can happen in a sale: frozen values, one closed union. Past tense; time enters as `at`.

People post those defined here; devices, platforms and timers those of `answers`. An event that no longer fits
changes nothing. This module is the face of all three: import events, kinds and terms from here.
"""

from datetime import datetime

from msgspec import Struct

from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money
from kiosk.domain.sale.answers import (
    BookingFound,
    BookingNotFound,
    BookingProven,
    BookingRefused,
    BookingTried,
    CancelProven,
    CashStopped,
    ChangeDispensed,
    DocumentNotPrinted,
    DocumentPrinted,
    DocumentUnknown,
    FoundTicket,
    HoldMade,
    HoldRefused,
    HoldReleased,
    HoldUnknown,
    HoldUnreachable,
    PaymentApproved,
    PaymentDeclined,
    PaymentInProgress,
    PaymentUnknown,
    PieceOffered,
    PieceReturned,
    PieceStacked,
    PieceUnknown,
    PrinterReady,
    Restarted,
    ReversalDone,
    ReversalRefused,
    ReversalUnknown,
    Ticked,
    Timer,
)
from kiosk.domain.sale.tender import PlatformCard, TenderKind
from kiosk.domain.sale.terms import (
    CUSTOMER,
    SELLS,
    SYSTEM,
    Actor,
    ActorKind,
    Channel,
    PlatformTerms,
    SaleKind,
    SaleTerms,
)

__all__ = [
    "CUSTOMER",
    "SELLS",
    "SYSTEM",
    "Actor",
    "ActorKind",
    "BackToBasket",
    "BookingFound",
    "BookingNotFound",
    "BookingProven",
    "BookingRefused",
    "BookingTried",
    "CancelProven",
    "CashStopped",
    "ChangeDispensed",
    "Channel",
    "CheckoutAsked",
    "ClaimAsked",
    "CustomerAnswered",
    "CustomerLeft",
    "DocumentNotPrinted",
    "DocumentPrinted",
    "DocumentUnknown",
    "Event",
    "ExchangeBegun",
    "FoundTicket",
    "FromPeople",
    "FromWorld",
    "HoldMade",
    "HoldRefused",
    "HoldReleased",
    "HoldUnknown",
    "HoldUnreachable",
    "LanguageChosen",
    "OfferChosen",
    "OfferRemoved",
    "PaymentApproved",
    "PaymentDeclined",
    "PaymentInProgress",
    "PaymentUnknown",
    "PickUpAsked",
    "PieceOffered",
    "PieceReturned",
    "PieceStacked",
    "PieceUnknown",
    "PlatformCard",
    "PlatformTerms",
    "PrinterReady",
    "PurchaserGiven",
    "ReceiptAsked",
    "Restarted",
    "ReversalDone",
    "ReversalRefused",
    "ReversalUnknown",
    "SaleAbandoned",
    "SaleKind",
    "SaleOpened",
    "SaleTerms",
    "TenderCancelled",
    "TenderChosen",
    "Ticked",
    "Timer",
]


class SaleOpened(Struct, frozen=True):
    """A sale begins; `seed` (256 bit, hex) is what all its codes, references, secrets and job ids are derived from."""

    sale_id: str
    kind: SaleKind
    channel: Channel
    actor: Actor
    language: str
    currency: str
    at: datetime
    seed: str
    terms: SaleTerms
    of_sale: str = ""


class ExchangeBegun(Struct, frozen=True):
    """Tickets of a booking are to become others: what each is worth, by the id it keeps.

    `of_sale`: the sale they were sold in, "" where another channel sold them. `keeps_place`: they get new secrets only.
    `is_by_gift_card`: some of what they cost came from a gift card, which is not turned into cash.
    """

    code: str
    platform_id: str
    of_sale: str
    parts: tuple[tuple[str, Money], ...]
    at: datetime
    keeps_place: bool = False
    is_by_gift_card: bool = False


class OfferChosen(Struct, frozen=True):
    """An offer goes into the basket; the same offer id again replaces it."""

    offer: Offer


class OfferRemoved(Struct, frozen=True):
    """An offer leaves the basket."""

    offer_id: str


class LanguageChosen(Struct, frozen=True):
    """The traveller reads another language from now on."""

    language: str


class PurchaserGiven(Struct, frozen=True):
    """The customer says for whom it is: the names of the fields only; what they hold is sealed beside this event.

    `answered`: (offer, part, question) of each question that was answered, or need not be.
    """

    fields: tuple[str, ...]
    answered: tuple[tuple[str, str, str], ...] = ()


class CheckoutAsked(Struct, frozen=True):
    """The basket is complete: hold everything. In a pick-up or reprint: print what was found."""

    at: datetime


class TenderChosen(Struct, frozen=True):
    """A way to pay is chosen for `amount` (None: all that is due).

    `handed`: the cash a clerk took by hand; without it the cash unit collects. FREE fits a sale of nothing. `card`: the
    gift card, which the platform was asked about before.
    """

    kind: TenderKind
    at: datetime
    amount: Money | None = None
    handed: Money | None = None
    card: PlatformCard | None = None


class TenderCancelled(Struct, frozen=True):
    """The customer takes back the way to pay; cash already in stays in as credit."""

    at: datetime


class BackToBasket(Struct, frozen=True):
    """One step back from paying; what was paid in so far goes back, holds are let go."""


class CustomerAnswered(Struct, frozen=True):
    """The customer says whether that paper came out."""

    document_id: str
    came_out: bool


class SaleAbandoned(Struct, frozen=True):
    """The customer goes, or the terminal gives the sale up; `reason` is a message key."""

    reason: str
    at: datetime


class ClaimAsked(Struct, frozen=True):
    """The claim slip is to be printed (again)."""


class ReceiptAsked(Struct, frozen=True):
    """A receipt is wanted, after the tickets."""


class PickUpAsked(Struct, frozen=True):
    """A code was typed, scanned or read from a card; `chip` is the UID of the chip in that card, in hex."""

    code_or_secret: str
    chip: str = ""


class CustomerLeft(Struct, frozen=True):
    """The customer is done with the last page: the sale may be closed."""


FromPeople = (
    SaleOpened | ExchangeBegun | OfferChosen | OfferRemoved | LanguageChosen | PurchaserGiven | CheckoutAsked
    | TenderChosen | TenderCancelled | BackToBasket | CustomerAnswered | SaleAbandoned | ClaimAsked | ReceiptAsked
    | PickUpAsked | CustomerLeft
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
