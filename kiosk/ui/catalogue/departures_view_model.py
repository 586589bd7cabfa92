"""Which departure: the next journeys, one of them chosen, the cheapest and the fastest named."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import Departures
from kiosk.application.word import Word
from kiosk.domain.catalogue import Fullness, Journey
from kiosk.ui.bridge import rows, shown
from kiosk.ui.catalogue.home_view_model import with_local
from kiosk.ui.controls.desk import JOURNEY_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
JOURNEYS = 6
REACHABLE = timedelta(minutes=3)  # to walk to the platform
WORDS: Mapping[Fullness, tuple[Word | None, int]] = {
    Fullness.PLENTY: (Word("Plenty of seats"), 1),
    Fullness.FILLING: (Word("Filling up"), 2),
    Fullness.NEARLY_FULL: (Word("Nearly full"), 3),
    Fullness.FULL: (Word("Full"), 3),
    Fullness.UNKNOWN: (None, 0),
}


class JourneyRow(Struct, frozen=True):
    """One journey."""

    departs: str
    arrives: str
    line: str
    facts: str
    price: str
    fullness: str
    bars: int
    late: str
    tag: str
    mood: str
    isChosen: bool


class DeparturesProps(Struct, frozen=True):
    """The page."""

    origin: str = ""
    destination: str = ""
    day: str = ""
    when: str = "now"
    journeys: tuple[JourneyRow, ...] = ()
    asOf: str = ""
    note: str = ""
    isWaiting: bool = False


@QmlElement
class DeparturesViewModel(PageViewModel):
    """Show the next journeys from a moment on."""

    changed = Signal()
    origin = shown(changed, str, "origin")
    destination = shown(changed, str, "destination")
    day = shown(changed, str, "day")
    when = shown(changed, str, "when")
    journeys = rows("journeys", JourneyRow)
    asOf = shown(changed, str, "asOf")
    note = shown(changed, str, "note")
    isWaiting = shown(changed, bool, "isWaiting")

    def __init__(self, desk: Desk) -> None:
        self._found: Departures | None = None
        self._chosen = 0
        self._after: datetime | None = None
        self._when = "now"
        self._is_away = False
        self._pair = ("", "")
        super().__init__(desk)

    def enter(self) -> None:
        """Ask for journeys, unless they are still those of these two places."""
        visit = self.desk.visit
        pair = (visit.origin.id if visit.origin else "", visit.destination.id if visit.destination else "")
        if pair != self._pair:
            self._pair, self._after, self._when = pair, None, "now"
            self._ask()

    def _ask(self) -> None:
        self._found, self._is_away, self._chosen = None, False, 0
        self.refresh()
        self.desk.tasks.latest("departures", self._load())

    async def _load(self) -> None:
        visit = self.desk.visit
        if visit.origin is None or visit.destination is None:
            return
        after = self._after or self.desk.now
        try:
            found = await self.desk.terminal.platform.departures(
                visit.origin.id, visit.destination.id, after=after, limit=JOURNEYS
            )
        except PlatformError:
            self._is_away = True
            self.refresh()
            return
        self._found = found
        soonest = self.desk.now + REACHABLE
        fit = (at for at, each in enumerate(found.journeys) if each.departs >= soonest and not self._is_full(each))
        self._chosen = next(fit, 0)
        self.refresh()

    @staticmethod
    def _is_full(journey: Journey) -> bool:
        return journey.availability.fullness is Fullness.FULL

    @property
    def chosen(self) -> Journey | None:
        """Return the journey chosen."""
        journeys = self._found.journeys if self._found else ()
        return journeys[self._chosen] if self._chosen < len(journeys) else None

    def derive(self) -> DeparturesProps:
        """Return the page."""
        visit, desk, found = self.desk.visit, self.desk, self._found
        tag = desk.speech.tag
        note = ""
        if self._is_away:
            note = desk.say("Departures cannot be asked for right now. Try again in a moment, or ask at the counter.")
        elif found and not found.journeys:
            note = desk.say("Nothing goes there on this day. Choose another day.")
        elif found and found.is_stale:
            note = desk.say("Times as of {time}. The network is away; your ticket is valid all the same.",
                            time=desk.clock(found.as_of))  # fmt: skip
        return DeparturesProps(
            origin=with_local(visit.origin.name, tag) if visit.origin else "",
            destination=with_local(visit.destination.name, tag) if visit.destination else "",
            day=desk.day(self._after or desk.now),
            when=self._when,
            journeys=self._rows(found.journeys) if found else (),
            asOf=desk.say("Times as of {time} · prices for 1 adult, single", time=desk.clock(found.as_of))
            if found
            else "",
            note=note,
            isWaiting=found is None and not self._is_away,
        )

    def _as_of(self, found: Departures | None) -> str:
        if found is None:
            return ""
        time = self.desk.clock(found.as_of)
        return self.desk.say("Times as of {time} · prices for 1 adult, single", time=time)

    def _rows(self, journeys: tuple[Journey, ...]) -> tuple[JourneyRow, ...]:
        priced = [each for each in journeys if each.price_from]
        cheapest = min(priced, key=lambda each: each.price_from.minor if each.price_from else 0, default=None)
        fastest = min(journeys, key=lambda each: each.arrives - each.departs, default=None)
        same_price = len({each.price_from for each in priced}) <= 1
        same_time = len({each.arrives - each.departs for each in journeys}) <= 1
        return tuple(
            self._row(
                each, at, is_cheapest=each is cheapest and not same_price, is_fastest=each is fastest and not same_time
            )
            for at, each in enumerate(journeys)
        )

    def _row(self, journey: Journey, at: int, *, is_cheapest: bool, is_fastest: bool) -> JourneyRow:
        desk, first = self.desk, journey.legs[0]
        word, bars = WORDS[journey.availability.fullness]
        facts = [desk.duration(journey.arrives - journey.departs)]
        if journey.changes:
            via = journey.legs[0].destination.name.text(desk.speech.tag)
            facts.append(desk.say("%n change(s), {place}", n=journey.changes, place=via))
        else:
            facts.append(desk.say("direct"))
        if first.track:
            facts.append(desk.say("Platform {track}", track=first.track))
        late = desk.say("{minutes} min late", minutes=journey.delay_min) if journey.delay_min else ""
        tag = desk.say("Cheapest") if is_cheapest else desk.say("Fastest") if is_fastest else ""
        price = desk.money(journey.price_from) if journey.price_from else ""
        departs, arrives = desk.clock(journey.departs), desk.clock(journey.arrives)
        return JourneyRow(departs, arrives, first.line, " · ".join(facts), price,
                          desk.tell(word) if word else "", bars, late, tag, "ok" if is_cheapest else "info",
                          at == self._chosen)  # fmt: skip

    def frame(self) -> FrameProps:
        """Return the frame."""
        say, chosen = self.desk.say, self.chosen
        price = self.desk.money(chosen.price_from) if chosen and chosen.price_from else ""
        can_go = chosen is not None and not self._is_full(chosen)
        return FrameProps(
            steps=steps(self.desk, JOURNEY_STEPS), step=1, back=say("Back"), line=say("1 adult, single, from"),
            total=price,
            wayOn=say("Continue") if can_go else say("Choose a departure"), isWayOnOn=can_go,
        )  # fmt: skip

    def go_on(self) -> None:
        """Take the chosen journey."""
        if self.chosen:
            self.desk.visit.journey = self.chosen
            self.went.emit("riders")

    @Slot(int)
    def choose(self, index: int) -> None:
        """Choose a journey."""
        self._chosen = index
        self.refresh()

    @Slot()
    def now(self) -> None:
        """Leave now."""
        self._after, self._when = None, "now"
        self._ask()

    @Slot()
    def later(self) -> None:
        """Show the departures after the last one shown."""
        if self._found and self._found.journeys:
            self._after, self._when = self._found.journeys[-1].departs + timedelta(minutes=1), "later"
            self._ask()

    @Slot()
    def nextDay(self) -> None:
        """Show the first departures of the day after the one shown."""
        shown_day = (self._after or self.desk.now) + timedelta(days=1)
        self._after, self._when = shown_day.replace(hour=4, minute=0, second=0, microsecond=0), "day"
        self._ask()

    @Slot()
    def swap(self) -> None:
        """Go the other way."""
        visit = self.desk.visit
        visit.origin, visit.destination = visit.destination, visit.origin
        self.enter()
