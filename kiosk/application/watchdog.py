"""Who used the loop's thread for too long: CPU time per callback, recorded with its cause.

CPU time of the thread, not the clock on the wall: a busy neighbour is not our fault, a slow callback is.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

LIMIT_MS = 16.0
KEPT_MAX = 200
CAUSE_CHARS_MAX = 160


class Overrun(Struct, frozen=True):
    """One callback that held the loop; `cpu_ms` is thread CPU time, `wall_ms` for the record only."""

    cause: str
    cpu_ms: float
    wall_ms: float


class Watchdog:
    """Time each callback of the loop it is attached on; slots of view-models are timed with `timed`."""

    def __init__(self, limit_ms: float = LIMIT_MS) -> None:
        self._limit_ns = int(limit_ms * 1_000_000)
        self._thread_id = 0
        self._excused_ns = 0
        self._plain: Callable[[asyncio.Handle], None] | None = None
        self.overruns: deque[Overrun] = deque(maxlen=KEPT_MAX)
        self.overrun_count = 0
        self.longest_ms = 0.0

    def attach(self) -> None:
        """Begin to time the callbacks that run on this thread.

        asyncio has no hook around a callback (debug mode times the wall and slows everything), so the one method
        through which every loop runs its callbacks is wrapped; `detach` puts the plain one back.
        """
        if self._plain is not None:
            return
        self._thread_id = threading.get_ident()
        plain = self._plain = asyncio.Handle._run  # noqa: SLF001 - no public hook exists, see above

        def run(handle: asyncio.Handle) -> None:
            if threading.get_ident() != self._thread_id:
                plain(handle)
                return
            cpu, wall, excused = time.thread_time_ns(), time.monotonic_ns(), self._excused_ns
            try:
                plain(handle)
            finally:
                spent = time.thread_time_ns() - cpu - (self._excused_ns - excused)
                self._note(spent, time.monotonic_ns() - wall, lambda: cause_of(handle))

        asyncio.Handle._run = run  # type: ignore[assignment,method-assign]  # noqa: SLF001

    def detach(self) -> None:
        """Stop timing."""
        if self._plain is not None:
            asyncio.Handle._run = self._plain  # type: ignore[assignment,method-assign]  # noqa: SLF001
            self._plain = None

    @contextmanager
    def timed(self, cause: str) -> Iterator[None]:
        """Time a piece of work that Qt calls directly."""
        cpu, wall = time.thread_time_ns(), time.monotonic_ns()
        try:
            yield
        finally:
            self._note(time.thread_time_ns() - cpu, time.monotonic_ns() - wall, lambda: cause)

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Leave out a piece of work that is not the terminal's: a demo looks at the page and takes its picture."""
        cpu = time.thread_time_ns()
        try:
            yield
        finally:
            self._excused_ns += time.thread_time_ns() - cpu

    def _note(self, cpu_ns: int, wall_ns: int, cause: Callable[[], str]) -> None:
        if cpu_ns <= self._limit_ns:
            return
        cpu_ms = cpu_ns / 1e6
        self.overrun_count += 1
        self.longest_ms = max(self.longest_ms, cpu_ms)
        self.overruns.append(Overrun(cause(), round(cpu_ms, 1), round(wall_ns / 1e6, 1)))


def cause_of(handle: asyncio.Handle) -> str:
    """Return what a callback is, by the names in the code; never its arguments, which may be somebody's."""
    callback: Any = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine: Any = task.get_coro()
        while (inner := getattr(coroutine, "cr_await", None)) is not None and hasattr(inner, "cr_frame"):
            coroutine = inner  # the innermost coroutine of ours is the one that worked
        frame = getattr(coroutine, "cr_frame", None)
        line = f":{frame.f_lineno}" if frame else ""
        return f"{getattr(coroutine, '__qualname__', 'task')}{line}"[:CAUSE_CHARS_MAX]
    return str(getattr(callback, "__qualname__", type(callback).__name__))[:CAUSE_CHARS_MAX]
