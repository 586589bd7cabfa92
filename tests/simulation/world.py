"""A terminal, a server and what lies between them for some days, drawn from one seed; then peace, and an account."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from offline_store import OutboxMessage, ParkedMessage, StoreError
from tests.simulation.faulty_wire import FaultyWire, Weather
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme
from tests.simulation.shop import BEGUN, SimSale, offers, sale
from tests.simulation.terminal import Design, Killed, Terminal, TerminalClock
from tests.simulation.virtual_time import VirtualLoop

FOLDER = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - a disk that needs no waiting
PEACE_S = 3 * 86_400.0
LOOK_S = 300.0
JUMPS_S = (-31_536_000.0, -86_400.0, -3_600.0, 3_600.0, 86_400.0, 31_536_000.0)
Act = Callable[[], Awaitable[None]]


@dataclass
class Account:
    """What was found when all was quiet."""

    seed: int
    sales: list[SimSale]
    model: PretixModel
    written: list[str] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    parked: dict[str, ParkedMessage] = field(default_factory=dict)
    left: int = 0
    starts: int = 0
    faults: dict[str, int] = field(default_factory=dict)


class World:
    """One seed's world."""

    def __init__(self, seed: int, design: Design, folder: Path, loop: VirtualLoop) -> None:
        self.seed = seed
        self.chance = chance = Random(seed)
        self.loop = loop
        self.design = design
        self.folder = folder
        self.model = PretixModel(programme(BEGUN, size=1_000, small_size=chance.randint(1, 4)), self.server_now)
        self.weather = Weather(chance.choice((0.1, 0.3, 0.5, 0.6)), chance.choice((0.05, 0.5, 4.0)))
        self.wire = FaultyWire(self.model, chance, self.weather)
        self.clock = TerminalClock(BEGUN, loop.time)
        self.streams = ("north", "south")[: chance.choice((1, 1, 2))]
        self.sales: list[SimSale] = []
        self.written: list[str] = []
        self.starts = 0
        self._numbers = count()
        self.terminal: Terminal

    def server_now(self) -> datetime:
        """Return the server's time."""
        return BEGUN + timedelta(seconds=self.loop.time())

    async def run(self) -> Account:
        """Live through the storm, then through the peace, and give account."""
        self.boot()
        for pause_s, act in self.script():
            await self.pass_time(pause_s)
            await self.as_long_as_alive(act)
        await self.make_peace()
        ends = self.loop.time() + PEACE_S
        while await self.count_left() and self.loop.time() < ends:
            await self.pass_time(LOOK_S)
        await self.wire.settle()
        return await self.account()

    def script(self) -> list[tuple[float, Act]]:
        """Return what happens, each after a pause in seconds."""
        chance = self.chance
        acts: list[Act] = [self.sell] * chance.randint(3, 7)
        others: tuple[Act, ...] = (
            self.restart, self.restart, self.kill_soon, self.kill_soon, self.kill_soon, self.restart_server,
            self.cut_for_a_while, self.jump, self.jump, self.purge, self.roll, self.revoke, self.steal_a_code,
            self.sell_elsewhere, self.server_down, self.raise_prices,
        )  # fmt: skip
        acts += chance.choices(others, k=chance.randint(2, 7))
        chance.shuffle(acts)
        pauses = (0.0, 0.2, 3.0, 30.0, 300.0, 90_000.0)
        return [(chance.choices(pauses, (4, 6, 6, 4, 3, 1))[0] * chance.random(), act) for act in acts]

    # ---- the terminal

    def boot(self) -> None:
        """Start the terminal."""
        self.starts += 1
        self.terminal = Terminal(self.folder, self.clock, self.design, self.chance)
        self.terminal.connect(self.streams, self.model.device.token, self.wire)
        self.terminal.start()

    async def pass_time(self, pause_s: float) -> None:
        """Let time pass; a terminal that dies on the way is started again."""
        ends = self.loop.time() + pause_s
        while (left_s := ends - self.loop.time()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self.terminal.killed.wait()
                await self.reboot(is_killed=True)
        await asyncio.sleep(0)

    async def as_long_as_alive(self, act: Act) -> None:
        """Do something; the terminal may die of it."""
        try:
            await act()
        except (Killed, StoreError):
            if not self.terminal.thread.is_dead:
                raise
            await self.reboot(is_killed=True)

    async def reboot(self, *, is_killed: bool) -> None:
        """End this start and begin another."""
        await self.terminal.stop(is_killed=is_killed)
        await asyncio.sleep(self.chance.choice((0.0, 5.0, 60.0)))
        self.boot()

    async def restart(self) -> None:
        """Start anew, after an orderly end or a cut of power."""
        await self.reboot(is_killed=self.chance.random() < 0.5)

    async def kill_soon(self) -> None:
        """Die at one of the next calls of the store, before or after it was done."""
        self.terminal.thread.kill_in = self.chance.randint(1, 12)
        self.terminal.thread.is_killed_before = self.chance.random() < 0.5

    async def jump(self) -> None:
        """Set the terminal's clock wrong."""
        self.clock.offset_s += self.chance.choice(JUMPS_S)

    async def sell(self) -> None:
        """Sell one to three times; then print, and now and then cancel."""
        chance = self.chance
        for _ in range(chance.choice((1, 1, 2, 3))):
            made = sale(next(self._numbers), chance.choice(self.streams), chance, self.clock.now(), seed=self.seed)
            messages = [made.booking(), *(made.printing(part.part_id, 1) for part in made.order.parts[:1])]
            if not made.is_scarce and chance.random() < 0.25:
                messages.append(made.printing(made.order.parts[0].part_id, 2))
            if not made.is_scarce and chance.random() < 0.3:
                plain = len(made.order.parts) > 1 and not any(part.addon_to for part in made.order.offers[0].parts)
                one = (made.order.parts[0].part_id,) if plain and chance.random() < 0.5 else ()
                messages.append(made.cancelling(one))
            self.sales.append(made)
            await self._write(made, messages)

    async def _write(self, made: SimSale, messages: list[OutboxMessage]) -> None:
        try:
            await self.terminal.write(made.id, *messages)
        except (Killed, StoreError):
            # Written or not, the disk says so after the next start: a sale that is not there was none.
            await self.reboot(is_killed=True)
            if not await self.terminal.store.read_sale(made.id):
                self.sales.remove(made)
                return
        self.written.extend(each.key for each in messages)

    # ---- the server and the way to it

    async def restart_server(self) -> None:
        """Kill what the server has in work."""
        self.wire.restart_server()

    async def server_down(self) -> None:
        """Take the server away for minutes."""
        self.wire.restart_server()
        self.weather.is_server_up = False
        await self.pass_time(self.chance.uniform(1, 600))
        self.weather.is_server_up = True

    async def cut_for_a_while(self) -> None:
        """Cut the wire for minutes or a day."""
        self.weather.is_cut = True
        await self.pass_time(self.chance.choices((30.0, 600.0, 100_000.0), (6, 6, 1))[0])
        self.weather.is_cut = False

    async def purge(self) -> None:
        """Let the server forget all keys."""
        self.model.purge(older_than=timedelta(0))

    async def roll(self) -> None:
        """Change the token; the terminal is told some time later."""
        token = self.model.new_token()
        await self.pass_time(self.chance.choice((0.0, 20.0, 2_000.0)))
        self.terminal.connect(self.streams, token, self.wire)

    async def revoke(self) -> None:
        """Take the token away, and give another hours later."""
        self.model.device.is_revoked = True
        await self.pass_time(self.chance.choice((1.0, 100.0, 10_000.0)))
        self.terminal.connect(self.streams, self.model.new_token(), self.wire)

    async def steal_a_code(self) -> None:
        """Let another channel take the code of a sale before we book it."""
        made = sale(
            next(self._numbers), self.chance.choice(self.streams), self.chance, self.clock.now(), seed=self.seed
        )
        made.is_code_taken = True
        other = dict(self._foreign(made.order.code))
        self.model.sales.order("museum", other)
        self.sales.append(made)
        await self._write(made, [made.booking()])

    async def sell_elsewhere(self) -> None:
        """Let another channel buy of the scarce slot."""
        self.model.sales.order("museum", self._foreign(f"WEB{self.chance.randrange(10**6):06}", slot=2))

    async def raise_prices(self) -> None:
        """Make everything dearer, for sales to come."""
        for item in self.model.programme.events["museum"].items:
            item["default_price"] = f"{float(item['default_price']) + 1:.2f}"

    def _foreign(self, code: str, slot: int = 1) -> dict[str, object]:
        line = {"item": 1, "subevent": slot, "price": "12.00", "positionid": 1, "secret": f"web-{code}"}
        return {
            "code": code, "status": "p", "email": None, "locale": "en", "sales_channel": "web", "positions": [line],
            "payment_provider": "manual", "api_meta": {},
        }  # fmt: skip

    # ---- the end

    async def make_peace(self) -> None:
        """From here on nothing goes wrong any more; the server forgets old keys as it does every day."""
        self.weather.fault_share, self.weather.is_cut, self.weather.is_server_up = 0.0, False, True
        self.weather.latency_s = 0.2
        if self.terminal.thread.is_dead:
            await self.reboot(is_killed=True)
        self.terminal.thread.kill_in = 0
        if self.model.device.is_revoked:
            self.model.new_token()
        self.terminal.connect(self.streams, self.model.device.token, self.wire)

    async def count_left(self) -> int:
        """Return how many messages still wait."""
        if self.loop.time() % 86_400 < LOOK_S:
            self.model.purge()
        return sum(each.ready for each in await self.terminal.store.stream_figures())

    async def account(self) -> Account:
        """Read everything there is to know."""
        store = self.terminal.store
        found = Account(self.seed, self.sales, self.model, self.written, starts=self.starts, faults=self.wire.seen)
        found.left = await self.count_left()
        found.parked = {each.key: each for each in await store.parked(1_000)}
        for key in self.written:
            if await store.proof(key) is not None:
                found.sent.add(key)
        for made in self.sales:
            found.told[made.id] = [entry.kind.removeprefix("sale.") for entry in await store.read_sale(made.id)]
        await self.terminal.stop(is_killed=False)
        return found


def live(seed: int, design: Design | None = None) -> Account:
    """Run one seed's world to its end."""
    offers()  # read once, on a loop of its own
    folder = Path(mkdtemp(dir=FOLDER, prefix="guichet-sim-"))
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(World(seed, design or Design(), folder / "store", loop).run())
    finally:
        loop.close()
        shutil.rmtree(folder)
