"""Three books of the same money: our journal, the platform's bookings, the payment device's charges.

What merely waits (a message in the queue, a device that cannot be asked) is said as such. What differs is listed with
the sale it belongs to: a difference is a task for somebody, never silent.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from hardware.errors import DeviceError
from hardware.payment_terminal import DayTotals, PaymentOutcome, PaymentTerminal
from kiosk.application.bounding import bounded
from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import FoundBooking, Platform
from kiosk.application.looking_up import LIVE
from kiosk.domain.money import Money
from kiosk.domain.sale.booking import Booking, SyncState
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.events import SELLS
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.tender import Tender, TenderKind, TenderState

WAITING = frozenset({SyncState.DUE, SyncState.TRIED, SyncState.CANCEL_DUE})
UNDECIDED = frozenset({PaymentOutcome.UNKNOWN, PaymentOutcome.IN_PROGRESS})
SENTENCES: Mapping[str, str] = {
    "platform.refused": "The platform refused this booking. It is parked. See: guichet conflict list",
    "platform.missing": "The platform does not know this booking, though it said it had taken it.",
    "platform.of_another": "The platform has another sale under this code.",
    "platform.money": "The platform has another price for this booking.",
    "platform.dead": "A ticket that was handed out is not valid on the platform.",
    "platform.alive": "A ticket that was not handed out is still valid on the platform.",
    "platform.gift_card": "The platform's booking says another sum was paid by gift card.",
    "gift_card.more": "The platform took more off the gift card than this sale knows of.",
    "gift_card.less": "The platform took less off the gift card than this sale counts on.",
    "device.more": "The payment device charged more than this sale knows of.",
    "device.less": "The payment device charged less than this sale counts on.",
    "device.total": "The day's total of the payment device is not the total of the sales since its last end of day.",
}


class Difference(Struct, frozen=True):
    """One thing two books say differently; `reference` is a booking code or a tender's, amounts in minor units."""

    kind: str
    sale_id: str
    reference: str
    ours_minor: int
    theirs_minor: int

    @property
    def sentence(self) -> str:
        """Return it in words."""
        return SENTENCES[self.kind]


class Reconciliation(Struct, frozen=True):
    """What the three books say of the sales since a time.

    `waiting`: bookings the platform gets as soon as it can. `unasked`: what could not be asked now. `journal_minor`:
    what was kept, by kind of tender. `platform_minor`: what the platform holds as sold. `device`: the device's own day.
    """

    since: datetime | None
    sales: int
    currency: str
    journal_minor: dict[str, int]
    platform_minor: int
    device: DayTotals | None
    waiting: tuple[str, ...]
    unasked: tuple[str, ...]
    differences: tuple[Difference, ...]


class Books(Protocol):
    """As much of the store as this needs."""

    async def sales(self, since: datetime | None) -> tuple[Sale, ...]:
        """Return the sales with a step since then, all of them for None."""
        ...

    async def charges_of_day(self) -> Mapping[str, Money]:
        """Return what was charged by card and not given back since the last end of day, by reference."""
        ...

    async def close_day(self, actor: str, note: bytes) -> None:
        """Note that the payment device has begun a new day."""
        ...


async def reconcile(
    books: Books,
    platform: Platform,
    device: PaymentTerminal | None,
    since: datetime | None,
    *,
    timeout_s: float,
    settled_codes: frozenset[str] = frozenset(),
) -> Reconciliation:
    """Compare the three books and return what they say; a refused booking settled by a person is explained."""
    begun = tuple(sale for sale in await books.sales(since) if sale.kind in SELLS)
    sales, compared = tuple(sale for sale in begun if sale.is_settled), _Compared()
    for sale in sales:
        for booking in sale.bookings:
            if booking.sync is SyncState.CONFLICT and booking.code in settled_codes:
                continue
            await _with_platform(compared, sale, booking, platform, timeout_s)
        for tender in sale.tenders:
            if tender.kind is TenderKind.CARD and device is not None and device.keeps_our_reference:
                await _with_device(compared, sale, tender, device, timeout_s)
    for sale in begun:  # no total of a day shows what was charged for nothing: also of sales that were given up
        for tender in sale.tenders:
            if tender.card is not None:
                await _with_gift_card(compared, sale, tender, platform, timeout_s)
    totals = await _day(compared, books, device, timeout_s)
    return Reconciliation(
        since=since,
        sales=len(sales),
        currency=platform.traits.currency,
        journal_minor=_kept(sales),
        platform_minor=compared.platform_minor,
        device=totals,
        waiting=tuple(compared.waiting),
        unasked=tuple(compared.unasked),
        differences=tuple(compared.differences),
    )


class _Compared:
    """What comparing has found so far."""

    def __init__(self) -> None:
        self.platform_minor = 0
        self.waiting: list[str] = []
        self.unasked: list[str] = []
        self.differences: list[Difference] = []

    def differ(self, kind: str, sale: Sale, reference: str, ours: int = 0, theirs: int = 0) -> None:
        self.differences.append(Difference(kind, sale.id, reference, ours, theirs))


def _kept(sales: Iterable[Sale]) -> dict[str, int]:
    """Return what stayed with us by kind of tender, in minor units."""
    kept: dict[str, int] = {}
    for sale in sales:
        for tender in sale.tenders:
            if tender.kind is not TenderKind.CREDIT:
                kept[tender.kind] = kept.get(tender.kind, 0) + _net(tender)
            elif tender.change:  # what was paid in the first sale; what is given back of it comes from the drawer
                kept[TenderKind.CASH] = kept.get(TenderKind.CASH, 0) - tender.change.dispensed.minor
    return {kind: amount for kind, amount in kept.items() if amount}


def _net(tender: Tender) -> int:
    """Return what came in under a tender and has not gone back out, in minor units; what is owed is still here."""
    change = tender.change.dispensed.minor if tender.change else 0
    returned = tender.returned.minor if tender.returned else 0
    return tender.taken.minor - change - returned


# ---- the platform's book


async def _with_platform(
    compared: _Compared, sale: Sale, booking: Booking, platform: Platform, timeout_s: float
) -> None:
    if booking.sync in WAITING:
        compared.waiting.append(booking.code)
        return
    if booking.sync is SyncState.CONFLICT and sale.exchange is None:
        compared.differ("platform.refused", sale, booking.code, _price(sale, booking))
    if booking.sync not in {SyncState.DONE, SyncState.CANCELLED} or sale.exchange is not None:
        return  # what was exchanged is counted where it was first sold
    try:
        found = await bounded(platform.find(booking.code, timeout_s=timeout_s), timeout_s)
    except (PlatformError, TimeoutError):
        compared.unasked.append(booking.code)
        return
    if found is None:
        if booking.sync is SyncState.DONE:
            compared.differ("platform.missing", sale, booking.code, _price(sale, booking))
    elif found.sale_id != sale.id:
        compared.differ("platform.of_another", sale, booking.code, _price(sale, booking), found.paid.minor)
    else:
        _compare(compared, sale, booking, found)


def _compare(compared: _Compared, sale: Sale, booking: Booking, found: FoundBooking) -> None:
    """Compare money and tickets of one booking."""
    alive = [part for part in found.parts if part.state in LIVE]
    live = {(part.sold_in or part.offer_id, part.part_id) for part in alive}
    prices = {(offer.id, part.id): part.price.minor for offer in found.offers for part in offer.parts}
    compared.platform_minor += sum(prices.get((part.offer_id, part.part_id), 0) for part in alive)
    if booking.sync is SyncState.DONE and found.paid.minor != _price(sale, booking):
        compared.differ("platform.money", sale, booking.code, _price(sale, booking), found.paid.minor)
    by_gift_card = sum(tender.amount.minor for tender, _ in sale.gift_cards)
    if booking.sync is SyncState.DONE and found.gift_card_minor != by_gift_card:
        compared.differ("platform.gift_card", sale, booking.code, by_gift_card, found.gift_card_minor)
    for ticket in sale.tickets:
        if ticket.offer_id not in booking.offer_ids:
            continue
        is_live, price = (ticket.offer_id, ticket.part_id) in live, sale.price_of(ticket).minor
        if ticket.state is DocumentState.PRINTED and not is_live:
            compared.differ("platform.dead", sale, booking.code, price)
        elif ticket.state is DocumentState.UNDELIVERED and is_live:
            compared.differ("platform.alive", sale, booking.code, 0, price)


def _price(sale: Sale, booking: Booking) -> int:
    return sum(sale.offer(offer_id).price.minor for offer_id in booking.offer_ids)


# ---- the payment device's book


def _is_waiting(tender: Tender) -> bool:
    return tender.is_in_flight or tender.state in {TenderState.PARKED, TenderState.LATE_PAID, TenderState.NONE}


async def _with_gift_card(
    compared: _Compared, sale: Sale, tender: Tender, platform: Platform, timeout_s: float
) -> None:  # fmt: skip
    """Look up one reference in the book of its gift card."""
    cards = platform.gift_cards
    if _is_waiting(tender) or cards is None or tender.card is None:
        (compared.waiting if cards else compared.unasked).append(tender.reference)
        return
    try:
        said = await bounded(cards.charge_of(tender.card.id, tender.reference, timeout_s=timeout_s), timeout_s)
    except (PlatformError, TimeoutError):
        compared.unasked.append(tender.reference)
        return
    ours, theirs = _net(tender), said.charged.minor - said.back.minor if said else 0
    if theirs != ours:
        kind = "gift_card.more" if theirs > ours else "gift_card.less"
        compared.differ(kind, sale, tender.reference, ours, theirs)


async def _with_device(
    compared: _Compared, sale: Sale, tender: Tender, device: PaymentTerminal, timeout_s: float
) -> None:
    """Ask the device for one reference; a tender that is still open on our side is no difference yet."""
    if _is_waiting(tender):
        compared.waiting.append(tender.reference)
        return
    amount, ours = tender.amount, _net(tender)
    try:
        asked = device.query(tender.reference, amount.minor, amount.currency, timeout_s=timeout_s)
        said = await bounded(asked, timeout_s)
    except (DeviceError, TimeoutError):
        compared.unasked.append(tender.reference)
        return
    if said.outcome in UNDECIDED:
        compared.unasked.append(tender.reference)
        return
    theirs = said.amount_minor if said.outcome is PaymentOutcome.APPROVED else 0
    if theirs != ours:
        kind = "device.more" if theirs > ours else "device.less"
        compared.differ(kind, sale, tender.reference, ours, theirs)


async def _day(compared: _Compared, books: Books, device: PaymentTerminal | None, timeout_s: float) -> DayTotals | None:
    """Compare the device's day with ours."""
    if device is None:
        return None
    try:
        totals = await bounded(device.totals(timeout_s=timeout_s), timeout_s)
    except (DeviceError, TimeoutError):
        compared.unasked.append(device.device_id)
        return None
    ours = sum(amount.minor for amount in (await books.charges_of_day()).values())
    if ours != totals.amount_minor:
        compared.differences.append(Difference("device.total", "", device.device_id, ours, totals.amount_minor))
    return totals
