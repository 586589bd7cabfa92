"""One sale without a screen, through the same till: for the command line, tests and the control socket."""

import asyncio
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from hardware.printer import SimulatedPrinter
from kiosk.application.control import NotDone
from kiosk.application.errors import PlatformError, Refused
from kiosk.application.gift_card_desk import pay_with
from kiosk.application.ordering import SaleOrder, named, offer_for
from kiosk.application.purchaser import NOBODY, Purchaser
from kiosk.application.refusal_words import not_sold
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money
from kiosk.domain.sale.document import Document, DocumentKind
from kiosk.domain.sale.events import (
    Actor,
    ActorKind,
    Channel,
    CheckoutAsked,
    CustomerLeft,
    ExchangeBegun,
    OfferChosen,
    PickUpAsked,
    ReceiptAsked,
    SaleAbandoned,
    SaleKind,
    TenderChosen,
)
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind

OVER = frozenset({Stage.DONE, Stage.CLAIM, Stage.ABANDONED})
MARGIN_S = 30.0
PICK_UP_S = 5.0  # the till decides at once what of a found booking is to be printed
Report = dict[str, Any]
CLERK = Actor(ActorKind.CLERK, "command-line")


class _Ended(Struct, frozen=True):
    """Whether a condition came true within its time, and the sale as it was then."""

    sale: Sale
    is_in_time: bool


async def sell(terminal: Terminal, order: SaleOrder) -> dict[str, Any]:
    """Make one sale and return its report (JSON-able); its `outcome` is delivered, paid_back, claim or open.

    Raises:
        NotDone: nothing was sold and nothing charged; key and sentence say why.
    """
    if order.is_pick_up:
        return await _pick_up(terminal, order)
    try:
        offer = await offer_for(terminal, order)
    except PlatformError as trouble:
        raise _not_sold(trouble.key) from None
    return await sell_offers(terminal, (offer,), order, await named(terminal, offer, order))


async def sell_offers(
    terminal: Terminal, offers: tuple[Offer, ...], order: SaleOrder, whom: Purchaser
) -> dict[str, Any]:
    """Sell these offers in one basket; see `sell`."""
    till = terminal.till
    sale_id = till.open_sale(SaleKind.PURCHASE, Channel.COUNTER, CLERK, order.language)
    for offer in offers:
        till.post(sale_id, OfferChosen(offer))
    if whom != NOBODY:
        till.name_purchaser(sale_id, whom)
    return await _pay(terminal, sale_id, order)


async def exchange(terminal: Terminal, begun: ExchangeBegun, offers: tuple[Offer, ...], order: SaleOrder) -> Report:
    """Exchange tickets for these, paying what they cost more or giving back what they cost less; return the report.

    Raises:
        NotDone: nothing was changed and nothing charged; key and sentence say why.
    """
    till = terminal.till
    sale_id = till.open_sale(SaleKind.EXCHANGE, Channel.COUNTER, CLERK, order.language, of_sale=begun.of_sale)
    till.post(sale_id, begun)
    for offer in offers:
        till.post(sale_id, OfferChosen(offer))
    return await _pay(terminal, sale_id, order)


async def _pay(terminal: Terminal, sale_id: str, order: SaleOrder) -> dict[str, Any]:
    till = terminal.till
    till.post(sale_id, CheckoutAsked(terminal.clock.now()))
    write_s = terminal.settings.timeouts.platform_write_s
    asked = await _until(terminal, sale_id, lambda sale: sale.stage is Stage.PAYING or bool(sale.problem), write_s)
    if asked.sale.stage is not Stage.PAYING:
        await _leave(terminal, sale_id)
        raise _not_sold(asked.sale.problem or "platform_no_answer")
    if order.wants_receipt:
        till.post(sale_id, ReceiptAsked())
    sale = asked.sale
    if order.gift_card and sale.due.minor:
        sale = await _pay_by_gift_card(terminal, sale, order.gift_card)
    if not sale.is_settled:
        kind = TenderKind(order.tender) if sale.due.minor else TenderKind.FREE
        handed = sale.due if kind is TenderKind.CASH else None
        till.post(sale_id, TenderChosen(kind, terminal.clock.now(), handed=handed))
        sale = (await _until(terminal, sale_id, _is_tender_over, terminal.settings.timeouts.card_payment_s)).sale
    if not _is_over(sale) and sale.stage is Stage.PAYING and sale.problem and sale.due.minor:
        left = await _leave(terminal, sale_id)
        if left.claim is None:
            raise _not_sold(sale.problem)
    return await _finish(terminal, sale_id)


async def _pay_by_gift_card(terminal: Terminal, sale: Sale, code: str) -> Sale:
    """Take what is due, or all the card holds, off a gift card; the code is used for this question and not kept."""
    times, cards = terminal.settings.timeouts, terminal.platform.gift_cards
    try:
        if cards is None:
            raise Refused("gift_card_unknown", "no gift cards here")
        card = await cards.card(code, timeout_s=times.platform_read_s)
    except PlatformError as no:
        await _leave(terminal, sale.id)
        raise _not_sold(no.key) from None
    terminal.till.post(sale.id, pay_with(card, terminal.platform.traits.id, sale, terminal.clock.now()))
    return (await _until(terminal, sale.id, _is_gift_card_over, times.platform_write_s)).sale


def _is_gift_card_over(sale: Sale) -> bool:
    return _is_tender_over(sale) or (sale.paid.minor > 0 and sale.tender_in_flight is None)


async def _pick_up(terminal: Terminal, order: SaleOrder) -> dict[str, Any]:
    till = terminal.till
    sale_id = till.open_sale(SaleKind.PICKUP, Channel.COUNTER, CLERK, order.language)
    till.post(sale_id, PickUpAsked(order.pick_up, order.medium))
    read_s = terminal.settings.timeouts.platform_write_s
    found = await _until(terminal, sale_id, lambda sale: sale.found is not None or bool(sale.problem), read_s)
    if found.sale.found is None:
        await _leave(terminal, sale_id)
        raise _not_sold(found.sale.problem or "platform_no_answer")
    till.post(sale_id, CheckoutAsked(terminal.clock.now()))
    owed = await _until(terminal, sale_id, lambda sale: bool(sale.documents or sale.problem), 0.0, margin_s=PICK_UP_S)
    if not owed.sale.documents:
        await _leave(terminal, sale_id)
        raise NotDone(owed.sale.problem or "nothing_to_print", "Nothing of that booking is left to be printed.")
    return await _finish(terminal, sale_id)


async def _finish(terminal: Terminal, sale_id: str) -> dict[str, Any]:
    times = terminal.settings.timeouts
    wait_s = times.confirm_wait_s + times.paper_wait_s + times.print_s * 8 + times.reversal_s * 4
    ended = await _until(terminal, sale_id, _is_over, wait_s)
    terminal.till.post(sale_id, CustomerLeft())
    # What the platform has not proven by then it gets later; whoever asked for the sale need not wait for that.
    settled = await _until(
        terminal, sale_id, lambda sale: _is_over(sale) and sale.is_at_rest, times.platform_write_s, margin_s=0
    )
    return report(terminal, settled.sale if settled.is_in_time else ended.sale)


async def _leave(terminal: Terminal, sale_id: str) -> Sale:
    terminal.till.post(sale_id, SaleAbandoned("not_sold", terminal.clock.now()))
    write_s = terminal.settings.timeouts.platform_write_s
    return (await _until(terminal, sale_id, _is_left, write_s)).sale


def _is_left(sale: Sale) -> bool:
    return sale.stage in {Stage.ABANDONED, Stage.CLAIM} and sale.is_at_rest


def _is_over(sale: Sale) -> bool:
    is_waiting = (
        sale.awaiting.minor > 0 and sale.claim is not None and not any(each.is_pending for each in _slips(sale))
    )
    return sale.stage in OVER or is_waiting


def _slips(sale: Sale) -> tuple[Document, ...]:
    return tuple(each for each in sale.documents if each.kind is DocumentKind.CLAIM)


def _is_tender_over(sale: Sale) -> bool:
    return _is_over(sale) or sale.is_settled or (bool(sale.problem) and sale.tender_in_flight is None)


async def _until(
    terminal: Terminal, sale_id: str, holds: Callable[[Sale], bool], wait_s: float, *, margin_s: float = MARGIN_S
) -> _Ended:
    """Wait until a sale is as wanted, at most `wait_s` plus a margin for the till's own work."""
    changed = asyncio.Event()
    end = terminal.till.subscribe(lambda sale: changed.set() if sale.id == sale_id else None)
    try:
        async with asyncio.timeout(wait_s + margin_s):
            while (sale := terminal.till.sale(sale_id)) is None or not holds(sale):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        sale = terminal.till.sale(sale_id)
        if sale is None:
            raise NotDone("not_started", "The sale could not be begun; nothing was charged.") from None
        return _Ended(sale, is_in_time=False)
    finally:
        end()
    return _Ended(sale, is_in_time=True)


def _not_sold(key: str) -> NotDone:
    return NotDone(key, not_sold(key))


def outcome(sale: Sale) -> str:
    """Return what became of a sale: delivered, claim, paid_back or open."""
    if sale.claim is not None and (sale.exchange is None or (sale.claim.owed + sale.claim.doubtful).minor):
        return "claim"
    if sale.stage is Stage.ABANDONED or (sale.undelivered and sale.undelivered == sale.tickets):
        return "paid_back"
    return "delivered" if sale.stage is Stage.DONE else "open"


def report(terminal: Terminal, sale: Sale) -> dict[str, Any]:
    """Return a sale as JSON-able facts, with where its simulated paper lies."""
    papers = {paper.job_id: paper for printer in terminal.devices.printers if isinstance(printer, SimulatedPrinter)
              for paper in printer.papers()}  # fmt: skip
    return {
        "sale_id": sale.id,
        "outcome": outcome(sale),
        "stage": str(sale.stage),
        "problem": sale.problem,
        "is_training": terminal.is_training,
        "is_at_rest": sale.is_at_rest,
        "codes": [booking.code for booking in sale.bookings] or ([sale.found.code] if sale.found else []),
        "bookings": [
            {"platform": each.platform_id, "code": each.code, "stock": str(each.stock), "sync": str(each.sync)}
            for each in sale.bookings
        ],
        "what": [
            {"title": each.title.default, "starts": each.starts.isoformat(), "line": each.line}
            for each in (offer.occurrence for offer in sale.offers)
        ],
        "price": _money(sale.price),
        "paid": _money(sale.paid),
        "change": _money(sale.change),
        "tenders": [
            {
                "kind": str(tender.kind), "reference": tender.reference, "state": str(tender.state),
                "amount": _money(tender.amount),
            }
            for tender in sale.tenders
        ],
        "documents": [
            {
                "id": document.id, "kind": str(document.kind), "state": str(document.state), "copy": document.copy,
                "secret": document.secret, "cause": document.cause,
                "png": str(papers[document.job_id].png) if document.job_id in papers else "",
                "raw": str(papers[document.job_id].raw) if document.job_id in papers else "",
            }
            for document in sale.documents
        ],
        "claim": sale.claim.id if sale.claim else "",
    }  # fmt: skip


def _money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency}
