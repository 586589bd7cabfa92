"""Where would you like to go: places, events, services, and what does not work now."""

import asyncio

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.domain.catalogue import Event, EventKind, Journey, Place, Texts
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import Desk, PageViewModel, stop_sentence
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
PLACES = 6
EVENTS = 2
EVENTS_ALONE = 6  # where there are no journeys to show


class PlaceRow(Struct, frozen=True):
    """A place one touch away."""

    name: str
    fact: str
    price: str


class EventTile(Struct, frozen=True):
    """An event on the first page."""

    name: str
    venue: str
    fact: str


class HomeProps(Struct, frozen=True):
    """The page."""

    places: tuple[PlaceRow, ...] = ()
    events: tuple[EventTile, ...] = ()
    note: str = ""
    hasJourneys: bool = True
    isPickUpOff: bool = False
    pickUpReason: str = ""
    areEventsOff: bool = False
    eventsReason: str = ""


def with_local(name: Texts, tag: str) -> str:
    """Return a name in a language, the name on the signs beside it where that differs."""
    shown_name = name.text(tag)
    return shown_name if name.default in shown_name else f"{shown_name} {name.default}"


@QmlElement
class HomeViewModel(PageViewModel):
    """Offer six places, two events and the services."""

    changed = Signal()
    places = rows("places", PlaceRow)
    events = rows("events", EventTile)
    note = shown(changed, str, "note")
    hasJourneys = shown(changed, bool, "hasJourneys")
    isPickUpOff = shown(changed, bool, "isPickUpOff")
    pickUpReason = shown(changed, str, "pickUpReason")
    areEventsOff = shown(changed, bool, "areEventsOff")
    eventsReason = shown(changed, str, "eventsReason")

    def __init__(self, desk: Desk) -> None:
        self._places: tuple[tuple[Place, Journey | None], ...] = ()
        self._events: tuple[Event, ...] = ()
        super().__init__(desk)

    def enter(self) -> None:
        """Ask for popular places and what is on."""
        self.desk.tasks.latest("home", self._load())

    async def _load(self) -> None:
        platform, tag = self.desk.terminal.platform, self.desk.speech.tag
        origin = self.desk.visit.origin
        try:
            hits = await platform.places("", language=tag, limit=PLACES + 1)
            places = [hit.place for hit in hits if origin is None or hit.place.id != origin.id][:PLACES]
            self._places = tuple((place, None) for place in places)
            self._events = await platform.events(
                on=None, limit=EVENTS if platform.traits.sells_journeys else EVENTS_ALONE
            )
            self.refresh()
            self._places = tuple([(place, await self._next(place)) for place in places])
        except PlatformError:
            self._places = self._places or ()
        self.refresh()

    async def _next(self, place: Place) -> Journey | None:
        origin = self.desk.visit.origin
        if origin is None:
            return None
        found = await self.desk.terminal.platform.departures(origin.id, place.id, after=self.desk.now, limit=1)
        await asyncio.sleep(0)
        return found.journeys[0] if found.journeys else None

    def derive(self) -> HomeProps:
        """Return the page."""
        desk = self.desk
        can = desk.terminal.supervision.capabilities
        off = self._note()
        return HomeProps(
            places=tuple(self._place(place, journey) for place, journey in self._places),
            events=tuple(self._event(event) for event in self._events),
            note=off,
            hasJourneys=desk.terminal.platform.traits.sells_journeys,
            isPickUpOff=not (can.can_print_tickets and can.is_platform_reachable),
            pickUpReason=desk.say("Not now"),
            areEventsOff=not can.can_sell_events,
            eventsReason=desk.say("Not now"),
        )

    def _note(self) -> str:
        can, say = self.desk.terminal.supervision.capabilities, self.desk.say
        if stop := stop_sentence(self.desk):
            return stop
        if not can.is_platform_reachable and not self.desk.terminal.platform.traits.sells_journeys:
            return say("The network is away. Tickets can be bought again when it is back.")
        if not can.is_platform_reachable:
            return say("The network is away. Journeys can be bought all the same; seats and events come back with it.")
        if not can.can_pay_cash and can.can_pay_card:
            return say("No cash at this machine right now. Cards work here; the counter takes cash.")
        if not can.can_pay_card and can.can_pay_cash:
            return say("No cards at this machine right now. Cash works here; the counter takes cards.")
        return ""

    def _place(self, place: Place, journey: Journey | None) -> PlaceRow:
        fact = self.desk.duration(journey.arrives - journey.departs) if journey else ""
        price = self.desk.money(journey.price_from) if journey and journey.price_from else ""
        return PlaceRow(with_local(place.name, self.desk.speech.tag), fact, price)

    def _event(self, event: Event) -> EventTile:
        tag = self.desk.speech.tag
        price = self.desk.money(event.price_from, is_short=True) if event.price_from else ""
        fact = self.desk.say("from {price}", price=price) if price else ""
        if event.next_starts and event.kind is EventKind.SEATED:
            fact = f"{self.desk.day(event.next_starts)} · {fact}"
        return EventTile(event.name.text(tag), event.venue.name.text(tag), fact)

    def frame(self) -> FrameProps:
        """Return the frame: the code reader is on at once."""
        line, total = self.desk.basket_line()
        has_basket = bool(total)
        return FrameProps(
            line=line,
            total=total,
            isBasketSignShown=not has_basket,
            sideTitle="" if has_basket else self.desk.say("Bought online?"),
            sideLine="" if has_basket else self.desk.say("Hold the code to the reader"),
            arrow="" if has_basket else "down",
            wayOn=self.desk.say("To basket") if has_basket else "",
        )

    def go_on(self) -> None:
        """Show the basket."""
        self.went.emit("basket")

    @Slot()
    def search(self) -> None:
        """Type a place."""
        self.went.emit("places")

    @Slot(int)
    def choosePlace(self, index: int) -> None:
        """Go to a popular place."""
        if 0 <= index < len(self._places):
            self.desk.visit.destination = self._places[index][0]
            self.went.emit("departures")

    @Slot(int)
    def chooseEvent(self, index: int) -> None:
        """Look at an event."""
        if 0 <= index < len(self._events):
            self.desk.visit.event = self._events[index]
            self.went.emit("slots")

    @Slot()
    def allEvents(self) -> None:
        """See all events."""
        self.went.emit("events")

    @Slot()
    def pickUp(self) -> None:
        """Pick up what was bought elsewhere."""
        self.went.emit("pickup")
