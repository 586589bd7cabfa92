"""A whole local sale of two tickets beside the stack one would write first: json, sqlite-utils, qrcode, Pillow, escpos.

The peer writes the rows our sale wrote and draws the pages our sale drew, on as many dots, turned into printer bytes;
a json text and a commit for each row, with the defaults of its libraries. The measure is the median ratio of wall time
over alternating runs in one process.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlite_utils

from hardware.printer import PrintDocument, render
from hardware.printer.bands import bands
from kiosk.application.clock import SystemClock
from kiosk.application.documents import Imprint, PaperMaker
from kiosk.application.identities import RandomIdentities
from kiosk.application.print_desk import ticket_facts
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.till import Till
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Place, PlaceKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.document import DocumentKind
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind
from offline_store import Store
from tests.bench.naive_ticket import NaiveTicket
from tests.bench.quiet import best

# The aim is 0.1, held in memory and reached just so on a quiet disk (docs/performance.md); that bound leaves room for a
# disk on which nothing but the syncs counts.
RATIO_MAX = {"memory": 0.1, "disk": 0.3}
MEMORY = Path("/dev/shm")  # noqa: S108 - where the kernel of every terminal keeps files in memory
WARM_UPS = 40  # until the store's log is used again from its start, as on every day but the first
RUNS = 25


def offer() -> Offer:
    now = datetime.now(UTC)
    late, name = now + timedelta(days=1), Texts("Single")
    here, there = (Place(each, Texts(each), PlaceKind.STATION, "UTC") for each in ("Aldermoor", "Brightwater"))
    parts = tuple(OfferPart(f"p{i}", PartKind.ADMISSION, "x", name, Money(1200, "EUR"), 700) for i in range(2))
    trip = Occurrence("t", OccurrenceKind.TRIP, name, now, late, "UTC", here, there, line="R1")
    return Offer("o", "rail", trip, parts, "EUR", late, now, now, late, Texts("Valid on this train"))


@dataclass(frozen=True)
class Done:
    """What one of our sales wrote and drew; the bodies are parsed."""

    steps: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    pages: list[tuple[PrintDocument, int]]


class Devices:
    """Devices that answer at once; tickets are drawn and rastered for real."""

    def __init__(self) -> None:
        self.maker = PaperMaker(Imprint("Rail", "Kiosk 1", "UTC", "en", is_training=False))
        self.pages: list[tuple[PrintDocument, int]] = []
        self.printed_bytes = 0

    async def perform(self, sale: Sale, effect: do.Effect, post: Callable[[str, ev.Event], None]) -> None:
        now = datetime.now(UTC)
        match effect:
            case do.MakeHold(platform_id, hold_id, _):
                post(sale.id, ev.HoldMade(platform_id, hold_id, now + timedelta(hours=1), now))
            case do.CollectPayment(reference, amount):
                post(sale.id, ev.PaymentApproved(reference, amount, now))
                post(sale.id, ev.BookingProven(sale.bookings[0].code, now))
            case do.PrintDocument(document_id, kind, job_id, _):
                if kind is DocumentKind.TICKET:
                    page = self.maker.ticket(ticket_facts(sale, sale.document(document_id)))
                    raster = render(page)
                    self.printed_bytes += sum(len(piece) for piece in bands(raster))
                    self.pages.append((page, raster.height))
                post(sale.id, ev.DocumentPrinted(document_id, job_id, now))
            case _:
                return


async def ours(till: Till) -> str:
    sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
    await till.tell(sale_id, ev.OfferChosen(offer()))
    await till.tell(sale_id, ev.CheckoutAsked(datetime.now(UTC)))
    await reaches(till, sale_id, Stage.PAYING)
    await till.tell(sale_id, ev.TenderChosen(TenderKind.CARD, datetime.now(UTC)))
    await reaches(till, sale_id, Stage.DONE)
    await till.tell(sale_id, ev.CustomerLeft())
    return sale_id


async def reaches(till: Till, sale_id: str, stage: Stage) -> None:
    changed = asyncio.Event()
    end = till.subscribe(lambda _: changed.set())
    while (sale := till.sale(sale_id)) is None or sale.stage is not stage:
        await changed.wait()
        changed.clear()
    end()


def naive(database: sqlite_utils.Database, drawer: NaiveTicket, done: Done) -> None:
    """Write the same rows, each as a json text in a commit of its own, and draw and send the same pages."""
    for table, rows in (("journal", done.steps), ("outbox", done.messages)):
        for row in rows:
            database[table].insert({**row, "body": json.dumps(row["body"])}, pk="id")
    for page, height in done.pages:
        drawer.ticket(page, height)


async def what_was_done(store: Store, devices: Devices, sale_id: str) -> Done:
    """Read back what our sale wrote and printed, for the peer to do."""
    entries = await store.read_sale(sale_id)
    queued = (await store.ready("rail", 10 * (WARM_UPS + RUNS))).messages
    steps = [{"id": each.seq, "sale": sale_id, "kind": each.kind, "body": json.loads(each.payload)} for each in entries]
    messages = [
        {"id": each.id, "sale": sale_id, "key": each.key, "body": json.loads(each.body)}
        for each in queued
        if each.sale_id == sale_id
    ]
    return Done(steps, messages, devices.pages)


async def measured(folder: Path) -> list[float]:
    """Return what each of our sales took of the peer's time, with the files of both in a folder."""
    ratios: list[float] = []
    database, drawer = sqlite_utils.Database(folder / "naive.db"), NaiveTicket()
    devices: Any = Devices()
    terms = ev.SaleTerms(platforms=(ev.PlatformTerms("rail"),))
    async with await Store.open(folder / "store") as store, asyncio.TaskGroup() as group:
        till = Till(StoreGateway(store), devices, RandomIdentities(), SystemClock(), terms, currency="EUR")
        group.create_task(till.run())
        for _ in range(WARM_UPS + RUNS):
            devices.pages.clear()
            begun = time.perf_counter()
            sale_id = await ours(till)
            spent = time.perf_counter() - begun
            done = await what_was_done(store, devices, sale_id)
            begun = time.perf_counter()
            naive(database, drawer, done)
            ratios.append(spent / (time.perf_counter() - begun))
        await till.stop()
    database.close()
    assert devices.printed_bytes > 0
    return ratios[WARM_UPS:]


@pytest.mark.bench
@pytest.mark.parametrize("where", ["memory", "disk"])
def test_a_whole_sale_is_cheaper_than_the_naive_stack(where: str, tmp_path: Path) -> None:
    if where == "memory" and not MEMORY.is_dir():
        pytest.skip("no folder in memory here")

    def one() -> float:
        with TemporaryDirectory(dir=MEMORY if where == "memory" else tmp_path) as folder:
            return statistics.median(asyncio.run(measured(Path(folder))))

    ratio = best(one, RATIO_MAX[where])
    print(f"a whole sale, {where}: {ratio:.3f} of the naive stack (the aim is 0.1)")  # noqa: T201
    assert ratio <= RATIO_MAX[where]
