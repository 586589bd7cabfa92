"""Whose cards open the bench: enrolled here by a name and the tap, and revoked; each with who did it in the journal."""

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.control import NotDone
from kiosk.application.inputs import CardNotUsable, CardRead, Input
from kiosk.application.sealed_file import SealBrokenError
from kiosk.application.service_cards import enrol, revoke
from kiosk.application.staff_cards import NAME_CHARS_MAX, TAKEN_NAMES, StaffCard
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.shells.technician.bench_part import BenchPart
from kiosk.ui.bridge import Rows, clean
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.technician"
QML_IMPORT_MAJOR_VERSION = 1
ENTER = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})
NO_KEY = Word("This terminal keeps no key for new cards: guichet service card key --key-file FILE")
NO_READER = Word("This terminal has no card reader.")
NOT_OPEN = Word("The staff cards of this terminal cannot be opened. Remove service/cards.sealed and enrol them anew.")
# by why nothing was changed
NOT_DONE = {
    "no_staff_card": Word("This is no staff card. Hold another one."),
    "not_proven": Word("This card does not know the operator's key. Hold another one."),
    "card_gone": Word("The card was not read to its end. Hold it still."),
    "bad_name": Word("That name is taken, names nobody, or there are too many cards."),
    "no_card": Word("That card is removed already."),
    "seal_broken": NOT_OPEN,
    "not_written": Word("The disk does not keep it now. Nothing was changed."),
}


class Step(StrEnum):
    """What is asked now: which card, whose name, the card itself, or whether it is really to be removed."""

    LIST = "list"
    NAME = "name"
    TAP = "tap"
    SURE = "sure"


class StaffCardRow(Struct, frozen=True):
    """One card: whose it is and since when."""

    name: str
    since: str
    isChosen: bool


@QmlElement
class StaffCardsViewModel(BenchPart):
    """Show whose cards open the bench, enrol one and revoke one."""

    changed = Signal()

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(terminal, words, parent)
        self._step: Step | None = None
        self._cards: tuple[StaffCard, ...] = ()
        self._key: bytes | None = None
        self._at = 0
        self._asked: StaffCard | None = None
        self._typed = ""
        self._note: tuple[str, str] = ("info", "")
        self._is_busy = False
        self._is_over = False
        self._rows = Rows(StaffCardRow, self)
        self._end_catching = terminal.inputs.catch(self._catch)

    def close(self) -> None:
        """Wait for no card any more; what is being done is done to its end, and shown to nobody."""
        self._end_catching()
        self._is_over, self._step, self._key = True, None, None

    # ---- moving

    @Slot()
    def look(self) -> None:
        """Show whose cards there are."""
        self._step = Step.LIST
        self._say("info")
        self._tasks.latest("cards", self._read())

    async def _read(self) -> None:
        cards = self._terminal.staff_cards
        try:
            self._cards, self._key = await asyncio.to_thread(lambda: (cards.all(), cards.master()))
        except (SealBrokenError, OSError):
            self._cards, self._key = (), None
            self._say("stop", NOT_OPEN)
        self._at = min(self._at, max(len(self._cards) - 1, 0))
        self._show()

    @Slot()
    def leave(self) -> None:
        """Take one step back: out of a question, else to the bench; what was typed is forgotten."""
        if self._is_busy:
            return
        if self._step in {None, Step.LIST}:
            self._step, self._key = None, None
        else:
            self._step = Step.LIST
        self._typed = ""
        self._say("info")

    def hide(self) -> None:
        """Show something else; an enrolment that was begun is given up."""
        if self._step is not None and not self._is_busy:
            self._step, self._typed, self._key = None, "", None
            self._say("info")

    @Slot(int)
    def choose(self, index: int) -> None:
        """Choose a card."""
        if self._step is Step.LIST and self._cards:
            self._at = min(max(index, 0), len(self._cards) - 1)
            self._show()

    @Slot()
    def enrol(self) -> None:
        """Ask for the name of a new card, where one can be enrolled."""
        if self._step is not Step.LIST:
            return
        hindrance = NO_READER if not self._terminal.devices.readers else NO_KEY if self._key is None else None
        if hindrance is not None:
            self._say("warn", hindrance)
            return
        self._step, self._typed = Step.NAME, ""
        self._say("info")

    @Slot()
    def remove(self) -> None:
        """Ask whether the card chosen is really to be removed."""
        if self._step is Step.LIST and self._cards:
            self._step, self._asked = Step.SURE, self._cards[self._at]
            self._say("info")

    @Slot(str)
    def touch(self, text: str) -> None:
        """Take a letter of our own keyboard: a name begins with a large one."""
        begins = not self._typed or self._typed[-1] in " -"
        self.type(text if begins else text.lower())

    @Slot(str)
    def type(self, text: str) -> None:
        """Take a letter of the name."""
        kept = clean(text, 1)
        if self._step is Step.NAME and kept and len(self._typed) < NAME_CHARS_MAX:
            self._typed = (self._typed + kept).lstrip()
            self._say("info")

    @Slot()
    def erase(self) -> None:
        """Take the last letter back."""
        self._typed = self._typed[:-1]
        self._show()

    @Slot()
    def goOn(self) -> None:
        """Go on from the name to the card, or remove the card that was asked about."""
        if self._step is Step.NAME:
            name = self._typed.strip().casefold()
            if not name or name in TAKEN_NAMES or name in {each.name.casefold() for each in self._cards}:
                self._say("warn", NOT_DONE["bad_name"])
                return
            self._step = Step.TAP
            self._say("info")
        elif self._step is Step.SURE and self._asked is not None and not self._is_busy:
            self._begin(self._revoke(self._asked))

    def pressed(self, key: int, text: str) -> bool:
        """Do what a key means while staff cards are shown; False where they are not."""
        if self._step is None:
            return False
        if key == Qt.Key.Key_Escape.value:
            self.leave()
        elif key in ENTER:
            self.goOn()
        elif self._step is Step.NAME:
            self.erase() if key == Qt.Key.Key_Backspace.value else self.type(text)
        elif self._step is Step.LIST:
            self._pressed_in_list(key, text.upper())
        return True

    def _pressed_in_list(self, key: int, letter: str) -> None:
        if key in {Qt.Key.Key_Down.value, Qt.Key.Key_Up.value}:
            self.choose(self._at + (1 if key == Qt.Key.Key_Down.value else -1))
        elif letter == "E":
            self.enrol()
        elif letter == "X":
            self.remove()

    # ---- doing

    def _catch(self, read: Input) -> bool:
        """Take the card that is asked for; no page beneath sees it."""
        if self._step is not Step.TAP or not isinstance(read, CardRead | CardNotUsable):
            return False
        if isinstance(read, CardNotUsable):
            self._say("warn", NOT_DONE["no_staff_card"])
        elif not self._is_busy and self._key is not None:
            self._take(self._key, read)
        return True

    def _take(self, key: bytes, read: CardRead) -> None:
        """Enrol the card held; not one that is somebody's: what its owner does would stand under another name."""
        owner = next((each.name for each in self._cards if each.uid == read.contents.uid), "")
        if owner:
            told = self._words.say("This card is {name}'s. Hold another one, or remove this one first.", name=owner)
            self._note = ("warn", told)
            self._show()
        else:
            self._begin(self._enrol(self._typed, key, read))

    def _begin(self, work: Coroutine[Any, Any, str]) -> None:
        self._is_busy = True
        self._tasks.start(self._done(work))
        self._show()

    async def _done(self, work: Coroutine[Any, Any, str]) -> None:
        """Do it, and say what became of it; a card that was not taken may be held once more."""
        try:
            sentence = await work
        except NotDone as no:
            self._say("warn", NOT_DONE[no.key])
        else:
            self._step, self._typed = Step.LIST, ""
            await self._read()
            self._note = ("ok", sentence)
        finally:
            self._is_busy = False
            self._show()

    async def _enrol(self, name: str, key: bytes, read: CardRead) -> str:
        card = await enrol(self._terminal, self.actor, name, key, read, is_own=False)
        return self._words.say("The card of {name} opens the bench from now on.", name=card.name)

    async def _revoke(self, card: StaffCard) -> str:
        gone = await revoke(self._terminal, self.actor, card.uid)
        return self._words.say("The card of {name} opens nothing any more.", name=gone.name)

    # ---- showing

    def _say(self, mood: str, sentence: Word | None = None) -> None:
        self._note = (mood, self._words.tell(sentence) if sentence else "")
        self._show()

    def _show(self) -> None:
        if self._is_over:
            return  # the rows are gone with the bench
        zone = self._terminal.platform.traits.zone
        self._rows.show(
            tuple(
                StaffCardRow(each.name, self._words.day(each.added, zone), at == self._at)
                for at, each in enumerate(self._cards)
            )
        )
        self.changed.emit()

    def _question(self) -> str:
        match self._step:
            case Step.NAME:
                return self._words.say("Whose card is it?")
            case Step.TAP:
                return self._words.say("Hold the new card before the reader")
            case Step.SURE:
                return self._words.say("Remove this card?")
            case _:
                return self._words.say("Staff cards")

    def _lead(self) -> str:
        match self._step:
            case Step.TAP:
                return self._typed
            case Step.SURE:
                return self._asked.name if self._asked else ""
            case Step.NAME:
                return self._words.say("The name stands beside every act in the journal.")
            case _:
                count = len(self._cards)
                return self._words.say("%n card(s) open this bench.", n=count)

    isShown = Property(bool, lambda self: self._step is not None, notify=changed)
    isBusy = Property(bool, lambda self: self._is_busy, notify=changed)
    step = Property(str, lambda self: self._step or "", notify=changed)
    question = Property(str, _question, notify=changed)
    lead = Property(str, _lead, notify=changed)
    typed = Property(str, lambda self: self._typed, notify=changed)
    mood = Property(str, lambda self: self._note[0], notify=changed)
    note = Property(str, lambda self: self._note[1], notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)
