"""Paper: effects to the printers of a role, their answers to events."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from hardware.errors import DeviceBusy, DeviceError, DeviceUnavailable
from hardware.printer import PrintDocument as Page
from hardware.printer import Printer, PrintJob, PrintOutcome, PrintResult
from kiosk.application.bounding import bounded
from kiosk.application.clock import Clock
from kiosk.application.paper import ClaimFacts, ClaimSigner, DocumentMaker, ReceiptFacts, TenderFacts, TicketFacts
from kiosk.application.purchaser import Purchaser
from kiosk.application.service import OUT_CAUSE
from kiosk.domain.money import total
from kiosk.domain.sale.booking import SyncState
from kiosk.domain.sale.document import Document, DocumentKind, DocumentState
from kiosk.domain.sale.effects import AwaitPrinter, PrintDocument, QueryPrint
from kiosk.domain.sale.events import DocumentNotPrinted, DocumentPrinted, DocumentUnknown, Event, PrinterReady
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.tender import TenderState
from offline_store import StoreError

_log = logging.getLogger(__name__)
NO_PRINTER = "printer.none"


class PrintDesk:
    """Print on the printers of this terminal: `tickets` in order of preference, `receipts` likewise."""

    def __init__(
        self,
        tickets: tuple[Printer, ...],
        receipts: tuple[Printer, ...],
        maker: DocumentMaker,
        signer: ClaimSigner,
        clock: Clock,
        *,
        purchaser: Callable[[Sale], Awaitable[Purchaser]],
        print_s: float,
        poll_s: float = 0.5,
        is_out: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_out = is_out
        self._tickets = tickets
        self._receipts = receipts or tickets
        self._maker = maker
        self._signer = signer
        self._clock = clock
        self._purchaser = purchaser
        self._print_s = print_s
        self._poll_s = poll_s

    def _printer(self, kind: DocumentKind, attempt: int) -> Printer | None:
        """Return the printer of an attempt; the same attempt always means the same printer."""
        printers = self._tickets if kind is DocumentKind.TICKET else self._receipts
        return printers[(attempt - 1) % len(printers)] if printers else None

    async def print(self, sale: Sale, effect: PrintDocument) -> Event:
        """Print under the job id that is durable already."""
        document, printer = sale.document(effect.document_id), self._printer(effect.kind, effect.attempt)
        if printer is None:
            return DocumentNotPrinted(effect.document_id, effect.job_id, self._clock.now(), NO_PRINTER)
        if self._is_out(printer.device_id):
            return DocumentNotPrinted(effect.document_id, effect.job_id, self._clock.now(), OUT_CAUSE)
        try:
            page = draw(sale, document, self._maker, self._signer, await self._holder(sale))
        except Exception:  # noqa: BLE001 - a page that cannot be drawn must not stop the till: no paper, money goes back
            _log.exception("document %s of sale %s cannot be drawn", document.id, sale.id)
            return DocumentNotPrinted(effect.document_id, effect.job_id, self._clock.now(), "document.cannot_be_drawn")
        try:
            job = PrintJob(effect.job_id, page)
            result = await bounded(printer.print(job, timeout_s=self._print_s), self._print_s)
        except (DeviceUnavailable, DeviceBusy) as problem:
            return DocumentNotPrinted(effect.document_id, effect.job_id, self._clock.now(), problem.key)
        except (DeviceError, TimeoutError):
            return DocumentUnknown(effect.document_id, effect.job_id, self._clock.now())
        return self._said(effect.document_id, result, was_asked=False)

    async def _holder(self, sale: Sale) -> str:
        """Return the name for the ticket; without it, where it can no longer be read: a ticket is owed all the same."""
        try:
            return (await self._purchaser(sale)).holder
        except StoreError as trouble:
            _log.warning("the holder of sale %s cannot be read: %s", sale.id, trouble.key)
            return ""

    async def query(self, effect: QueryPrint) -> Event:
        """Ask the printer of that attempt what became of the job."""
        printer = self._printer(effect.kind, effect.attempt)
        unknown = DocumentUnknown(effect.document_id, effect.job_id, self._clock.now(), was_asked=True)
        if printer is None:
            return unknown
        try:
            result = await bounded(printer.query(effect.job_id, timeout_s=self._print_s), self._print_s)
        except (DeviceError, TimeoutError):
            return unknown
        return self._said(effect.document_id, result, was_asked=True)

    def _said(self, document_id: str, result: PrintResult, *, was_asked: bool) -> Event:
        now = self._clock.now()
        match result.outcome:
            case PrintOutcome.PRINTED:
                return DocumentPrinted(document_id, result.job_id, now)
            case PrintOutcome.NOT_PRINTED:
                return DocumentNotPrinted(document_id, result.job_id, now, result.cause)
            case PrintOutcome.UNKNOWN:
                return DocumentUnknown(document_id, result.job_id, now, was_asked=was_asked)

    async def wait(self, effect: AwaitPrinter) -> Event | None:
        """Look at the printer until it works; the sale's own timer ends the wait for paper."""
        printer = self._printer(effect.kind, effect.attempt)
        if printer is None:
            return None
        while self._is_out(printer.device_id) or not (await printer.health()).is_working:  # noqa: ASYNC110 - devices are asked, they do not tell
            await asyncio.sleep(self._poll_s)
        return PrinterReady(self._clock.now())

    async def open_drawer(self) -> None:
        """Kick the drawer at the first printer that has one."""
        for printer in (*self._receipts, *self._tickets):
            try:
                if await bounded(printer.open_drawer(), self._print_s):
                    return
            except (DeviceError, TimeoutError):
                continue


def draw(sale: Sale, document: Document, maker: DocumentMaker, signer: ClaimSigner, holder: str = "") -> Page:
    """Return the page of a document; `holder` is a name for tickets, "" if none was given."""
    match document.kind:
        case DocumentKind.TICKET:
            return maker.ticket(ticket_facts(sale, document, holder))
        case DocumentKind.RECEIPT:
            return maker.receipt(receipt_facts(sale, document))
        case DocumentKind.CLAIM:
            facts = claim_facts(sale)
            return maker.claim(facts, signer.sign(facts))


def ticket_facts(sale: Sale, document: Document, holder: str = "") -> TicketFacts:
    """Return what stands on a ticket."""
    part, *addons = sale.parts_of(document)
    booking = sale.booking_of(document)
    return TicketFacts(
        offer=sale.offer(document.offer_id),
        part=part,
        addons=tuple(addons),
        code=document.code,
        secret=document.secret,
        copy=document.copy,
        language=sale.language,
        sold_at=sale.settled_at or sale.now,
        is_unconfirmed=booking is not None and booking.sync is not SyncState.DONE,
        holder=holder,
    )


def receipt_facts(sale: Sale, document: Document) -> ReceiptFacts:
    """Return what stands on a receipt: what was delivered and what paid for it."""
    delivered = tuple(each for each in sale.tickets if each.state is DocumentState.PRINTED)
    lines = tuple((sale.offer(each.offer_id), part) for each in delivered for part in sale.parts_of(each))
    tenders = tuple(
        TenderFacts(each.kind, each.taken, each.card_hint, each.device_reference, each.receipt_lines)
        for each in sale.tenders
        if each.state is TenderState.PAID
    )
    return ReceiptFacts(
        sale_id=sale.id,
        codes=tuple(booking.code for booking in sale.bookings),
        lines=lines,
        tenders=tenders,
        total=total(tuple(part.price for _, part in lines), sale.basket.currency),
        change=sale.change,
        copy=document.copy,
        language=sale.language,
        at=sale.settled_at or sale.now,
    )


def claim_facts(sale: Sale) -> ClaimFacts:
    """Return what a claim slip promises.

    Raises:
        ValueError: the sale has no claim.
    """
    if sale.claim is None:
        raise ValueError("no claim")
    return ClaimFacts(
        claim_id=sale.claim.id,
        sale_id=sale.id,
        codes=tuple(booking.code for booking in sale.bookings),
        reasons=tuple(reason.value for reason in sale.claim.reasons),
        owed=sale.claim.owed,
        doubtful=sale.claim.doubtful,
        language=sale.language,
        at=sale.now,
    )
