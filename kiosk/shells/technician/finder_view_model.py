"""Devices that were looked for at the bench: where they are, and the lines of settings that would use them."""

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.finding import Sighting, find
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.shells.technician.bench_part import BenchPart
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.technician"
QML_IMPORT_MAJOR_VERSION = 1
# for each note of a find: its mood and its words
NOTES = {
    "": ("ok", Word("Answers as a printer does")),
    "silent": ("info", Word("Open, says nothing of itself")),
    "not_asked": ("info", Word("Announced, not asked")),
    "page_printer": ("warn", Word("A page printer, not for tickets")),
    "ipp": ("warn", Word("An office printer, not for tickets")),
}
PLUGGED_IN = Word("Plugged in, not in the settings")
MISSED = {
    "pcsc": Word("The card service does not answer: systemctl start pcscd.socket"),
    "mdns": Word("Announcements were not heard: this network lets none through."),
    "network": Word("The network was not looked through to its end. Look once more."),
}


class FindRow(Struct, frozen=True):
    """One find."""

    place: str
    name: str
    mood: str
    word: str
    lines: str


@QmlElement
class FinderViewModel(BenchPart):
    """Look for devices on request and show what was found."""

    changed = Signal()

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(terminal, words, parent)
        self._is_shown = False
        self._is_looking = False
        self._lead = ""
        self._note = ""
        self._rows = Rows(FindRow, self)

    @Slot()
    def look(self) -> None:
        """Look for devices; one search at a time."""
        self._is_shown = True
        if not self._is_looking:
            self._is_looking = True
            self._rows.show(())
            self._lead, self._note = self._words.say("Looking … this takes up to half a minute."), ""
            self._tasks.latest("find", self._look())
        self.changed.emit()

    @Slot()
    def leave(self) -> None:
        """Show the bench again; a search goes on."""
        self._is_shown = False
        self.changed.emit()

    def close(self) -> None:
        """Give a search up: there is nobody to show it to."""
        self._tasks.stop()

    async def _look(self) -> None:
        lead = ""  # where it comes to no end, nothing is under way any more
        try:
            sightings, networks, missed = await find(self._terminal, self.actor)
            self._rows.show(tuple(_row(self._words, each) for each in sightings))
            lead = _lead(self._words, len(sightings), networks)
            self._note = " ".join(self._words.tell(MISSED[each]) for each in missed)
        finally:
            self._is_looking, self._lead = False, lead
            self.changed.emit()

    isShown = Property(bool, lambda self: self._is_shown, notify=changed)
    isLooking = Property(bool, lambda self: self._is_looking, notify=changed)
    lead = Property(str, lambda self: self._lead, notify=changed)
    note = Property(str, lambda self: self._note, notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)


def _lead(words: StaffWords, count: int, networks: tuple[str, ...]) -> str:
    looked = words.say("Looked through {networks}.", networks=", ".join(networks))
    where = looked if networks else words.say("There is no network to look through.")
    what = words.say("%n find(s).", n=count) if count else words.say("Nothing was found.")
    return f"{what} {where}"


def _row(words: StaffWords, seen: Sighting) -> FindRow:
    lines = f"\n{words.say('or')}\n".join(use.lines for use in seen.uses)
    if seen.device_id:
        return FindRow(seen.place, seen.name, "ok", words.say("In the settings: {name}", name=seen.device_id), "")
    mood, word = NOTES[seen.note]
    if seen.way in {"usb", "hid", "serial", "pcsc"}:
        mood, word = "info", PLUGGED_IN
    return FindRow(seen.place, seen.name, mood, words.tell(word), lines)
