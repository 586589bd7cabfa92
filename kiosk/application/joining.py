"""Joins the till to its store, platforms and devices, in the order a reader needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from hardware.cash import CashUnit
from hardware.payment_terminal import PaymentTerminal
from hardware.printer import Printer
from kiosk.application.cash_desk import CashDesk
from kiosk.application.clock import Clock
from kiosk.application.identities import Identities
from kiosk.application.interfaces import DocumentIssuer, Platform
from kiosk.application.paper import ClaimSigner, DocumentMaker
from kiosk.application.payment_desk import PaymentDesk
from kiosk.application.performer import Desks, Performer
from kiosk.application.platform_desk import PlatformDesk
from kiosk.application.print_desk import PrintDesk
from kiosk.application.settings import TimeoutSettings
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.till import Till
from kiosk.domain.sale.events import PlatformTerms, SaleTerms
from offline_store import Store


@dataclass(frozen=True, slots=True)
class TillParts:
    """What a till stands on: `tickets` and `receipts` are printers in order of preference, platforms go by their id."""

    store: Store
    platforms: Mapping[str, Platform]
    payment: PaymentTerminal | None
    cash: CashUnit | None
    tickets: tuple[Printer, ...]
    receipts: tuple[Printer, ...]
    maker: DocumentMaker
    signer: ClaimSigner
    identities: Identities
    clock: Clock
    timeouts: TimeoutSettings
    currency: str
    printer_poll_s: float = 0.5


def sale_terms(parts: TillParts) -> SaleTerms:
    """Return the limits that every sale opened from now on keeps."""
    timeouts = parts.timeouts
    platforms = tuple(
        PlatformTerms(name, each.traits.confirms_offline, each.traits.issues_documents is DocumentIssuer.PLATFORM)
        for name, each in parts.platforms.items()
    )
    return SaleTerms(
        platforms=platforms,
        payment_timeout_s=timeouts.card_payment_s,
        cash_timeout_s=timeouts.cash_piece_s,
        hold_margin_s=timeouts.hold_margin_s,
        confirm_wait_s=timeouts.confirm_wait_s,
        paper_wait_s=timeouts.paper_wait_s,
        answer_wait_s=timeouts.idle_warning_s,
        printers=max(len(parts.tickets), 1),
    )


def join_till(parts: TillParts) -> Till:
    """Return a till ready to `run`; the Courier beside it gets a `Delivery` that tells this till."""
    timeouts, clock = parts.timeouts, parts.clock
    desks = Desks(
        payment=PaymentDesk(parts.payment, clock, payment_s=timeouts.card_payment_s, reversal_s=timeouts.reversal_s),
        cash=CashDesk(parts.cash, clock, piece_s=timeouts.cash_piece_s, change_s=timeouts.change_s),
        platform=PlatformDesk(
            parts.platforms, clock, read_s=timeouts.platform_read_s, write_s=timeouts.platform_write_s
        ),
        printing=PrintDesk(
            parts.tickets,
            parts.receipts,
            parts.maker,
            parts.signer,
            clock,
            print_s=timeouts.print_s,
            poll_s=parts.printer_poll_s,
        ),
    )
    performer = Performer(desks, clock)
    gateway = StoreGateway(parts.store)
    return Till(gateway, performer, parts.identities, clock, sale_terms(parts), currency=parts.currency)
