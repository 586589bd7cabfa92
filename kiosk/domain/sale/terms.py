"""Who makes a sale, of what kind, and under which limits."""

from enum import StrEnum

from msgspec import Struct


class SaleKind(StrEnum):
    """What kind of transaction it is; all but the first point at an earlier booking or sale."""

    PURCHASE = "purchase"
    PICKUP = "pickup"
    REPRINT = "reprint"
    REFUND = "refund"
    EXCHANGE = "exchange"


SELLS = frozenset({SaleKind.PURCHASE, SaleKind.EXCHANGE})  # a basket, a price, tenders, a booking


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


class Actor(Struct, frozen=True):
    """Who did it; `id` is a staff number, never a name."""

    kind: ActorKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


CUSTOMER = Actor(ActorKind.CUSTOMER)
SYSTEM = Actor(ActorKind.SYSTEM)


class PlatformTerms(Struct, frozen=True):
    """What a platform allowed when the sale was opened."""

    platform_id: str
    confirms_offline: bool = True
    issues_documents: bool = False


class SaleTerms(Struct, frozen=True):
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
    exchange_gives_back: bool = True
