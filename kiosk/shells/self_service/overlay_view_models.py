"""Pages that lie on top of any other: languages, help, and the question whether somebody is still there."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.word import Word
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import Desk, PageViewModel
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.shells.self_service"
QML_IMPORT_MAJOR_VERSION = 1
BARS = 10


class LanguageChoice(Struct, frozen=True):
    """A language offered."""

    tag: str
    name: str
    isSpoken: bool


class LanguagesProps(Struct, frozen=True):
    """The page."""

    languages: tuple[LanguageChoice, ...] = ()


@QmlElement
class LanguagesViewModel(PageViewModel):
    """Choose a language at any moment; nothing is lost."""

    changed = Signal()
    chosen = Signal(str)
    languages = rows("languages", LanguageChoice)

    def derive(self) -> LanguagesProps:
        """Return the page."""
        speech = self.desk.speech
        return LanguagesProps(
            tuple(LanguageChoice(each.tag, each.name, each == speech.language) for each in speech.offered)
        )

    @Slot(str)
    def choose(self, tag: str) -> None:
        """Speak another language and go back."""
        self.chosen.emit(tag)
        self.went.emit("back")


class HelpRow(Struct, frozen=True):
    """A question with its answer."""

    question: str
    answer: str


class HelpProps(Struct, frozen=True):
    """The page."""

    answers: tuple[HelpRow, ...] = ()


HELP = (
    (Word("How do I pay?"), Word("By card at the reader below the screen, or with notes and coins where cash works.")),
    (
        Word("What if a ticket does not print?"),
        Word("You get it again or your money back. This machine remembers, even without power."),
    ),
    (Word("I bought online."), Word("Choose Pick up on the first page and hold the code to the reader.")),
    (
        Word("I cannot see or reach the screen well."),
        Word("Larger text, Contrast and Move lower are at the bottom of every page."),
    ),
    (Word("I need a person."), Word("Go to the counter. Staff there see what you bought by your code.")),
)


@QmlElement
class HelpViewModel(PageViewModel):
    """Answer what is asked most."""

    changed = Signal()
    answers = rows("answers", HelpRow)

    def derive(self) -> HelpProps:
        """Return the page."""
        return HelpProps(tuple(HelpRow(self.desk.tell(question), self.desk.tell(answer)) for question, answer in HELP))


class BarProps(Struct, frozen=True):
    """One bar of the time that is left."""

    isFull: bool


class StillThereProps(Struct, frozen=True):
    """The page."""

    bars: tuple[BarProps, ...] = ()
    left: str = ""


@QmlElement
class StillThereViewModel(PageViewModel):
    """Ask before the screen clears; any touch or key extends."""

    changed = Signal()
    cleared = Signal()
    bars = rows("bars", BarProps)
    left = shown(changed, str, "left")

    def __init__(self, desk: Desk) -> None:
        self._left_s = 60.0
        self._whole_s = 60.0
        super().__init__(desk)

    def tick(self, left_s: float, whole_s: float) -> None:
        """Take how many seconds are left of how many."""
        self._left_s, self._whole_s = left_s, whole_s
        self.refresh()

    def derive(self) -> StillThereProps:
        """Return the page."""
        full = round(BARS * self._left_s / self._whole_s)
        left = self.desk.say("The screen clears in %n second(s)", n=max(0, round(self._left_s)))
        return StillThereProps(tuple(BarProps(at < full) for at in range(BARS)), left)

    def frame(self) -> FrameProps:
        """Return the frame."""
        line, total = self.desk.basket_line()
        return FrameProps(back=self.desk.say("Back"), line=line, total=total, wayOn=self.desk.say("Go on"))

    def go_on(self) -> None:
        """Go on where one was."""
        self.went.emit("back")

    @Slot()
    def clear(self) -> None:
        """Clear everything now."""
        self.cleared.emit()
