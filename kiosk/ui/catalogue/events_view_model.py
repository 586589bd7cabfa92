"""What is on: events, soonest first."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.domain.catalogue import Event
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import EVENT_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
EVENTS = 20


class EventRow(Struct, frozen=True):
    """One event."""

    name: str
    fact: str
    about: str
    price: str


class EventsProps(Struct, frozen=True):
    """The page."""

    events: tuple[EventRow, ...] = ()
    note: str = ""
    isWaiting: bool = False


@QmlElement
class EventsViewModel(PageViewModel):
    """List what is on."""

    changed = Signal()
    events = rows("events", EventRow)
    note = shown(changed, str, "note")
    isWaiting = shown(changed, bool, "isWaiting")

    def __init__(self, desk: Desk) -> None:
        self._events: tuple[Event, ...] = ()
        self._is_away = False
        self._is_waiting = False
        super().__init__(desk)

    def enter(self) -> None:
        """Ask what is on; until it is known, say so."""
        self._is_waiting = not self._events
        self.refresh()
        self.desk.tasks.latest("events", self._load())

    async def _load(self) -> None:
        try:
            self._events = await self.desk.terminal.platform.events(on=None, limit=EVENTS)
            self._is_away = False
        except PlatformError:
            self._is_away = True
        self._is_waiting = False
        self.refresh()

    def derive(self) -> EventsProps:
        """Return the page."""
        note = self.desk.say("Events cannot be shown right now. Journeys can be bought all the same.")
        is_away = self._is_away and not self._is_waiting
        return EventsProps(tuple(map(self._row, self._events)), note if is_away else "", self._is_waiting)

    def _row(self, event: Event) -> EventRow:
        desk, tag = self.desk, self.desk.speech.tag
        venue = event.venue.name.text(tag)
        fact = f"{venue} · {desk.day(event.next_starts)}" if event.next_starts else venue
        price = desk.say("from {price}", price=desk.money(event.price_from, is_short=True)) if event.price_from else ""
        return EventRow(event.name.text(tag), fact, event.description.text(tag), price)

    def frame(self) -> FrameProps:
        """Return the frame."""
        line, total = self.desk.basket_line()
        return FrameProps(steps=steps(self.desk, EVENT_STEPS), step=0, back=self.desk.say("Back"), line=line,
                          total=total,
                          wayOn=self.desk.say("Choose an event"), isWayOnOn=False)  # fmt: skip

    @Slot(int)
    def choose(self, index: int) -> None:
        """Look at an event."""
        self.desk.visit.event = self._events[index]
        self.went.emit("slots")
