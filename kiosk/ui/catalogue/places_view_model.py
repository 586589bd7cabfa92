"""Where to: what is typed, and the places that fit."""

import asyncio

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.word import Word
from kiosk.domain.catalogue import PlaceHit, PlaceKind
from kiosk.ui.bridge import clean, rows, shown
from kiosk.ui.controls.desk import JOURNEY_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
HITS = 5
TYPED_MAX = 40
SETTLE_S = 0.12  # a fast typist asks once
KINDS = {PlaceKind.STATION: Word("Station"), PlaceKind.STOP: Word("Stop"), PlaceKind.VENUE: Word("Venue")}
LAYOUTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ABC", ("Q W E R T Y U I O P", "A S D F G H J K L", "Z X C V B N M")),
    ("ÄÉÑ", ("Ä Ö Ü ß É È Ê Ç Ñ Å", "Ă Â Î Ș Ț Ø Æ Á Í", "Ó Ú Ł Ś Ź Č Š")),
    ("123", ("1 2 3 4 5 6 7 8 9 0", "- ' . , ( ) / & +", "1 2 3 4 5 6 7")),
    ("АБВ", ("Й Ц У К Е Н Г Ш Щ З", "Ф Ы В А П Р О Л Д", "Я Ч С М И Т Ь")),
    ("عربي", ("ض ص ث ق ف غ ع ه خ ح", "ش س ي ب ل ا ت ن م", "ك ة و ز ر د ج")),
)


class HitRow(Struct, frozen=True):
    """A place that fits: the letters before, the matched ones, and those after."""

    before: str
    match: str
    after: str
    kind: str
    isNear: bool


class PlacesProps(Struct, frozen=True):
    """The page."""

    typed: str = ""
    hits: tuple[HitRow, ...] = ()
    keys: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()
    note: str = ""


@QmlElement
class PlacesViewModel(PageViewModel):
    """Search places while typing; the best hit answers Enter."""

    changed = Signal()
    typed = shown(changed, str, "typed")
    hits = rows("hits", HitRow)
    keys = shown(changed, "QStringList", "keys")
    layouts = shown(changed, "QStringList", "layouts")
    note = shown(changed, str, "note")

    def __init__(self, desk: Desk) -> None:
        self._typed = ""
        self._hits: tuple[PlaceHit, ...] = ()
        self._layout = 0
        self._is_away = False
        super().__init__(desk)

    def enter(self) -> None:
        """Begin with the popular places."""
        self._search()

    def leave(self) -> None:
        """Forget what was typed."""
        self._typed, self._layout = "", 0

    def _search(self) -> None:
        self.refresh()
        self.desk.tasks.latest("places", self._load(self._typed))

    async def _load(self, text: str) -> None:
        await asyncio.sleep(SETTLE_S if text else 0)
        try:
            found = await self.desk.terminal.platform.places(text, language=self.desk.speech.tag, limit=HITS + 1)
            origin = self.desk.visit.origin
            self._hits = tuple(hit for hit in found if origin is None or hit.place.id != origin.id)[:HITS]
            self._is_away = False
        except PlatformError:
            self._hits, self._is_away = (), True
        self.refresh()

    def derive(self) -> PlacesProps:
        """Return the page."""
        others = tuple(name for at, (name, _) in enumerate(LAYOUTS) if at != self._layout)
        note = self.desk.say("Places cannot be searched right now. Choose one of the places on the first page.")
        nothing = self.desk.say("No place begins like this. Try fewer letters.")
        empty = nothing if self._typed and not self._hits else ""
        return PlacesProps(self._typed, tuple(map(self._row, self._hits)), LAYOUTS[self._layout][1], others,
                           note if self._is_away else empty)  # fmt: skip

    def _row(self, hit: PlaceHit) -> HitRow:
        start, end = hit.match if self._typed else (0, 0)
        name = hit.shown
        local = hit.place.name.default
        tail = "" if local in name else f" {local}"
        kind = self.desk.tell(KINDS[hit.place.kind])
        near = f"{self.desk.say('Did you mean this?')} · {kind}" if hit.is_near else kind
        return HitRow(name[:start], name[start:end], name[end:] + tail, near, hit.is_near)

    def frame(self) -> FrameProps:
        """Return the frame: the way on names what is missing."""
        line, total = self.desk.basket_line()
        say = self.desk.say
        return FrameProps(steps=steps(self.desk, JOURNEY_STEPS), step=0, back=say("Back"), line=line, total=total,
                          wayOn=say("Choose a place"), isWayOnOn=False)  # fmt: skip

    @Slot(str)
    def type(self, text: str) -> None:
        """Take typed letters."""
        kept = clean(text, TYPED_MAX)
        if kept and len(self._typed) < TYPED_MAX:
            cased = kept if not self._typed or self._typed.endswith(" ") else kept.lower()
            self._typed = (self._typed + cased)[:TYPED_MAX].lstrip()
            self._search()

    @Slot()
    def erase(self) -> None:
        """Take the last letter back."""
        if self._typed:
            self._typed = self._typed[:-1]
            self._search()

    @Slot()
    def clear(self) -> None:
        """Take all letters back."""
        self._typed = ""
        self._search()

    @Slot(int)
    def chooseLayout(self, index: int) -> None:
        """Show other letters."""
        others = [at for at in range(len(LAYOUTS)) if at != self._layout]
        self._layout = others[index]
        self.refresh()

    @Slot(int)
    def choose(self, index: int) -> None:
        """Go to a hit."""
        if 0 <= index < len(self._hits):
            self.desk.visit.destination = self._hits[index].place
            self.went.emit("departures")
