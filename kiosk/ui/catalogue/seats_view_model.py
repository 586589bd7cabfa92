"""Where would you like to sit: the best seats first, chosen with their reason; the plan confirms.

Seats are addressed by touch, by typing row and seat, and by arrows that move a cursor to the nearest seat.
"""

from math import hypot

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import EventChoice
from kiosk.application.word import Word
from kiosk.domain.catalogue import EventProduct, Offer, Seat, SeatMap, SeatState
from kiosk.ui.bridge import rows, shown
from kiosk.ui.catalogue import seat_typing
from kiosk.ui.catalogue.seat_typing import TypedSeat
from kiosk.ui.controls.desk import SEAT_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
SEATS_MAX = 10
REACH = 0.75  # of a seat pitch, around a touch
MARGIN = 1.5  # seat pitches around the plan


class CategoryRow(Struct, frozen=True):
    """A price area."""

    name: str
    price: str
    tone: str
    isChosen: bool


class MarkRow(Struct, frozen=True):
    """A seat of ours on the plan, in seat pitches."""

    atX: float
    atY: float


class SeatsProps(Struct, frozen=True):
    """The page."""

    eventName: str = ""
    count: int = 2
    choice: str = ""
    why: str = ""
    price: str = ""
    categories: tuple[CategoryRow, ...] = ()
    marks: tuple[MarkRow, ...] = ()
    revision: str = ""
    planWidth: float = 1
    planHeight: float = 1
    cursorX: float = -1
    cursorY: float = -1
    cursorWord: str = ""
    asOf: str = ""
    note: str = ""
    isTyping: bool = False
    typedRow: str = ""
    typedNumber: str = ""
    isAtNumber: bool = False
    keys: tuple[str, ...] = ()
    codeWord: str = ""


@QmlElement
class SeatsViewModel(PageViewModel):
    """Offer the best seats, and any others."""

    changed = Signal()
    eventName = shown(changed, str, "eventName")
    count = shown(changed, int, "count")
    choice = shown(changed, str, "choice")
    why = shown(changed, str, "why")
    price = shown(changed, str, "price")
    categories = rows("categories", CategoryRow)
    marks = rows("marks", MarkRow)
    revision = shown(changed, str, "revision")
    planWidth = shown(changed, float, "planWidth")
    planHeight = shown(changed, float, "planHeight")
    cursorX = shown(changed, float, "cursorX")
    cursorY = shown(changed, float, "cursorY")
    cursorWord = shown(changed, str, "cursorWord")
    asOf = shown(changed, str, "asOf")
    note = shown(changed, str, "note")
    isTyping = shown(changed, bool, "isTyping")
    typedRow = shown(changed, str, "typedRow")
    typedNumber = shown(changed, str, "typedNumber")
    isAtNumber = shown(changed, bool, "isAtNumber")
    keys = shown(changed, "QStringList", "keys")
    codeWord = shown(changed, str, "codeWord")

    def __init__(self, desk: Desk) -> None:
        self.seat_map: SeatMap | None = None
        self._count = 2
        self._category = ""
        self._seats: tuple[Seat, ...] = ()
        self._is_best = True
        self._offer: Offer | None = None
        self._products: tuple[EventProduct, ...] = ()
        self._cursor: Seat | None = None
        self._note_key = ""
        self._is_asking = False
        self._is_typing = False
        self._typed = TypedSeat()
        self._typing_note: tuple[Word, str, str, str, str] | None = None
        super().__init__(desk)

    def enter(self) -> None:
        """Ask for the plan and the best seats."""
        if slot := self.desk.visit.slot:
            if self.seat_map is None or self.seat_map.slot_id != slot.id:
                self.reset(self._count)
                self.desk.visit.voucher = None
            self._say_asking()
            self.desk.tasks.latest("seats", self._load(slot.id))

    def reset(self, count: int = 2) -> None:
        """Forget the seats chosen before."""
        self.seat_map, self._seats, self._offer, self._category, self._cursor = None, (), None, "", None
        self._count, self._is_best = count, True

    def leave(self) -> None:
        """Forget what was typed."""
        self._is_typing, self._typed, self._typing_note = False, TypedSeat(), None

    async def _load(self, slot_id: str) -> None:
        timeout_s = self.desk.terminal.settings.timeouts.platform_read_s
        try:
            self.seat_map = await self.desk.terminal.platform.seat_map(slot_id, timeout_s=timeout_s)
            self._products = await self.desk.terminal.platform.event_products(slot_id)
            self._note_key = ""
        except PlatformError as trouble:
            self._note_key = trouble.key
            self._is_asking = False
            self.refresh()
            self.changed.emit()
            return
        if not self._category and self.seat_map.categories:
            self._category = self.seat_map.categories[0].id
        await self._price()

    async def _price(self) -> None:
        slot = self.desk.visit.slot
        if slot is None:
            return
        ids = () if self._is_best else tuple(seat.id for seat in self._seats)
        best = self._count if self._is_best else 0
        self._offer = None
        self._say_asking()
        if ids or best:
            timeout_s = self.desk.terminal.settings.timeouts.platform_read_s
            try:
                code = self.desk.visit.voucher.code if self.desk.visit.voucher else ""
                choice = EventChoice(slot.id, (), ids, best, self._category if best else "", code)
                self._offer = await self.desk.terminal.platform.event_offer(choice, timeout_s=timeout_s)
                self._note_key = ""
            except PlatformError as trouble:
                self._note_key = trouble.key
        if self._offer and self.seat_map:
            chosen = {part.seat_id for part in self._offer.parts}
            self._seats = tuple(seat for seat in self.seat_map.seats if seat.id in chosen)
        self._is_asking = False
        self.refresh()
        self.changed.emit()

    def _say_asking(self) -> None:
        """Show at once that the server is asked, however long it takes."""
        self._is_asking, self._note_key = True, ""
        self.refresh()
        self.changed.emit()

    # ---- what is shown

    def derive(self) -> SeatsProps:
        """Return the page."""
        desk, visit, tag = self.desk, self.desk.visit, self.desk.speech.tag
        plan = self.seat_map
        if plan is None or visit.event is None or visit.slot is None:
            return SeatsProps(choice=desk.say("Asking for seats") if self._is_asking else "", note=self._note())
        left, top = self.origin
        cursor, typed = self._cursor, self._typed
        reason = self._reason()
        return SeatsProps(
            eventName=f"{visit.event.name.text(tag)} · {desk.day(visit.slot.starts)}, {desk.clock(visit.slot.starts)}",
            count=self._count,
            choice=self._told(self._seats) or desk.say("No seat chosen yet"),
            why=reason if self._seats else desk.say("Touch a seat, or use the arrow keys"),
            price=desk.money(self._offer.price) if self._offer else "",
            categories=tuple(
                CategoryRow(each.name.text(tag), desk.money(each.price, is_short=True), each.tone,
                            each.id == self._category and self._is_best)
                for each in plan.categories
            ),
            marks=tuple(MarkRow(seat.x - left, seat.y - top) for seat in self._seats),
            revision=f"{abs(hash((plan.slot_id, plan.as_of)))}",
            planWidth=max(seat.x for seat in plan.seats) - left + MARGIN,
            planHeight=max(seat.y for seat in plan.seats) - top + MARGIN,
            cursorX=cursor.x - left if cursor else -1,
            cursorY=cursor.y - top if cursor else -1,
            cursorWord=self._word(cursor) if cursor else "",
            asOf=desk.say("Seats as of {time}", time=desk.clock(plan.as_of)),
            note=self._note(),
            isTyping=self._is_typing,
            typedRow=typed.row,
            typedNumber=typed.number,
            isAtNumber=typed.is_at_number,
            keys=seat_typing.keys(plan),
            codeWord=desk.code_word(),
        )  # fmt: skip

    def _note(self) -> str:
        if self._typing_note:
            text, row, seat, first, last = self._typing_note
            return self.desk.tell(text, row=row, seat=seat, first=first, last=last)
        return self.desk.speech.say_key(f"platform.{self._note_key}") if self._note_key else self.desk.code_note()

    @property
    def origin(self) -> tuple[float, float]:
        """Return the plan's corner in seat pitches."""
        seats = self.seat_map.seats if self.seat_map else ()
        return min((seat.x for seat in seats), default=0) - MARGIN, min((seat.y for seat in seats), default=0) - MARGIN

    def _reason(self) -> str:
        if not self._is_best:
            return self.desk.say("Your own choice")
        if len({seat.row for seat in self._seats}) == 1:
            return self.desk.say("Best at this price: together, near the middle")
        return self.desk.say("Best left at this price")

    def _told(self, seats: tuple[Seat, ...]) -> str:
        row_names = dict.fromkeys(seat.row for seat in seats)
        told = []
        for row in row_names:
            numbers = ", ".join(seat.number for seat in seats if seat.row == row)
            told.append(self.desk.say("Row {row}, seat {seat}", row=row, seat=numbers))
        return " · ".join(told)

    def _word(self, seat: Seat) -> str:
        state = self.desk.say("free") if seat.state is SeatState.FREE else self.desk.say("taken")
        return f"{self._told((seat,))}, {state}"

    def frame(self) -> FrameProps:
        """Return the frame."""
        desk = self.desk
        waits = desk.say("Asking for seats") if self._is_asking else desk.say("Choose a seat")
        return FrameProps(steps=steps(desk, SEAT_STEPS), step=2, back=desk.say("Back"), line=self._told(self._seats),
                          total=desk.money(self._offer.price) if self._offer else "",
                          wayOn=desk.say("Take these seats") if self._offer else waits,
                          isWayOnOn=self._offer is not None)  # fmt: skip

    def go_on(self) -> None:
        """Put the seats into the basket."""
        if self._offer:
            self.went.emit(self.desk.take(self._offer, self._products))

    # ---- what is touched

    @Slot()
    def code(self) -> None:
        """Go where a code is given, or go on without the one there is."""
        if self.desk.visit.voucher is None:
            self.went.emit("voucher")
            return
        self.desk.visit.voucher = None
        self.desk.tasks.latest("seats", self._price())

    @Slot(int)
    def setCount(self, value: int) -> None:
        """Ask for the best so many."""
        if 1 <= value <= SEATS_MAX:
            self._count, self._is_best = value, True
            self.refresh()
            self.desk.tasks.latest("seats", self._price())

    @Slot(int)
    def chooseCategory(self, index: int) -> None:
        """Ask for the best of a price area."""
        if self.seat_map:
            self._category, self._is_best = self.seat_map.categories[index].id, True
            self.desk.tasks.latest("seats", self._price())

    @Slot(float, float)
    def touchAt(self, x: float, y: float) -> None:
        """Take or give back the seat at a place of the plan, in seat pitches."""
        if self.seat_map is None:
            return
        left, top = self.origin
        seat = min(self.seat_map.seats, key=lambda each: hypot(each.x - left - x, each.y - top - y), default=None)
        if seat and hypot(seat.x - left - x, seat.y - top - y) <= REACH:
            self._toggle(seat)

    @Slot(float, float)
    def moveCursor(self, dx: float, dy: float) -> None:
        """Move the cursor to the nearest seat in a direction."""
        plan = self.seat_map
        if plan is None or not plan.seats:
            return
        here = self._cursor or (self._seats[0] if self._seats else plan.seats[0])
        if self._cursor is None:
            self._cursor = here
        else:

            def cost(seat: Seat) -> float:
                along = (seat.x - here.x) * dx + (seat.y - here.y) * dy
                across = abs((seat.x - here.x) * dy) + abs((seat.y - here.y) * dx)
                return along + 3 * across if along > 0.3 else float("inf")  # noqa: PLR2004 - of a pitch

            best = min(plan.seats, key=cost)
            self._cursor = best if cost(best) < float("inf") else here
        self.refresh()

    @Slot()
    def touchCursor(self) -> None:
        """Take or give back the seat under the cursor."""
        if self._cursor:
            self._toggle(self._cursor)

    # ---- what is typed

    @Slot(bool)
    def typeSeats(self, is_typing: bool) -> None:
        """Show fields for row and seat in place of the plan, or the plan again."""
        self.leave()
        self._is_typing = is_typing
        self.refresh()

    @Slot(str)
    def type(self, text: str) -> None:
        """Take what is typed; on the plan it begins a row."""
        if self.seat_map is None or not seat_typing.plain(text):
            return
        self._is_typing, self._typing_note = True, None
        self._typed = self._typed.typed(text)
        self.refresh()

    @Slot()
    def erase(self) -> None:
        """Take the last character back."""
        self._typed, self._typing_note = self._typed.erased(), None
        self.refresh()

    @Slot(bool)
    def chooseField(self, is_number: bool) -> None:
        """Type into a field; one that is typed into already is done with, when there is something in it."""
        if self._typed.is_at_number == is_number and self._typed.current:
            self.takeTyped()
            return
        self._typed = replace(self._typed, is_at_number=is_number)
        self.refresh()

    @Slot()
    def takeTyped(self) -> None:
        """Go on from the row to the number, and from the number to the seat."""
        plan, typed = self.seat_map, self._typed
        if plan is None or not typed.current:
            return
        seats = seat_typing.in_row(plan, typed.row)
        seat = seat_typing.find(plan, typed)
        if not seats:
            first, last = seat_typing.span([each.row for each in plan.seats])
            self._refuse_typed(Word("There is no row {row}. Rows go from {first} to {last}."), first, last)
        elif not typed.is_at_number:
            self._typed = replace(typed, is_at_number=True)
        elif seat is None:
            first, last = seat_typing.span([each.number for each in seats])
            self._refuse_typed(Word("Row {row} has no seat {seat}. Seats go from {first} to {last}."), first, last)
        elif seat.state is not SeatState.FREE:
            self._refuse_typed(Word("Row {row}, seat {seat} is taken. Choose another one."))
        else:
            self._typed, self._typing_note = TypedSeat(), None
            if self._is_best or seat not in self._seats:
                self._toggle(seat)
        self.refresh()

    def _refuse_typed(self, text: Word, first: str = "", last: str = "") -> None:
        typed = self._typed
        self._typing_note = (text, typed.row, typed.number, first, last)
        self._typed = replace(typed, number="") if typed.is_at_number else TypedSeat()

    def _toggle(self, seat: Seat) -> None:
        self._cursor = seat
        kept = () if self._is_best else self._seats
        if seat in kept:
            self._seats = tuple(each for each in kept if each != seat)
        elif seat.state is SeatState.FREE and len(kept) < SEATS_MAX:
            self._seats = (*kept, seat)
        else:
            self._note_key = "seat_taken" if seat.state is not SeatState.FREE else ""
            self.refresh()
            return
        self._is_best = False
        self._count = max(1, len(self._seats))
        self.desk.tasks.latest("seats", self._price())
