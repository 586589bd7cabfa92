"""A month's queue drains exactly once under loss both ways, in flat memory, and its length costs nothing."""

import asyncio
import gc
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest

from tests.simulation.backlog import Backlog, backlog, nth_sale
from tests.simulation.faulty_wire import Weather

LOSS = {"request lost": 30, "answer lost": 30}
HOUR_S = 3_600.0
KEYS_KEPT = timedelta(hours=2)  # a short-lived memory of the server: harder for us, and flat for the figure
RESTARTS = 10
GROWTH_MAX = 6_000_000
Report = Callable[[str, object], None]


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def drain(made: Backlog, count: int) -> list[int]:
    """Drain everything hour by hour, with ten restarts of the server; return the memory at each twentieth."""
    memory: list[int] = []
    made.terminal.start()
    restarts = [count * turn // (RESTARTS + 1) for turn in range(1, RESTARTS + 1)]
    while left := await made.left():
        await asyncio.sleep(HOUR_S)
        made.model.purge(older_than=KEYS_KEPT)
        done = count - left
        if restarts and done >= restarts[0]:
            restarts.pop(0)
            made.wire.restart_server()
        if done >= count * (len(memory) + 1) // 20:
            memory.append(resident())
    await made.wire.settle()
    return [*memory, resident()]


def hold_backlog(count: int, record_property: Report) -> None:
    with backlog(Weather(fault_share=0.6, latency_s=0.3)) as made:
        made.wire.faults = LOSS
        made.loop.run_until_complete(made.queue(count))
        begun = time.process_time()
        memory = made.loop.run_until_complete(drain(made, count))
        spent = time.process_time() - begun
        orders = made.model.sales.orders
        assert len(orders) == count
        for number, code in enumerate(orders):
            expected, found = nth_sale(number).order, orders[code]
            assert (code, found["api_meta"]["digest"], found["api_meta"]["sale_id"]) == (
                expected.code, expected.digest, expected.sale_id,
            )  # fmt: skip
            assert round(float(found["total"]) * 100) == expected.paid.minor
        lost = sum(made.wire.seen.values())
        days = made.loop.time() / 86_400
    growth = max(memory[4:]) - memory[3]
    record_property("messages lost", lost)
    record_property("days", round(days, 1))
    record_property("ms of CPU per sale", round(spent / count * 1e3, 2))
    record_property("growth in bytes", growth)
    print(f"{count} sales, {lost} losses, {days:.1f} days, {spent / count * 1e3:.2f} ms, {growth} bytes")  # noqa: T201
    assert lost > count
    assert growth < GROWTH_MAX


def test_a_backlog_drains_exactly_once_under_loss_both_ways(record_property: Report) -> None:
    hold_backlog(5_000, record_property)


@pytest.mark.soak
def test_a_backlog_of_a_hundred_thousand_drains_exactly_once(record_property: Report) -> None:
    hold_backlog(100_000, record_property)


def cost(made: Backlog, count: int) -> float:
    """Return the CPU time of one delivery, whole: queue, adapter, model and back."""
    arrived = asyncio.Event()
    left = count

    def outcome(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            arrived.set()

    async def deliver() -> float:
        terminal = made.terminal
        begun = time.process_time()
        terminal.start(on_outcome=outcome)
        await arrived.wait()
        spent = time.process_time() - begun
        await terminal.pause()
        return spent / count

    return made.loop.run_until_complete(deliver())


def hold_depth(deep: int, record_property: Report, shallow: int = 1_000) -> None:
    calm = Weather(fault_share=0.0, latency_s=0.01)
    ratios = []
    with backlog(calm) as small, backlog(calm) as large:
        small.loop.run_until_complete(small.queue(shallow))
        large.loop.run_until_complete(large.queue(deep))
        for _ in range(9):
            at_small, at_large = cost(small, 100), cost(large, 100)
            ratios.append(at_large / at_small)
            for made in (small, large):
                made.loop.run_until_complete(made.queue(100))
        assert large.loop.run_until_complete(large.left()) >= deep - 100
    ratio = median(ratios)
    record_property("cost per sale, deep over shallow", round(ratio, 3))
    print(f"cost per sale at {deep} / at {shallow}: {ratio:.3f}")  # noqa: T201 - the figure is the point
    assert ratio <= 1.25


def test_a_long_queue_costs_no_more_per_sale(record_property: Report) -> None:
    hold_depth(20_000, record_property)


@pytest.mark.soak
def test_a_queue_of_a_million_costs_no_more_per_sale(record_property: Report) -> None:
    hold_depth(1_000_000, record_property)
