"""A long queue of sales before a model that keeps its orders on disk."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from offline_store import JournalRow
from tests.simulation.faulty_wire import FaultyWire, Weather
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme
from tests.simulation.shelf import Shelf
from tests.simulation.shop import BEGUN, SimSale, offers, sale
from tests.simulation.terminal import Design, Terminal, TerminalClock
from tests.simulation.virtual_time import VirtualLoop
from tests.simulation.world import FOLDER

PIECE = 500
STREAM = "north"


def nth_sale(number: int) -> SimSale:
    """Return the sale of a number, the same each time."""
    return sale(number, STREAM, Random(number), BEGUN, seed=0, share_scarce=0.0)


@dataclass
class Backlog:
    """A terminal with a queue, the wire and the server."""

    folder: Path
    loop: VirtualLoop
    weather: Weather
    queued: int = 0

    def __post_init__(self) -> None:
        self.clock = TerminalClock(BEGUN, self.loop.time)
        self.model = PretixModel(programme(BEGUN, size=10**7), self.clock.now)
        self.shelves = [Shelf(self.folder / name) for name in ("orders", "secrets", "codes")]
        self.model.sales.orders, self.model.sales.secrets, self.model.sales.codes = self.shelves
        self.wire = FaultyWire(self.model, Random(1), self.weather)
        self.open()

    def open(self) -> None:
        """Start the terminal, its courier not yet running."""
        self.terminal = Terminal(self.folder / "store", self.clock, Design(), Random(2))
        self.terminal.connect((STREAM,), self.model.device.token, self.wire)

    async def queue(self, count: int) -> None:
        """Write sales into the queue."""
        ends = self.queued + count
        while self.queued < ends:
            numbers = range(self.queued, min(self.queued + PIECE, ends))
            made = [nth_sale(number) for number in numbers]
            rows = [JournalRow(each.id, "customer", "sold", b"{}") for each in made]
            await self.terminal.store.append(rows, [each.booking() for each in made])
            self.queued = numbers.stop

    async def left(self) -> int:
        """Return how many wait."""
        return sum(each.ready for each in await self.terminal.store.stream_figures())


@contextmanager
def backlog(weather: Weather) -> Iterator[Backlog]:
    """Open one in a folder of its own."""
    offers()
    folder = Path(mkdtemp(dir=FOLDER, prefix="guichet-backlog-"))
    loop = VirtualLoop()
    made = Backlog(folder, loop, weather)
    try:
        yield made
    finally:
        loop.run_until_complete(made.terminal.stop(is_killed=False))
        for shelf in made.shelves:
            shelf.close()
        loop.close()
        shutil.rmtree(folder)
