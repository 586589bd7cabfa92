"""Which day and time: four weeks, how much is left on each day, and the slots of one of them."""

from datetime import date, timedelta

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtCore import Slot as QtSlot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.domain.catalogue import EventKind, Fullness, Slot
from kiosk.ui import formatting
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import EVENT_STEPS, SEAT_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
WEEKS = 4
LEFT_BARS = {Fullness.PLENTY: 3, Fullness.FILLING: 2, Fullness.NEARLY_FULL: 1, Fullness.FULL: 0, Fullness.UNKNOWN: 2}


class DayTile(Struct, frozen=True):
    """One day; `why` says why it cannot be chosen."""

    word: str
    bars: int
    why: str
    isPast: bool
    isChosen: bool


class SlotTile(Struct, frozen=True):
    """One slot."""

    time: str
    places: str
    why: str
    isChosen: bool


class SlotsProps(Struct, frozen=True):
    """The page."""

    eventName: str = ""
    price: str = ""
    span: str = ""
    weekdays: tuple[str, ...] = ()
    days: tuple[DayTile, ...] = ()
    day: str = ""
    slots: tuple[SlotTile, ...] = ()
    note: str = ""
    isWaiting: bool = False


@QmlElement
class SlotsViewModel(PageViewModel):
    """Show days and slots of one event."""

    changed = Signal()
    eventName = shown(changed, str, "eventName")
    price = shown(changed, str, "price")
    span = shown(changed, str, "span")
    weekdays = shown(changed, "QStringList", "weekdays")
    days = rows("days", DayTile)
    day = shown(changed, str, "day")
    slots = rows("slots", SlotTile)
    note = shown(changed, str, "note")
    isWaiting = shown(changed, bool, "isWaiting")

    def __init__(self, desk: Desk) -> None:
        self._by_day: dict[date, tuple[Slot, ...]] = {}
        self._day: date | None = None
        self._first: date | None = None
        self._slot_id = ""
        self._event_id = ""
        self._is_away = False
        self._is_waiting = False
        super().__init__(desk)

    def enter(self) -> None:
        """Ask for four weeks, unless they are those of this event already."""
        event = self.desk.visit.event
        if event and (event.id != self._event_id or self._is_away):
            self._event_id, self._by_day, self._day, self._slot_id = event.id, {}, None, ""
            self._first = self._monday(self._today())
            self._ask()

    def _today(self) -> date:
        event = self.desk.visit.event
        return formatting.local_day(self.desk.now, event.venue.zone if event else self.desk.zone)

    @staticmethod
    def _monday(day: date) -> date:
        return day - timedelta(days=day.weekday())

    def _ask(self) -> None:
        self._is_away, self._is_waiting = False, True
        self.refresh()
        self.desk.tasks.latest("slots", self._load())

    async def _load(self) -> None:
        event, first, today = self.desk.visit.event, self._first, self._today()
        if event is None or first is None:
            return
        try:
            for at in range(7 * WEEKS):
                day = first + timedelta(days=at)
                if day >= today:
                    self._by_day[day] = await self.desk.terminal.platform.slots(event.id, on=day)
                    if self._day is None and self._choose_first(day):
                        self.refresh()
        except PlatformError:
            self._is_away = True
        self._is_waiting = False
        self.refresh()

    def _choose_first(self, day: date) -> bool:
        slot = next((each for each in self._by_day[day] if not self._why(each)), None)
        if slot is None:
            return False
        self._day, self._slot_id = day, slot.id
        return True

    def _why(self, slot: Slot) -> str:
        if slot.starts <= self.desk.now:
            return self.desk.say("started")
        return self.desk.say("full") if slot.availability.fullness is Fullness.FULL else ""

    @property
    def chosen(self) -> Slot | None:
        """Return the slot chosen."""
        slots = self._by_day.get(self._day, ()) if self._day else ()
        return next((each for each in slots if each.id == self._slot_id), None)

    def derive(self) -> SlotsProps:
        """Return the page."""
        desk, event, tag = self.desk, self.desk.visit.event, self.desk.speech.tag
        first = self._first
        if event is None or first is None:
            return SlotsProps()
        last = first + timedelta(days=7 * WEEKS - 1)
        price = desk.say("from {price}", price=desk.money(event.price_from, is_short=True)) if event.price_from else ""
        return SlotsProps(
            eventName=event.name.text(tag),
            price=price,
            span=f"{formatting.day_and_month(first, tag)} \u2013 {formatting.day_and_month(last, tag)}",
            weekdays=formatting.weekdays(tag),
            days=tuple(self._day_tile(first + timedelta(days=at)) for at in range(7 * WEEKS)),
            day=formatting.long_day(self._day, tag) if self._day else "",
            slots=tuple(map(self._slot_tile, self._by_day.get(self._day, ()))) if self._day else (),
            note=desk.say("Dates cannot be shown right now. Try again in a moment.") if self._is_away else "",
            isWaiting=self._is_waiting and self._day is None,
        )

    def _day_tile(self, day: date) -> DayTile:
        tag = self.desk.speech.tag
        word = formatting.short_day(day, tag) if day.day == 1 else str(day.day)
        if day < self._today():
            return DayTile(word, -1, "", True, False)
        slots = self._by_day.get(day)
        if slots is None:
            return DayTile(word, -1, "", False, False)
        open_slots = [each for each in slots if not self._why(each)]
        if not open_slots:
            return DayTile(word, -1, self.desk.say("full") if slots else self.desk.say("closed"), False, False)
        bars = max(LEFT_BARS[each.availability.fullness] for each in open_slots)
        return DayTile(word, bars, "", False, day == self._day)

    def _slot_tile(self, slot: Slot) -> SlotTile:
        left = slot.availability.left
        word = self.desk.say("%n left", n=left) if left is not None else ""
        return SlotTile(formatting.clock(slot.starts, slot.zone), word, self._why(slot), slot.id == self._slot_id)

    def frame(self) -> FrameProps:
        """Return the frame."""
        desk, chosen, event = self.desk, self.chosen, self.desk.visit.event
        names = SEAT_STEPS if event and event.kind is EventKind.SEATED else EVENT_STEPS
        line = formatting.clock(chosen.starts, chosen.zone) if chosen else ""
        price = desk.money(chosen.price_from) if chosen and chosen.price_from else ""
        return FrameProps(steps=steps(desk, names), step=1, back=desk.say("Back"), line=line, total=price,
                          wayOn=desk.say("Continue") if chosen else desk.say("Choose a time"),
                          isWayOnOn=chosen is not None)  # fmt: skip

    def go_on(self) -> None:
        """Take the chosen slot."""
        event = self.desk.visit.event
        if self.chosen and event:
            self.desk.visit.slot = self.chosen
            self.went.emit("seats" if event.kind is EventKind.SEATED else "visitors")

    @QtSlot(int)
    def chooseDay(self, index: int) -> None:
        """Look at a day."""
        if self._first:
            self._day, self._slot_id = self._first + timedelta(days=index), ""
            self._choose_first(self._day)
            self.refresh()

    @QtSlot(int)
    def chooseSlot(self, index: int) -> None:
        """Choose a slot of the day."""
        if self._day:
            self._slot_id = self._by_day[self._day][index].id
            self.refresh()
