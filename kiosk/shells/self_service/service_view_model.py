"""The page that asks a technician for service code or staff card; it lies on top of any other, a sale goes on below."""

import asyncio

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.inputs import CardNotUsable, CardRead, Input
from kiosk.application.sealed_file import SealBrokenError
from kiosk.application.service_access import CODE_DIGITS, Tried
from kiosk.application.staff_cards import try_card
from kiosk.application.word import Word
from kiosk.ui.bridge import shown
from kiosk.ui.controls.desk import Desk, PageViewModel
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.shells.self_service"
QML_IMPORT_MAJOR_VERSION = 1
BY_TYPING = Word("Type the service code of this terminal.")
BOTH_WAYS = Word("Type the service code of this terminal, or hold your staff card before the reader.")
UNKNOWN = "unknown"  # whoever stands there, until the code says it is a technician
BY_CODE = "code"
TECHNICIAN = f"technician:{BY_CODE}"


class ServiceProps(Struct, frozen=True):
    """The page; `typed` shows how many digits stand there, never which."""

    lead: str = ""
    typed: str = ""
    note: str = ""
    isJudging: bool = False


@QmlElement
class ServiceViewModel(PageViewModel):
    """Ask for the service code or a staff card, and say what became of a try."""

    changed = Signal()
    admitted = Signal(str)  # who it is: the card's name, or the code
    lead = shown(changed, str, "lead")
    typed = shown(changed, str, "typed")
    note = shown(changed, str, "note")
    isJudging = shown(changed, bool, "isJudging")

    def __init__(self, desk: Desk) -> None:
        self._digits = ""
        self._tried: Tried | None = None
        self._is_written = True
        self._is_judging = False
        self._is_card = False
        self._has_cards = False
        self._is_shown = False
        super().__init__(desk)

    def enter(self) -> None:
        """Begin with nothing typed."""
        self._digits, self._tried, self._is_written, self._is_shown = "", None, True, True
        self.desk.tasks.latest("service cards", self._find_cards())
        self.refresh()

    async def _find_cards(self) -> None:
        terminal = self.desk.terminal
        try:
            known = await asyncio.to_thread(terminal.staff_cards.all)
        except (SealBrokenError, OSError):
            known = ()
        self._has_cards = bool(known and terminal.devices.readers)
        self.refresh()

    def leave(self) -> None:
        """Forget what was typed."""
        self._digits, self._is_shown = "", False

    def derive(self) -> ServiceProps:
        """Return the page."""
        dots = "".join("●" if at < len(self._digits) else "○" for at in range(CODE_DIGITS))
        lead = self.desk.tell(BOTH_WAYS if self._has_cards else BY_TYPING)
        return ServiceProps(lead, f"{dots[:4]} {dots[4:]}", self._told(), self._is_judging)

    def frame(self) -> FrameProps:
        """Return the frame."""
        say = self.desk.say
        is_whole = len(self._digits) == CODE_DIGITS and not self._is_judging
        return FrameProps(back=say("Back"), line=say("For staff"), wayOn=say("Open"), isWayOnOn=is_whole)

    def go_on(self) -> None:
        """Have the code judged, once."""
        if len(self._digits) == CODE_DIGITS and not self._is_judging:
            self._is_judging, self._is_card = True, False
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
                self._open(BY_CODE)
        finally:
            self._is_judging = False
            self.refresh()

    def take(self, read: Input) -> None:
        """Judge a card held before the reader; codes have no say here."""
        if isinstance(read, CardRead | CardNotUsable) and not self._is_judging:
            self._is_judging, self._is_card = True, True
            self.refresh()
            self.desk.tasks.start(self._try_card(read))

    async def _try_card(self, read: Input) -> None:
        terminal = self.desk.terminal
        self._tried, self._is_written = None, True
        try:
            answer = await try_card(
                terminal.staff_cards, terminal.access, terminal.acts, terminal.devices.readers, read
            )
        except OSError:
            self._is_written = False
        else:
            self._tried = answer.tried
            if answer.tried.is_admitted:
                self._open(answer.name)
        finally:
            self._is_judging = False
            self.refresh()

    def _open(self, who: str) -> None:
        if self._is_shown:  # it may have been left while the try was judged
            self.went.emit("back")
        self.admitted.emit(who)

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
        if self._is_card:
            return say("That card does not open this terminal. Tries left: {count}", count=tried.left)
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
