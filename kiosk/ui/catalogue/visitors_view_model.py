"""Who is coming: the products of a slot with their counts, add-ons last."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import EventProduct, Offer, RiderCount
from kiosk.domain.money import total
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import EVENT_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1


class ProductRow(Struct, frozen=True):
    """A product with its count."""

    name: str
    price: str
    count: int
    maximum: int
    isAddon: bool


class VisitorsProps(Struct, frozen=True):
    """The page."""

    eventName: str = ""
    products: tuple[ProductRow, ...] = ()
    note: str = ""


@QmlElement
class VisitorsViewModel(PageViewModel):
    """Count products of a slot."""

    changed = Signal()
    eventName = shown(changed, str, "eventName")
    products = rows("products", ProductRow)
    note = shown(changed, str, "note")

    def __init__(self, desk: Desk) -> None:
        self._products: tuple[EventProduct, ...] = ()
        self._counts: dict[str, int] = {}
        self._slot_id = ""
        self._note_key = ""
        self._is_asking = False
        super().__init__(desk)

    def enter(self) -> None:
        """Ask what can be bought for the slot."""
        slot = self.desk.visit.slot
        self._note_key, self._is_asking = "", False
        if slot and slot.id != self._slot_id:
            self._slot_id, self._products, self._counts = slot.id, (), {}
            self.desk.tasks.latest("products", self._load(slot.id))

    async def _load(self, slot_id: str) -> None:
        try:
            self._products = await self.desk.terminal.platform.event_products(slot_id)
        except PlatformError as trouble:
            self._note_key = trouble.key
        if self._products:
            self._counts = {self._products[0].id: 1}
        self.refresh()

    def _admissions(self) -> int:
        return sum(self._counts.get(each.id, 0) for each in self._products if not each.is_addon)

    def derive(self) -> VisitorsProps:
        """Return the page."""
        desk, tag, visit = self.desk, self.desk.speech.tag, self.desk.visit
        name = visit.event.name.text(tag) if visit.event else ""
        when = f"{desk.day(visit.slot.starts)} · {desk.clock(visit.slot.starts)}" if visit.slot else ""
        return VisitorsProps(
            eventName=f"{name} · {when}",
            products=tuple(
                ProductRow(each.name.text(tag), desk.money(each.price, is_short=True), self._counts.get(each.id, 0),
                           min(each.count_max, each.left if each.left is not None else each.count_max), each.is_addon)
                for each in self._products
            ),
            note=desk.speech.say_key(f"platform.{self._note_key}") if self._note_key else "",
        )  # fmt: skip

    def frame(self) -> FrameProps:
        """Return the frame."""
        desk = self.desk
        prices = tuple(each.price * self._counts.get(each.id, 0) for each in self._products)
        price = total(prices, desk.nothing().currency)
        people = self._admissions()
        word = desk.say("Asking for your tickets") if self._is_asking else desk.say("To basket") if people else ""
        return FrameProps(steps=steps(desk, EVENT_STEPS), step=2, back=desk.say("Back"),
                          line=desk.say("%n person(s)", n=people),
                          total=desk.money(price), wayOn=word or desk.say("Choose who comes"),
                          isWayOnOn=bool(people) and not self._is_asking)  # fmt: skip

    def go_on(self) -> None:
        """Price the choice and put it into the basket."""
        self._is_asking = True
        self.refresh()
        self.changed.emit()
        self.desk.tasks.latest("offer", self._price())

    async def _price(self) -> None:
        products = tuple(RiderCount(each, count) for each, count in self._counts.items() if count)
        timeout_s = self.desk.terminal.settings.timeouts.platform_read_s
        offer: Offer | None = None
        try:
            choice = EventChoice(self._slot_id, products)
            offer = await self.desk.terminal.platform.event_offer(choice, timeout_s=timeout_s)
            self._note_key = ""
        except PlatformError as trouble:
            self._note_key = trouble.key
        self._is_asking = False
        self.refresh()
        self.changed.emit()
        if offer:
            self.desk.put_in(offer)
            self.went.emit("basket")

    @Slot(int, int)
    def count(self, index: int, value: int) -> None:
        """Count a product."""
        product = self._products[index]
        if 0 <= value <= product.count_max:
            self._counts[product.id] = value
            self.refresh()
