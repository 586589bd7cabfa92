"""The one thread on which everything of the store happens, behind an async face."""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from offline_store.errors import StoreBusy, StoreClosed

QUEUE_MAX = 1024
T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[[], Any]]


class StoreThread:
    """Run calls in order on one daemon thread; awaited from any loop."""

    def __init__(self) -> None:
        self._queue: queue.Queue[_Job | None] = queue.Queue(QUEUE_MAX)
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
        future: Future[T] = Future()
        try:
            self._queue.put_nowait((future, call))
        except queue.Full:
            raise StoreBusy("store.busy") from None
        return await asyncio.shield(asyncio.wrap_future(future))

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
            try:
                result = call()
            except BaseException as problem:  # noqa: BLE001 - handed to whoever awaits, whatever it is
                future.set_exception(problem)
            else:
                future.set_result(result)
            del job, future, call
