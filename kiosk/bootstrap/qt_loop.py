"""Qt's loop as asyncio's: the one place that knows qasync."""

import asyncio
import heapq
import math
import sys
import time
from collections import deque
from types import ModuleType
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication

WIDGETS = "PySide6.QtWidgets"
NEVER = math.inf
NAP_MAX_S = 86_400.0  # a timer of Qt counts 31 bits of milliseconds; who wakes too early winds it again


def _qasync() -> Any:
    """Import qasync without Qt's widgets: it takes one class of theirs, whose base class does the same for us."""
    is_stand_in = WIDGETS not in sys.modules
    if is_stand_in:
        widgets = sys.modules[WIDGETS] = ModuleType(WIDGETS)
        widgets.QApplication = QGuiApplication  # type: ignore[attr-defined]
    try:
        import qasync  # noqa: PLC0415
    finally:
        if is_stand_in:
            del sys.modules[WIDGETS]
    return qasync


class Timers:
    """What the loop is to call, by one timer of Qt: what is due in the order it was asked for, the rest in time.

    qasync starts and kills one timer of Qt per call. That is slower, a coarse timer may ring early, and the binding
    makes every enum of Qt before the first `killTimer`: a tenth of the time to the first page.
    """

    def __init__(self) -> None:
        self._due: deque[asyncio.Handle] = deque()
        self._later: list[tuple[float, int, asyncio.Handle]] = []
        self._count = 0
        self._rings_at = NEVER
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)

    def add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """Call it after `delay` seconds, never earlier."""
        if delay > 0:
            self._count += 1
            heapq.heappush(self._later, (time.monotonic() + delay, self._count, handle))
        else:
            self._due.append(handle)
        self._wind()
        return handle

    def stop(self) -> None:
        """Call nothing any more."""
        self._timer.stop()
        self._due.clear()
        self._later.clear()

    def set_debug(self, enabled: bool) -> None:
        """Take no note: the watchdog times every call."""

    def _wind(self) -> None:
        rings_at = 0.0 if self._due else self._later[0][0] if self._later else NEVER
        if rings_at < self._rings_at:
            self._rings_at = rings_at
            nap_s = min(max(0.0, rings_at - time.monotonic()), NAP_MAX_S)
            self._timer.start(math.ceil(nap_s * 1000))

    def _turn(self) -> None:
        """Call what is due now; what that asks for waits for the next turn, as Qt's events do."""
        self._rings_at, now = NEVER, time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._due.append(heapq.heappop(self._later)[2])
        for _ in range(len(self._due)):
            if not self._due:
                break  # a loop of Qt inside a call has taken its turn
            handle = self._due.popleft()
            self._wind()  # first: a loop of Qt inside the call goes on with the rest
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - what every loop does; it catches what the call raises
        self._wind()


class QtLoop(_qasync().QEventLoop):  # type: ignore[misc]
    """asyncio's loop on Qt's."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._timer = Timers()

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        """Call it with the next turn."""
        return self._timer.add_callback(asyncio.Handle(callback, args, self, context=context))
