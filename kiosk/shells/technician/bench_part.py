"""What every part of the bench begins with: the terminal, its words, who acts, and what it awaits."""

from PySide6.QtCore import QObject

from kiosk.application.terminal import Terminal
from kiosk.ui.bridge import Tasks
from kiosk.ui.controls.staff_words import StaffWords


class BenchPart(QObject):
    """A part of the bench; `actor` is whoever signed in, set by the bench."""

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.actor = ""
        self._terminal = terminal
        self._words = words
        self._tasks = Tasks()

    def close(self) -> None:
        """Let go of the terminal: the bench closes. What is being booked or journalled is done to its end."""
