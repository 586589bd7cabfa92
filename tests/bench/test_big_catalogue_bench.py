"""Loading 5,000 products, 20,000 slots and a hall of 50,000 seats, beside only fetching and parsing the same pages."""

import asyncio
import gc
import json
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from kiosk.application.watchdog import Watchdog
from kiosk.platforms.pretix import Access, Client, PretixPlatform
from tests.simulation.big_catalogue import big
from tests.simulation.model_link import ModelLink
from tests.simulation.pretix_model import PretixModel
from tests.simulation.served_model import CONFIG, Clock, Desk, served

TURN_SHARE_MAX = 0.05  # one turn of the network's loop, of all the work of a loading
TIME_MAX = 2.0  # a loading, beside fetching and parsing page after page
LATE_SHARE_MAX = 2.0  # how late the pages' loop is woken meanwhile, beside the same
MEMORY_SHARE_MAX = 0.5  # what stays, of the server's rows as Python reads them


async def lateness(work: Any) -> tuple[float, float]:
    """Return how late this loop is woken in all, in shares of the time, while something is done elsewhere; and that."""
    late, step = 0.0, 0.002
    begun = time.monotonic()
    task = asyncio.ensure_future(work)
    while not task.done():
        due = time.monotonic() + step
        await asyncio.sleep(step)
        late += max(0.0, time.monotonic() - due)
    await task
    spent = time.monotonic() - begun
    return late / spent, spent


async def only_fetched(url: str, transport: httpx.AsyncBaseTransport | None = None) -> list[Any]:
    """Fetch the same pages, one after the other, and parse them: what no adapter can do without."""
    root, rows = f"{url}/api/v1/organizers/guichet/events", []
    async with httpx.AsyncClient(headers={"Authorization": "Device tok-0"}, timeout=60, transport=transport) as http:
        for path in ("season/items/", "season/subevents/", "season/quotas/", "arena/seats/"):
            page: int | None = 1
            while page:
                body = json.loads((await http.get(f"{root}/{path}", params={"page": page, "page_size": 50})).content)
                rows += body["results"]
                page = page + 1 if body["next"] else None
    return rows


class Turns:
    """Time each callback of the network's loop by its thread's CPU time."""

    def __init__(self) -> None:
        self.longest_ns = self.total_ns = 0
        self.watchdog = Watchdog(limit_ms=0.0)
        self.watchdog._note = self.note  # type: ignore[method-assign]

    def note(self, cpu_ns: int, wall_ns: int, cause: Any) -> None:
        del wall_ns, cause
        self.longest_ns, self.total_ns = max(self.longest_ns, cpu_ns), self.total_ns + cpu_ns


@pytest.mark.bench
def test_the_terminal_stays_responsive_while_it_loads(record_property: Any) -> None:
    async def story(desk: Desk) -> tuple[Any, Any, Turns]:
        turns = Turns()

        async def load() -> None:
            await desk.platform.refresh(is_full=True)
            await desk.platform.seat_map("arena@0", timeout_s=60)

        async def watched() -> None:
            turns.watchdog.attach()

        await desk.network.hop(watched)
        ours = await lateness(desk.network.hop(load))
        turns.watchdog.detach()
        theirs = await lateness(desk.network.hop(lambda: only_fetched(url)))
        return ours, theirs, turns

    with served() as url:
        ours, theirs, turns = Desk(url).use(story)
    late, spent = (mine / peer for mine, peer in zip(ours, theirs, strict=True))
    record_property("lateness", round(late, 2))
    record_property("time", round(spent, 2))
    record_property("longest turn", round(turns.longest_ns / turns.total_ns, 4))
    assert late < LATE_SHARE_MAX
    assert spent < TIME_MAX
    assert turns.longest_ns / turns.total_ns < TURN_SHARE_MAX


async def kept_bytes(make: Callable[[], Any]) -> tuple[int, Any]:
    """Return how much stays in memory of what a reading made, and what it made."""
    gc.collect()
    tracemalloc.start()
    made = await make()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return size, made


@pytest.mark.bench
def test_what_stays_in_memory_is_a_part_of_what_was_sent(record_property: Any) -> None:
    async def whole() -> float:
        model = PretixModel(big(datetime.now(UTC), products=500, slots=2_000, seats=5_000), lambda: datetime.now(UTC))
        link = ModelLink(model)
        platform = PretixPlatform(CONFIG, Client(Access("http://model", "guichet", "tok-0"), transport=link), Clock())

        async def load() -> Any:
            return await platform.refresh(), await platform.seat_map("arena@0", timeout_s=5)

        ours, _ = await kept_bytes(load)
        theirs, rows = await kept_bytes(lambda: only_fetched("http://model", link))
        await platform.close()
        assert len(rows) == 500 + 2 * 2_000 + 5_000
        return ours / theirs

    share = asyncio.run(whole())
    record_property("memory", round(share, 2))
    assert share < MEMORY_SHARE_MAX
