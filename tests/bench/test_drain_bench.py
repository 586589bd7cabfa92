"""A queue drained to a pretix beside a bare httpx client with the same requests, and what that costs Qt's loop.

The server of these benches does no work, so that the client's share is all there is to see: above all the durable write
of each proof. tests/pretix holds the same ratio on the real one.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication

from kiosk.application.clock import SystemClock
from kiosk.application.codec import encode, kind_of
from kiosk.application.delivery import Delivery
from kiosk.application.identities import RandomIdentities
from kiosk.application.network import HoppingPlatform, NetworkThread
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.till import Till
from kiosk.application.watchdog import Watchdog
from kiosk.bootstrap.qt_loop import QtLoop
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform, mapping
from offline_store import Courier, JournalRow, Store
from tests.simulation.shop import SimSale, offers, sale

HERE = Path(__file__).parent
PATH = "/api/v1/organizers/guichet/events/museum/orders/"
HOLDS = "/api/v1/organizers/guichet/events/museum/cartpositions/bulk_create/"
ROUNDS = 5
WAIT_S = 60.0
# Of the bare client's throughput, at a server that answers after so long. The aim is 0.9; where every core is wanted by
# others the three threads of a drain wait for one another, which the bare client's one does not.
SHARES = {0.02: 0.4, 0.0: 0.15}
LOOP_MAX = 0.9
REQUEST_MAX = 2.0
ANYBODY = "t"
Tell = Callable[[str, ev.Event], Coroutine[Any, Any, None]]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@contextmanager
def answering(delay_s: float) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, str(HERE / "answering_server.py"), str(delay_s)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def sold(first: int, count: int) -> list[SimSale]:
    now = datetime.now(UTC)
    return [
        sale(number, "pretix", Random(number), now, seed=0, share_scarce=0.0) for number in range(first, first + count)
    ]


async def bare(url: str, sales: list[SimSale], token: str) -> tuple[float, float]:
    """Send the same orders, made ready before, one after the other; return wall and thread time per order."""
    bodies = [json.dumps(mapping.order_body(each.order, (), "api.kiosk"), sort_keys=True).encode() for each in sales]
    headers = {"Accept": "application/json", "Authorization": f"Device {token}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as http:
        wall, cpu = time.perf_counter(), time.thread_time()
        for each, body in zip(sales, bodies, strict=True):
            answer = await http.post(PATH, content=body, headers={"X-Idempotency-Key": each.order.code})
            assert answer.status_code == 201
            assert answer.json()["code"] == each.order.code
        return (time.perf_counter() - wall) / len(sales), (time.thread_time() - cpu) / len(sales)


class Link:
    """The adapter on the network's thread, as a terminal has it."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    async def __aenter__(self) -> HoppingPlatform:
        self.network = NetworkThread()
        self.network.start()
        self.platform = await self.network.hop(self._open)
        return HoppingPlatform(self.platform, self.network)

    async def _open(self) -> PretixPlatform:
        config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
        return PretixPlatform(config, Client(Access(self.url, "guichet", self.token)), SystemClock())

    async def __aexit__(self, *_: object) -> None:
        await self.network.hop(self.platform.close)
        await self.network.stop()


async def drained(store: Store, platform: HoppingPlatform, tell: Tell, count: int) -> tuple[float, float]:
    """Drain so many messages; return wall time and time of this loop's thread per message."""
    done, left = asyncio.Event(), count

    def outcome(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    delivery = Delivery({"pretix": platform}, tell, SystemClock(), timeout_s=10.0)
    courier = Courier(store, delivery, on_outcome=outcome)
    wall, cpu = time.perf_counter(), time.thread_time()
    running = asyncio.ensure_future(courier.run())
    async with asyncio.timeout(WAIT_S):
        await done.wait()
    spent = (time.perf_counter() - wall) / count, (time.thread_time() - cpu) / count
    running.cancel()
    await asyncio.wait((running,))
    return spent


async def throughput(
    link: Link, folder: Path, sales_of: Callable[[int], list[SimSale]], *, rounds: int = ROUNDS
) -> float:
    """Return the throughput of a drain over that of a bare client: the median of rounds in turn, after one to warm up.

    `sales_of` is called twice for each round, for the client's sales first: a real server takes none twice.
    """
    found = []
    async with link as platform, await Store.open(folder) as store:

        async def tell(sale_id: str, event: ev.Event) -> None:
            await store.append((JournalRow(sale_id, "system", kind_of(event), encode(event)),))

        for number in range(rounds + 1):
            theirs, _ = await bare(link.url, sales_of(2 * number), link.token)
            sales = sales_of(2 * number + 1)
            rows = [JournalRow(each.id, "customer", "sold", b"{}") for each in sales]
            await store.append(rows, [each.booking() for each in sales])
            ours, _ = await drained(store, platform, tell, len(sales))
            found.append(theirs / ours)
    return median(found[1:])


@pytest.mark.bench
@pytest.mark.parametrize("delay_s", SHARES)
def test_a_queue_drains_nearly_as_fast_as_a_bare_client_sends(
    delay_s: float, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    offers()
    count = 20 if delay_s else 60

    with answering(delay_s) as url:
        share = asyncio.run(throughput(Link(url, ANYBODY), tmp_path, lambda number: sold(number * count, count)))
    record_property(f"throughput of the bare client's, server of {delay_s * 1e3:.0f} ms", round(share, 2))
    print(f"drain, share of a bare client's throughput at {delay_s * 1e3:.0f} ms: {share:.2f}")  # noqa: T201 - the figure
    assert share >= SHARES[delay_s]


# ---- what draining costs the loop that also draws the pages


class Devices:
    """Devices that hold and pay at once, and have no paper: the sale waits, its booking is due."""

    async def perform(self, sale: Sale, effect: do.Effect, post: Callable[[str, ev.Event], None]) -> None:
        now = datetime.now(UTC)
        match effect:
            case do.MakeHold(platform_id, hold_id, _):
                post(sale.id, ev.HoldMade(platform_id, hold_id, now + timedelta(hours=1), now))
            case do.CollectPayment(reference, amount):
                post(sale.id, ev.PaymentApproved(reference, amount, now))
            case _:
                return


def offer(number: int) -> Offer:
    now = datetime.now(UTC)
    late, name = now + timedelta(days=1), Texts("Adult")
    parts = tuple(OfferPart(f"p{at}", PartKind.ADMISSION, "1", name, Money(1200, "EUR"), 700) for at in range(2))
    entry = Occurrence("museum@1", OccurrenceKind.EVENT, Texts("Museum"), now, late, "UTC")
    return Offer(f"o{number}", "pretix", entry, parts, "EUR", late, now, now, late, name)


async def queued(till: Till, store: Store, first: int, count: int) -> None:
    """Sell so many at the till, each to the point where its booking is due."""
    for number in range(first, first + count):
        sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
        await till.tell(sale_id, ev.OfferChosen(offer(number)))
        await till.tell(sale_id, ev.CheckoutAsked(datetime.now(UTC)))
        await stage(till, sale_id, Stage.PAYING)
        await till.tell(sale_id, ev.TenderChosen(TenderKind.CARD, datetime.now(UTC)))
    async with asyncio.timeout(WAIT_S):
        while sum(each.ready for each in await store.stream_figures()) < count:
            await asyncio.sleep(0.01)


async def stage(till: Till, sale_id: str, wanted: Stage) -> None:
    async with asyncio.timeout(WAIT_S):
        while (known := till.sale(sale_id)) is None or known.stage is not wanted:
            await asyncio.sleep(0.001)


@pytest.mark.bench
def test_draining_costs_the_pages_loop_a_part_of_a_bare_request(
    qapp: QGuiApplication, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    offers()
    watchdog, count = Watchdog(), 40

    async def measure(url: str) -> list[float]:
        found = []
        terms = ev.SaleTerms(platforms=(ev.PlatformTerms("pretix"),))
        devices: Any = Devices()
        async with Link(url, ANYBODY) as platform, await Store.open(tmp_path) as store, asyncio.TaskGroup() as group:
            till = Till(StoreGateway(store), devices, RandomIdentities(), SystemClock(), terms, currency="EUR")
            group.create_task(till.run())
            for number in range(ROUNDS + 1):
                await queued(till, store, number * count, count)
                if number:
                    watchdog.attach()
                _, ours = await drained(store, platform, till.tell, count)
                watchdog.detach()
                await asyncio.sleep(0)  # what comes now is no part of the step that is still timed
                _, theirs = await bare(url, sold(number * count, count), ANYBODY)
                found.append(ours / theirs)
            await till.stop()
        return found[1:]

    with answering(0.0) as url, asyncio.Runner(loop_factory=lambda: QtLoop(qapp)) as runner:
        share = median(runner.run(measure(url)))
    record_property("CPU time of the loop per sale over a bare request", round(share, 2))
    print(f"drain, CPU of Qt's loop per sale over a bare request: {share:.2f}")  # noqa: T201 - the figure
    assert share <= LOOP_MAX
    assert not watchdog.overruns


# ---- one hold and one booking, as a customer waits for them


@pytest.mark.bench
def test_a_hold_and_a_booking_cost_little_more_than_the_bare_requests(
    record_property: Callable[[str, object], None],
) -> None:
    offers()
    count = 40

    async def measure(url: str) -> list[float]:
        found = []
        link = Link(url, ANYBODY)
        platform = await link._open()
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": "Device t"}) as http:
            for number in range(ROUNDS + 1):
                sales = sold(number * count, count)
                cpu = time.thread_time()
                for each in sales:
                    hold = await platform.hold(f"hold-{each.order.code}", each.order.offers, timeout_s=5)
                    await platform.book(replace(each.order, hold_id=hold.id), timeout_s=5)
                between = time.thread_time()
                for each, (hold_body, order_body) in zip(sales, map(bodies, sales), strict=True):
                    for path, body in ((HOLDS, hold_body), (PATH, order_body)):
                        answer = await http.post(path, content=body, headers={"X-Idempotency-Key": each.order.code})
                        assert answer.json()
                found.append((between - cpu) / (time.thread_time() - between))
        await platform.close()
        return found[1:]

    with answering(0.0) as url:
        found = median(asyncio.run(measure(url)))
    record_property("CPU time of hold and booking over the bare requests", round(found, 2))
    print(f"hold and booking over the bare requests: {found:.2f}")  # noqa: T201 - the figure
    assert found <= REQUEST_MAX


def bodies(each: SimSale) -> tuple[bytes, bytes]:
    """Return both bodies as one would write them by hand."""
    lines = [{**mapping.position(offer, 0), "cart_id": "x@api"} for offer in each.order.offers]
    return json.dumps(lines).encode(), json.dumps(mapping.order_body(each.order, (), "api.kiosk")).encode()
