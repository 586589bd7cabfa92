"""Who is travelling, and which ticket: every valid one, the cheapest chosen, each with its validity."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.domain.catalogue import Offer, RiderCategory, RiderCount
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import JOURNEY_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
RIDERS_MAX = 12
AGE_OPEN = 120


class RiderRow(Struct, frozen=True):
    """A category with its count."""

    name: str
    ages: str
    count: int


class TicketRow(Struct, frozen=True):
    """A ticket that fits."""

    name: str
    validity: str
    saving: str
    price: str
    isCheapest: bool
    isChosen: bool


class RidersProps(Struct, frozen=True):
    """The page."""

    riders: tuple[RiderRow, ...] = ()
    ridersMax: int = RIDERS_MAX
    tickets: tuple[TicketRow, ...] = ()
    trip: str = ""
    note: str = ""


@QmlElement
class RidersViewModel(PageViewModel):
    """Count riders and price the journey anew for each change."""

    changed = Signal()
    riders = rows("riders", RiderRow)
    ridersMax = shown(changed, int, "ridersMax")
    tickets = rows("tickets", TicketRow)
    trip = shown(changed, str, "trip")
    note = shown(changed, str, "note")

    def __init__(self, desk: Desk) -> None:
        self._categories: tuple[RiderCategory, ...] = ()
        self._counts: dict[str, int] = {}
        self._offers: tuple[Offer, ...] = ()
        self._chosen = 0
        self._note_key = ""
        super().__init__(desk)

    def enter(self) -> None:
        """Ask who can travel and what it costs."""
        self.desk.tasks.latest("riders", self._load())

    async def _load(self) -> None:
        platform, journey = self.desk.terminal.platform, self.desk.visit.journey
        if journey is None:
            return
        try:
            if not self._categories:
                self._categories = await platform.rider_categories()
                self._counts = {self._categories[0].id: 1} if self._categories else {}
            riders = tuple(RiderCount(each, count) for each, count in self._counts.items() if count)
            self._offers = await platform.journey_offers(journey.id, riders) if riders else ()
            self._note_key = ""
        except PlatformError as trouble:
            self._offers, self._note_key = (), trouble.key
        self._chosen = 0
        self.refresh()

    def reset(self) -> None:
        """Forget the riders of the person before."""
        self._categories, self._counts, self._offers, self._chosen = (), {}, (), 0

    @property
    def chosen(self) -> Offer | None:
        """Return the ticket chosen."""
        return self._offers[self._chosen] if self._chosen < len(self._offers) else None

    def derive(self) -> RidersProps:
        """Return the page."""
        desk, journey = self.desk, self.desk.visit.journey
        tag = desk.speech.tag
        trip = f"{journey.legs[-1].destination.name.text(tag)} · {desk.clock(journey.departs)}" if journey else ""
        return RidersProps(
            riders=tuple(
                RiderRow(each.name.text(tag), self._ages(each), self._counts.get(each.id, 0))
                for each in self._categories
            ),
            tickets=tuple(self._ticket(offer, at) for at, offer in enumerate(self._offers)),
            trip=trip,
            note=desk.speech.say_key(f"platform.{self._note_key}") if self._note_key else "",
        )

    def _ages(self, category: RiderCategory) -> str:
        low, high = category.age_min, category.age_max
        if low is not None and high is not None and high < AGE_OPEN:
            return self.desk.say("{low} to {high} years", low=low, high=high)
        if low is not None:
            return self.desk.say("{low} and over", low=low)
        return self.desk.say("under {high}", high=high + 1) if high is not None else ""

    def _ticket(self, offer: Offer, at: int) -> TicketRow:
        desk, tag = self.desk, self.desk.speech.tag
        dearest = max(self._offers, key=lambda each: each.price.minor)
        saved = dearest.price - offer.price
        is_cheapest = at == 0 and saved.minor > 0
        name = offer.parts[0].product_name.text(tag)
        other = dearest.parts[0].product_name.text(tag)
        reason = desk.say("{amount} less than: {ticket}", amount=desk.money(saved), ticket=other) if is_cheapest else ""
        count = len(offer.parts)
        label = f"{count} \u00d7 {name}" if count > 1 else name
        return TicketRow(
            label, offer.validity.text(tag), reason, desk.money(offer.price), is_cheapest, at == self._chosen
        )

    def frame(self) -> FrameProps:
        """Return the frame."""
        say, chosen = self.desk.say, self.chosen
        riders = sum(self._counts.values())
        return FrameProps(
            steps=steps(self.desk, JOURNEY_STEPS), step=2, back=say("Back"), line=say("%n person(s)", n=riders),
            total=self.desk.money(chosen.price) if chosen else "",
            wayOn=say("To basket") if chosen else say("Choose who travels"), isWayOnOn=chosen is not None,
        )  # fmt: skip

    def go_on(self) -> None:
        """Put the ticket into the basket."""
        if self.chosen:
            self.desk.put_in(self.chosen)
            self.went.emit("basket")

    @Slot(int, int)
    def count(self, index: int, value: int) -> None:
        """Count a category."""
        others = sum(self._counts.values()) - self._counts.get(self._categories[index].id, 0)
        if value >= 0 and others + value <= RIDERS_MAX:
            self._counts[self._categories[index].id] = value
            self.refresh()
            self.desk.tasks.latest("riders", self._load())

    @Slot(int)
    def choose(self, index: int) -> None:
        """Choose a ticket."""
        self._chosen = index
        self.refresh()
