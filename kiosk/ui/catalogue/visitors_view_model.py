"""Who is coming: the products of a slot with their counts, add-ons last."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import EventProduct, Offer, RiderCount
from kiosk.domain.money import Money, total
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
    mood: str = "info"
    codeWord: str = ""
    isWaiting: bool = False


@QmlElement
class VisitorsViewModel(PageViewModel):
    """Count products of a slot."""

    changed = Signal()
    eventName = shown(changed, str, "eventName")
    products = rows("products", ProductRow)
    note = shown(changed, str, "note")
    mood = shown(changed, str, "mood")
    codeWord = shown(changed, str, "codeWord")
    isWaiting = shown(changed, bool, "isWaiting")

    def __init__(self, desk: Desk) -> None:
        self._plain: tuple[EventProduct, ...] = ()
        self._price_now: Money | None = None
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
        if slot and (slot.id != self._slot_id or not self._plain):
            self._slot_id, self._plain, self._products, self._counts = slot.id, (), (), {}
            self.desk.visit.voucher, self._price_now = None, None
            self.refresh()
            self.desk.tasks.latest("products", self._load(slot.id))
        elif slot:
            self._show_products()

    def rest(self) -> None:
        """Take no tickets any more that are still asked for."""
        self._is_asking = False

    def leave(self) -> None:
        """Take no tickets any more that are still asked for."""
        self.rest()

    def reset(self) -> None:
        """Forget the visitors of the person before."""
        self._slot_id, self._plain, self._products, self._counts, self._price_now = "", (), (), {}, None

    async def _load(self, slot_id: str) -> None:
        try:
            self._plain = await self.desk.terminal.platform.event_products(slot_id)
        except PlatformError as trouble:
            self._note_key = trouble.key
        if self._plain:
            self._counts = {self._plain[0].id: 1}
        self._show_products()

    def _show_products(self) -> None:
        """Show what is sold, at the voucher's prices where it counts, and what is sold only with it."""
        voucher = self.desk.visit.voucher
        vouched = {each.id: each for each in voucher.products} if voucher else {}
        known = {each.id for each in self._plain}
        only = tuple(each for each in vouched.values() if each.id not in known)
        self._products = (*only, *(vouched.get(each.id, each) for each in self._plain))
        self._counts = {name: count for name, count in self._counts.items() if name in known or name in vouched}
        self._work_out()

    def _work_out(self) -> None:
        """Show the choice, and what it costs as soon as that is worked out."""
        self.refresh()
        self.changed.emit()
        self.desk.tasks.latest("price", self._ask_price())

    async def _ask_price(self) -> None:
        try:
            self._price_now = await self.desk.terminal.platform.event_price(self._choice())
        except PlatformError:  # nothing chosen, or against a rule: said when the way on is taken
            self._price_now = None
        self.refresh()
        self.changed.emit()

    def _choice(self) -> EventChoice:
        voucher = self.desk.visit.voucher
        products = tuple(RiderCount(each, count) for each, count in self._counts.items() if count)
        return EventChoice(self._slot_id, products, voucher=voucher.code if voucher else "")

    def _admissions(self) -> int:
        return sum(self._counts.get(each.id, 0) for each in self._products if not each.is_addon)

    def derive(self) -> VisitorsProps:
        """Return the page."""
        desk, tag, visit = self.desk, self.desk.speech.tag, self.desk.visit
        name = visit.event.name.text(tag) if visit.event else ""
        when = f"{desk.day(visit.slot.starts)} · {desk.clock(visit.slot.starts)}" if visit.slot else ""
        return VisitorsProps(
            eventName=f"{name} · {when}",
            products=tuple(map(self._row, self._products)),
            note=desk.speech.say_key(f"platform.{self._note_key}") if self._note_key else desk.code_note(),
            mood="info" if self._note_key else "ok",
            codeWord=desk.code_word() if self._plain else "",
            isWaiting=not self._products and not self._note_key,
        )  # fmt: skip

    def _row(self, product: EventProduct) -> ProductRow:
        desk, voucher = self.desk, self.desk.visit.voucher
        price = desk.money(product.price, is_short=True)
        if voucher and any(each is product for each in voucher.products):
            price = desk.say("{price} with the code", price=price)
        most = min(product.count_max, product.left if product.left is not None else product.count_max)
        name = product.name.text(desk.speech.tag)
        return ProductRow(name, price, self._counts.get(product.id, 0), most, product.is_addon)

    def frame(self) -> FrameProps:
        """Return the frame."""
        desk = self.desk
        prices = tuple(each.price * self._counts.get(each.id, 0) for each in self._products)
        price = self._price_now or total(prices, desk.nothing().currency)
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
        timeout_s = self.desk.terminal.settings.timeouts.platform_read_s
        offer: Offer | None = None
        note_key = ""
        try:
            offer = await self.desk.terminal.platform.event_offer(self._choice(), timeout_s=timeout_s)
        except PlatformError as trouble:
            note_key = trouble.key
        if not self._is_asking:
            return  # the page was left meanwhile
        self._is_asking, self._note_key = False, note_key
        self.refresh()
        self.changed.emit()
        if offer:
            self.went.emit(self.desk.take(offer, self._products))

    @Slot()
    def code(self) -> None:
        """Go where a code is given, or go on without the one there is."""
        if self.desk.visit.voucher is None:
            self.went.emit("voucher")
            return
        self.desk.visit.voucher = None
        self._show_products()

    @Slot(int, int)
    def count(self, index: int, value: int) -> None:
        """Count a product."""
        product = self._products[index]
        if 0 <= value <= product.count_max:
            self._counts[product.id] = value
            self._work_out()
