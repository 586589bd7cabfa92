"""Pane 2: when, who and which ticket; or slot, how many and which seats."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError, Refused
from kiosk.application.interfaces import EventChoice
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import (
    Event,
    EventKind,
    EventProduct,
    Journey,
    Offer,
    Place,
    RiderCategory,
    RiderCount,
    Texts,
)
from kiosk.domain.catalogue import Slot as EventSlot
from kiosk.shells.box_office.asking_view_model import AskingViewModel
from kiosk.shells.box_office.seat_plan import SeatPlan
from kiosk.shells.box_office.tasks import Questions
from kiosk.shells.box_office.when_choices import counted, painted
from kiosk.shells.box_office.when_rows import (
    OFFERS_MAX,
    ROWS_MAX,
    CountRow,
    OfferRow,
    TimeRow,
    day_text,
    journey_rows,
    offer_rows,
    product_rows,
    product_total,
    rider_rows,
    slot_rows,
    title,
)
from kiosk.shells.box_office.when_terms import EventTerms
from kiosk.shells.box_office.words import sentence
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
LOOK_AHEAD_DAYS = 30


@QmlElement
class WhenViewModel(QObject):
    """Show times, counts and tickets of the thing chosen in pane 1, and price the choice."""

    changed = Signal()
    taken = Signal(object, object)  # a tuple of offers; the Askings of those whose questions were answered

    def __init__(self, terminal: Terminal, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._words = words
        self._questions = Questions(self._trouble)
        self._terms = EventTerms(terminal, words, self._show)
        self._plan = SeatPlan(words, self)
        self._plan.changed.connect(self.changed)
        self.asking = AskingViewModel(words, self)
        self.asking.answered.connect(lambda done: self._give(tuple(each.offer for each in done), done))
        self._times = Rows(TimeRow, self)
        self._counts = Rows(CountRow, self)
        self._offers = Rows(OfferRow, self)
        self._riders: tuple[RiderCategory, ...] = ()
        self._clear()

    def _clear(self) -> None:
        self._origin: Place | None = None
        self._destination: Place | None = None
        self._event: Event | None = None
        self._day: date | None = None
        self._journeys: tuple[Journey, ...] = ()
        self._slots: tuple[EventSlot, ...] = ()
        self._products: tuple[EventProduct, ...] = ()
        self._priced: tuple[Offer, ...] = ()
        self._count: dict[str, int] = {}
        self._areas: dict[str, Texts] = {}
        self._at, self._current, self._offer_at, self._problem, self._as_of = 0, 0, 0, "", ""
        self._terms.clear()
        self._plan.clear()
        self.asking.close()

    def close(self) -> None:
        """Ask nothing any more."""
        self._questions.close()

    @property
    def plan_is_open(self) -> bool:
        """Say whether the seats are shown."""
        return self._plan.is_open

    @property
    def seat_plan(self) -> SeatPlan:
        """Return the plan of the slot."""
        return self._plan

    @property
    def has_choice(self) -> bool:
        """Say whether pane 2 shows anything."""
        return self._event is not None or self._destination is not None

    @property
    def is_asking(self) -> bool:
        """Say whether an answer is awaited."""
        return self._questions.is_any_running

    def list_times(self) -> tuple[object, ...]:
        """Return the times shown."""
        return self._times.rows

    def list_counts(self) -> tuple[object, ...]:
        """Return what is counted."""
        return self._counts.rows

    def list_offers(self) -> tuple[object, ...]:
        """Return the tickets shown."""
        return self._offers.rows

    # ---- what to show

    def show_journeys(self, origin: Place, destination: Place) -> None:
        """Show the next departures from here to there for one adult."""
        self._clear()
        self._origin, self._destination = origin, destination
        self._questions.ask("rows", self._load_departures(self._terminal.clock.now()))
        self._show()

    def show_event(self, event: Event, counts: dict[str, int] | None = None) -> None:
        """Show the slots of the first day that has any, and as many tickets as are wanted."""
        self._clear()
        self._event, self._count = event, dict(counts or {})
        first = event.next_starts or self._terminal.clock.now()
        self._day = first.astimezone(ZoneInfo(event.venue.zone)).date()
        self._questions.ask("rows", self._load_slots(self._day, 1))
        self._show()

    async def _load_departures(self, after: datetime) -> None:
        if self._origin is None or self._destination is None:
            return
        platform = self._terminal.platform
        if not self._riders:
            self._riders = await platform.rider_categories()
        self._count = self._count or {self._riders[0].id: 1}
        page = await platform.departures(self._origin.id, self._destination.id, after=after, limit=ROWS_MAX)
        if page.journeys or not self._journeys:
            self._journeys, self._at = page.journeys, 0
        self._problem = "" if self._journeys else self._words.say("No connection in the next hours. Try another place.")
        time = self._words.clock(page.as_of, self._origin.zone)
        self._as_of = (
            self._words.say("Times as of {time} · the network is away", time=time)
            if page.is_stale
            else self._words.say("Times as of {time}", time=time)
        )
        self._price_journey()
        self._show()

    async def _load_slots(self, first: date, direction: int) -> None:
        event = self._event
        if event is None:
            return
        for ahead in range(LOOK_AHEAD_DAYS):
            on = first + timedelta(days=ahead * direction)
            offered, now = await self._terminal.platform.slots(event.id, on=on), self._terminal.clock.now()
            slots = tuple(each for each in offered if each.ends > now)
            if slots:
                await self._take_slots(slots, on)
                return
        self._problem = self._words.say("Nothing more on in that direction.")
        self._show()

    async def _take_slots(self, slots: tuple[EventSlot, ...], on: date) -> None:
        self._slots, self._day = slots[:ROWS_MAX], on
        free = (at for at, row in enumerate(slot_rows(self._words, self._slots, -1)) if not row.isOff)
        self._at, self._problem = next(free, 0), ""
        as_of = self._words.clock(self._slots[0].availability.as_of, self._slots[0].zone)
        self._as_of = self._words.say("Places as of {time}", time=as_of)
        await self._load_products()

    async def _load_products(self) -> None:
        slot = self._slots[self._at]
        self._terms.clear()
        self._products = await self._terminal.platform.event_products(slot.id)
        known = {each.id for each in self._products}
        self._count = {key: value for key, value in self._count.items() if key in known}
        if not self._count and self._products:
            self._count = {self._products[0].id: 1}
        self._plan.clear()
        self._price_event()
        self._show()
        if self._event is not None and self._event.kind is EventKind.SEATED and not self._areas:
            timeout_s = self._terminal.settings.timeouts.platform_read_s
            seat_map = await self._terminal.platform.seat_map(slot.id, timeout_s=timeout_s)
            self._areas = {each.id: each.name for each in seat_map.categories}
            self._show()

    def _price_journey(self) -> None:
        self._priced, self._offer_at = (), 0
        if self._journeys and any(self._count.values()):
            self._questions.ask("offers", self._load_offers(self._journeys[self._at]))

    async def _load_offers(self, journey: Journey) -> None:
        riders = tuple(RiderCount(key, value) for key, value in self._count.items() if value)
        self._priced = (await self._terminal.platform.journey_offers(journey.id, riders))[:OFFERS_MAX]
        self._problem = "" if self._priced else self._words.say("No ticket covers this. Change who travels.")
        self._show()

    # ---- moving

    @Slot(int)
    def choose(self, index: int) -> None:
        """Choose a departure or slot."""
        if self._event is not None and 0 <= index < len(self._slots):
            self._at = index
            self._questions.ask("products", self._load_products())
        elif 0 <= index < len(self._journeys):
            self._at = index
            self._price_journey()
        self._show()

    def move(self, steps: int) -> None:
        """Move the choice by keys."""
        rows = self._slots if self._event is not None else self._journeys
        if rows:
            self.choose(min(max(self._at + steps, 0), len(rows) - 1))

    @Slot(int)
    def page(self, direction: int) -> None:
        """Show later or earlier ones."""
        if self._event is not None and self._day is not None:
            day_after = self._day + timedelta(days=direction)
            self._questions.ask("rows", self._load_slots(day_after, direction))
        elif self._journeys:
            later = self._journeys[-1].departs + timedelta(minutes=1)
            earlier = max(self._terminal.clock.now(), self._journeys[0].departs - timedelta(hours=2))
            self._questions.ask("rows", self._load_departures(later if direction > 0 else earlier))

    @Slot(int)
    def focusCount(self, index: int) -> None:
        """Make plus and minus count this one."""
        self._current = min(max(index, 0), max(0, len(self._counted_ids()) - 1))
        self._show()

    def move_count(self, steps: int) -> None:
        """Make plus and minus count the next one."""
        self.focusCount(self._current + steps)

    @Slot(int, int)
    def setCount(self, index: int, count: int) -> None:
        """Set how many."""
        ids = self._counted_ids()
        if not 0 <= index < len(ids):
            return
        self._current = index
        self._count[ids[index]] = min(max(count, 0), self._shown_counts()[index].countMax)
        (self._price_journey if self._event is None else self._price_event)()
        self._show()

    def add_count(self, steps: int) -> None:
        """Count the current one up or down."""
        counts = self._shown_counts()
        if counts:
            self.setCount(self._current, counts[self._current].count + steps)

    @Slot(int)
    def chooseOffer(self, index: int) -> None:
        """Choose another ticket."""
        if 0 <= index < len(self._priced):
            self._offer_at = index
            self._show()

    @Slot()
    def openPlan(self) -> None:
        """Show the seats of the slot."""
        if self._event is not None and self._event.kind is EventKind.SEATED and self._slots:
            self._questions.ask("plan", self._load_plan(self._slots[self._at]))

    async def _load_plan(self, slot: EventSlot) -> None:
        timeout_s = self._terminal.settings.timeouts.platform_read_s
        seat_map = await self._terminal.platform.seat_map(slot.id, timeout_s=timeout_s)
        self._plan.show(seat_map, sum(self._count.values()) or 1)
        self._show()

    # ---- taking

    @Slot()
    def take(self) -> None:
        """Put the choice into the sale."""
        if self._event is not None:
            self._questions.ask("take", self._take_event())
        elif self._priced:
            self.taken.emit((self._priced[self._offer_at],), ())

    async def _take_event(self) -> None:
        choices = self._choices()
        if not choices:
            self._problem = self._words.say("Choose how many first.")
            self._show()
            return
        timeout_s = self._terminal.settings.timeouts.platform_read_s
        offers = [await self._terminal.platform.event_offer(each, timeout_s=timeout_s) for each in choices]
        questions = {each.id: each.questions for each in self._terms.shown(self._products)}
        if self.asking.wants(offers, questions):
            self.asking.begin(tuple(offers), questions)
            return
        self._give(tuple(offers), ())

    def _give(self, offers: tuple[Offer, ...], askings: object) -> None:
        self._plan.clear()
        self._terms.clear()
        self.taken.emit(offers, askings)

    def _choices(self) -> tuple[EventChoice, ...]:
        if not self._slots:
            return ()
        slot_id = self._slots[self._at].id
        if self._plan.is_open and self._plan.chosen:
            return painted(slot_id, self._terms.shown(self._products), self._plan.chosen, self._terms.voucher)
        return counted(slot_id, self._terms.shown(self._products), self._count, self._terms.voucher)

    @property
    def takes_codes(self) -> bool:
        """Say whether a code can be for what is chosen here."""
        return self._event is not None and bool(self._slots) and self._terminal.platform.traits.has_vouchers

    async def take_code(self, code: str) -> None:
        """Sell on the terms of a code; see `EventTerms.take`."""
        self._problem, voucher = "", await self._terms.take(self._slots[self._at].id, code)
        if not any(self._count.values()):
            self._count = {voucher.products[0].id: 1}
        self._price_event()
        self._show()

    def _price_event(self) -> None:
        self._questions.ask("sum", self._terms.work_out(self._choices()))

    # ---- showing

    def _counted_ids(self) -> tuple[str, ...]:
        products = self._terms.shown(self._products)
        return tuple(each.id for each in (products if self._event is not None else self._riders))

    def _shown_counts(self) -> tuple[CountRow, ...]:
        if self._event is not None:
            return product_rows(self._words, self._terms.shown(self._products), self._count, self._current, self._areas)
        return rider_rows(self._words, self._riders, self._count, self._current)

    def _show(self) -> None:
        if self._event is not None:
            self._times.show(slot_rows(self._words, self._slots, self._at))
            self._counts.show(self._shown_counts())
            self._offers.show(())
        else:
            self._times.show(journey_rows(self._words, self._journeys, self._at))
            self._counts.show(self._shown_counts() if self._journeys else ())
            self._offers.show(offer_rows(self._words, self._priced, self._offer_at))
        self.changed.emit()

    def _trouble(self, trouble: PlatformError) -> None:
        self._problem = sentence(self._words, trouble.key if isinstance(trouble, Refused) else "platform.away")
        self._show()

    def _title(self) -> str:
        return title(self._words, self._event, self._origin, self._destination)

    def _day_text(self) -> str:
        return day_text(self._words, self._slots if self._event is not None else (), self._journeys)

    def _sum(self) -> str:
        if self._event is not None:
            return self._words.amount(self._terms.sum or product_total(self._terms.shown(self._products), self._count))
        return self._words.amount(self._priced[self._offer_at].price) if self._priced else ""

    title = Property(str, _title, notify=changed)
    dayText = Property(str, _day_text, notify=changed)
    asOf = Property(str, lambda self: self._as_of, notify=changed)
    sum = Property(str, _sum, notify=changed)
    problem = Property(str, lambda self: self._problem, notify=changed)
    code = Property(str, lambda self: self._terms.text(), notify=changed)
    at = Property(int, lambda self: self._at, notify=changed)
    timeCount = Property(int, lambda self: len(self._times.rows), notify=changed)
    isEvent = Property(bool, lambda self: self._event is not None, notify=changed)
    isSeated = Property(
        bool, lambda self: self._event is not None and self._event.kind is EventKind.SEATED, notify=changed
    )
    isPlanOpen = Property(bool, lambda self: self._plan.is_open, notify=changed)
    times = Property(QObject, lambda self: self._times, constant=True)
    counts = Property(QObject, lambda self: self._counts, constant=True)
    offers = Property(QObject, lambda self: self._offers, constant=True)
    plan = Property(QObject, lambda self: self._plan, constant=True)
