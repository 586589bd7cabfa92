"""The bar on top: platform, printers and payment device with their age, the time, whether this is practice."""

import shiboken6
from msgspec import Struct
from PySide6.QtCore import Property, QObject, QTimer, Signal
from PySide6.QtQml import QmlElement

from hardware.health import ComponentState, Health
from kiosk.application.terminal import Terminal
from kiosk.shells.box_office.words import age, clock_time, say
from kiosk.ui.bridge import Rows

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
TICK_MS = 1000
SHOWN = {"payment_device": "Card", "cash": "Cash", "scanner": "Scanner"}
ROLES = {"tickets": "Tickets", "receipts": "Receipt"}
STATE_WORDS = {
    ComponentState.READY: "ready",
    ComponentState.BUSY: "busy",
    ComponentState.MEDIA_LOW: "paper low",
    ComponentState.MEDIA_EMPTY: "out of paper",
    ComponentState.MEDIA_JAMMED: "jammed",
    ComponentState.MEDIA_PRESENT: "take the paper",
    ComponentState.USER_ACTION: "open, close it",
    ComponentState.HARDWARE_ERROR: "needs a technician",
    ComponentState.SOFTWARE_ERROR: "needs a technician",
    ComponentState.NOT_REACHABLE: "not connected",
    ComponentState.OUT_OF_SERVICE: "out of service",
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

    def __init__(self, terminal: Terminal, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._marks = Rows(StatusMark, self)
        self._unsubscribe = terminal.supervision.subscribe(self._show)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show)
        self._timer.start()
        self._show()

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        shiboken6.delete(self._timer)  # here: Python's collector may run on any thread, Qt's timers must end on theirs
        self._unsubscribe()

    def _show(self) -> None:
        roles = {device.device_id: device.role for device in self._terminal.settings.devices}
        devices = (self._mark(health, roles.get(health.device_id, "")) for health in self._terminal.supervision.healths)
        self._marks.show((self._platform_mark(), *(mark for mark in devices if mark)))
        self.changed.emit()

    def _platform_mark(self) -> StatusMark:
        capabilities, now = self._terminal.supervision.capabilities, self._terminal.clock.now()
        as_of = age(capabilities.platform_as_of, now) if capabilities.platform_as_of else ""
        if capabilities.is_platform_reachable:
            return StatusMark(say("Platform"), say("connected"), "ok")
        return StatusMark(say("Platform"), say("away, prices of {0}", as_of) if as_of else say("away"), "warn")

    def _mark(self, health: Health, role: str) -> StatusMark | None:
        name = ROLES.get(role, "Printer") if health.family == "printer" else SHOWN.get(health.family, "")
        if not name:
            return None
        mood = (
            "ok"
            if health.state in {ComponentState.READY, ComponentState.BUSY}
            else "warn"
            if health.is_working
            else "stop"
        )
        return StatusMark(say(name), say(STATE_WORDS[health.state]), mood)

    def _time(self) -> str:
        return clock_time(self._terminal.clock.now(), self._terminal.platform.traits.zone)

    marks = Property(QObject, lambda self: self._marks, constant=True)
    time = Property(str, _time, notify=changed)
    name = Property(str, lambda self: self._terminal.settings.terminal.name, constant=True)
    isTraining = Property(bool, lambda self: self._terminal.is_training, constant=True)
