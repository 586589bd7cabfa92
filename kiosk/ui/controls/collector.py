"""Collect Python's cyclic garbage on Qt's thread alone.

The interpreter collects on whichever thread happens to allocate: the store's, the network's, a device's. Cycles hold
Qt objects (a window's view models, an event loop's timers), and Qt objects destroyed on another thread than their own
crash the process ("Timers cannot be stopped from another thread"). So, while Qt runs, automatic collection is off and
a timer on Qt's thread collects what the interpreter would have collected by its own thresholds.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

LOOK_MS = 500
IDLE_FULL_S = 10.0  # a full collection takes tens of ms: while nobody stands here it is not felt
FULL_S = 60.0  # and at the latest after this


class Collector:
    """Decide at each look which generation is due."""

    def __init__(self, is_idle: Callable[[], bool], now: Callable[[], float] = time.monotonic) -> None:
        self._is_idle = is_idle
        self._now = now
        self._full_at = now()

    def due(self, counts: tuple[int, int, int], thresholds: tuple[int, int, int]) -> int | None:
        """Return the oldest generation that is due, None where nothing is."""
        if self._now() - self._full_at >= (IDLE_FULL_S if self._is_idle() else FULL_S):
            return 2
        young = (generation for generation in (1, 0) if counts[generation] > thresholds[generation] > 0)
        return next(young, None)

    def look(self) -> None:
        """Collect what is due."""
        generation = self.due(gc.get_count(), gc.get_threshold())
        if generation is None:
            return
        gc.collect(generation)
        if generation == 2:  # noqa: PLR2004 - the interpreter's oldest
            self._full_at = self._now()


@contextmanager
def collecting(is_idle: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Collect on this thread alone, which is Qt's, while the block runs; at its end everything that is left."""
    was_on = gc.isenabled()
    gc.disable()
    collector = Collector(is_idle)
    timer = QTimer()
    timer.timeout.connect(collector.look)
    timer.start(LOOK_MS)
    try:
        yield
    finally:
        timer.stop()
        gc.collect()
        if was_on:
            gc.enable()
