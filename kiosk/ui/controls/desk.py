"""What the view-models of a face share: terminal, language, tasks, and what the person has chosen so far."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct, field
from PySide6.QtCore import QObject, Signal

from kiosk.application.purchaser import NOBODY, Purchaser
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.domain.catalogue import Event, EventProduct, Journey, Offer, Place, Question, Slot, Voucher
from kiosk.domain.money import Money, zero
from kiosk.domain.sale.events import CUSTOMER, Channel, LanguageChosen, OfferChosen, SaleKind
from kiosk.domain.sale.events import Event as SaleEvent
from kiosk.domain.sale.sale import Sale
from kiosk.ui import formatting
from kiosk.ui.bridge import Tasks, ViewModel
from kiosk.ui.controls.frame_view_model import FrameProps
from kiosk.ui.i18n import Speech


class Asking(Struct):
    """An offer whose questions are being answered: by product what is asked, by part and question what was said."""

    offer: Offer
    questions: dict[str, tuple[Question, ...]]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    at: int = 0
    typed: str = ""

    def __repr__(self) -> str:
        """Return nothing of what was answered."""
        return f"Asking({self.offer.id})"


class Visit(Struct):
    """What one person has chosen, from the first touch to the wipe; `purchaser` and `asking` are personal."""

    sale_id: str = ""
    origin: Place | None = None
    destination: Place | None = None
    journey: Journey | None = None
    event: Event | None = None
    slot: Slot | None = None
    voucher: Voucher | None = None
    asking: Asking | None = None
    purchaser: Purchaser = NOBODY


class Desk(Struct):
    """The terminal as one face uses it."""

    terminal: Terminal
    speech: Speech
    tasks: Tasks = field(default_factory=Tasks)
    visit: Visit = field(default_factory=Visit)

    @property
    def now(self) -> datetime:
        """Return the time of the terminal's clock."""
        return self.terminal.clock.now()

    @property
    def zone(self) -> str:
        """Return the zone of the place the terminal stands at."""
        return self.visit.origin.zone if self.visit.origin else self.terminal.platform.traits.zone

    @property
    def sale(self) -> Sale | None:
        """Return the sale of this visit as last published."""
        return self.terminal.till.sale(self.visit.sale_id) if self.visit.sale_id else None

    def open_sale(self, kind: SaleKind = SaleKind.PURCHASE) -> str:
        """Begin a sale, unless one is open."""
        if not self.visit.sale_id:
            self.visit.sale_id = self.terminal.till.open_sale(kind, Channel.KIOSK, CUSTOMER, self.speech.tag)
        return self.visit.sale_id

    def post(self, event: SaleEvent) -> None:
        """Tell the till what the person did."""
        if self.visit.sale_id:
            self.terminal.till.post(self.visit.sale_id, event)

    def put_in(self, offer: Offer) -> None:
        """Put an offer into the basket."""
        self.open_sale()
        self.post(OfferChosen(offer))

    def take(self, offer: Offer, products: Iterable[EventProduct]) -> str:
        """Put an offer into the basket, or ask first what its products ask; return the next page."""
        self.visit.voucher = None
        questions = {each.id: each.questions for each in products}
        if not any(questions.get(part.product_id) for part in offer.parts):
            self.put_in(offer)
            return "basket"
        self.visit.asking = Asking(offer, questions)
        return "questions"

    def code_word(self) -> str:
        """Return what the button says that leads to a voucher code, or away from one; "" where none is taken."""
        if not self.terminal.platform.traits.has_vouchers:
            return ""
        return self.say("Without the code") if self.visit.voucher else self.say("I have a code")

    def code_note(self) -> str:
        """Return what the code there is counts for."""
        voucher = self.visit.voucher
        if voucher is None:
            return ""
        return self.say("Code {code} counts for %n more ticket(s).", n=voucher.left, code=voucher.code)

    def tell_language(self) -> None:
        """Let the sale know the language, for its paper."""
        self.post(LanguageChosen(self.speech.tag))

    # ---- words

    def say(self, text: str, *, n: int = -1, **values: object) -> str:
        """Return a text in the language spoken."""
        return self.speech.say(text, n=n, **values)

    def tell(self, text: Word, *, n: int = -1, **values: object) -> str:
        """Return a word of a table in the language spoken."""
        return self.speech.tell(text, n=n, **values)

    def money(self, amount: Money, *, is_short: bool = False) -> str:
        """Return an amount."""
        return formatting.money(amount, self.speech.tag, is_short=is_short)

    def clock(self, moment: datetime) -> str:
        """Return the time of day here."""
        return formatting.clock(moment, self.zone)

    def day(self, moment: datetime) -> str:
        """Return the day here, with its weekday."""
        return formatting.long_day(formatting.local_day(moment, self.zone), self.speech.tag)

    def duration(self, length: timedelta) -> str:
        """Return how long something takes."""
        hours, minutes = formatting.hours_minutes(length)
        if not hours:
            return self.say("{minutes} min", minutes=minutes)
        return self.say("{hours} h {minutes}", hours=hours, minutes=f"{minutes:02d}")

    def basket_line(self) -> tuple[str, str]:
        """Return the basket as the sill shows it: line and total."""
        sale = self.sale
        if sale is None or not sale.basket.offers:
            return self.say("Basket is empty"), ""
        return self.say("%n item(s)", n=len(sale.basket.offers)), self.money(sale.price)

    def nothing(self) -> Money:
        """Return zero in the platform's currency."""
        return zero(self.terminal.platform.traits.currency)


class PageViewModel(ViewModel):
    """A page: it derives what it shows from its state, says what the sill shows, and where it leads."""

    went = Signal(str)  # the name of the next page; "back" for one step back, "over" when the visit ends

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        self.desk = desk
        super().__init__(self.derive(), parent)

    def derive(self) -> object:
        """Return the props for the state as it is."""
        raise NotImplementedError

    def enter(self) -> None:
        """Be shown: begin to load what is needed."""

    def rest(self) -> None:
        """Be covered by a page on top: what is typed stays, and nothing may lead away before `enter` or `leave`."""

    def leave(self) -> None:
        """Be left."""

    def go_on(self) -> None:
        """Take the way on."""

    def go_back(self) -> None:
        """Take one step back."""
        self.went.emit("back")

    def frame(self) -> FrameProps:
        """Return what the frame shows beside this page."""
        line, total = self.desk.basket_line()
        return FrameProps(back=self.desk.say("Back"), line=line, total=total, isBasketSignShown=not total)

    def refresh(self) -> None:
        """Show the state as it is."""
        self.show(self.derive())


def stop_sentence(desk: Desk, *, is_short: bool = False) -> str:
    """Return why nothing can be bought at this machine now, "" where something can; short for the sill."""
    can = desk.terminal.supervision.capabilities
    if not can.can_print_tickets:
        return desk.say(
            "No printing now" if is_short else "This machine cannot print tickets right now. The counter sells them."
        )
    is_free = desk.sale is not None and bool(desk.sale.basket.offers) and not desk.sale.due.minor
    if not (can.can_pay_card or can.can_pay_cash or is_free):
        return desk.say(
            "No paying now" if is_short else "Nothing can be paid at this machine right now. The counter sells tickets."
        )
    return ""


JOURNEY_STEPS = (Word("Where"), Word("When"), Word("Who"), Word("Pay"))
EVENT_STEPS = (Word("What"), Word("When"), Word("Who"), Word("Pay"))
SEAT_STEPS = (Word("What"), Word("When"), Word("Seats"), Word("Pay"))
SALE_STEPS = (Word("Basket"), Word("Pay"), Word("Print"), Word("Take"))


def steps(desk: Desk, names: tuple[Word, ...]) -> tuple[str, ...]:
    """Return step names in the language spoken."""
    return tuple(desk.tell(name) for name in names)
