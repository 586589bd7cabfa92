"""What the till asks of whoever draws its paper and signs its claim slips."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from hardware.printer import PrintDocument
from kiosk.domain.catalogue import Offer, OfferPart
from kiosk.domain.money import Money
from kiosk.domain.sale.tender import TenderKind


class TicketFacts(Struct, frozen=True):
    """What stands on a ticket.

    `copy` 0 is the original; `is_unconfirmed`: sold while the platform was away; `holder`: a name, if one was given.
    """

    offer: Offer
    part: OfferPart
    addons: tuple[OfferPart, ...]
    code: str
    secret: str
    copy: int
    language: str
    sold_at: datetime
    is_unconfirmed: bool = False
    holder: str = ""


class TenderFacts(Struct, frozen=True):
    """One tender on a receipt; `receipt_lines` are those the card scheme demands."""

    kind: TenderKind
    amount: Money
    card_hint: str = ""
    device_reference: str = ""
    receipt_lines: tuple[str, ...] = ()


class ReceiptFacts(Struct, frozen=True):
    """What stands on a receipt: lines that were delivered, how they were paid, and change."""

    sale_id: str
    codes: tuple[str, ...]
    lines: tuple[tuple[Offer, OfferPart], ...]
    tenders: tuple[TenderFacts, ...]
    total: Money
    change: Money
    copy: int
    language: str
    at: datetime


class ClaimFacts(Struct, frozen=True):
    """What a claim slip promises: `owed` for certain, `doubtful` if we find it came in; `reasons` are message keys."""

    claim_id: str
    sale_id: str
    codes: tuple[str, ...]
    reasons: tuple[str, ...]
    owed: Money
    doubtful: Money
    language: str
    at: datetime


class ClaimSigner(Protocol):
    """Whoever holds the terminal's signing key."""

    @property
    def public_key(self) -> bytes:
        """Return the public key, 32 bytes, for whoever verifies."""
        ...

    def sign(self, facts: ClaimFacts) -> str:
        """Return the signed slip as the text of its QR code."""
        ...


class DocumentMaker(Protocol):
    """Whoever draws paper; pure and fast (no raster), for no more than 16 ms on the loop."""

    def ticket(self, facts: TicketFacts) -> PrintDocument:
        """Draw a ticket."""
        ...

    def receipt(self, facts: ReceiptFacts) -> PrintDocument:
        """Draw a receipt."""
        ...

    def claim(self, facts: ClaimFacts, slip: str) -> PrintDocument:
        """Draw a claim slip around the signed text."""
        ...
