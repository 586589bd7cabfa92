"""One thread per device: blocking drivers behind an async face."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from hardware.errors import DeviceBusy, DeviceUnavailable

QUEUE_MAX = 32
T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[[], Any]]


class DeviceWorker:
    """Run calls of one driver in order on one daemon thread; `run` awaits, never blocks the loop."""

    def __init__(self, name: str) -> None:
        self._queue: queue.Queue[_Job | None] = queue.Queue(QUEUE_MAX)
        self._thread = threading.Thread(target=self._serve, name=f"device-{name}", daemon=True)
        self._is_open = False

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        if not self._is_open:
            self._is_open = True
            self._thread.start()

    async def run(self, call: Callable[[], T]) -> T:
        """Run a blocking call on the device's thread and await its result.

        Raises:
            DeviceUnavailable: the worker is closed.
            DeviceBusy: more than QUEUE_MAX calls wait.
        """
        if not self._is_open:
            raise DeviceUnavailable("device.closed")
        future: Future[T] = Future()
        try:
            self._queue.put_nowait((future, call))
        except queue.Full:
            raise DeviceBusy("device.queue_full") from None
        return await asyncio.wrap_future(future)

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Ask the thread to end after its current call; False when it is still stuck in it."""
        if not self._is_open:
            return True
        self._is_open = False
        self._queue.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def abandon(self, last: Callable[[], object] | None = None) -> None:
        """Take no more calls and do not wait: what is queued is cancelled, `last` runs when the thread is free."""
        if not self._is_open:
            return
        self._is_open = False
        with contextlib.suppress(queue.Empty):
            while (job := self._queue.get_nowait()) is not None:
                job[0].cancel()
        if last is not None:
            self._queue.put_nowait((Future(), last))
        self._queue.put_nowait(None)

    def _serve(self) -> None:
        while (job := self._queue.get()) is not None:
            future, call = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = call()
            except BaseException as error:  # noqa: BLE001 - it is the caller's: handed over, not swallowed
                future.set_exception(error)
            else:
                future.set_result(result)
