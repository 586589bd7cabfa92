"""A till that sells all day does not grow: memory per thousand sales, from the second thousand on."""

import asyncio
import gc
import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.clock import SystemClock
from kiosk.application.codec import BookMessage, decode_message
from kiosk.application.identities import RandomIdentities
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.till import FINISHED_KEPT_MAX, Till
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind
from offline_store import Courier, Outcome, Proven, QueuedMessage, Store

KIB_PER_THOUSAND_MAX = 64


class NoStore:
    """Keeps nothing, so that what grows is the till."""

    async def keep(self, *_: Any) -> None:
        await asyncio.sleep(0)

    async def open_sales(self) -> tuple[()]:
        return ()


class NoDevices:
    """Performs nothing."""

    async def perform(self, *_: Any) -> None:
        await asyncio.sleep(0)


async def abandoned_sales(till: Till, count: int) -> None:
    for _ in range(count):
        sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
        await till.tell(sale_id, ev.LanguageChosen("zh"))
        await till.tell(sale_id, ev.SaleAbandoned("customer", SystemClock().now()))


async def growth_kib(thousands: int) -> float:
    gateway: Any = NoStore()
    performer: Any = NoDevices()
    till = Till(gateway, performer, RandomIdentities(), SystemClock(), ev.SaleTerms(), currency="EUR")
    async with asyncio.TaskGroup() as group:
        group.create_task(till.run())
        await abandoned_sales(till, 1000)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        await abandoned_sales(till, thousands * 1000)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        await till.stop()
    assert till.open_sales() == ()
    return (after - before) / 1024 / thousands


@pytest.mark.parametrize("thousands", [20])
@pytest.mark.bench
def test_a_thousand_sales_leave_little_behind(thousands: int, tmp_path: Path) -> None:
    del tmp_path
    assert FINISHED_KEPT_MAX < 1000
    tracemalloc.start()
    try:
        assert asyncio.run(growth_kib(thousands)) <= KIB_PER_THOUSAND_MAX
    finally:
        tracemalloc.stop()


# ---- whole sales: paid, booked, printed and proven, over the real store and its courier


class Devices:
    """Devices that answer at once; what they draw is measured elsewhere."""

    async def perform(self, sale: Sale, effect: do.Effect, post: Callable[[str, ev.Event], None]) -> None:
        now = datetime.now(UTC)
        match effect:
            case do.MakeHold(platform_id, hold_id, _):
                post(sale.id, ev.HoldMade(platform_id, hold_id, now + timedelta(hours=1), now))
            case do.CollectPayment(reference, amount):
                post(sale.id, ev.PaymentApproved(reference, amount, now))
            case do.PrintDocument(document_id, _, job_id, _):
                post(sale.id, ev.DocumentPrinted(document_id, job_id, now))
            case _:
                return


class Platform:
    """A platform that takes every message at once."""

    def __init__(self) -> None:
        self.till: Till | None = None

    async def deliver(self, message: QueuedMessage) -> Outcome:
        body = decode_message(message.key, message.body)
        if isinstance(body, BookMessage) and self.till is not None:
            await self.till.tell(body.order.sale_id, ev.BookingProven(body.order.code, datetime.now(UTC)))
        return Proven("taken")


def offer() -> Offer:
    now = datetime.now(UTC)
    late, name = now + timedelta(days=1), Texts("Single")
    parts = tuple(OfferPart(f"p{i}", PartKind.ADMISSION, "x", name, Money(1200, "EUR"), 700) for i in range(2))
    trip = Occurrence("t", OccurrenceKind.TRIP, name, now, late, "UTC")
    return Offer("o", "rail", trip, parts, "EUR", late, now, now, late, name)


async def whole_sale(till: Till) -> None:
    changed = asyncio.Event()
    end = till.subscribe(lambda _: changed.set())
    sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
    await till.tell(sale_id, ev.OfferChosen(offer()))
    till.post(sale_id, ev.CheckoutAsked(datetime.now(UTC)))
    for stage, event in (
        (Stage.PAYING, ev.TenderChosen(TenderKind.CARD, datetime.now(UTC))),
        (Stage.DONE, ev.CustomerLeft()),
    ):
        while (sale := till.sale(sale_id)) is None or sale.stage is not stage:
            changed.clear()
            await changed.wait()
        till.post(sale_id, event)
    while (sale := till.sale(sale_id)) is None or not sale.is_finished:
        changed.clear()
        await changed.wait()
    end()


def resident_kib() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


async def resident_growth_kib(folder: Path, sales: int) -> float:
    """Return how many KiB of memory a thousand whole sales leave behind, after a thousand to warm up."""
    performer: Any = Devices()
    terms, platform = ev.SaleTerms(platforms=(ev.PlatformTerms("rail"),)), Platform()
    async with await Store.open(folder) as store, asyncio.TaskGroup() as group:
        till = Till(StoreGateway(store), performer, RandomIdentities(), SystemClock(), terms, currency="EUR")
        platform.till = till
        group.create_task(till.run())
        courier = Courier(store, platform.deliver)
        bringing = group.create_task(courier.run())
        for _ in range(1000):
            await whole_sale(till)
        before = resident_kib()
        for _ in range(sales):
            await whole_sale(till)
        after = resident_kib()
        await till.stop()
        bringing.cancel()
        assert await store.open_sale_ids() == ()
    return (after - before) / (sales / 1000)


@pytest.mark.bench
@pytest.mark.parametrize("sales", [2000, pytest.param(20_000, marks=[pytest.mark.soak, pytest.mark.timeout(1200)])])
def test_whole_sales_leave_little_behind(
    sales: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    growth = asyncio.run(resident_growth_kib(tmp_path, sales))
    record_property("KiB per 1,000 sales", round(growth, 1))
    assert growth <= KIB_PER_THOUSAND_MAX
