"""The bar on top: platform, printers, payment device, what waits meanwhile, the time, whether this is practice."""

import shiboken6
from msgspec import Struct
from PySide6.QtCore import Property, QObject, QTimer, Signal
from PySide6.QtQml import QmlElement

from hardware.health import ComponentState, Health
from kiosk.application.terminal import StoreFigures, Terminal
from kiosk.application.word import Word
from kiosk.ui.bridge import Rows, Tasks
from kiosk.ui.controls.link_words import PLATFORM, LinkWords, link_words
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
TICK_MS = 1000
SHOWN = {"payment_device": Word("Card"), "cash": Word("Cash"), "scanner": Word("Scanner")}
ROLES = {"tickets": Word("Tickets"), "receipts": Word("Receipt")}
PRINTER = Word("Printer")
STATE_WORDS = {
    ComponentState.READY: Word("ready"),
    ComponentState.BUSY: Word("busy"),
    ComponentState.MEDIA_LOW: Word("paper low"),
    ComponentState.MEDIA_EMPTY: Word("out of paper"),
    ComponentState.MEDIA_JAMMED: Word("jammed"),
    ComponentState.MEDIA_PRESENT: Word("take the paper"),
    ComponentState.USER_ACTION: Word("open, close it"),
    ComponentState.HARDWARE_ERROR: Word("needs a technician"),
    ComponentState.SOFTWARE_ERROR: Word("needs a technician"),
    ComponentState.NOT_REACHABLE: Word("not connected"),
    ComponentState.OUT_OF_SERVICE: Word("out of service"),
}


class StatusMark(Struct, frozen=True):
    """One state in the bar."""

    name: str
    word: str
    mood: str


@QmlElement
class StatusViewModel(QObject):
    """Say what works, how old that is, and what time it is."""

    changed = Signal()

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._words = words
        self._tasks = Tasks()
        self._figures: StoreFigures | None = None
        self._link = LinkWords()
        self._marks = Rows(StatusMark, self)
        self._unsubscribe = terminal.supervision.subscribe(self._show)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()
        self._show()
        self._tick()

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        shiboken6.delete(self._timer)  # here: Python's collector may run on any thread, Qt's timers must end on theirs
        self._unsubscribe()
        self._tasks.latest("figures", _nothing())

    @property
    def link(self) -> LinkWords:
        """Return what is said of the link."""
        return self._link

    def _tick(self) -> None:
        self._tasks.latest("figures", self._read_figures())

    async def _read_figures(self) -> None:
        self._figures = await self._terminal.store.figures()
        self._show()

    def _show(self) -> None:
        roles = {device.device_id: device.role for device in self._terminal.settings.devices}
        devices = (self._mark(health, roles.get(health.device_id, "")) for health in self._terminal.supervision.healths)
        self._link = link_words(self._words, self._terminal, self._figures)
        self._marks.show((self._platform_mark(), *(mark for mark in devices if mark)))
        self.changed.emit()

    def _platform_mark(self) -> StatusMark:
        capabilities, now = self._terminal.supervision.capabilities, self._terminal.clock.now()
        words, name = self._words, self._words.tell(PLATFORM)
        if capabilities.is_platform_reachable:
            return StatusMark(name, words.say("connected"), "ok")
        if capabilities.platform_as_of is None:
            return StatusMark(name, words.say("away"), "warn")
        age = words.age(capabilities.platform_as_of, now)
        return StatusMark(name, words.say("away, prices of {age}", age=age), "warn")

    def _mark(self, health: Health, role: str) -> StatusMark | None:
        name = ROLES.get(role, PRINTER) if health.family == "printer" else SHOWN.get(health.family)
        if name is None:
            return None
        mood = (
            "ok"
            if health.state in {ComponentState.READY, ComponentState.BUSY}
            else "warn"
            if health.is_working
            else "stop"
        )
        return StatusMark(self._words.tell(name), self._words.tell(STATE_WORDS[health.state]), mood)

    def _time(self) -> str:
        return self._words.clock(self._terminal.clock.now(), self._terminal.platform.traits.zone)

    marks = Property(QObject, lambda self: self._marks, constant=True)
    linkLine = Property(str, lambda self: self._link.line, notify=changed)
    linkMood = Property(str, lambda self: self._link.mood, notify=changed)
    time = Property(str, _time, notify=changed)
    name = Property(str, lambda self: self._terminal.settings.terminal.name, constant=True)
    isTraining = Property(bool, lambda self: self._terminal.is_training, constant=True)


async def _nothing() -> None:
    return
