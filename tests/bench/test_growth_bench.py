"""A till that sells all day does not grow: memory per thousand sales, from the second thousand on."""

import asyncio
import gc
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.clock import SystemClock
from kiosk.application.identities import RandomIdentities
from kiosk.application.till import FINISHED_KEPT_MAX, Till
from kiosk.domain.sale import events as ev

KIB_PER_THOUSAND_MAX = 64


class NoStore:
    """Keeps nothing, so that what grows is the till."""

    async def keep(self, *_: Any) -> None:
        await asyncio.sleep(0)

    async def check_reserve(self) -> None:
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
