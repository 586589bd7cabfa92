"""A person at the window: finds things by their accessible name, touches them, types, waits, and takes pictures.

It sees what assistive technology sees: the accessible tree of the window, visible and named. It runs as a coroutine on
Qt's own loop; touches are plain mouse events sent to the window, never a nested loop.
"""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeyEvent, QMouseEvent
from PySide6.QtQuick import QQuickWindow

from kiosk.application.watchdog import Watchdog

WAIT_S = 30.0
LOOK_S = 0.05
SHOWN_MAX = 40
TABS_MAX = 150  # more than the things on any page
T = TypeVar("T")
KEYS = {
    "Enter": Qt.Key.Key_Return, "Tab": Qt.Key.Key_Tab, "Backtab": Qt.Key.Key_Backtab, "Escape": Qt.Key.Key_Escape,
    "Left": Qt.Key.Key_Left, "Right": Qt.Key.Key_Right, "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down,
    "Space": Qt.Key.Key_Space,
}  # fmt: skip


class NotFoundInTime(Exception):  # noqa: N818 - read as what a person would say
    """What was looked for did not appear; `shown` lists what was there instead."""

    def __init__(self, wanted: str, shown: tuple[str, ...]) -> None:
        super().__init__(f"“{wanted}” did not appear. On the page: {' | '.join(shown[:SHOWN_MAX])}")
        self.wanted = wanted
        self.shown = shown


class Seen(Struct, frozen=True):
    """One thing on the page: its name, whether it can be touched and has the focus, its centre in px of the window."""

    name: str
    is_touchable: bool
    x: float
    y: float
    is_focused: bool = False


class Driver:
    """Drive one window, by touch or `by_keys` alone.

    Its own looking is kept out of the watchdog's figures; what a touch or key sets off is timed.
    """

    def __init__(
        self,
        window: QQuickWindow,
        out: Path,
        watchdog: Watchdog,
        *,
        by_keys: bool = False,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self._by_keys = by_keys
        self._window = window
        self._watchdog = watchdog
        self._out = out
        self._numbers = numbers or itertools.count(1)
        QAccessible.setActive(True)

    def beside(self, window: QQuickWindow) -> "Driver":
        """Return one that looks at another window and numbers its pictures on."""
        return Driver(window, self._out, self._watchdog, by_keys=self._by_keys, numbers=self._numbers)

    def seen(self) -> tuple[Seen, ...]:
        """Return everything visible that has a name, in reading order."""
        root = QAccessible.queryAccessibleInterface(self._window)
        return tuple(self._walk(root))

    def names(self) -> tuple[str, ...]:
        """Return the names of everything visible."""
        return tuple(each.name for each in self.seen())

    def find(self, pattern: str, *, touchable: bool = True) -> Seen | None:
        """Return the first thing whose whole name matches a pattern (a regular expression)."""
        wanted = re.compile(pattern, re.IGNORECASE)
        fit = (each for each in self.seen() if wanted.fullmatch(each.name))
        return next((each for each in fit if each.is_touchable or not touchable), None)

    async def tap(self, pattern: str, *, wait_s: float = WAIT_S) -> str:
        """Touch a thing by its name once it is there, or reach it with Tab and press Enter; return its name."""
        found = await self._wait_for(self._resting(pattern), pattern, wait_s)
        if self._by_keys:
            await self._reach(pattern)
            await self.press("Enter")
            return found.name
        at = QPointF(found.x, found.y)
        for kind, buttons in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(
                kind, at, self._window.mapToGlobal(at), Qt.MouseButton.LeftButton, buttons,
                Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            self._send(event, f"touch {found.name}")
            await asyncio.sleep(0)
        return found.name

    async def _reach(self, pattern: str) -> None:
        """Press Tab until the focus is on a thing.

        Raises:
            NotFoundInTime: it never gets there.
        """
        wanted = re.compile(pattern, re.IGNORECASE)
        for _ in range(TABS_MAX):
            with self._watchdog.excused():
                focused = [each.name for each in self.seen() if each.is_focused]
            if any(wanted.fullmatch(name) for name in focused):
                return
            await self.press("Tab")
        raise NotFoundInTime(f"{pattern} by Tab", self.names())

    def _resting(self, pattern: str) -> Callable[[], Seen | None]:
        """Look for a thing that lies where it lay a look ago: nobody hits what still moves."""
        before: list[Seen | None] = [None]

        def look() -> Seen | None:
            now, was = self.find(pattern), before[0]
            before[0] = now
            return now if now is not None and was is not None and (now.x, now.y) == (was.x, was.y) else None

        return look

    async def type(self, text: str) -> None:
        """Type a text on the keyboard."""
        for char in text:
            await self._key(0, char)

    async def press(self, key: str) -> None:
        """Press a key by its name."""
        await self._key(int(KEYS[key]), "")

    async def see(self, pattern: str, *, wait_s: float = WAIT_S) -> str:
        """Wait until something with this name is shown; return its name."""
        return (await self._wait_for(lambda: self.find(pattern, touchable=False), pattern, wait_s)).name

    async def until(self, holds: Callable[[], bool], what: str, *, wait_s: float = WAIT_S) -> None:
        """Wait until something outside the page is so."""
        await self._wait_for(lambda: True if holds() else None, what, wait_s)

    async def picture(self, name: str) -> Path:
        """Keep a numbered picture of the window as it is drawn now."""
        await asyncio.sleep(2 * LOOK_S)  # two frames: what was just touched is drawn
        path = self._out / f"{next(self._numbers):02}-{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-')}.png"
        with self._watchdog.excused():
            if not self._window.grabWindow().save(str(path)):
                raise OSError(f"{path} could not be written")
        return path

    async def _key(self, key: int, text: str) -> None:
        code = key or (ord(text.upper()) if text.isascii() else 0)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
            self._send(event, f"key {text if text.isalnum() else Qt.Key(code).name}")
            await asyncio.sleep(0)

    def _send(self, event: QEvent, what: str) -> None:
        """Let Qt do at once what the event sets off, timed by itself."""
        with self._watchdog.excused(), self._watchdog.timed(what):
            QCoreApplication.sendEvent(self._window, event)

    async def _wait_for(self, look: Callable[[], T | None], what: str, wait_s: float) -> T:
        until = time.monotonic() + wait_s
        while True:
            with self._watchdog.excused():
                found = look()
            if found is not None:
                return found
            if time.monotonic() > until:
                raise NotFoundInTime(what, self.names())
            await asyncio.sleep(LOOK_S)

    def _walk(self, at: QAccessibleInterface) -> Iterator[Seen]:
        for index in range(at.childCount()):
            child = at.child(index)
            if not child.isValid():
                continue
            state = child.state()
            if state.invisible:
                continue
            yield from self._told(child)
            yield from self._walk(child)

    def _told(self, child: QAccessibleInterface) -> Iterator[Seen]:
        name = child.text(QAccessible.Text.Name)
        area = child.rect()
        if not name or not area.isValid():
            return
        corner = self._window.mapFromGlobal(area.center())
        state = child.state()
        is_touchable = not state.disabled and child.actionInterface() is not None
        if 0 <= corner.x() <= self._window.width() and 0 <= corner.y() <= self._window.height():
            yield Seen(name, is_touchable, float(corner.x()), float(corner.y()), bool(state.focused))
