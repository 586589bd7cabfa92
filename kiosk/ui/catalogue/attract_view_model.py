"""The page nobody has touched yet: tickets, the clock, the next departures, what works now."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import Departures
from kiosk.application.supervision import Capabilities
from kiosk.application.word import Word
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import Desk, PageViewModel, stop_sentence
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
BOARD_ROWS = 4
BOARD_ROWS_BESIDE_NOTE = 2


class BoardRow(Struct, frozen=True):
    """One departure."""

    time: str
    line: str
    destination: str
    track: str


class WorkRow(Struct, frozen=True):
    """What works now: sign, word, state as shape and word."""

    sign: str
    word: str
    mood: str
    told: str


class LanguageRow(Struct, frozen=True):
    """A language to begin in."""

    tag: str
    name: str


class AttractProps(Struct, frozen=True):
    """The page."""

    station: str = ""
    day: str = ""
    hour: int = 0
    minute: int = 0
    tickets: str = "Tickets"
    others: tuple[str, ...] = ()
    asOf: str = ""
    hasBoard: bool = True
    board: tuple[BoardRow, ...] = ()
    works: tuple[WorkRow, ...] = ()
    note: str = ""
    languages: tuple[LanguageRow, ...] = ()


WORKS = (
    ("card", Word("Card"), "can_pay_card"),
    ("cash", Word("Cash"), "can_pay_cash"),
    ("qr", Word("Pick up"), "can_pick_up_by_scan"),
    ("seat", Word("Seats"), "can_sell_events"),
    ("receipt", Word("Receipt"), "can_print_receipts"),
)


@QmlElement
class AttractViewModel(PageViewModel):
    """Show what works before the first touch."""

    changed = Signal()
    languageAsked = Signal(str)
    station = shown(changed, str, "station")
    day = shown(changed, str, "day")
    hour = shown(changed, int, "hour")
    minute = shown(changed, int, "minute")
    tickets = shown(changed, str, "tickets")
    others = shown(changed, "QStringList", "others")
    asOf = shown(changed, str, "asOf")
    hasBoard = shown(changed, bool, "hasBoard")
    board = rows("board", BoardRow)
    works = rows("works", WorkRow)
    note = shown(changed, str, "note")
    languages = rows("languages", LanguageRow)

    def __init__(self, desk: Desk) -> None:
        self._departures: Departures | None = None
        super().__init__(desk)

    def enter(self) -> None:
        """Ask what leaves next."""
        self.desk.tasks.latest("board", self._load())

    async def _load(self) -> None:
        origin = self.desk.visit.origin
        if origin is None:
            return
        try:
            self._departures = await self.desk.terminal.platform.board(origin.id, after=self.desk.now, limit=BOARD_ROWS)
        except PlatformError:
            self._departures = None
        self.refresh()

    def derive(self) -> AttractProps:
        """Return the page."""
        desk, speech = self.desk, self.desk.speech
        now = desk.now
        here = desk.clock(now)
        found, stop = self._departures, stop_sentence(desk)
        name = desk.visit.origin.name.text(speech.tag) if desk.visit.origin else desk.terminal.settings.terminal.name
        return AttractProps(
            station=name,
            day=desk.day(now),
            hour=int(here[:2]),
            minute=int(here[3:]),
            tickets=speech.language.tickets,
            others=tuple(each.tickets for each in speech.offered if each != speech.language),
            asOf=desk.say("Live at {time}", time=desk.clock(found.as_of)) if found else "",
            hasBoard=desk.terminal.platform.traits.sells_journeys,
            board=self._board(found)[: BOARD_ROWS_BESIDE_NOTE if stop else BOARD_ROWS],
            works=tuple(self._work(desk.terminal.supervision.capabilities, *each) for each in WORKS),
            note=stop,
            languages=tuple(LanguageRow(each.tag, each.name) for each in speech.offered),
        )

    def _board(self, found: Departures | None) -> tuple[BoardRow, ...]:
        journeys = found.journeys if found else ()
        tag = self.desk.speech.tag
        return tuple(
            BoardRow(
                self.desk.clock(each.departs), each.legs[0].line, each.legs[0].headsign
                if tag == "en" else each.legs[-1].destination.name.text(tag), each.legs[0].track
            )
            for each in journeys[:BOARD_ROWS]
        )  # fmt: skip

    def _work(self, can: Capabilities, sign: str, word: Word, name: str) -> WorkRow:
        tell = self.desk.tell
        mood, told = ("ok", Word("Works")) if getattr(can, name) else ("stop", Word("Not now"))
        if name == "can_pay_cash" and can.can_pay_cash and not can.can_give_change:
            mood, told = "warn", Word("No change")
        elif name == "can_pick_up_by_scan" and can.can_pick_up_by_card != can.can_pick_up_by_scan:
            mood, told = "warn", Word("By code" if can.can_pick_up_by_scan else "By card")
        return WorkRow(sign, tell(word), mood, tell(told))

    def frame(self) -> FrameProps:
        """Return no frame: this page has its own."""
        return FrameProps(hasLintel=False, hasSill=False)

    def go_on(self) -> None:
        """Begin in the language shown."""
        self.went.emit("home")

    @Slot()
    def begin(self) -> None:
        """Begin."""
        self.go_on()

    @Slot()
    def askService(self) -> None:
        """Ask for the service code: the mark was held."""
        self.went.emit("service")

    @Slot(str)
    def beginIn(self, tag: str) -> None:
        """Begin in a language."""
        self.languageAsked.emit(tag)
        self.go_on()
