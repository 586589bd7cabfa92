"""A code that takes something off: typed or scanned, asked after, and kept for the choice."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.inputs import CodeNotUsable, CodeRead, Input
from kiosk.ui.bridge import clean, shown
from kiosk.ui.controls.desk import EVENT_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
CHARS_MAX = 40


class VoucherProps(Struct, frozen=True):
    """The page."""

    typed: str = ""
    note: str = ""


@QmlElement
class VoucherViewModel(PageViewModel):
    """Take a code and ask what it is good for."""

    changed = Signal()
    typed = shown(changed, str, "typed")
    note = shown(changed, str, "note")

    def __init__(self, desk: Desk) -> None:
        self._typed = ""
        self._note_key = ""
        self._is_asking = False
        super().__init__(desk)

    def rest(self) -> None:
        """Let what is asked be answered to nobody."""
        self._is_asking = False

    def leave(self) -> None:
        """Forget what was typed."""
        self._typed, self._note_key, self._is_asking = "", "", False

    def take(self, read: Input) -> None:
        """Take what a reader read."""
        match read:
            case CodeRead(text):
                self._typed = clean(text, CHARS_MAX)
                self.go_on()
            case CodeNotUsable():
                self._note_key = read.cause
                self.refresh()
            case _:
                return  # a card is no code: the page goes on waiting for one

    def derive(self) -> VoucherProps:
        """Return the page."""
        return VoucherProps(self._typed, self.desk.speech.say_key(self._note_key) if self._note_key else "")

    def frame(self) -> FrameProps:
        """Return the frame."""
        say = self.desk.say
        word = say("Asking about the code") if self._is_asking else say("Use this code")
        return FrameProps(
            steps=steps(self.desk, EVENT_STEPS), step=2, back=say("Back"), line=say("Code"),
            wayOn=word if self._typed else say("Type the code"), isWayOnOn=bool(self._typed) and not self._is_asking,
        )  # fmt: skip

    def go_on(self) -> None:
        """Ask what the code is good for."""
        if self._typed and not self._is_asking and self.desk.visit.slot:
            self._is_asking, self._note_key = True, ""
            self.refresh()
            self.changed.emit()
            self.desk.tasks.latest("voucher", self._ask(self.desk.visit.slot.id, self._typed))

    async def _ask(self, slot_id: str, code: str) -> None:
        terminal, visit = self.desk.terminal, self.desk.visit
        found, note_key = None, ""
        try:
            found = await terminal.platform.voucher(slot_id, code, timeout_s=terminal.settings.timeouts.platform_read_s)
        except PlatformError as trouble:
            note_key = f"platform.{trouble.key}"
        if not self._is_asking:
            return  # the page was left meanwhile: another one must not be gone back from
        self._is_asking, self._note_key = False, note_key
        if found is not None:
            visit.voucher = found
        self.refresh()
        self.changed.emit()
        if not self._note_key:
            self.went.emit("back")

    @Slot(str)
    def type(self, text: str) -> None:
        """Take typed letters and figures."""
        kept = clean(text, 1).upper().strip()
        if kept and len(self._typed) < CHARS_MAX:
            self._typed += kept
            self._note_key = ""
            self.refresh()

    @Slot()
    def erase(self) -> None:
        """Take the last one back."""
        self._typed = self._typed[:-1]
        self.refresh()
