"""From due to paper: one piece at a time, each under its own job, printed, not printed or unknown."""

from msgspec.structs import replace

from kiosk.domain.sale import identity
from kiosk.domain.sale.document import COPIES_MAX, FAILURES_MAX, Document, DocumentKind, DocumentMove, DocumentState
from kiosk.domain.sale.effects import (
    AwaitPrinter,
    Effect,
    PrintDocument,
    QueryPrint,
    RecordPrint,
    StartTimer,
)
from kiosk.domain.sale.events import (
    SELLS,
    ClaimAsked,
    CustomerAnswered,
    DocumentNotPrinted,
    DocumentPrinted,
    DocumentUnknown,
    PrinterReady,
    ReceiptAsked,
    Timer,
)
from kiosk.domain.sale.sale import Sale, Step

_BUSY = frozenset({DocumentState.PRINT_INTENT, DocumentState.UNKNOWN})


def _find(sale: Sale, document_id: str, job_id: str, move: DocumentMove) -> Document | None:
    return next(
        (each for each in sale.documents if (each.id, each.job_id) == (document_id, job_id) and each.can(move)), None
    )


def document_printed(sale: Sale, event: DocumentPrinted) -> Step:
    """Tick a piece of paper off; the platform is told of tickets."""
    document = _find(sale, event.document_id, event.job_id, DocumentMove.CONFIRM)
    return (sale, ()) if document is None else _printed(sale, document)


def _printed(sale: Sale, document: Document) -> Step:
    printed = replace(document.moved(DocumentMove.CONFIRM), is_asked=False, cause="")
    effects = (RecordPrint(document.id),) if document.kind is DocumentKind.TICKET else ()
    return replace(sale.with_document(printed), problem=""), effects


def document_not_printed(sale: Sale, event: DocumentNotPrinted) -> Step:
    """Try the next printer, wait for this one, or give up after FAILURES_MAX."""
    document = _find(sale, event.document_id, event.job_id, DocumentMove.MISS)
    if document is None:
        return sale, ()
    missed = replace(
        document.moved(DocumentMove.MISS), failures=document.failures + 1, cause=event.cause, is_asked=False
    )
    return _missed(replace(sale, problem=event.cause or "printer.not_printed"), missed)


def _missed(sale: Sale, document: Document) -> Step:
    if document.failures >= FAILURES_MAX or document.kind is not DocumentKind.TICKET:
        return sale.with_document(document.moved(DocumentMove.GIVE_UP)), ()
    if document.failures % max(sale.terms.printers, 1) != 0:
        return sale.with_document(document), ()  # the next printer of the role takes over: certainly not printed
    waits = (AwaitPrinter(document.kind, document.attempt), StartTimer(Timer.PAPER, sale.terms.paper_wait_s))
    return sale.with_document(replace(document, is_waiting=True)), waits


def document_unknown(sale: Sale, event: DocumentUnknown) -> Step:
    """Ask the printer; if it cannot tell, ask the customer of a ticket."""
    document = _find(sale, event.document_id, event.job_id, DocumentMove.LOSE)
    if document is not None:
        lost = document.moved(DocumentMove.LOSE)
        return sale.with_document(lost), (query(lost),)
    document = _find(sale, event.document_id, event.job_id, DocumentMove.GIVE_UP)
    if document is None or document.state is not DocumentState.UNKNOWN or not event.was_asked or document.is_asked:
        return sale, ()
    if document.kind is not DocumentKind.TICKET:
        return sale.with_document(document.moved(DocumentMove.GIVE_UP)), ()
    timer = StartTimer(Timer.ANSWER, sale.terms.answer_wait_s)
    return sale.with_document(replace(document, is_asked=True)), (timer,)


def query(document: Document) -> QueryPrint:
    """Return the question what became of a document's job."""
    return QueryPrint(document.id, document.kind, document.job_id, document.attempt)


def customer_answered(sale: Sale, event: CustomerAnswered) -> Step:
    """Believe the customer: a ticket that did not come out is printed once more, marked as a copy."""
    document = next((each for each in sale.documents if each.id == event.document_id and each.is_asked), None)
    if document is None:
        return sale, ()
    return _printed(sale, document) if event.came_out else _copy(sale, document)


def _copy(sale: Sale, document: Document) -> Step:
    """Print the same secret once more as a copy; after COPIES_MAX give up."""
    document = replace(document, is_asked=False)
    if document.copies >= COPIES_MAX:
        return sale.with_document(document.moved(DocumentMove.GIVE_UP)), ()
    copy = replace(document.moved(DocumentMove.COPY), copy=document.copy + 1, copies=document.copies + 1)
    return sale.with_document(copy), ()


def answer_over(sale: Sale) -> Step:
    """Nobody answered: one automatic copy with the same secret does no harm."""
    for document in sale.documents:
        if document.is_asked:
            sale, _ = _copy(sale, document)
    return sale, ()


def printer_ready(sale: Sale, event: PrinterReady) -> Step:
    """Go on printing."""
    del event
    for document in sale.documents:
        if document.is_waiting:
            sale = sale.with_document(replace(document, is_waiting=False))
    return sale, ()


def paper_over(sale: Sale) -> Step:
    """The printer did not come back in time: what is still due will not be printed."""
    if not any(document.is_waiting for document in sale.documents):
        return sale, ()
    for document in sale.documents:
        if document.state is DocumentState.DUE:
            sale = sale.with_document(replace(document, is_waiting=False).moved(DocumentMove.GIVE_UP))
    return sale, ()


def receipt_asked(sale: Sale, event: ReceiptAsked) -> Step:
    """Remember that a receipt is wanted; one is enough."""
    del event
    receipts = (each for each in sale.documents if each.kind is DocumentKind.RECEIPT)
    if sale.kind not in SELLS or any(each.state is not DocumentState.UNDELIVERED for each in receipts):
        return sale, ()
    return replace(sale, is_receipt_wanted=True), ()


def claim_asked(sale: Sale, event: ClaimAsked) -> Step:
    """Print the claim slip once more, marked as a copy."""
    del event
    slips = tuple(each for each in sale.documents if each.kind is DocumentKind.CLAIM)
    if sale.claim is None or any(each.is_pending for each in slips) or len(slips) >= FAILURES_MAX:
        return sale, ()
    return add_document(sale, DocumentKind.CLAIM), ()


def add_document(sale: Sale, kind: DocumentKind) -> Sale:
    """Owe another receipt or slip; each further one of a kind is a copy."""
    count = sum(each.kind is kind for each in sale.documents)
    printed = sum(each.kind is kind and each.state is DocumentState.PRINTED for each in sale.documents)
    document = Document(id=f"{kind}-{count + 1}", kind=kind, copy=printed).moved(DocumentMove.OWE)
    return sale.with_document(document)


def begin_print(sale: Sale, document: Document) -> Step:
    """Put a due document at PRINT_INTENT under a job id of its own; durable before the printer hears of it."""
    attempt = document.attempt + 1
    job_id = identity.job_id(sale.seed, document.id, attempt)
    printing = replace(document.moved(DocumentMove.PRINT), job_id=job_id, attempt=attempt)
    effects: tuple[Effect, ...] = (PrintDocument(document.id, document.kind, job_id, attempt),)
    return sale.with_document(printing), effects


def is_printer_busy(sale: Sale) -> bool:
    """Say whether a piece of paper is on its way, unclear, or waits for the printer."""
    return any(each.state in _BUSY or each.is_waiting for each in sale.documents)
