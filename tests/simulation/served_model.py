"""The big catalogue in a process of its own, and a terminal's two loops before it."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.application.network import HoppingPlatform, NetworkThread
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from tests.simulation.big_catalogue import PRODUCTS, SEATS, SLOTS

ROOT = Path(__file__).parents[2]
CONFIG = PretixConfig("pretix", "Big", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef", read_timeout_s=280.0)


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def served() -> Iterator[str]:
    """Serve the model while the block runs; give its address."""
    sizes = map(str, (PRODUCTS, SLOTS, SEATS))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.model_server", *sizes],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.communicate(timeout=30)


class Desk:
    """A page's loop on this thread and the platform on the network's, as in the terminal."""

    def __init__(self, url: str) -> None:
        self.network = NetworkThread()
        self.platform = PretixPlatform(CONFIG, Client(Access(url, "guichet", "tok-0")), Clock())
        self.hopping = HoppingPlatform(self.platform, self.network)

    def use(self, story: Callable[["Desk"], Any]) -> Any:
        async def whole() -> Any:
            self.network.start()
            try:
                return await story(self)
            finally:
                await self.network.hop(self.platform.close)
                await self.network.stop()

        return asyncio.run(whole())
