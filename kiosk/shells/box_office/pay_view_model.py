"""Pane 3: the sale of this customer, paid in one key."""

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.claim_book import ClaimRefused, ClaimStanding
from kiosk.application.exchanging import Returned, of_booking, same_place
from kiosk.application.gift_card_desk import pay_with
from kiosk.application.interfaces import GiftCard
from kiosk.application.purchaser import NOBODY, with_answers
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.events import (
    Actor,
    BackToBasket,
    Channel,
    CheckoutAsked,
    ClaimAsked,
    CustomerAnswered,
    CustomerLeft,
    LanguageChosen,
    OfferChosen,
    OfferRemoved,
    PickUpAsked,
    ReceiptAsked,
    SaleAbandoned,
    SaleKind,
    TenderCancelled,
    TenderChosen,
)
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind
from kiosk.shells.box_office.claim_rows import NOT_SETTLED, claim_props
from kiosk.shells.box_office.exchange_rows import exchanged_props, old_props
from kiosk.shells.box_office.pay_rows import CashKey, PayProps, SaleLine, pay_props
from kiosk.shells.box_office.tasks import Questions
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.desk import Asking
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
OVER = frozenset({Stage.DONE, Stage.CLAIM, Stage.ABANDONED})


@QmlElement
class PayViewModel(QObject):
    """Hold the one sale at this counter and post what the clerk does to the till."""

    changed = Signal()
    ended = Signal()

    def __init__(self, terminal: Terminal, actor: Actor, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._actor = actor
        self._words = words
        self._language = words.speech.language
        self._sale_id = ""
        self._wish: tuple[TenderKind, Money | None, GiftCard | None] | None = None
        self._reprint = ""
        self._purchaser = NOBODY  # personal: forgotten with the customer
        self._old: Returned | None = None
        self._problem = ""
        self._claim: ClaimStanding | None = None
        self._claim_props: PayProps | None = None
        self._questions = Questions(lambda _: None)  # a claim is in our own store: no platform is asked
        self._current = 0
        self._props = PayProps()
        self._lines = Rows(SaleLine, self)
        self._cash = Rows(CashKey, self)
        self._unsubscribe = terminal.till.subscribe(self._published)
        self._show()

    def close(self) -> None:
        """Listen no more."""
        self._unsubscribe()
        self._questions.close()

    @property
    def sale(self) -> Sale | None:
        """Return the sale as last published."""
        return self._terminal.till.sale(self._sale_id) if self._sale_id else None

    @property
    def props(self) -> PayProps:
        """Return what is shown."""
        return self._props

    # ---- what goes in

    def add(self, offers: tuple[Offer, ...], askings: tuple[Asking, ...] = ()) -> None:
        """Put offers into the sale with what was answered for them, beginning one where there is none."""
        sale = self.sale
        if self._claim is not None or (sale is not None and (sale.stage in OVER or sale.kind is not SaleKind.PURCHASE)):
            self.leave()
        if not self._sale_id:
            self._sale_id = self._open(SaleKind.PURCHASE)
        elif sale is not None and sale.stage is Stage.PAYING:
            self._post(BackToBasket())
        for offer in offers:
            self._post(OfferChosen(offer))
        for each in askings:
            self._purchaser = with_answers(self._purchaser, each.offer, each.questions, each.values)
        if askings:
            self._terminal.till.name_purchaser(self._sale_id, self._purchaser)

    # ---- exchanging

    @property
    def exchanging(self) -> Returned | None:
        """Return the tickets that are to become others and for which nothing was chosen yet."""
        return self._old

    def begin_exchange(self, old: Returned) -> None:
        """Show what is to become something else."""
        self.leave()
        self._old = old
        self._show()

    def say_problem(self, text: str) -> None:
        """Say why these tickets cannot become those that were chosen."""
        self._problem = text
        self._show()

    def exchange(self, offers: tuple[Offer, ...], *, keeps_place: bool = False) -> None:
        """Let these take the place of the old tickets, from here on in a sale of its own."""
        if self._old is None:
            return
        old, self._old, self._problem = self._old, None, ""
        self._sale_id = self._terminal.till.open_sale(
            SaleKind.EXCHANGE, Channel.COUNTER, self._actor, self._language.tag, of_sale=old.booking.sale_id
        )
        self._post(old.begun(self._terminal.platform, self._terminal.clock, keeps_place=keeps_place))
        for offer in offers:
            self._post(OfferChosen(offer))

    def _reissue(self) -> None:
        """Give the same tickets new codes."""
        if self._old is not None:
            self.exchange(same_place(self._old, self._terminal.clock), keeps_place=True)
            self._wish = (TenderKind.FREE, None, None)
            self._post(CheckoutAsked(self._terminal.clock.now()))

    def _keep_as_it_is(self, index: int) -> None:
        """Leave a ticket as it is; an exchange of nothing is over."""
        old = self._old
        kept = [part.id for at, part in enumerate(old.parts) if at != index] if old else []
        if old is not None and 0 <= index < len(old.parts):
            if kept:
                self._old = of_booking(old.booking, kept)
                self.move(0)
            else:
                self.leave()

    def show_claim(self, claim: ClaimStanding) -> None:
        """Show what a claim is worth now, to be paid out."""
        self.leave()
        self._claim, self._claim_props = claim, claim_props(self._words, claim)
        self._show()

    def _begin_to_settle(self) -> None:
        """Settle what is shown; pressed again meanwhile, the clerk still hears what came of the first."""
        if self._claim is not None and not self._questions.is_any_running:
            self._questions.ask("settle", self._settle(self._claim))

    async def _settle(self, claim: ClaimStanding) -> None:
        try:
            self._claim = await self._terminal.claims.settle(claim.id, "cash", str(self._actor))
        except ClaimRefused as no:  # it stands otherwise than shown, or the disk refused
            self._claim = await self._terminal.claims.find(claim.id)
            said = self._words.tell(NOT_SETTLED) if no.key == "claim.not_written" else ""
            self._claim_props = claim_props(self._words, self._claim, problem=said)
        else:
            self._claim_props = claim_props(self._words, self._claim, is_paid_now=True)
        self._show()

    def print_again(self, code: str, chip: str = "", *, was_printed: bool) -> None:
        """Print the tickets of a booking, or on a chip: for the first time, or once more marked as a copy."""
        self.leave()
        self._reprint = code or chip
        self._sale_id = self._open(SaleKind.REPRINT if was_printed else SaleKind.PICKUP)
        self._post(PickUpAsked(code, chip))

    @Slot(int)
    def remove(self, index: int) -> None:
        """Take a line out, with all that was offered together with it."""
        if self._old is not None:
            self._keep_as_it_is(index)
            return
        if self.sale is not None and 0 <= index < len(self._props.lines):
            if self.sale.stage is Stage.PAYING:
                self._post(BackToBasket())
            self._post(OfferRemoved(self._props.lines[index].offerId))

    @Slot()
    def nextLanguage(self) -> None:
        """Let this traveller's papers speak the next language offered here, beside the station's own."""
        offered = self._words.speech.offered
        self._language = offered[(offered.index(self._language) + 1) % len(offered)]
        if self._sale_id:
            self._post(LanguageChosen(self._language.tag))
        self._show()

    def move(self, steps: int) -> None:
        """Move between lines."""
        self._current = min(max(self._current + steps, 0), max(0, len(self._props.lines) - 1))
        self._show()

    @Slot()
    def removeCurrent(self) -> None:
        """Take the current line out."""
        self.remove(self._current)

    # ---- paying

    @Slot()
    def enter(self) -> None:
        """Do the one thing that stands on the yellow button."""
        acts: dict[str, Callable[[], None]] = {
            "pay": lambda: self._pay(TenderKind.CASH if self._due().minor else TenderKind.FREE, None),
            "came_out": lambda: self.answer(came_out=True),
            "claim": lambda: self._post(ClaimAsked()),
            "next": self.leave,
            "settle": self._begin_to_settle,
            "reissue": self._reissue,
        }
        act = acts.get(self._props.enter)
        if act:
            act()

    @Slot()
    def takeCard(self) -> None:
        """Take the sum by card."""
        if self._props.canCard:
            self._pay(TenderKind.CARD, None)

    @Slot(int)
    def giveCash(self, index: int) -> None:
        """Take an amount handed over; the change is named."""
        if self._props.canCash and 0 <= index < len(self._props.cash):
            self._pay(TenderKind.CASH, Money(self._props.cash[index].minor, self._due().currency))

    @property
    def is_selling(self) -> bool:
        """Say whether a sale is under way that a card laid on the reader must not end."""
        sale = self.sale
        return sale is not None and sale.kind is SaleKind.PURCHASE and bool(sale.offers) and sale.stage not in OVER

    @property
    def takes_gift_cards(self) -> bool:
        """Say whether something is to be paid that a gift card can pay."""
        return self._props.canCash and self.sale is not None and self.sale.kind is SaleKind.PURCHASE

    def take_gift_card(self, card: GiftCard) -> None:
        """Take what is due, or all it holds, off a gift card."""
        if self.takes_gift_cards:
            self._pay(TenderKind.GIFT_CARD, None, card)

    @Slot()
    def printReceipt(self) -> None:
        """Print a receipt."""
        if self._sale_id:
            self._post(ReceiptAsked())

    def answer(self, *, came_out: bool) -> None:
        """Say whether the paper asked after came out."""
        sale = self.sale
        asked = (
            next((each for each in sale.documents if each.is_asked and each.state is DocumentState.UNKNOWN), None)
            if sale
            else None
        )
        if asked:
            self._post(CustomerAnswered(asked.id, came_out))

    def step_back(self) -> bool:
        """Take back the last step of paying; False where there is none."""
        if self._claim is not None or self._old is not None:
            self.leave()
            return True
        sale = self.sale
        if sale is None:
            return False
        if sale.stage is Stage.PAYING and sale.tender_in_flight is not None:
            self._post(TenderCancelled(self._terminal.clock.now()))
            return True
        if sale.stage in {Stage.PAYING, Stage.HOLDING} and not sale.is_settled:
            self._wish = None
            self._post(BackToBasket())
        if sale.stage is Stage.CLAIM:
            self.leave()
            return True
        return False

    @Slot()
    def leave(self) -> None:
        """Be done with this customer."""
        sale = self.sale
        if sale is not None:
            is_over = sale.stage in OVER
            self._post(CustomerLeft() if is_over else SaleAbandoned("counter.cleared", self._terminal.clock.now()))
            self._language = self._words.speech.language  # the next traveller may read another one
        self._sale_id, self._wish, self._current, self._reprint = "", None, 0, ""
        self._purchaser, self._old, self._problem = NOBODY, None, ""
        self._claim = self._claim_props = None
        self._show()
        self.ended.emit()

    def _pay(self, kind: TenderKind, handed: Money | None, card: GiftCard | None = None) -> None:
        sale = self.sale
        if sale is None:
            return
        given = handed or (self._due() if kind is TenderKind.CASH else None)
        self._wish = (kind, given, card)
        if sale.stage is Stage.CHOOSING:
            self._post(CheckoutAsked(self._terminal.clock.now()))
        self._grant(sale)
        self._show()

    def _grant(self, sale: Sale) -> None:
        """Begin the tender wished for, as soon as everything is held."""
        if self._wish is None:
            return
        if sale.stage is Stage.CHOOSING and sale.problem:
            self._wish = None
        elif sale.stage is Stage.PAYING and sale.tender_in_flight is None:
            (kind, handed, card), self._wish = self._wish, None
            now = self._terminal.clock.now()
            plain = TenderChosen(kind, now, handed=handed)
            self._post(pay_with(card, self._terminal.platform.traits.id, sale, now) if card else plain)

    def _due(self) -> Money:
        sale = self.sale
        return sale.due if sale is not None else Money(0, self._terminal.platform.traits.currency)

    def _open(self, kind: SaleKind) -> str:
        return self._terminal.till.open_sale(kind, Channel.COUNTER, self._actor, self._language.tag)

    def _post(self, event: object) -> None:
        self._terminal.till.post(self._sale_id, event)  # type: ignore[arg-type]

    def _published(self, sale: Sale) -> None:
        if sale.id != self._sale_id:
            return
        if sale.kind is not SaleKind.PURCHASE and sale.found and self._reprint and sale.stage is Stage.CHOOSING:
            self._reprint = ""
            self._post(CheckoutAsked(self._terminal.clock.now()))
        self._grant(sale)
        self._show()

    def _show(self) -> None:
        reason = self._terminal.supervision.capabilities.reason("can_pay_card")
        if self._old is not None:
            self._props = old_props(self._words, self._old, self._current, self._problem)
        else:
            self._props = self._claim_props or pay_props(
                self._words, self.sale, self._current, is_card_off=reason, is_asked=self._wish is not None
            )
            if self.sale is not None and self._claim_props is None:
                self._props = exchanged_props(self._words, self.sale, self._props)
        self._lines.show(self._props.lines)
        self._cash.show(self._props.cash)
        self.changed.emit()

    reference = Property(str, lambda self: self._props.reference, notify=changed)
    total = Property(str, lambda self: self._props.total, notify=changed)
    isPartPaid = Property(bool, lambda self: self._props.isPartPaid, notify=changed)
    tickets = Property(str, lambda self: self._props.tickets, notify=changed)
    tax = Property(str, lambda self: self._props.tax, notify=changed)
    headline = Property(str, lambda self: self._props.headline, notify=changed)
    message = Property(str, lambda self: self._props.message, notify=changed)
    mood = Property(str, lambda self: self._props.mood, notify=changed)
    way = Property(str, lambda self: self._props.way, notify=changed)
    canCard = Property(bool, lambda self: self._props.canCard, notify=changed)
    canCash = Property(bool, lambda self: self._props.canCash, notify=changed)
    isDone = Property(bool, lambda self: self._props.isDone, notify=changed)
    language = Property(str, lambda self: self._language.name, notify=changed)
    hasLanguages = Property(bool, lambda self: len(self._words.speech.offered) > 1, constant=True)
    lines = Property(QObject, lambda self: self._lines, constant=True)
    cashKeys = Property(QObject, lambda self: self._cash, constant=True)
