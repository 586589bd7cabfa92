"""Pane 1: what is sold, found while typing; or the code of a booking."""

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.domain.catalogue import Event, Place, PlaceKind
from kiosk.shells.box_office.tasks import Questions
from kiosk.shells.box_office.words import sentence
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
HITS_MAX = 7
EVENTS_MAX = 40
TEXT_CHARS_MAX = 80
CODES = frozenset({"code", "exchange"})
KINDS = {PlaceKind.STATION: Word("Station"), PlaceKind.STOP: Word("Stop"), PlaceKind.VENUE: Word("Venue")}


class HitRow(Struct, frozen=True):
    """One thing that can be sold."""

    key: str
    name: str
    fact: str
    isChosen: bool


@QmlElement
class WhatViewModel(QObject):
    """Search places and programme as the clerk types; `mode` says what Enter means."""

    changed = Signal()
    placeTaken = Signal(object)
    eventTaken = Signal(object)
    codeTaken = Signal(str)

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._words = words
        self._questions = Questions(self._trouble)
        self._text = ""
        self._problem = ""
        self._mode = "sell"
        self._origin: Place | None = None
        self._found: tuple[Place | Event, ...] = ()
        self._chosen = 0
        self._hits = Rows(HitRow, self)

    def start(self) -> None:
        """Find out where this counter stands, and show what is often wanted."""
        self._questions.ask("origin", self._find_origin())
        self._search()

    def close(self) -> None:
        """Ask nothing any more."""
        self._questions.close()

    @property
    def origin_place(self) -> Place | None:
        """Return where journeys begin."""
        return self._origin

    @property
    def is_selling(self) -> bool:
        """Say whether Enter takes something to sell."""
        return self._mode == "sell"

    @property
    def is_code(self) -> bool:
        """Say whether a booking code is typed."""
        return self._mode in CODES

    @property
    def is_exchange(self) -> bool:
        """Say whether it is the code of tickets that are to become others."""
        return self._mode == "exchange"

    @property
    def shown_problem(self) -> str:
        """Return the sentence under the field."""
        return self._problem

    def list_hits(self) -> tuple[object, ...]:
        """Return the rows shown."""
        return self._hits.rows

    @Slot(str)
    def setText(self, text: str) -> None:
        """Search for another text."""
        bounded = text[:TEXT_CHARS_MAX]
        if bounded != self._text:
            self._text = bounded
            self._problem = ""
            self._search()
            self.changed.emit()

    @Slot(str)
    def enter(self, mode: str) -> None:
        """Begin to type something else: `sell`, `origin`, `code` or `exchange`."""
        self._mode, self._text, self._problem = mode, "", ""
        self._search()
        self.changed.emit()

    @Slot(int)
    def choose(self, index: int) -> None:
        """Move the choice."""
        if 0 <= index < len(self._found):
            self._chosen = index
            self._show()

    def move(self, steps: int) -> None:
        """Move the choice by keys."""
        self.choose(min(max(self._chosen + steps, 0), len(self._found) - 1))

    @Slot()
    def take(self) -> None:
        """Go on with the choice, or with the code typed."""
        if self.is_code:
            if self._text.strip():
                self.codeTaken.emit("".join(self._text.split()).upper())
            return
        if self._chosen >= len(self._found):
            return
        hit = self._found[self._chosen]
        if isinstance(hit, Event):
            self.eventTaken.emit(hit)
        elif self._mode == "origin":
            self._origin = hit
            self.enter("sell")
        else:
            self.placeTaken.emit(hit)

    def say_problem(self, text: str) -> None:
        """Show a sentence under the field."""
        self._problem = text
        self.changed.emit()

    async def _find_origin(self) -> None:
        place_id = self._terminal.settings.terminal.place_id
        if place_id:
            self._origin = await self._terminal.platform.place(place_id)
        else:
            hits = await self._terminal.platform.places("", language=self._words.tag, limit=1)
            self._origin = hits[0].place if hits else None
        self._search()
        self.changed.emit()

    def _search(self) -> None:
        if self.is_code:
            self._questions.drop("search")
            self._found = ()
            self._show()
            return
        self._questions.ask("search", self._find(self._text.strip(), self._mode))

    async def _find(self, text: str, mode: str) -> None:
        platform = self._terminal.platform
        places = await platform.places(text, language=self._words.tag, limit=HITS_MAX)
        own = self._origin.id if self._origin and mode == "sell" else ""
        found: list[Place | Event] = [hit.place for hit in places if hit.place.id != own]
        if mode == "sell":
            events = await platform.events(on=None, limit=EVENTS_MAX)
            wanted = text.casefold()
            matching = [each for each in events if wanted in self._words.text(each.name).casefold()]
            near = text and not any(text.casefold() in hit.shown.casefold() for hit in places)
            found = [*matching, *found] if near else [*found[: HITS_MAX - min(len(matching), 3)], *matching]
        self._found, self._chosen = tuple(found[:HITS_MAX]), 0
        self._show()

    def _show(self) -> None:
        self._hits.show(
            tuple(_hit_row(self._words, hit, at, is_chosen=at == self._chosen) for at, hit in enumerate(self._found))
        )
        self.changed.emit()

    def _trouble(self, trouble: PlatformError) -> None:
        self.say_problem(sentence(self._words, "not_found" if trouble.key == "not_found" else "platform.away"))

    def _mode_name(self) -> str:
        return self._mode

    mode = Property(str, _mode_name, notify=changed)
    isCode = Property(bool, lambda self: self.is_code, notify=changed)
    text = Property(str, lambda self: self._text, notify=changed)
    problem = Property(str, lambda self: self._problem, notify=changed)
    origin = Property(str, lambda self: self._words.text(self._origin.name) if self._origin else "", notify=changed)
    hits = Property(QObject, lambda self: self._hits, constant=True)


def _hit_row(words: StaffWords, hit: Place | Event, at: int, *, is_chosen: bool) -> HitRow:
    if isinstance(hit, Event):
        when = words.near_day(hit.next_starts, hit.venue.zone) if hit.next_starts else ""
        price = words.say("from {price}", price=words.amount(hit.price_from)) if hit.price_from else ""
        fact = " · ".join(each for each in (when, price) if each)
        return HitRow(str(at + 1), words.text(hit.name), fact, is_chosen)
    return HitRow(str(at + 1), words.text(hit.name), words.tell(KINDS[hit.kind]), is_chosen)
