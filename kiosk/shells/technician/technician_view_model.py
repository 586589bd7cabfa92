"""The bench: all devices and what holds the terminal together; one device with its tests, counters and last events."""

from collections import deque
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickWindow

from hardware.health import Health
from kiosk.application.fault_lab import faults_of, set_fault
from kiosk.application.terminal import StoreFigures, Terminal
from kiosk.domain.sale.events import Actor, ActorKind
from kiosk.shells.technician import serving
from kiosk.shells.technician.attendance import Attendance
from kiosk.shells.technician.bench_rows import (
    DeviceRow,
    EventRow,
    FactRow,
    FaultRow,
    TryRow,
    WireRow,
    capability_rows,
    counter_rows,
    device_row,
    fault_rows,
    first_remedy,
    test_rows,
    wire_rows,
)
from kiosk.shells.technician.device_tests import Outcome
from kiosk.shells.technician.finder_view_model import FinderViewModel
from kiosk.shells.technician.settings_code_view_model import SettingsCodeViewModel
from kiosk.shells.technician.staff_cards_view_model import StaffCardsViewModel
from kiosk.shells.technician.supplies_view_model import SuppliesViewModel
from kiosk.shells.technician.terminal_facts import fact_rows, platform_remedy
from kiosk.shells.technician.trying import Trying
from kiosk.shells.technician.words import device_name, remedy, state_mood, state_word
from kiosk.ui.bridge import Rows, Tasks
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.technician"
QML_IMPORT_MAJOR_VERSION = 1
EVENTS_MAX = 40
EVENTS_SHOWN = 8
WIRE_SHOWN = 40
TICK_MS = 2000


@QmlElement
class TechnicianViewModel(QObject):
    """Show, test and, in training, break every device."""

    changed = Signal()

    def __init__(
        self,
        terminal: Terminal,
        technician: str,
        words: StaffWords,
        *,
        idle_s: float = 0.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._words = words
        self._code = SettingsCodeViewModel(terminal, words, self)
        self._finder = FinderViewModel(terminal, words, self)
        self._supplies = SuppliesViewModel(terminal, words, self)
        self._cards = StaffCardsViewModel(terminal, words, self)
        self._tasks = Tasks()
        self._trying = Trying(terminal, words, self._tasks, lambda device_id, came_of: self._note(device_id, *came_of))
        self._attendance = Attendance(terminal, words, idle_s, lambda: bool(self._trying.running), self)
        self._parts = (self._code, self._finder, self._supplies, self._cards, self._attendance)
        self.act_as(technician)
        self._chosen = -1
        self._figures: StoreFigures | None = None
        self._findings: tuple[str, ...] | None = None
        self._events: dict[str, deque[EventRow]] = {}
        self._told: dict[str, str] = {}
        self._devices = Rows(DeviceRow, self)
        self._facts = Rows(FactRow, self)
        self._capabilities = Rows(FactRow, self)
        self._counters = Rows(FactRow, self)
        self._tests = Rows(TryRow, self)
        self._faults = Rows(FaultRow, self)
        self._happened = Rows(EventRow, self)
        self._wire = Rows(WireRow, self)
        self._unsubscribe = terminal.supervision.subscribe(self._look)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def act_as(self, technician: str) -> None:
        """Let what is done from now on be this person's: a name of a card, or the way that was come in by."""
        self.actor = str(Actor(ActorKind.TECHNICIAN, technician))
        for each in self._parts:
            each.actor = self.actor
        self._attendance.touched()

    def watch(self, window: QQuickWindow) -> Callable[[], None]:
        """Notice touches of the bench's window, and close it when it is left; return how to end that."""
        window.installEventFilter(self._attendance)
        self._attendance.left.connect(window.close)
        return lambda: window.removeEventFilter(self._attendance)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()
        self._look()
        self._tick()

    def close(self) -> None:
        """Look no more; a test that waits for a card or a code is given up."""
        self._timer.stop()
        shiboken6.delete(self._timer)  # here: Python's collector may run on any thread, Qt's timers must end on theirs
        self._unsubscribe()
        for each in self._parts:
            each.close()
        self._tasks.stop()

    @property
    def shown_id(self) -> str:
        """Return the id of the device shown, "" for all."""
        health = self._health()
        return health.device_id if health else ""

    @property
    def last_code(self) -> str:
        """Return the code of the last test print."""
        return self._trying.last_code

    @property
    def remedy_now(self) -> tuple[str, str]:
        """Return what is wrong and what to do next."""
        return self._remedy()

    def happened_to(self, device_id: str) -> tuple[EventRow, ...]:
        """Return the last events of a device, newest first."""
        return tuple(self._events.get(device_id, ()))

    # ---- moving

    @Slot(int)
    def choose(self, index: int) -> None:
        """Show one device; -1 shows all."""
        self._finder.leave()
        self._supplies.leave()
        self._cards.hide()
        if -1 <= index < len(self._healths()):
            self._chosen = index
            self._look()

    @Slot(int, int, str, result=bool)
    def pressed(self, key: int, modifiers: int, text: str) -> bool:
        """Do what a key means now."""
        del modifiers
        if self._code.pressed(key) or any(each.pressed(key, text) for each in (self._cards, self._supplies)):
            return True
        if key == Qt.Key.Key_Escape.value:
            self.choose(-1)
        elif text.isdecimal() and text != "0":
            self.choose(int(text) - 1)
        elif key in {Qt.Key.Key_Down.value, Qt.Key.Key_Up.value}:
            step = 1 if key == Qt.Key.Key_Down.value else -1
            self.choose(min(max(self._chosen + step, 0), len(self._healths()) - 1))
        else:
            return self._letter(text.upper())
        return True

    def _letter(self, letter: str) -> bool:
        acts = {
            "R": self.readStatus, "V": self.verifyStore, "Q": self._attendance.leave, "F": self._finder.look,
            "S": self._cards.look,
        }  # fmt: skip
        if letter in acts:
            acts[letter]()
            return True
        row = next((each for each in self._shown_tests() if letter and each.key == letter), None)
        if row:
            self.runTest(row.test)
        return row is not None

    # ---- acting

    @Slot()
    def readStatus(self) -> None:
        """Ask every device now."""
        self._tasks.latest("status", self._terminal.supervision.look())

    @Slot()
    def verifyStore(self) -> None:
        """Verify both journals from end to end."""
        self._tasks.latest("verify", self._verify())

    async def _verify(self) -> None:
        self._findings = await self._terminal.store.findings()
        self._look()

    @Slot(str)
    def runTest(self, name: str) -> None:
        """Run a test of the device shown; a newer one replaces one that waits."""
        health = self._health()
        if health is None:
            return
        if name == "roll":
            self._supplies.bookRoll(health.device_id)
        if name == "count":
            self._supplies.count()
        if self._trying.begin(health, name, self.actor):
            self._look()

    @Slot(str, bool)
    def setFault(self, name: str, isOn: bool) -> None:
        """Start or stop a fault of a simulator; only simulators have any, and only training has simulators."""
        health = self._health()
        device = self._terminal.devices.device(health.device_id) if health else None
        if device is None or not self._terminal.is_training or not set_fault(device, name, is_on=isOn):
            return
        what = next(each.what for each in self._shown_faults() if each.name == name)
        told = (
            self._words.say("Fault started: {fault}", fault=what)
            if isOn
            else self._words.say("Fault stopped: {fault}", fault=what)
        )
        self._note(device.device_id, "info", told)
        self.readStatus()

    # ---- showing

    def _healths(self) -> tuple[Health, ...]:
        return self._terminal.supervision.healths

    def _health(self) -> Health | None:
        healths = self._healths()
        return healths[self._chosen] if 0 <= self._chosen < len(healths) else None

    def _shown_tests(self) -> tuple[TryRow, ...]:
        health = self._health()
        return (*test_rows(self._words, health), serving.row(self._words, health)) if health else ()

    def _shown_faults(self) -> tuple[FaultRow, ...]:
        health = self._health()
        device = self._terminal.devices.device(health.device_id) if health and self._terminal.is_training else None
        return fault_rows(self._words, health.family, faults_of(device)) if health and device else ()

    def _note(self, device_id: str, mood: str, word: str) -> None:
        at = self._words.clock(self._terminal.clock.now(), self._terminal.platform.traits.zone)
        self._events.setdefault(device_id, deque(maxlen=EVENTS_MAX)).appendleft(EventRow(at, mood, word))
        self._look()

    def _tick(self) -> None:
        self._attendance.tick()
        self._tasks.latest("figures", self._read_figures())

    async def _read_figures(self) -> None:
        self._figures = await self._terminal.store.figures()
        self._look()

    def _look(self) -> None:
        supervision, now = self._terminal.supervision, self._terminal.clock.now()
        healths = self._healths()
        for health in healths:
            if self._told.get(health.device_id) != health.state:
                self._told[health.device_id] = health.state
                self._note(health.device_id, state_mood(health), state_word(self._words, health))
                return
        self._devices.show(
            tuple(
                device_row(
                    self._words, health, supervision.role_of(health.device_id), at, now, is_chosen=at == self._chosen
                )
                for at, health in enumerate(healths)
            )
        )
        self._capabilities.show(capability_rows(self._words, supervision.capabilities))
        self._facts.show(fact_rows(self._words, self._terminal, self._figures, self._findings))
        self._supplies.look()
        self._show_device()
        self.changed.emit()

    def _show_device(self) -> None:
        health = self._health()
        self._tests.show(self._shown_tests())
        self._counters.show(counter_rows(self._words, health) if health else ())
        self._faults.show(self._shown_faults())
        happened = self._events.get(health.device_id, ()) if health else ()
        self._happened.show(tuple(happened)[:EVENTS_SHOWN])
        trace = self._terminal.devices.traces.get(health.device_id) if health else None
        zone = self._terminal.platform.traits.zone
        self._wire.show(wire_rows(self._words, trace.exchanges(), zone, WIRE_SHOWN) if trace else ())

    def _headline(self) -> str:
        facts = (isinstance(row, FactRow) and row.mood == "stop" for row in self._facts.rows)
        todo = sum(not health.is_working for health in self._healths()) + sum(facts)
        if not todo:
            is_reachable = self._terminal.supervision.capabilities.is_platform_reachable
            return self._words.say("Everything works") if is_reachable else self._words.say("All devices work")
        return self._words.say("%n thing(s) to do", n=todo)

    def _remedy(self) -> tuple[str, str]:
        health, role_of = self._health(), self._terminal.supervision.role_of
        if health is not None:
            todo = remedy(self._words, health) or self._words.say("Nothing to do here.")
            return state_word(self._words, health), todo
        first = first_remedy(self._words, tuple((each, role_of(each.device_id)) for each in self._healths()))
        return first if first[1] else platform_remedy(self._words, self._terminal)

    def _alarm(self) -> Outcome:
        return serving.alarm_note(self._words, self._terminal, self.shown_id)

    def _title(self) -> str:
        health = self._health()
        return device_name(self._words, health, self._terminal.supervision.role_of(health.device_id)) if health else ""

    def _about(self) -> str:
        health = self._health()
        parts = (health.model, health.firmware, health.device_id, health.cause) if health else ()
        return " · ".join(part for part in parts if part)

    headline = Property(str, _headline, notify=changed)
    title = Property(str, _title, notify=changed)
    about = Property(str, _about, notify=changed)
    stateWord = Property(
        str, lambda self: state_word(self._words, self._health()) if self._health() else "", notify=changed
    )
    stateMood = Property(str, lambda self: state_mood(self._health()) if self._health() else "ok", notify=changed)
    alarmMood = Property(str, lambda self: self._alarm()[0], notify=changed)
    alarmNote = Property(str, lambda self: self._alarm()[1], notify=changed)
    remedyHead = Property(str, lambda self: self._remedy()[0], notify=changed)
    remedyText = Property(str, lambda self: self._remedy()[1], notify=changed)
    running = Property(str, lambda self: self._trying.running, notify=changed)
    name = Property(str, lambda self: self._terminal.settings.terminal.name, constant=True)
    isTraining = Property(bool, lambda self: self._terminal.is_training, constant=True)
    devices = Property(QObject, lambda self: self._devices, constant=True)
    facts = Property(QObject, lambda self: self._facts, constant=True)
    capabilities = Property(QObject, lambda self: self._capabilities, constant=True)
    counters = Property(QObject, lambda self: self._counters, constant=True)
    tests = Property(QObject, lambda self: self._tests, constant=True)
    code = Property(SettingsCodeViewModel, lambda self: self._code, constant=True)
    finder = Property(FinderViewModel, lambda self: self._finder, constant=True)
    cards = Property(StaffCardsViewModel, lambda self: self._cards, constant=True)
    supplies = Property(SuppliesViewModel, lambda self: self._supplies, constant=True)
    attendance = Property(Attendance, lambda self: self._attendance, constant=True)
    faults = Property(QObject, lambda self: self._faults, constant=True)
    wire = Property(QObject, lambda self: self._wire, constant=True)
    happened = Property(QObject, lambda self: self._happened, constant=True)
