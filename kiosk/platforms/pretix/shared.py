"""One reading at a time of each thing, whoever asks; it goes on when an asker leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class Shared:
    """Readings under way, by name."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Any]] = {}

    async def run(self, name: str, call: Callable[[], Awaitable[Any]], *, wait_s: float | None = None) -> Any:
        """Return what the reading of this name brings, begun here or by another.

        Raises:
            TimeoutError: not within `wait_s`; it goes on.
        """
        task = self._running.get(name)
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._running[name] = asyncio.ensure_future(_whole(call))
            task.add_done_callback(lambda done: self._ended(name, done))
        done, _ = await asyncio.wait({task}, timeout=wait_s)
        if not done:
            raise TimeoutError
        return task.result()

    async def close(self) -> None:
        """End what runs."""
        here = [each for each in self._running.values() if each.get_loop() is asyncio.get_running_loop()]
        for task in here:
            task.cancel()
        if here:
            await asyncio.wait(here)

    def _ended(self, name: str, task: asyncio.Task[Any]) -> None:
        if self._running.get(name) is task:
            del self._running[name]
        if not task.cancelled():
            task.exception()  # whoever waited was told; nobody else needs to be


async def _whole(call: Callable[[], Awaitable[Any]]) -> Any:
    return await call()
