"""One start of the terminal's delivery: the real store, courier, delivery and pretix adapter, on a virtual clock."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import httpx

from kiosk.application.codec import encode, kind_of
from kiosk.application.delivery import Delivery
from kiosk.domain.sale.events import Event
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from offline_store import Courier, CourierLimits, JournalRow, OutboxMessage, Store, StoreClosed, StoreOptions
from offline_store.vault import Vault

T = TypeVar("T")
WRITE_S = 15.0
LIMITS = CourierLimits(deliver_timeout_s=4 * WRITE_S)


class Killed(BaseException):
    """The process is gone: nothing of it runs on."""


class InlineThread:
    """Do the store's work at once, and die at a given call, before or after it was done."""

    def __init__(self, on_killed: Callable[[], None]) -> None:
        self.kill_in = 0
        self.is_killed_before = False
        self.is_dead = False
        self._on_killed = on_killed

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call; a dead process runs none."""
        if self.is_dead:
            raise StoreClosed("store.closed")
        self.kill_in -= 1
        if self.kill_in == 0 and self.is_killed_before:
            self.die()
            raise Killed
        result = call()
        if self.kill_in == 0:
            self.die()
            raise Killed
        return result

    def die(self) -> None:
        """Run nothing more."""
        self.is_dead = True
        self._on_killed()

    async def stop(self, last: Callable[[], None]) -> None:
        """Run the last call."""
        self.is_dead = True
        last()


class TerminalClock:
    """The terminal's wall clock, which may be set; and its monotonic one, which may not."""

    def __init__(self, begun: datetime, moved: Callable[[], float]) -> None:
        self._begun = begun
        self._moved = moved
        self.offset_s = 0.0

    def now(self) -> datetime:
        """Return the wall time."""
        return datetime.fromtimestamp(self._begun.timestamp() + self._moved() + self.offset_s, self._begun.tzinfo)

    def mono_ns(self) -> int:
        """Return the monotonic time."""
        return int(self._moved() * 1e9)


@dataclass(frozen=True)
class Design:
    """The parts a wrong design replaces; the default is the product."""

    name: str = "the product"
    client: Any = Client
    platform: Any = PretixPlatform
    delivery: Any = Delivery
    courier: Any = Courier
    store: Any = Store


class Terminal:
    """From a start to its end."""

    def __init__(self, folder: Path, clock: TerminalClock, design: Design, chance: Random) -> None:
        self.killed = asyncio.Event()
        self.thread = InlineThread(self.killed.set)
        self._vault = Vault(folder, clock, StoreOptions(reserve_bytes=0, key_lot=1, boot_id="boot"))
        self._vault.open()
        self.store = design.store(self.thread, self._vault, ())
        self._clock = clock
        self._design = design
        self._chance = chance
        self._platforms: dict[str, Any] = {}
        self._courier: Courier | None = None
        self._running: asyncio.Task[None] | None = None

    def connect(self, streams: tuple[str, ...], token: str, wire: httpx.AsyncBaseTransport) -> None:
        """Open the adapters with a token, in place of those before."""
        for stream in streams:
            client = self._design.client(Access("http://model", "guichet", token), transport=wire)
            config = PretixConfig(stream, "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
            self._platforms[stream] = self._design.platform(config, client, self._clock)
        if self._courier is not None:
            self._courier.nudge()

    def start(self, *, on_outcome: Any = None) -> None:
        """Let the courier run."""
        delivery = self._design.delivery(self._platforms, self.tell, self._clock, timeout_s=WRITE_S)
        self._courier = self._design.courier(
            self.store, delivery, chance=self._chance, limits=LIMITS, on_outcome=on_outcome
        )
        self._running = asyncio.ensure_future(self._courier.run())

    async def pause(self) -> None:
        """Let the courier rest."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait((self._running,))
            if not self._running.cancelled():
                self._running.exception()

    async def tell(self, sale_id: str, event: Event) -> None:
        """Write what the platform said of a sale, as the till does."""
        await self.store.append((JournalRow(sale_id, "system", kind_of(event), encode(event)),))

    async def write(self, sale_id: str, *messages: OutboxMessage) -> None:
        """Write messages of a sale with a row of it."""
        await self.store.append((JournalRow(sale_id, "customer", "sold", b"{}"),), messages)

    async def stop(self, *, is_killed: bool) -> None:
        """End: killed at once, or in order, with what is known written."""
        if is_killed:
            self.thread.die()
        await self.pause()
        self._vault.close()
        self.thread.is_dead = True
