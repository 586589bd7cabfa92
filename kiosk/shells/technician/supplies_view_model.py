"""Paper, cards and money at the bench: how they stand, a new roll booked, the cash unit counted blind and booked."""

from collections.abc import Mapping

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QmlElement

from hardware.errors import DeviceError
from kiosk.application.control import NotDone
from kiosk.application.paper_words import figure
from kiosk.application.supplies import CARDS, CountLine, Unbooked
from kiosk.application.supplies_acts import MM, book_count, book_roll, difference_minor, roll_of
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.domain.money import Money
from kiosk.shells.technician.bench_part import BenchPart
from kiosk.shells.technician.bench_rows import FactRow
from kiosk.shells.technician.words import PRINTER, ROLES
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.staff_words import StaffWords
from offline_store import StoreError

QML_IMPORT_NAME = "kiosk.shells.technician"
QML_IMPORT_MAJOR_VERSION = 1
DIGITS_MAX = 5
# by why nothing was booked
NOT_DONE = {
    "no_printer": Word("No printer of this terminal has that id."),
    "no_cash": Word("This terminal has no cash unit."),
    "cash_away": Word("The cash unit does not say what lies in it. Nothing was booked."),
    "not_written": Word("It is in the journal, but the disk does not keep it. Book it again."),
}
NOT_JOURNALLED = Word("The disk does not keep it now. Nothing was changed.")
NOT_BOOKED = Word("Not booked. Look at the counts again.")
BOOKING = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})


class PieceRow(Struct, frozen=True):
    """One value of the cash unit: how many were typed, and once it is booked, what was expected."""

    value: str
    counted: str
    told: str
    mood: str
    isChosen: bool


@QmlElement
class SuppliesViewModel(BenchPart):
    """Show what is used up; book a new roll and a count of the cash."""

    changed = Signal()

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(terminal, words, parent)
        self._is_counting = False
        self._is_booking = False
        self._values: tuple[int, ...] = ()
        self._typed: dict[int, str] = {}
        self._booked: tuple[CountLine, ...] = ()
        self._at = 0
        self._note = ("info", "")
        self._stood: tuple[str, object] = ("", ())
        self._facts = Rows(FactRow, self)
        self._pieces = Rows(PieceRow, self)
        self.look()

    # ---- how it stands

    def look(self) -> None:
        """Show how the supplies stand now; where nothing was used since the last look, nothing is done."""
        stand = (self._words.tag, self._terminal.supplies.stand())
        if stand == self._stood:
            return
        self._stood = stand
        devices, words, rows = self._terminal.devices, self._words, []
        for printer, role in zip(devices.printers, self._roles(), strict=True):
            roll = roll_of(self._terminal, printer.device_id)
            metres, whole = words.number(roll.used_mm / MM), words.number(roll.roll_mm / MM)
            parts = words.say("{used} of {whole} m used", used=metres, whole=whole), words.say("%n cut(s)", n=roll.cuts)
            name = words.tell(ROLES.get(role, PRINTER))
            rows.append(FactRow(name, " · ".join(parts), "warn" if roll.is_low else "ok"))
        for reader in devices.readers:
            cards = self._terminal.supplies.of(reader.device_id).counts.get(CARDS, 0)
            rows.append(FactRow(words.say("Cards read"), words.number(cards)))
        if devices.cash is not None:
            used = self._terminal.supplies.of(devices.cash.device_id)
            rows += [
                FactRow(words.say("Cash in since the last count"), self._sum(used.pieces("in"))),
                FactRow(words.say("Cash out since the last count"), self._sum(used.pieces("out"))),
            ]
        self._facts.show(tuple(rows))
        self.changed.emit()

    def _roles(self) -> list[str]:
        supervision = self._terminal.supervision
        return [supervision.role_of(each.device_id) for each in self._terminal.devices.printers]

    def _sum(self, pieces: Mapping[int, int]) -> str:
        amount = sum(value * count for value, count in pieces.items())
        if not pieces:
            return self._words.say("nothing")
        return f"{self._money(amount)} · {self._words.say('%n piece(s)', n=sum(pieces.values()))}"

    def _money(self, minor: int) -> str:
        return self._words.amount(Money(minor, self._terminal.platform.traits.currency))

    def hush(self) -> None:
        """Take back what was said last: something else is looked at."""
        self._tell("info", "")

    # ---- booking

    @Slot(str)
    def bookRoll(self, deviceId: str) -> None:
        """Book a new roll of a printer."""
        self._tasks.latest("roll", self._book_roll(deviceId))

    async def _book_roll(self, device_id: str) -> None:
        try:
            before = await book_roll(self._terminal, self.actor, device_id)
        except NotDone as no:
            self._tell("stop", self._words.tell(NOT_DONE.get(no.key, NOT_BOOKED)))
        except StoreError:
            self._tell("stop", self._words.tell(NOT_JOURNALLED))
        else:
            metres = self._words.number(before.used_mm / MM)
            self._tell("ok", self._words.say("New roll booked. The last one gave {metres} m.", metres=metres))
        self.look()

    @Slot()
    def count(self) -> None:
        """Begin to count the cash; what should be there is not shown before it is booked."""
        self._tasks.latest("count", self._begin())

    async def _begin(self) -> None:
        cash, supplies = self._terminal.devices.cash, self._terminal.supplies
        try:
            unit = dict(await cash.counts()) if cash else {}
        except DeviceError:
            self._tell("warn", self._words.say("The cash unit does not say what lies in it."))
            return
        before, supplies.unbooked = supplies.unbooked, Unbooked(self.actor, unit, {})
        sentence = ""
        if before is not None and before.actor == self.actor and any(before.typed.values()):
            if before.unit == unit:
                supplies.unbooked = before
                sentence = self._words.say("What you typed before is still here.")
            else:
                sentence = self._words.say("Money came or went since you counted last. Count all of it again.")
        self._values, self._typed = tuple(unit), supplies.unbooked.typed
        self._booked, self._at, self._is_counting = (), 0, bool(unit)
        self._tell("info", sentence)

    @Slot()
    def leave(self) -> None:
        """Leave the count; what is not booked is forgotten."""
        if self._is_counting:
            self._is_counting, self._terminal.supplies.unbooked = False, None
        self.hush()

    @Slot(int)
    def choose(self, index: int) -> None:
        """Count this value."""
        self._at = min(max(index, 0), len(self._values) - 1)
        self._show()

    @Slot(str)
    def type(self, text: str) -> None:
        """Take a digit of the value being counted."""
        typed = self._typed.get(self._values[self._at], "")
        if len(text) == 1 and text in "0123456789" and len(typed) < DIGITS_MAX and not self._booked:
            self._typed[self._values[self._at]] = (typed + text).lstrip("0") or "0"
            self._show()

    @Slot()
    def erase(self) -> None:
        """Take the last digit back."""
        if not self._booked:
            self._typed[self._values[self._at]] = self._typed.get(self._values[self._at], "")[:-1]
            self._show()

    @Slot()
    def book(self) -> None:
        """Book what was counted; a value with nothing typed is none."""
        if self._is_counting and not self._booked and not self._is_booking:
            self._is_booking = True
            self._tasks.latest("count", self._book())
            self.changed.emit()

    async def _book(self) -> None:
        counted = {value: int(self._typed.get(value) or 0) for value in self._values}
        try:
            self._booked = await book_count(self._terminal, self.actor, counted)
        except NotDone as no:
            self._tell("stop", self._words.tell(NOT_DONE.get(no.key, NOT_BOOKED)))
        except StoreError:
            self._tell("stop", self._words.tell(NOT_JOURNALLED))
        else:
            self._terminal.supplies.unbooked = None
            by = difference_minor(self._booked)
            is_even = not any(each.difference for each in self._booked)
            differs = self._words.say("Booked. It differs by {amount}.", amount=_signed(self._words, self._money(by)))
            agrees = self._words.say("Booked. It agrees.")
            self._tell("ok" if is_even else "warn", agrees if is_even else differs)
        finally:
            self._is_booking = False
            self.look()
            self.changed.emit()

    def pressed(self, key: int, text: str) -> bool:
        """Do what a key means while the cash is counted; False where it is not."""
        if not self._is_counting:
            return False
        if key in BOOKING:
            self.book()
        elif key == Qt.Key.Key_Escape.value:
            self.leave()
        elif key in {Qt.Key.Key_Down.value, Qt.Key.Key_Tab.value, Qt.Key.Key_Up.value}:
            self.choose(self._at + (-1 if key == Qt.Key.Key_Up.value else 1))
        elif key == Qt.Key.Key_Backspace.value:
            self.erase()
        else:
            self.type(text)
        return True

    # ---- showing

    def _tell(self, mood: str, sentence: str) -> None:
        self._note = (mood, sentence)
        self._show()

    def _show(self) -> None:
        booked = {each.value_minor: each for each in self._booked}
        currency = self._terminal.platform.traits.currency
        self._pieces.show(
            tuple(
                PieceRow(
                    figure(Money(value, currency), self._words.tag),
                    self._typed.get(value, "") or ("0" if booked else "-"),
                    _told(self._words, booked.get(value)),
                    "warn" if value in booked and booked[value].difference else "ok",
                    at == self._at and not booked,
                )
                for at, value in enumerate(self._values)
            )
        )
        self.changed.emit()

    def _lead(self) -> str:
        counted = sum(value * int(self._typed.get(value) or 0) for value in self._values)
        return self._words.say("Counted: {amount}", amount=self._money(counted))

    isCounting = Property(bool, lambda self: self._is_counting, notify=changed)
    isBooked = Property(bool, lambda self: bool(self._booked), notify=changed)
    isBooking = Property(bool, lambda self: self._is_booking, notify=changed)
    lead = Property(str, _lead, notify=changed)
    mood = Property(str, lambda self: self._note[0], notify=changed)
    note = Property(str, lambda self: self._note[1], notify=changed)
    facts = Property(QObject, lambda self: self._facts, constant=True)
    pieces = Property(QObject, lambda self: self._pieces, constant=True)


def _told(words: StaffWords, line: CountLine | None) -> str:
    """Return what a booked line says; nothing while the count is blind."""
    if line is None:
        return ""
    if not line.difference:
        return words.say("agrees")
    difference = _signed(words, f"{line.difference:+}")
    return words.say("{count} expected, {difference}", count=line.expected, difference=difference)


def _signed(words: StaffWords, figure: str) -> str:
    """Return a figure whose sign stands before it: in a right-to-left sentence a sign without a letter wanders off."""
    return f"\N{LEFT-TO-RIGHT MARK}{figure}" if words.speech.language.is_rtl else figure
