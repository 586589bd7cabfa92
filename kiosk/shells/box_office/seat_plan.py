"""Seats of one slot chosen by keys or touch: a cursor, what is taken, and the best together."""

from collections.abc import Iterable

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.word import Word
from kiosk.domain.catalogue import Seat, SeatMap, SeatState
from kiosk.domain.money import Money
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
SEATS_MAX = 20


@QmlElement
class SeatPlan(QObject):
    """Hold a seat map, the seats chosen on it and the seat the keys stand on."""

    changed = Signal()

    def __init__(self, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._map: SeatMap | None = None
        self._chosen: dict[str, Seat] = {}
        self._cursor: Seat | None = None
        self._wanted = 1

    @property
    def is_open(self) -> bool:
        """Say whether a plan is shown."""
        return self._map is not None

    @property
    def seat_map(self) -> SeatMap | None:
        """Return the plan."""
        return self._map

    @property
    def chosen(self) -> tuple[Seat, ...]:
        """Return the seats taken so far."""
        return tuple(self._chosen.values())

    @property
    def cursor(self) -> Seat | None:
        """Return the seat the keys stand on."""
        return self._cursor

    def show(self, seat_map: SeatMap, wanted: int) -> None:
        """Show a plan with the best seats for so many chosen."""
        self._map, self._wanted = seat_map, min(wanted, SEATS_MAX)
        self._chosen = {}
        self.best()

    @Slot()
    def clear(self) -> None:
        """Show no plan."""
        self._map, self._chosen, self._cursor = None, {}, None
        self.changed.emit()

    @Slot()
    def best(self) -> None:
        """Choose the best free seats together: front rows first, nearest to the middle."""
        if self._map is None:
            return
        run = best_together(self._map.seats, self._wanted)
        self._chosen = {seat.id: seat for seat in run}
        self._cursor = run[0] if run else next(iter(self._map.seats), None)
        self.changed.emit()

    @Slot(int, int)
    def move(self, across: int, down: int) -> None:
        """Move the cursor to the nearest seat in that direction."""
        if self._map is None or self._cursor is None:
            return
        here = self._cursor
        ahead = [seat for seat in self._map.seats if _lies(here, seat, across, down)]
        if ahead:
            self._cursor = min(ahead, key=lambda seat: _distance(here, seat, across))
            self.changed.emit()

    @Slot()
    def toggle(self) -> None:
        """Take or leave the seat the keys stand on."""
        if self._cursor is not None:
            self.touch(self._cursor.id)

    @Slot(str)
    def touch(self, seat_id: str) -> None:
        """Take or leave a seat; a taken one stays taken."""
        if self._map is None:
            return
        seat = next((each for each in self._map.seats if each.id == seat_id), None)
        if seat is None or seat.state is not SeatState.FREE:
            return
        self._cursor = seat
        if seat.id in self._chosen:
            del self._chosen[seat.id]
        elif len(self._chosen) < SEATS_MAX:
            self._chosen[seat.id] = seat
        self.changed.emit()

    def _spoken(self) -> str:
        seat = self._cursor
        if seat is None:
            return ""
        state = self._words.say("yours") if seat.id in self._chosen else self._words.tell(_STATES[seat.state])
        return self._words.say("Row {row}, seat {seat}, {state}", row=seat.row, seat=seat.number, state=state)

    def _summary(self) -> str:
        if not self._chosen or self._map is None:
            return self._words.say("No seat chosen yet")
        prices = {each.id: each.price for each in self._map.categories}
        currency = self._map.categories[0].price.currency
        minor = sum(prices[seat.category_id].minor for seat in self._chosen.values())
        amount = self._words.amount(Money(minor, currency))
        return self._words.say("%n seat(s) · {amount}", n=len(self._chosen), amount=amount)

    spoken = Property(str, _spoken, notify=changed)
    summary = Property(str, _summary, notify=changed)
    count = Property(int, lambda self: len(self._chosen), notify=changed)


_STATES = {SeatState.FREE: Word("free"), SeatState.TAKEN: Word("taken"), SeatState.HELD: Word("held")}


def _lies(here: Seat, seat: Seat, across: int, down: int) -> bool:
    if across:
        return seat.row == here.row and (seat.x - here.x) * across > 0
    return (seat.y - here.y) * down > 0 and seat.row != here.row


def _distance(here: Seat, seat: Seat, across: int) -> tuple[float, float]:
    if across:
        return abs(seat.x - here.x), 0.0
    return abs(seat.y - here.y) + abs(seat.x - here.x), abs(seat.x - here.x)


def best_together(seats: Iterable[Seat], wanted: int) -> tuple[Seat, ...]:
    """Return so many free neighbours nearest to the front and the middle; fewer apart where none are together."""
    free = [seat for seat in seats if seat.state is SeatState.FREE]
    if not free:
        return ()
    middle = (min(seat.x for seat in free) + max(seat.x for seat in free)) / 2
    runs: list[tuple[float, tuple[Seat, ...]]] = []
    for row in dict.fromkeys(seat.row for seat in free):
        line = sorted((seat for seat in free if seat.row == row), key=lambda seat: seat.x)
        for start in range(len(line) - wanted + 1):
            run = tuple(line[start : start + wanted])
            if run[-1].x - run[0].x <= (wanted - 1) * 1.6:
                centre = sum(seat.x for seat in run) / wanted
                runs.append((run[0].y + abs(centre - middle) * 0.5, run))
    if runs:
        return min(runs, key=lambda each: each[0])[1]
    return tuple(sorted(free, key=lambda seat: (seat.y, abs(seat.x - middle)))[:wanted])
