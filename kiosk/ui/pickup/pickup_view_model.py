"""Pick up: both readers are on, typing is the third way; what is found is shown before it is printed."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.inputs import CardNotUsable, CardRead, CodeNotUsable, CodeRead, Input
from kiosk.domain.catalogue import Offer
from kiosk.domain.sale.choosing import printable
from kiosk.domain.sale.events import CheckoutAsked, PickUpAsked, SaleAbandoned, SaleKind
from kiosk.domain.sale.sale import Sale
from kiosk.ui.bridge import clean, rows, shown
from kiosk.ui.controls.desk import Desk, PageViewModel
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.pickup"
QML_IMPORT_MAJOR_VERSION = 1
CODE_CHARS_MAX = 12
CODE_CHARS_MIN = 4
SECRET_CHARS_MAX = 256
UNUSED = "IO"  # not used in codes: they read like 1 and 0


class FoundRow(Struct, frozen=True):
    """One offer of the booking found."""

    title: str
    fact: str


class PickUpProps(Struct, frozen=True):
    """The page."""

    typed: str = ""
    found: tuple[FoundRow, ...] = ()
    note: str = ""
    balance: str = ""
    isSearching: bool = False
    dead: str = UNUSED


@QmlElement
class PickUpViewModel(PageViewModel):
    """Find a booking and print it."""

    changed = Signal()
    typed = shown(changed, str, "typed")
    found = rows("found", FoundRow)
    note = shown(changed, str, "note")
    balance = shown(changed, str, "balance")
    isSearching = shown(changed, bool, "isSearching")
    dead = shown(changed, str, "dead")

    def __init__(self, desk: Desk) -> None:
        self._typed = ""
        self._note_key = ""
        self._is_searching = False
        super().__init__(desk)

    def leave(self) -> None:
        """Forget what was typed."""
        self._typed, self._note_key, self._is_searching = "", "", False

    def take(self, read: Input) -> None:
        """Take what a reader read; what was refused at its edge is told in words."""
        match read:
            case CodeRead(text):
                self._find(clean(text, SECRET_CHARS_MAX))
            case CardRead(contents):
                texts = [clean(each, SECRET_CHARS_MAX) for each in contents.ndef]
                self._find(next((each for each in texts if each), ""), contents.uid)
            case CodeNotUsable() | CardNotUsable():
                self._note_key = read.cause
                self.refresh()

    def _find(self, code: str, chip: str = "") -> None:
        if not code and not chip:
            return
        self._note_key, self._is_searching = "", True
        self.desk.open_sale(SaleKind.PICKUP)
        self.desk.post(PickUpAsked(code, chip))
        self.refresh()

    def derive(self) -> PickUpProps:
        """Return the page."""
        desk, sale = self.desk, self.desk.sale
        found = sale.found if sale and sale.kind is SaleKind.PICKUP else None
        key = self._note_key or (sale.problem if sale and sale.kind is SaleKind.PICKUP else "")
        if found or key:
            self._is_searching = False
        tag = desk.speech.tag
        offers = found.offers if found else ()
        held = desk.money(sale.balance) if sale and sale.balance else ""
        return PickUpProps(
            typed=self._typed,
            found=tuple(
                FoundRow(each.occurrence.title.text(tag), f"{desk.day(each.occurrence.starts)} · "
                         f"{desk.clock(each.occurrence.starts)} · {self._how_many(sale, each)}")
                for each in offers
            ),
            note=desk.speech.say_key(key, balance=held) if key else "",
            balance=desk.say("On this card: {amount} of a gift card", amount=held) if found and held else "",
            isSearching=self._is_searching,
        )  # fmt: skip

    def _how_many(self, sale: Sale | None, offer: Offer) -> str:
        """Return how many tickets of an offer come out; of what is found in vain, how many it is."""
        found = sale.found if sale else None
        tickets = printable(sale, found) if sale and found else ()
        count = sum(each.offer_id == offer.id for each in tickets) if tickets else _count(offer)
        return self.desk.say("%n ticket(s)", n=count) if count else self.desk.say("Nothing to print")

    def frame(self) -> FrameProps:
        """Return the frame: the reader first, then what to do with what was found."""
        say, shown_now = self.desk.say, self.derive()
        if shown_now.found:
            can_print = not shown_now.note
            return FrameProps(back=say("Back"), line=say("Your booking"), wayOn=say("Print tickets") if can_print
                              else say("Nothing to print"), isWayOnOn=can_print, wayOnSign="printer")  # fmt: skip
        if len(self._typed) >= CODE_CHARS_MIN:
            return FrameProps(back=say("Back"), line=say("Booking code"), wayOn=say("Find it"))
        return FrameProps(back=say("Back"), title=say("Code reader"), line=say("Below, in the middle. It is on."),
                          isPlaceNamed=True, arrow="down")  # fmt: skip

    def go_on(self) -> None:
        """Look for the typed code, or print what was found."""
        if self.props.found:
            self.desk.post(CheckoutAsked(self.desk.now))
        else:
            self._find(self._typed)

    def go_back(self) -> None:
        """Give the pick-up up."""
        sale = self.desk.sale
        if sale and sale.kind is SaleKind.PICKUP:
            self.desk.post(SaleAbandoned("customer.back", self.desk.now))
            self.desk.visit.sale_id = ""
        self.went.emit("back")

    @Slot(str)
    def type(self, text: str) -> None:
        """Take typed letters and figures."""
        kept = "".join(each for each in clean(text, 1).upper() if each.isalnum() or each == "-")
        if kept and kept not in UNUSED and len(self._typed) < CODE_CHARS_MAX:
            self._typed += kept
            self._note_key = ""
            self.refresh()

    @Slot()
    def erase(self) -> None:
        """Take the last one back."""
        self._typed = self._typed[:-1]
        self.refresh()


def _count(offer: Offer) -> int:
    """Return how many tickets an offer is: an add-on stands on the ticket it adds to."""
    return sum(not part.addon_to for part in offer.parts)
