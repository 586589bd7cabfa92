"""Whether somebody is at the bench: with nobody there for long enough it closes back to the face beneath it."""

from collections.abc import Callable

from PySide6.QtCore import Property, QEvent, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.terminal import Terminal
from kiosk.shells.technician.bench_part import BenchPart
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.technician"
QML_IMPORT_MAJOR_VERSION = 1
TOUCHES = frozenset({QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Wheel})
WARNING_S = 30.0
NS = 1_000_000_000


@QmlElement
class Attendance(BenchPart):
    """Notice every touch; close the bench after `idle_s` without one, 0 for never, and journal that it was closed."""

    changed = Signal()
    left = Signal()  # the bench is to be closed

    def __init__(
        self,
        terminal: Terminal,
        words: StaffWords,
        idle_s: float,
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(terminal, words, parent)
        self._idle_s = idle_s
        self._is_busy = is_busy
        self._is_over = False
        self._touched_s = self._now_s()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a touch, whatever it means."""
        del watched
        if event.type() in TOUCHES:
            self.touched()
        return False

    def touched(self) -> None:
        """Take note that somebody is there."""
        self._touched_s = self._now_s()
        self.changed.emit()

    def tick(self) -> None:
        """Close where nobody was there for too long; a test under way is waited for."""
        if not self._idle_s or self._is_over:
            return
        if self._is_busy():
            self._touched_s = self._now_s()
        elif self._left_s() <= 0:
            self._leave("idle")
        self.changed.emit()

    @Slot()
    def leave(self) -> None:
        """Close the bench because somebody asked for it."""
        if self._idle_s and not self._is_over:
            self._leave("asked")

    def _leave(self, why: str) -> None:
        self._is_over = True
        self._tasks.start(self._terminal.acts.note(self.actor, "bench_closed", {"why": why}))
        self.left.emit()

    def _now_s(self) -> float:
        return self._terminal.clock.mono_ns() / NS

    def _left_s(self) -> float:
        return self._idle_s - (self._now_s() - self._touched_s)

    def _note(self) -> str:
        left_s = self._left_s()
        if not self._idle_s or self._idle_s <= WARNING_S or left_s > WARNING_S:
            return ""
        return self._words.say("Nobody is here: this closes in {seconds} s.", seconds=max(0, round(left_s)))

    canLeave = Property(bool, lambda self: bool(self._idle_s), constant=True)
    note = Property(str, _note, notify=changed)
