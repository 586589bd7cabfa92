"""A whole terminal without Qt: real store, till, simulators and courier; a platform and paper that are files."""

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hardware.cash import CashSimulator, read_cash_book
from hardware.health import ComponentState, Health
from hardware.payment_terminal import PaymentSimulator
from hardware.printer import PrintDocument, PrintJob, PrintOutcome, PrintResult
from kiosk.application.cash_desk import CashDesk
from kiosk.application.claim_book import ClaimBook
from kiosk.application.clock import SystemClock
from kiosk.application.delivery import Delivery
from kiosk.application.errors import Refused, Unreachable
from kiosk.application.gift_card_desk import GiftCardDesk
from kiosk.application.identities import RandomIdentities
from kiosk.application.interfaces import BookingProof, CancelProof, DocumentIssuer, Hold, PlatformTraits
from kiosk.application.payment_desk import PaymentDesk
from kiosk.application.performer import Desks, Performer
from kiosk.application.platform_desk import PlatformDesk
from kiosk.application.print_desk import PrintDesk
from kiosk.application.store_gateway import CLAIMS_ID, StoreGateway
from kiosk.application.till import Till
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import rules
from kiosk.domain.sale.booking import SyncState
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind, TenderState
from kiosk.platforms.embedded.gift_cards import EmbeddedGiftCards
from kiosk.platforms.embedded.ledger import Ledger
from kiosk.platforms.embedded.link import Link, LinkMode
from kiosk.platforms.embedded.media import Media
from offline_store import Courier, CourierLimits, Store, StoreOptions

ENDED = 77
OLD_CODE, OLD_PARTS = "SXLDBEFXRE", {"p0": "OLDSECRET0", "p1": "OLDSECRET1"}
TERMS = ev.SaleTerms(
    platforms=(ev.PlatformTerms("rail"),),
    confirm_wait_s=0.2,
    paper_wait_s=0.05,
    answer_wait_s=0.02,
    revoke_wait_s=0.2,
    leave_wait_s=0.01,
)


KINDS = ("killed", "fallen_over", "stopped")


class FellOver(BaseException):
    """A defect or a lack of memory at the worst place: everything on the stack is unwound."""


class Killer:
    """End the process at the n-th point; 0 never.

    `killed`: nothing more runs, as by SIGKILL. `fallen_over`: an error nobody handles unwinds every task.
    `stopped`: the whole program is cancelled, as by SIGTERM, and whatever ends in order may still write.
    """

    def __init__(self, at: int, kind: str = "killed") -> None:
        self.at, self.kind, self.count = at, kind, 0
        self.main: asyncio.Task[Any] | None = None

    def point(self) -> None:
        self.count += 1
        if self.count != self.at:
            return
        if self.kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "fallen_over":
            raise FellOver
        assert self.main is not None
        self.main.cancel()


class BookKeeper:
    """A platform whose book is one file per booking, written whole or not at all."""

    def __init__(self, folder: Path, *, is_away: bool = False, refuses: bool = False, leaves: bool = False) -> None:
        self.folder, self.is_away, self.refuses, self.leaves = folder, is_away, refuses, leaves
        folder.mkdir(exist_ok=True)
        self.ledger, self.link = Ledger(folder / "cards" / "book.sqlite"), Link(folder / "cards" / "link.json")
        self.gift_cards = EmbeddedGiftCards(self.ledger, Media(self.ledger), self.link, SystemClock(), "EUR")
        self.traits = PlatformTraits("rail", "Rail", "EUR", "UTC", DocumentIssuer.TERMINAL, True, True)

    def _write(self, code: str, book: dict[str, Any]) -> None:
        fresh = self.folder / f"{code}.new"
        fresh.write_text(json.dumps(book))
        fresh.rename(self.folder / f"{code}.json")

    def read(self, code: str) -> dict[str, Any] | None:
        file = self.folder / f"{code}.json"
        return json.loads(file.read_text()) if file.exists() else None

    async def hold(self, hold_id: str, offers: Any, *, timeout_s: float) -> Hold:
        del timeout_s
        if self.is_away:
            raise Unreachable("platform.away")
        self.is_away = self.leaves  # the hold is the last that is heard of it
        return Hold(hold_id, "rail", tuple(each.id for each in offers), datetime.now(UTC) + timedelta(hours=1))

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        del hold_id, timeout_s

    async def book(self, order: Any, *, timeout_s: float) -> BookingProof:
        del timeout_s
        if self.is_away:
            raise Unreachable("platform.away")
        if self.refuses:
            raise Refused("hold_expired")
        known = self.read(order.code)
        if known is None:
            known = {"sale_id": order.sale_id, "digest": order.digest, "live": [part.secret for part in order.parts],
                     "by_part": {part.part_id: part.secret for part in order.parts}}  # fmt: skip
            self._write(order.code, known)
        return BookingProof(order.code, known["sale_id"], known["digest"], "CONFIRMED", order.sold_at)

    async def exchange(self, order: Any, *, timeout_s: float) -> BookingProof:
        del timeout_s
        if self.is_away:
            raise Unreachable("platform.away")
        known = self.read(order.code)
        if self.refuses or known is None or known["sale_id"] != order.of_sale:
            raise Refused("sold_out")
        new = {part.part_id: part.secret for part in order.parts}
        self._write(order.code, {**known, "live": list(new.values()), "by_part": new})
        return BookingProof(order.code, order.sale_id, order.digest, "CONFIRMED", order.sold_at)

    def sold_before(self) -> None:
        """Have a booking of two tickets that were sold on another day."""
        if self.read(OLD_CODE) is None:
            self._write(OLD_CODE, {"sale_id": "before", "digest": "", "live": [*OLD_PARTS.values()],
                                   "by_part": OLD_PARTS})  # fmt: skip

    async def cancel(
        self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float, of_sale: str = ""
    ) -> CancelProof:
        del reason, timeout_s
        known = self.read(code)
        if known is None or (of_sale and known["sale_id"] != of_sale):
            raise Refused("not_found")
        dead = {known["by_part"][part_id] for part_id in part_ids or known["by_part"]}
        self._write(code, {**known, "live": [each for each in known["live"] if each not in dead]})
        return CancelProof(code, part_ids, datetime.now(UTC))

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        del code, part_id, copy, timeout_s


class FilePrinter:
    """A printer that keeps the jobs it put on paper in a file, and the papers with them."""

    device_id = "printer"
    width_dots = 576

    def __init__(self, folder: Path, *, is_empty: bool = False, forgets: bool = False) -> None:
        self.folder, self.is_empty, self.forgets = folder, is_empty, forgets
        folder.mkdir(exist_ok=True)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def health(self) -> Health:
        now = datetime.now(UTC)
        state = ComponentState.MEDIA_EMPTY if self.is_empty else ComponentState.READY
        return Health("printer", "printer", state, now, now)

    async def print(self, job: PrintJob, *, timeout_s: float) -> PrintResult:
        del timeout_s
        if self.is_empty:
            return PrintResult(job.id, PrintOutcome.NOT_PRINTED, "printer.paper_out")
        (self.folder / job.id).write_text(job.document.language)
        return PrintResult(job.id, PrintOutcome.PRINTED)

    async def query(self, job_id: str, *, timeout_s: float) -> PrintResult:
        del timeout_s
        if self.forgets:
            return PrintResult(job_id, PrintOutcome.UNKNOWN)
        is_out = (self.folder / job_id).exists()
        return PrintResult(job_id, PrintOutcome.PRINTED if is_out else PrintOutcome.NOT_PRINTED)

    async def open_drawer(self) -> bool:
        return True


class PlainPaper:
    """Pages that carry the secret and copy in place of their language."""

    def ticket(self, facts: Any) -> PrintDocument:
        return PrintDocument((), language=f"{facts.secret} {facts.copy}")

    def receipt(self, facts: Any) -> PrintDocument:
        return PrintDocument((), language=f"receipt {facts.sale_id}")

    def claim(self, facts: Any, slip: str) -> PrintDocument:
        return PrintDocument((), language=f"claim {facts.claim_id} {slip}")

    def sign(self, facts: Any) -> str:
        return f"signed {facts.claim_id}"


class PointedGateway(StoreGateway):
    """The store gateway with a point before and after each write."""

    def __init__(self, store: Store, killer: Killer) -> None:
        super().__init__(store)
        self.killer = killer

    async def keep(self, *args: Any) -> None:
        self.killer.point()
        await super().keep(*args)
        self.killer.point()


class PointedPerformer(Performer):
    """The performer with a point before each effect and one when it is done and nobody heard."""

    def __init__(self, desks: Desks, killer: Killer) -> None:
        super().__init__(desks, SystemClock())
        self.killer = killer

    async def perform(self, sale: Any, effect: Any, post: Any) -> None:
        self.killer.point()
        quick = replace(effect, after_s=min(effect.after_s, 0.02)) if getattr(effect, "after_s", 0) > 1 else effect

        def heard(sale_id: str, event: Any) -> None:
            self.killer.point()
            post(sale_id, event)

        await super().perform(sale, quick, heard)


def offer(*prices: int, needs_capacity: bool = False) -> Offer:
    now, name = datetime.now(UTC), Texts("A")
    parts = tuple(
        OfferPart(f"p{i}", PartKind.ADMISSION, "x", name, Money(price, "EUR"), 700, needs_capacity=needs_capacity)
        for i, price in enumerate(prices)
    )
    late = now + timedelta(days=1)
    trip = Occurrence("t", OccurrenceKind.TRIP, name, now, late, "UTC")
    return Offer("o", "rail", trip, parts, "EUR", late, now, now, late, name)


class Workload:
    """What is bought, how it is paid, and what goes wrong beside the kill."""

    def __init__(self, prices: tuple[int, ...] = (1200, 600), pay: str = "card", *, faults: tuple[str, ...] = (),
                 platform: str = "", printer: str = "", pieces: tuple[int, ...] = (), gift: int = 0,
                 wire: LinkMode = LinkMode.UP, credit: tuple[int, ...] = ()) -> None:  # fmt: skip
        self.prices, self.pay, self.faults = prices, pay, faults
        self.platform, self.printer, self.pieces = platform, printer, pieces
        self.gift, self.wire = gift, wire  # what a gift card holds, and what becomes of its first charge on the wire
        self.credit = credit


WORKLOADS = {
    "card": Workload(),
    "one_free_ticket": Workload((0,), "free"),
    "cash_with_change": Workload(pay="cash", pieces=(2000,)),
    "cash_then_card": Workload(pay="split", pieces=(500,)),
    "declined_then_paid": Workload(faults=("declined",)),
    "answer_lost_after_charge": Workload(faults=("answer_lost_after_charge",)),
    "late_approval": Workload(faults=("late_approval_after_timeout",)),
    "decline_that_was_none": Workload(faults=("late_approval_after_decline",)),
    "no_paper": Workload(printer="empty"),
    "printer_cannot_tell": Workload(printer="forgets"),
    "platform_away": Workload(platform="away"),
    "booking_refused": Workload(platform="refuses"),
    "gift_card": Workload(pay="gift", gift=9900),
    "gift_card_then_card": Workload(pay="gift", gift=500),
    "gift_card_answer_lost": Workload(pay="gift", gift=500, wire=LinkMode.LOST_ANSWER),
    "gift_card_request_lost": Workload(pay="gift", gift=9900, wire=LinkMode.LOST_REQUEST),
    "gift_card_no_paper": Workload(pay="gift", gift=9900, printer="empty"),
    "gift_card_booking_refused": Workload(pay="gift", gift=500, platform="refuses"),
    "exchange": Workload(credit=(400, 400)),
    "exchange_for_the_same": Workload(pay="free", credit=(1200, 600)),
    "exchange_for_less": Workload(pay="free", credit=(1200, 900)),
    "exchange_for_less_no_paper": Workload(pay="free", credit=(1200, 900), printer="empty"),
    "exchange_for_less_refused": Workload(pay="free", credit=(1200, 900), platform="refuses"),
    "exchange_answered_late": Workload(platform="leaves", credit=(400, 400)),
    "exchange_refused": Workload(platform="refuses", credit=(400, 400)),
}


Customer = Callable[[Till, CashSimulator, Workload], Awaitable[None]]


async def terminal(
    folder: Path,
    killer: Killer,
    load: Workload,
    *,
    buys: bool,
    customer: Customer | None = None,
    options: StoreOptions | None = None,
    limit_s: float = 40,
) -> None:
    """Open a terminal on what lies in a folder; let somebody buy, or recover and judge; end when all is at rest."""
    killer.main = asyncio.current_task()
    store = await Store.open(folder / "store", options=options)
    payment = PaymentSimulator("payment", folder / "payment.ledger")
    cash = CashSimulator("cash", folder / "cash.ledger", currency="EUR")
    await payment.start()
    await cash.start()
    is_first = buys
    for fault in load.faults if is_first else ():
        payment.start_fault(fault, times=1)
    clock, paper = SystemClock(), PlainPaper()
    platform = BookKeeper(
        folder / "platform",
        is_away=load.platform == "away" and is_first,
        refuses=load.platform == "refuses",
        leaves=load.platform == "leaves" and is_first,
    )
    if is_first and load.gift:
        platform.gift_cards.issue(Money(load.gift, "EUR"), code="PRESENT9")
        platform.link.set(load.wire, calls=1)
    if load.credit:
        platform.sold_before()
    printer = FilePrinter(folder / "paper", is_empty=load.printer == "empty", forgets=load.printer == "forgets")
    platforms: Any = {"rail": platform}
    gateway = PointedGateway(store, killer)
    desks = Desks(
        payment=PaymentDesk(payment, clock, payment_s=5, reversal_s=5),
        gift_cards=GiftCardDesk(platforms, clock, write_s=5),
        cash=CashDesk(cash, clock, piece_s=5, change_s=5),
        platform=PlatformDesk(platforms, clock, read_s=5, write_s=5),
        printing=PrintDesk(
            (printer,), (printer,), paper, paper, clock, purchaser=gateway.purchaser, print_s=5, poll_s=0.01
        ),
    )
    till = Till(gateway, PointedPerformer(desks, killer), RandomIdentities(), clock, TERMS, currency="EUR")
    delivery = Delivery(platforms, till.tell, clock, timeout_s=5)
    courier = Courier(store, delivery, limits=CourierLimits(backoff_first_s=0.02, backoff_s_max=0.05))
    try:
        async with asyncio.timeout(limit_s), asyncio.TaskGroup() as group:
            group.create_task(till.run())
            bringing = group.create_task(courier.run())
            if buys:
                await (customer or buy)(till, cash, load)
                platform.is_away = False
                courier.nudge()
            while (await store.open_sale_ids()) or till.open_sales():
                for sale in till.open_sales():
                    if sale.stage in {Stage.CHOOSING, Stage.PAYING} and not buys:
                        till.post(sale.id, ev.SaleAbandoned("customer", clock.now()))
                await asyncio.sleep(0.01)
            await till.stop()
            bringing.cancel()
        if not buys:
            await judge(store, payment, cash, platform, folder / "paper")
    finally:
        platform.ledger.close()
        await payment.close()
        await cash.close()
        await store.close()


async def buy(till: Till, cash: CashSimulator, load: Workload) -> None:
    now = datetime.now(UTC)
    kind = ev.SaleKind.EXCHANGE if load.credit else ev.SaleKind.PURCHASE
    sale_id = till.open_sale(kind, ev.Channel.KIOSK, ev.CUSTOMER, "en", of_sale="before" if load.credit else "")
    if load.credit:
        worth = tuple((f"p{at}", Money(minor, "EUR")) for at, minor in enumerate(load.credit))
        till.post(sale_id, ev.ExchangeBegun(OLD_CODE, "rail", "before", worth, now))
    till.post(sale_id, ev.OfferChosen(offer(*load.prices)))
    till.post(sale_id, ev.CheckoutAsked(now))
    await until(till, sale_id, lambda sale: sale.stage is Stage.PAYING)
    kinds = {"card": TenderKind.CARD, "free": TenderKind.FREE, "gift": TenderKind.GIFT_CARD}
    first = kinds.get(load.pay, TenderKind.CASH)
    cash.queue_pieces(*load.pieces)
    card = ev.PlatformCard("rail", "1", "ENT9") if load.gift else None
    part = Money(load.gift, "EUR") if 0 < load.gift < sum(load.prices) else None
    till.post(sale_id, ev.TenderChosen(first, now, part, card=card))
    if load.pay == "split":
        await until(till, sale_id, lambda sale: sale.cash_inserted.minor == sum(load.pieces))
        till.post(sale_id, ev.TenderChosen(TenderKind.CARD, now))
    await until(till, sale_id, lambda sale: sale.is_settled or bool(sale.leaving) or is_answered(sale))
    sale = till.sale(sale_id)
    if sale is not None and not sale.is_settled and not sale.leaving:
        till.post(sale_id, ev.TenderChosen(TenderKind.CARD, now))


def is_answered(sale: Sale) -> bool:
    return bool(sale.tenders) and sale.tender_in_flight is None


async def until(till: Till, sale_id: str, holds: Callable[[Sale], bool]) -> None:
    while (sale := till.sale(sale_id)) is None or not holds(sale):
        await asyncio.sleep(0.002)


def judge_gift_cards(sale: Sale, platform: BookKeeper) -> None:
    """Hold each tender by gift card to the card's own book."""
    for tender in sale.tenders:
        if tender.card is None:
            continue
        charge = platform.gift_cards._charge_of(int(tender.card.id), tender.reference)
        theirs = charge.charged.minor - charge.back.minor if charge else 0
        ours = tender.taken.minor - (tender.returned.minor if tender.returned else 0)
        assert ours == theirs, f"{tender.state}: the card's book says otherwise"


async def judge(
    store: Store, payment: PaymentSimulator, cash: CashSimulator, platform: BookKeeper, papers: Path
) -> None:
    """Hold every sale of the journal to the rules at rest, and our books to those of device, platform and paper."""
    assert await store.verify() == ()
    gateway = StoreGateway(store)
    charged = inserted = paid_out = 0
    claims = ClaimBook(store)
    for sale_id in {entry.sale_id for entry in await store.read_journal(0, 10_000)} - {CLAIMS_ID}:
        kept = await gateway.read(sale_id)
        assert kept is not None
        sale = kept.sale
        assert sale.claim is None or (await claims.find(sale.claim.id)).sale_id == sale_id
        assert sale.is_finished, f"open for ever: {sale.stage}"
        assert rules.broken(sale) == ()
        charged += sum(
            tender.amount.minor
            for tender in sale.tenders
            if tender.kind is TenderKind.CARD and tender.is_charged and tender.state is not TenderState.VOIDED
        )
        judge_gift_cards(sale, platform)
        inserted += sale.cash_inserted.minor
        paid_out += sum(
            payout.dispensed.minor
            for tender in sale.tenders
            if tender.kind is not TenderKind.CREDIT  # what old tickets were worth more comes out of a drawer, by hand
            for payout in (tender.change, tender.refund)
            if payout is not None
        )
        on_paper = [page.read_text().split(" ")[:2] for page in papers.iterdir()]  # noqa: ASYNC240 - nothing else runs
        for document in sale.tickets:
            book = platform.read(document.code)
            live = book["live"] if book else []
            copies = [copy for secret, copy in on_paper if secret == document.secret]
            if document.state is DocumentState.PRINTED:
                assert document.secret in live
                assert copies
            else:
                assert document.secret not in live
            assert copies.count("0") <= 1, "two originals"
        if sale.kind is ev.SaleKind.EXCHANGE:
            book, new = platform.read(OLD_CODE), {each.secret for each in sale.tickets}
            is_done = any(each.state is DocumentState.PRINTED for each in sale.tickets)
            is_cancelled = any(each.sync is SyncState.CANCELLED for each in sale.bookings)
            old = set() if is_cancelled else set(OLD_PARTS.values())
            assert set(book["live"] if book else ()) == (new if is_done else old)
            given = sum(each.change.dispensed.minor for each in sale.tenders if each.change)
            assert given == (sale.over.minor if is_done or is_cancelled else 0), (
                "the difference was not given back once"
            )
    assert charged == sum(charge.kept_minor for charge in payment.charges), "the device's book says otherwise"
    book = read_cash_book(cash.ledger_path)
    assert (inserted, paid_out) == (book.taken_minor, book.paid_minor), "the cash unit's book says otherwise"
