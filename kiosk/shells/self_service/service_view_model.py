"""The page that asks a technician for the service code; it lies on top of any other, and a sale goes on beneath it."""

import asyncio

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.service_access import CODE_DIGITS, Tried
from kiosk.ui.bridge import shown
from kiosk.ui.controls.desk import Desk, PageViewModel
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.shells.self_service"
QML_IMPORT_MAJOR_VERSION = 1
UNKNOWN = "unknown"  # whoever stands there, until the code says it is a technician
TECHNICIAN = "technician:code"


class ServiceProps(Struct, frozen=True):
    """The page; `typed` shows how many digits stand there, never which."""

    typed: str = ""
    note: str = ""
    isJudging: bool = False


@QmlElement
class ServiceViewModel(PageViewModel):
    """Ask for the service code, and say what became of a try."""

    changed = Signal()
    admitted = Signal()
    typed = shown(changed, str, "typed")
    note = shown(changed, str, "note")
    isJudging = shown(changed, bool, "isJudging")

    def __init__(self, desk: Desk) -> None:
        self._digits = ""
        self._tried: Tried | None = None
        self._is_written = True
        self._is_judging = False
        super().__init__(desk)

    def enter(self) -> None:
        """Begin with nothing typed."""
        self._digits, self._tried, self._is_written = "", None, True
        self.refresh()

    def leave(self) -> None:
        """Forget what was typed."""
        self._digits = ""

    def derive(self) -> ServiceProps:
        """Return the page."""
        dots = "".join("●" if at < len(self._digits) else "○" for at in range(CODE_DIGITS))
        return ServiceProps(f"{dots[:4]} {dots[4:]}", self._told(), self._is_judging)

    def frame(self) -> FrameProps:
        """Return the frame."""
        say = self.desk.say
        is_whole = len(self._digits) == CODE_DIGITS and not self._is_judging
        return FrameProps(back=say("Back"), line=say("For staff"), wayOn=say("Open"), isWayOnOn=is_whole)

    def go_on(self) -> None:
        """Have the code judged, once."""
        if len(self._digits) == CODE_DIGITS and not self._is_judging:
            self._is_judging = True
            self.refresh()
            self.desk.tasks.start(self._attempt(self._digits))

    async def _attempt(self, code: str) -> None:
        terminal, self._digits = self.desk.terminal, ""
        self._tried, self._is_written = None, True
        try:
            tried = await asyncio.to_thread(terminal.access.attempt, code)
            if tried.is_admitted:
                await terminal.acts.note(TECHNICIAN, "signed_in")
            else:
                await terminal.acts.note(UNKNOWN, "sign_in_refused", {"is_locked": tried.locked_until is not None})
        except OSError:
            self._is_written = False
        else:
            self._tried = tried
            if tried.is_admitted:
                self.went.emit("back")
                self.admitted.emit()
        finally:
            self._is_judging = False
            self.refresh()

    def _told(self) -> str:
        say, tried = self.desk.say, self._tried
        if not self._is_written:
            return say("The disk does not take it down now. Try again later.")
        if tried is None or tried.is_admitted:
            return ""
        if not tried.has_code:
            return say("This terminal has no service code. Make one with: guichet service code")
        if tried.locked_until is not None:
            return say("Locked until {time}.", time=self.desk.clock(tried.locked_until))
        return say("That is not the code. Tries left: {count}", count=tried.left)

    @Slot(str)
    def type(self, text: str) -> None:
        """Take a digit."""
        if len(text) == 1 and text in "0123456789" and len(self._digits) < CODE_DIGITS and not self._is_judging:
            self._digits += text
            self._tried = None
            self.refresh()

    @Slot()
    def erase(self) -> None:
        """Take the last digit back."""
        self._digits = self._digits[:-1]
        self.refresh()
