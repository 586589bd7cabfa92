"""Your basket: lines with their prices, what is held and how long, and the way to pay."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.catalogue import OccurrenceKind, Offer
from kiosk.domain.money import tax_contained, total
from kiosk.domain.sale.events import CheckoutAsked, OfferRemoved
from kiosk.domain.sale.sale import Stage
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import SALE_STEPS, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps
from kiosk.ui.sale import sale_words

QML_IMPORT_NAME = "kiosk.ui.sale"
QML_IMPORT_MAJOR_VERSION = 1


class BasketRow(Struct, frozen=True):
    """One offer."""

    sign: str
    title: str
    when: str
    contents: str
    price: str


class BasketProps(Struct, frozen=True):
    """The page."""

    lines: tuple[BasketRow, ...] = ()
    tax: str = ""
    note: str = ""
    isHolding: bool = False


@QmlElement
class BasketViewModel(PageViewModel):
    """Show the basket."""

    changed = Signal()
    lines = rows("lines", BasketRow)
    tax = shown(changed, str, "tax")
    note = shown(changed, str, "note")
    isHolding = shown(changed, bool, "isHolding")

    def derive(self) -> BasketProps:
        """Return the page."""
        sale = self.desk.sale
        if sale is None:
            return BasketProps()
        taxes = tuple(
            tax_contained(part.price, part.tax_permyriad) for offer in sale.basket.offers for part in offer.parts
        )
        tax = total(taxes, sale.basket.currency)
        return BasketProps(
            lines=tuple(map(self._row, sale.basket.offers)),
            tax=self.desk.say("Includes tax {amount}", amount=self.desk.money(tax)) if tax.minor else "",
            note=sale_words.problem(self.desk, sale),
            isHolding=sale.stage is Stage.HOLDING,
        )

    def _row(self, offer: Offer) -> BasketRow:
        desk = self.desk
        sign = "train" if offer.occurrence.kind is OccurrenceKind.TRIP else "ticket"
        name = offer.parts[0].product_name.text(desk.speech.tag)
        first = f"{name} · {sale_words.when(desk, offer)}" if sign == "train" else sale_words.when(desk, offer)
        return BasketRow(
            sign, sale_words.title(desk, offer), first, sale_words.contents(desk, offer), desk.money(offer.price)
        )

    def frame(self) -> FrameProps:
        """Return the frame."""
        sale, say = self.desk.sale, self.desk.say
        line, amount = self.desk.basket_line()
        is_full = bool(sale and sale.basket.offers)
        is_holding = bool(sale and sale.stage is Stage.HOLDING)
        way = say("Holding your tickets") if is_holding else say("Pay") if is_full else say("Choose a ticket")
        return FrameProps(
            steps=steps(self.desk, SALE_STEPS), step=0, back=say("Back"), isBackOn=not is_holding, line=line,
            total=amount,
            wayOn=way, isWayOnOn=is_full and not is_holding,
        )  # fmt: skip

    def go_on(self) -> None:
        """Hold everything and pay."""
        self.desk.post(CheckoutAsked(self.desk.now))

    @Slot(int)
    def remove(self, index: int) -> None:
        """Take a line out."""
        sale = self.desk.sale
        if sale and 0 <= index < len(sale.basket.offers):
            self.desk.post(OfferRemoved(sale.basket.offers[index].id))

    @Slot()
    def addAnother(self) -> None:
        """Choose another ticket; the basket stays."""
        self.went.emit("home")
