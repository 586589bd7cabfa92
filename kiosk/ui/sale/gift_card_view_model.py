"""Paying by gift card: its code typed or scanned, or its chip tapped, then what it holds and what it pays."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError, Unreachable
from kiosk.application.gift_card_desk import pay_with
from kiosk.application.inputs import CardNotUsable, CardRead, CodeNotUsable, CodeRead, Input
from kiosk.application.interfaces import GiftCard, GiftCards
from kiosk.ui.bridge import clean, shown
from kiosk.ui.controls.desk import SALE_STEPS, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.sale"
QML_IMPORT_MAJOR_VERSION = 1
CHARS_MAX = 40
AWAY = "gift_card.needs_the_network"
Asked = Callable[[GiftCards, float], Awaitable[GiftCard]]


class GiftCardProps(Struct, frozen=True):
    """The page; `holds` and what follows are empty until the card is known."""

    typed: str = ""
    note: str = ""
    holds: str = ""
    pays: str = ""
    remainder: str = ""


@QmlElement
class GiftCardViewModel(PageViewModel):
    """Ask what a gift card holds, then pay with it; the code is used for the question and not kept."""

    changed = Signal()
    typed = shown(changed, str, "typed")
    note = shown(changed, str, "note")
    holds = shown(changed, str, "holds")
    pays = shown(changed, str, "pays")
    remainder = shown(changed, str, "remainder")

    def __init__(self, desk: Desk) -> None:
        self._forget()
        super().__init__(desk)

    def _forget(self) -> None:
        self._typed, self._note_key, self._is_asking = "", "", False
        self._found: GiftCard | None = None

    def rest(self) -> None:
        """Let what is asked be answered to nobody."""
        self._is_asking = False

    def leave(self) -> None:
        """Forget the card and its code."""
        self._forget()

    def take(self, read: Input) -> None:
        """Take what a reader read."""
        match read:
            case CodeRead(text):
                code = clean(text, CHARS_MAX)
                self._ask(lambda cards, timeout_s: cards.card(code, timeout_s=timeout_s))
            case CardRead(contents):
                self._ask(lambda cards, timeout_s: cards.card_on(contents.uid, timeout_s=timeout_s))
            case CodeNotUsable() | CardNotUsable():
                self._note_key = read.cause
                self.refresh()

    def derive(self) -> GiftCardProps:
        """Return the page."""
        desk, sale, found = self.desk, self.desk.sale, self._found
        note = desk.speech.say_key(self._note_key) if self._note_key else ""
        if found is None or sale is None:
            return GiftCardProps(self._typed, note)
        pays = min(found.balance, sale.due)
        left = sale.due - pays
        remainder = desk.say("{amount} is then left to pay by card or cash.", amount=desk.money(left))
        holds, pays_now = desk.money(found.balance), desk.money(pays)
        return GiftCardProps("", note, holds, pays_now, remainder if left.minor else "")

    def frame(self) -> FrameProps:
        """Return the frame."""
        say, shown_now = self.desk.say, self.derive()
        line, total = self.desk.basket_line()
        if shown_now.pays:
            word, is_on = say("Pay {amount}", amount=shown_now.pays), True
        elif self._is_asking:
            word, is_on = say("Asking what it holds"), False
        else:
            word, is_on = say("Use this card") if self._typed else say("Type the code"), bool(self._typed)
        return FrameProps(
            steps=steps(self.desk, SALE_STEPS), step=1, back=say("Back"), line=line, total=total, wayOn=word,
            isWayOnOn=is_on,
        )  # fmt: skip

    def go_on(self) -> None:
        """Ask what the card holds, or pay with it."""
        sale, found, code = self.desk.sale, self._found, self._typed
        if found is None:
            if code:
                self._ask(lambda cards, timeout_s: cards.card(code, timeout_s=timeout_s))
            return
        if sale is None:
            return
        self.went.emit("back")
        self.desk.post(pay_with(found, self.desk.terminal.platform.traits.id, sale, self.desk.now))

    def go_back(self) -> None:
        """Take another card, or go back to the ways to pay."""
        if self._found is not None:
            self._forget()
            self.refresh()
            self.changed.emit()
            return
        self.went.emit("back")

    def _ask(self, question: Asked) -> None:
        cards = self.desk.terminal.platform.gift_cards
        if self._is_asking or cards is None:
            return
        self._is_asking, self._note_key, self._found = True, "", None
        self.refresh()
        self.changed.emit()
        self.desk.tasks.latest("gift card", self._answered(question, cards))

    async def _answered(self, question: Asked, cards: GiftCards) -> None:
        found, note_key = None, ""
        try:
            found = await question(cards, self.desk.terminal.settings.timeouts.platform_read_s)
        except Unreachable:
            note_key = AWAY
        except PlatformError as trouble:
            note_key = f"platform.{trouble.key}"
        if not self._is_asking:
            return  # the page was left meanwhile
        self._is_asking, self._note_key, self._found = False, note_key, found
        self._typed = "" if found else self._typed
        self.refresh()
        self.changed.emit()

    @Slot(str)
    def type(self, text: str) -> None:
        """Take typed letters and figures."""
        kept = clean(text, 1).upper().strip()
        if kept and self._found is None and len(self._typed) < CHARS_MAX:
            self._typed += kept
            self._note_key = ""
            self.refresh()

    @Slot()
    def erase(self) -> None:
        """Take the last one back."""
        self._typed = self._typed[:-1]
        self.refresh()
