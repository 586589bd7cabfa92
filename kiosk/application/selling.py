"""One sale without a screen, through the same till: for the command line, tests and the control socket."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from hardware.printer import SimulatedPrinter
from kiosk.application.clock import Clock
from kiosk.application.control import NotDone
from kiosk.application.errors import PlatformError, Refused
from kiosk.application.interfaces import EventChoice, Platform
from kiosk.application.purchaser import NOBODY, Purchaser, PurchaserRefusedError, purchaser
from kiosk.application.settings import Settings
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import Event, EventProduct, Journey, Offer, Place, RiderCount, Slot
from kiosk.domain.money import Money
from kiosk.domain.sale.events import (
    Actor,
    ActorKind,
    Channel,
    CheckoutAsked,
    CustomerLeft,
    OfferChosen,
    PickUpAsked,
    ReceiptAsked,
    SaleAbandoned,
    SaleKind,
    TenderChosen,
)
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind

Text = Annotated[str, msgspec.Meta(max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0, le=50)]
OVER = frozenset({Stage.DONE, Stage.CLAIM, Stage.ABANDONED})
MARGIN_S = 30.0
PICK_UP_S = 5.0  # the till decides at once what of a found booking is to be printed
SEARCH_DAYS = 60
NAME_CHARS_MIN = 4
CLERK = Actor(ActorKind.CLERK, "command-line")


class SaleOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be sold: a journey (origin, destination, depart), an event (slot, seats or best), or a pick-up."""

    origin: Text = ""
    destination: Text = ""
    depart: Text = ""
    event: Text = ""
    slot: Text = ""
    seats: Annotated[tuple[Text, ...], msgspec.Meta(max_length=50)] = ()
    best: Count = 0
    seat_category: Text = ""
    riders: Annotated[dict[Text, Count], msgspec.Meta(max_length=20)] = {}
    addons: Annotated[dict[Text, Count], msgspec.Meta(max_length=20)] = {}
    product: Text = ""
    pick_up: Text = ""
    tender: Literal["card", "cash", "free"] = "card"
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "en"
    wants_receipt: bool = False
    holder: Text = ""
    mail: Annotated[str, msgspec.Meta(max_length=254)] = ""


class _Ended(Struct, frozen=True):
    """Whether a condition came true within its time, and the sale as it was then."""

    sale: Sale
    is_in_time: bool


async def sell(terminal: Terminal, order: SaleOrder) -> dict[str, Any]:
    """Make one sale and return its report (JSON-able); its `outcome` is delivered, paid_back, claim or open.

    Raises:
        NotDone: nothing was sold and nothing charged; key and sentence say why.
    """
    if order.pick_up:
        return await _pick_up(terminal, order)
    try:
        offer = await offer_for(terminal, order)
    except PlatformError as trouble:
        raise _not_sold(trouble.key) from None
    return await sell_offers(terminal, (offer,), order)


async def sell_offers(terminal: Terminal, offers: tuple[Offer, ...], order: SaleOrder) -> dict[str, Any]:
    """Sell these offers in one basket; see `sell`."""
    till, whom = terminal.till, _purchaser(order)
    sale_id = till.open_sale(SaleKind.PURCHASE, Channel.COUNTER, CLERK, order.language)
    for offer in offers:
        till.post(sale_id, OfferChosen(offer))
    if whom != NOBODY:
        till.name_purchaser(sale_id, whom)
    till.post(sale_id, CheckoutAsked(terminal.clock.now()))
    write_s = terminal.settings.timeouts.platform_write_s
    asked = await _until(terminal, sale_id, lambda sale: sale.stage is Stage.PAYING or bool(sale.problem), write_s)
    if asked.sale.stage is not Stage.PAYING:
        await _leave(terminal, sale_id)
        raise _not_sold(asked.sale.problem or "platform_no_answer")
    due = asked.sale.due
    kind = TenderKind(order.tender) if due.minor else TenderKind.FREE
    handed = due if kind is TenderKind.CASH else None
    if order.wants_receipt:
        till.post(sale_id, ReceiptAsked())
    till.post(sale_id, TenderChosen(kind, terminal.clock.now(), handed=handed))
    paid = await _until(terminal, sale_id, _is_tender_over, terminal.settings.timeouts.card_payment_s)
    if not _is_over(paid.sale) and paid.sale.stage is Stage.PAYING and paid.sale.problem and not paid.sale.paid.minor:
        await _leave(terminal, sale_id)
        raise _not_sold(paid.sale.problem)
    return await _finish(terminal, sale_id)


def _purchaser(order: SaleOrder) -> Purchaser:
    try:
        return purchaser(order.holder, order.mail)
    except PurchaserRefusedError as refused:
        raise NotDone("purchaser", f"Nothing was sold and nothing charged. {refused}") from None


async def _pick_up(terminal: Terminal, order: SaleOrder) -> dict[str, Any]:
    till = terminal.till
    sale_id = till.open_sale(SaleKind.PICKUP, Channel.COUNTER, CLERK, order.language)
    till.post(sale_id, PickUpAsked(order.pick_up))
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


async def _leave(terminal: Terminal, sale_id: str) -> None:
    terminal.till.post(sale_id, SaleAbandoned("not_sold", terminal.clock.now()))
    write_s = terminal.settings.timeouts.platform_write_s
    await _until(terminal, sale_id, lambda sale: sale.stage is Stage.ABANDONED and sale.is_at_rest, write_s)


def _is_over(sale: Sale) -> bool:
    return sale.stage in OVER


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


# ---- what is to be sold


class Buyer(Protocol):
    """As much of a terminal as choosing needs."""

    @property
    def platform(self) -> Platform:
        """Return the platform to choose from."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the time."""
        ...

    @property
    def settings(self) -> Settings:
        """Return the time-outs."""
        ...


async def offer_for(terminal: Buyer, order: SaleOrder) -> Offer:
    """Return the offer an order describes, the cheapest that fits.

    Raises:
        NotDone: nothing fits; the sentence names what there is.
        PlatformError: the platform said no or nothing.
    """
    return await (_event_offer(terminal, order) if order.event else _journey_offer(terminal, order))


async def _journey_offer(terminal: Buyer, order: SaleOrder) -> Offer:
    platform = terminal.platform
    origin, destination = await _place(terminal, order.origin), await _place(terminal, order.destination)
    after = moment(order.depart, terminal.clock.now(), origin.zone)
    found = await platform.departures(origin.id, destination.id, after=after, limit=5)
    journey: Journey | None = next((each for each in found.journeys if each.departs >= after), None)
    if journey is None:
        raise NotDone(
            "no_journey", f"No journey from {origin.name.default} to {destination.name.default} after {after}."
        )
    offers = await platform.journey_offers(journey.id, await _riders(terminal, order))
    wanted = [each for each in offers if not order.product or any(p.product_id == order.product for p in each.parts)]
    if not wanted:
        raise NotDone("no_offer", "The tariff has no ticket for these travellers on this journey.")
    return wanted[0]


async def _place(terminal: Buyer, text: str) -> Place:
    if not text:
        raise NotDone("no_place", "Name a place to start from and one to go to.")
    try:
        return await terminal.platform.place(text)
    except Refused:
        hits = await terminal.platform.places(text, language="en", limit=5)
    exact = [hit for hit in hits if text.casefold() in {hit.shown.casefold(), hit.place.name.default.casefold()}]
    # The platform gives the best first; a beginning of some length may name one of several parts of a station.
    meant = [hit for hit in hits if not hit.is_near and (hit.match[0] == 0 and len(text) >= NAME_CHARS_MIN)]
    sure = exact or meant
    if not sure:
        near = ", ".join(hit.shown for hit in hits) or "nothing like it"
        raise NotDone("no_place", f"No one place is called “{text}”. Found: {near}.")
    return sure[0].place


async def _riders(terminal: Buyer, order: SaleOrder) -> tuple[RiderCount, ...]:
    known = [category.id for category in await terminal.platform.rider_categories()]
    asked = {name: count for name, count in order.riders.items() if count} or {known[0]: 1}
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise NotDone("no_category", f"Nobody travels as “{unknown[0]}”. Known: {', '.join(known)}.")
    return tuple(RiderCount(name, count) for name, count in asked.items())


async def _event_offer(terminal: Buyer, order: SaleOrder) -> Offer:
    slot = await _slot(terminal, order)
    products = await terminal.platform.event_products(slot.id)
    choice = EventChoice(
        slot.id, _chosen(products, order), order.seats, order.best if not order.seats else 0, order.seat_category
    )
    return await terminal.platform.event_offer(choice, timeout_s=terminal.settings.timeouts.platform_read_s)


async def _slot(terminal: Buyer, order: SaleOrder) -> Slot:
    now = terminal.clock.now()
    events = await terminal.platform.events(on=None, limit=200)
    wanted = order.event.casefold()
    event: Event | None = next((e for e in events if wanted in {e.id.casefold(), e.name.default.casefold()}), None)
    if event is None:
        raise NotDone("no_event", f"Nothing is on called “{order.event}”. On: {', '.join(e.id for e in events[:20])}.")
    zone = event.venue.zone
    first = moment(order.slot, now, zone) if order.slot[:1].isdigit() else event.next_starts or now
    for day in range(SEARCH_DAYS):
        on = (first.astimezone(ZoneInfo(zone)) + timedelta(days=day)).date()
        slots = await terminal.platform.slots(event.id, on=on)
        fit = [each for each in slots if (order.slot in {each.id, ""} and each.starts >= now) or each.starts == first]
        if fit:
            return fit[0]
        if order.slot[:1].isdigit():
            break
    raise NotDone("no_slot", f"“{order.event}” has no such time. Leave --slot away for the next one.")


def _chosen(products: tuple[EventProduct, ...], order: SaleOrder) -> tuple[RiderCount, ...]:
    """Match categories and product ids to products; alone, one of the first product per seat."""
    plain = [each for each in products if not each.is_addon]
    if order.seat_category:
        plain = [each for each in plain if each.seat_category_id in {order.seat_category, ""}] or plain
    asked = {name: count for name, count in {**order.riders, **order.addons}.items() if count}
    if not asked and plain:
        asked = {plain[0].id: max(1, order.best, len(order.seats))}
    chosen = []
    for name, count in asked.items():
        fit = [each for each in (*plain, *products) if name in {each.id, each.category_id}]
        if not fit:
            raise NotDone("no_product", f"“{name}” is not sold here. Sold: {', '.join(each.id for each in products)}.")
        chosen.append(RiderCount(fit[0].id, count))
    return tuple(chosen)


def moment(text: str, now: datetime, zone: str) -> datetime:
    """Return a time: RFC 3339, a local date and time, or HH:MM today; "" is now.

    Raises:
        NotDone: it is none of these.
    """
    if not text:
        return now
    local = now.astimezone(ZoneInfo(zone))
    try:
        if len(text) <= len("23:59"):
            hours, minutes = text.split(":")
            return local.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
        given = datetime.fromisoformat(text)
    except ValueError:
        raise NotDone("no_time", "A time is written 2026-03-01T14:30, with an offset behind it, or 14:30.") from None
    return given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))


# ---- what became of it


def _not_sold(key: str) -> NotDone:
    return NotDone(key, f"Nothing was sold and nothing charged ({key}).")


def outcome(sale: Sale) -> str:
    """Return what became of a sale: delivered, claim, paid_back or open."""
    if sale.stage is Stage.CLAIM or sale.claim is not None:
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
        "tenders": [{"kind": str(t.kind), "reference": t.reference, "state": str(t.state)} for t in sale.tenders],
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


def order_of(arguments: dict[str, Any]) -> SaleOrder:
    """Return an order from plain arguments, as the control socket brings them."""
    return msgspec.convert(json.loads(json.dumps(arguments)), SaleOrder)
