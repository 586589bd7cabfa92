"""A settings code held before the scanner while the bench is open: what it would change, and the technician's word."""

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.control import NotDone
from kiosk.application.inputs import CodeNotUsable, CodeRead, Input
from kiosk.application.settings_code import SettingsCodeRefusedError
from kiosk.application.settings_intake import Change, take_code, weigh_code
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.shells.technician.bench_part import BenchPart
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.staff_words import StaffWords
from offline_store import StoreError

QML_IMPORT_NAME = "kiosk.shells.technician"
QML_IMPORT_MAJOR_VERSION = 1
TAKING = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})
ANSWERS = TAKING | {Qt.Key.Key_Escape.value}
# by why nothing was taken
NOT_TAKEN = {
    "refused": Word("This code is no longer taken. Nothing was changed."),
    "not_written": Word("The disk does not keep the settings now. Nothing was changed."),
}


class ChangeRow(Struct, frozen=True):
    """One setting: what it is now and what it would be."""

    name: str
    before: str
    after: str


@QmlElement
class SettingsCodeViewModel(BenchPart):
    """Weigh, show and take a settings code; one that is refused leaves a sentence and the scanner goes on."""

    changed = Signal()

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(terminal, words, parent)
        self._text = ""
        self._told = ("", "")
        self._is_taking = False
        self._rows = Rows(ChangeRow, self)
        self._endings = [terminal.inputs.catch(self._catch), terminal.inputs.subscribe(self._other)]

    def close(self) -> None:
        """Listen no more."""
        while self._endings:
            self._endings.pop()()

    def _catch(self, read: Input) -> bool:
        if not isinstance(read, CodeRead) or not self._terminal.intake.is_code(read.text):
            return False
        if not self._is_taking:
            self._tasks.latest("code", self._weigh(read.text))
        return True

    def _other(self, read: Input) -> None:
        """Say what else was read: it must not reach the page that lies beneath the bench."""
        match read:
            case CodeRead(text=text):
                self._tell(
                    "info", self._words.say("Code of %n character(s) read. It is no settings code.", n=len(text))
                )
            case CodeNotUsable():
                self._tell("warn", self._words.say("Read, but it cannot be used here."))
            case _:
                return

    async def _weigh(self, text: str) -> None:
        try:
            proposal = await weigh_code(self._terminal.intake, self._terminal.acts, self.actor, text)
        except SettingsCodeRefusedError as refused:
            self._show("", ())
            parts = (self._words.tell(refused.sentence), refused.detail, self._words.say("Nothing was changed."))
            self._tell("stop", " ".join(part for part in parts if part))
            return
        except StoreError:  # that it was refused cannot be journalled
            self._show("", ())
            self._tell("stop", self._words.tell(NOT_TAKEN["not_written"]))
            return
        self._show(text, tuple(self._row(each) for each in proposal.changes))
        self._tell("", "")

    @Slot()
    def take(self) -> None:
        """Take the settings shown; they are in force from the next start."""
        if self._text and not self._is_taking:
            self._is_taking = True
            self._tasks.latest("code", self._take(self._text))
            self.changed.emit()

    async def _take(self, text: str) -> None:
        try:
            await take_code(self._terminal.intake, self._terminal.acts, self.actor, text)
        except NotDone as no:
            self._tell("stop", self._words.tell(NOT_TAKEN[no.key]))
        except StoreError:
            self._tell("stop", self._words.tell(NOT_TAKEN["not_written"]))
        else:
            self._tell("ok", self._words.say("The settings are taken. They are in force from the next start."))
        finally:
            self._is_taking = False
            self._show("", ())

    def pressed(self, key: int) -> bool:
        """Do what a key means while a code is shown; False where none is."""
        if not self._text or key not in ANSWERS:
            return False
        self.take() if key in TAKING else self.leave()
        return True

    @Slot()
    def leave(self) -> None:
        """Leave the settings as they are."""
        if self._text and not self._is_taking:
            self._show("", ())
            self._tell("info", self._words.say("Nothing was changed."))

    def _row(self, change: Change) -> ChangeRow:
        none = self._words.say("not set")
        return ChangeRow(change.key, change.before or none, change.after or none)

    def _show(self, text: str, rows: tuple[ChangeRow, ...]) -> None:
        self._text = text
        self._rows.show(rows)
        self.changed.emit()

    def _tell(self, mood: str, sentence: str) -> None:
        self._told = (mood, sentence)
        self.changed.emit()

    def _lead(self) -> str:
        count = self._rows.rowCount()
        if not count:
            return self._words.say("It changes nothing.")
        return self._words.say("It changes %n setting(s).", n=count)

    isShown = Property(bool, lambda self: bool(self._text), notify=changed)
    isTaking = Property(bool, lambda self: self._is_taking, notify=changed)
    lead = Property(str, _lead, notify=changed)
    mood = Property(str, lambda self: self._told[0] or "info", notify=changed)
    note = Property(str, lambda self: self._told[1], notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)
