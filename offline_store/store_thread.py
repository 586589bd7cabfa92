"""The one thread on which everything of the store happens, behind an async face."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from offline_store.errors import StoreBusy, StoreClosed

QUEUE_MAX = 1024
T = TypeVar("T")
_Job = tuple["asyncio.Future[Any]", Callable[[], Any]]


class StoreThread:
    """Run calls in order on one daemon thread; awaited from any loop."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._is_open = True
        self._thread = threading.Thread(target=self._serve, name="store", daemon=True)
        self._thread.start()

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call on the thread and await its result.

        A call once accepted is always run, also when the caller stops waiting: a write is never half wanted.

        Raises:
            StoreClosed: the thread has ended.
            StoreBusy: more than QUEUE_MAX calls wait.
        """
        if not self._is_open:
            raise StoreClosed("store.closed")
        if self._queue.qsize() >= QUEUE_MAX:
            raise StoreBusy("store.busy")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((future, call))
        return await future

    async def stop(self, last: Callable[[], None]) -> None:
        """Run `last` after all waiting calls, end the thread and wait for it; a second stop does nothing."""
        if not self._is_open:
            return
        ended = self.run(last)
        try:
            await ended
        finally:
            self._is_open = False
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        while (job := self._queue.get()) is not None:
            future, call = job
            settle: tuple[Callable[[Any], None], Any]
            try:
                settle = future.set_result, call()
            except BaseException as problem:  # noqa: BLE001 - handed to whoever awaits, whatever it is
                settle = future.set_exception, problem
            with contextlib.suppress(RuntimeError):  # its loop is closed: nobody waits any more
                future.get_loop().call_soon_threadsafe(_settle, future, *settle)
            del job, future, call, settle


def _settle(future: "asyncio.Future[Any]", settle: Callable[[Any], None], outcome: object) -> None:
    if not future.done():  # else who waited has stopped waiting
        settle(outcome)
