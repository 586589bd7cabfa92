"""Every touch and key at the kiosk's window, before the page gets it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow

TOUCHES = frozenset({QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress})
SERVICE_CHORD = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier, Qt.Key.Key_S
)  # opens the page that asks for the code, no more


class Touches(QObject):
    """Tell the face; while its question stands, the first key only answers it.

    Read and installed once the first page is drawn: the enums of Qt take longer to make than the page to draw.
    """

    def __init__(self, window: QWindow, answered: Callable[[], bool], go: Callable[[str], None]) -> None:
        super().__init__()
        self._window = window
        self._answered = answered
        self._go = go
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice every touch and key."""
        del watched
        if event.type() not in TOUCHES:
            return False
        if isinstance(event, QKeyEvent) and event.keyCombination() == SERVICE_CHORD:
            self._go("service")
            return True
        if self._answered() and event.type() is QEvent.Type.KeyPress:
            self._go("back")
            return True
        return False

    def close(self) -> None:
        """Notice nothing any more."""
        self._window.removeEventFilter(self)
