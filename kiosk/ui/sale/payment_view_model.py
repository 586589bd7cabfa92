"""Paying: the choice, the card at the reader, notes and coins going in."""

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.word import Word
from kiosk.domain.money import total
from kiosk.domain.sale.events import BackToBasket, TenderCancelled, TenderChosen
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.tender import TenderKind
from kiosk.ui.bridge import shown
from kiosk.ui.controls.desk import SALE_STEPS, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps
from kiosk.ui.sale import sale_words

QML_IMPORT_NAME = "kiosk.ui.sale"
QML_IMPORT_MAJOR_VERSION = 1
WAYS = {TenderKind.CASH: "cash", TenderKind.GIFT_CARD: "gift_card"}
QUESTIONS = {
    "card": Word("Hold your card to the reader"), "cash": Word("Put in notes or coins"),
    "gift_card": Word("Paying with your gift card"),
}  # fmt: skip
LEADS = {
    "card": Word("Or insert it. The reader is below the screen, on the right."),
    "cash": Word("One after the other. What is too much comes back."),
}
WAITING = {
    "card": Word("Waiting for your card"), "cash": Word("Waiting for your money"),
    "gift_card": Word("Waiting for the answer"),
}  # fmt: skip


class PaymentProps(Struct, frozen=True):
    """The page; `way` is choice, card, cash or gift_card."""

    way: str = "choice"
    question: str = ""
    lead: str = ""
    due: str = ""
    inserted: str = ""
    note: str = ""
    waiting: str = ""
    isCardOff: bool = False
    isCashOff: bool = False
    isFree: bool = False
    hasGiftCards: bool = False
    isGiftCardOff: bool = False


@QmlElement
class PaymentViewModel(PageViewModel):
    """Show how far paying is."""

    changed = Signal()
    way = shown(changed, str, "way")
    question = shown(changed, str, "question")
    lead = shown(changed, str, "lead")
    due = shown(changed, str, "due")
    inserted = shown(changed, str, "inserted")
    note = shown(changed, str, "note")
    waiting = shown(changed, str, "waiting")
    isCardOff = shown(changed, bool, "isCardOff")
    isCashOff = shown(changed, bool, "isCashOff")
    isFree = shown(changed, bool, "isFree")
    hasGiftCards = shown(changed, bool, "hasGiftCards")
    isGiftCardOff = shown(changed, bool, "isGiftCardOff")

    @property
    def _way(self) -> str:
        sale = self.desk.sale
        tender = sale.tender_in_flight if sale else None
        if tender is None:
            return "choice"
        return WAYS.get(tender.kind, "card")

    def derive(self) -> PaymentProps:
        """Return the page."""
        sale, desk = self.desk.sale, self.desk
        if sale is None:
            return PaymentProps()
        can = desk.terminal.supervision.capabilities
        way, is_free = self._way, sale.due.minor == 0
        choice = desk.say("Nothing to pay" if is_free else "How would you like to pay?")
        return PaymentProps(
            way=way,
            question=desk.tell(QUESTIONS[way]) if way in QUESTIONS else choice,
            lead=desk.tell(LEADS[way]) if way in LEADS else "",
            due=desk.money(sale.due),
            inserted=self._paid(sale, way),
            note=sale_words.problem(desk, sale),
            waiting=desk.tell(WAITING[way]) if way in WAITING else "",
            isCardOff=not can.can_pay_card,
            isCashOff=not can.can_pay_cash,
            isFree=is_free,
            hasGiftCards=desk.terminal.platform.gift_cards is not None,
            isGiftCardOff=not can.is_platform_reachable,
        )

    def _paid(self, sale: Sale, way: str) -> str:
        """Return what is in already: notes and coins, or what gift cards paid."""
        if way == "cash":
            return self.desk.say("{amount} is in", amount=self.desk.money(sale.cash_inserted))
        by_gift_card = tuple(each.credit for each in sale.tenders if each.kind is TenderKind.GIFT_CARD)
        paid = total(by_gift_card, sale.basket.currency)
        return (
            self.desk.tell(sale_words.PAID_BY[TenderKind.GIFT_CARD], amount=self.desk.money(paid)) if paid.minor else ""
        )

    def frame(self) -> FrameProps:
        """Return the frame: an arrow to the reader while the next act is there."""
        desk, say, sale = self.desk, self.desk.say, self.desk.sale
        line, total = desk.basket_line()
        start = FrameProps(steps=steps(desk, SALE_STEPS), step=1, back=say("Back"), line=line, total=total)
        p = self.derive()
        if p.way == "choice":
            is_on = p.isFree or not p.isCardOff
            word = say("Get the tickets") if p.isFree else say("Pay by card") if is_on else say("Choose how to pay")
            return replace(start, wayOn=word, isWayOnOn=is_on and sale is not None)
        if p.way == "gift_card":
            return replace(start, back="")
        is_card = p.way == "card"
        return replace(
            start, back=say("Cancel"), backSign="close", total="", isPlaceNamed=True,
            title=say("Card reader" if is_card else "Money slot"),
            line=say("Below, on the right" if is_card else "Below, on the left"),
            arrow="down-right" if is_card else "down-left",
        )  # fmt: skip

    def go_on(self) -> None:
        """Pay by card, or take what is free."""
        sale = self.desk.sale
        is_free = sale is not None and sale.due.minor == 0
        self.desk.post(TenderChosen(TenderKind.FREE if is_free else TenderKind.CARD, self.desk.now))

    def go_back(self) -> None:
        """Take the way to pay back, or go to the basket."""
        self.desk.post(BackToBasket() if self._way == "choice" else TenderCancelled(self.desk.now))

    @Slot()
    def payCard(self) -> None:
        """Pay by card."""
        self.desk.post(TenderChosen(TenderKind.CARD, self.desk.now))

    @Slot()
    def payByGiftCard(self) -> None:
        """Ask for the gift card."""
        self.went.emit("gift_card")

    @Slot()
    def payCash(self) -> None:
        """Pay in cash."""
        self.desk.post(TenderChosen(TenderKind.CASH, self.desk.now))
