# ruff: noqa: RUF001 - the signs on the keys
"""The counter: three panes, one of them current, and what each key does there."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.claim_book import ClaimRefused
from kiosk.application.claims import PREFIX, NotOurSlip, verify
from kiosk.application.errors import PlatformError, Refused
from kiosk.application.inputs import CardNotUsable, CardRead, CodeNotUsable, CodeRead
from kiosk.application.looking_up import all_printed, look_up
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.domain.catalogue import Event, Place
from kiosk.domain.sale.events import Actor, ActorKind
from kiosk.shells.box_office import seat_picture as seat_picture  # noqa: PLC0414 - QML knows the type by its import
from kiosk.shells.box_office.claim_rows import OF_ANOTHER
from kiosk.shells.box_office.exchange_desk import ExchangeDesk
from kiosk.shells.box_office.gift_cards import gift_card_of
from kiosk.shells.box_office.pay_view_model import PayViewModel
from kiosk.shells.box_office.status_view_model import StatusViewModel
from kiosk.shells.box_office.tasks import Questions
from kiosk.shells.box_office.what_view_model import WhatViewModel
from kiosk.shells.box_office.when_view_model import WhenViewModel
from kiosk.shells.box_office.words import key_name, nothing_on, sentence
from kiosk.ui.bridge import Rows
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
WHAT, WHEN, PAY = 1, 2, 3
Key = Qt.Key
Act = Callable[[], None]
Hint = tuple[str, Word]  # a key, and what it does


class HintRow(Struct, frozen=True):
    """A key and what it does now."""

    key: str
    word: str


HINTS: Mapping[int, tuple[Hint, ...]] = {
    WHAT: (
        ("↑ ↓", Word("Choose")), ("Enter", Word("Take it")), ("F2", Word("Other start")),
        ("F9", Word("Find booking")), ("F6", Word("Exchange")), ("Tab", Word("Next pane")),
    ),
    WHEN: (
        ("↑ ↓", Word("Time")), ("← →", Word("Who")), ("+ −", Word("How many")),
        ("1–4", Word("Ticket")), ("PgDn", Word("Later")), ("F10", Word("Seats")),
        ("Enter", Word("To sale")), ("F1", Word("Find")), ("Esc", Word("One step back")),
    ),
    PAY: (
        ("Enter", Word("Yellow button")), ("*", Word("Card")), ("7 8 9 0", Word("Cash given")),
        ("Del", Word("Take out line")), ("R", Word("Receipt")), ("F1", Word("Add more")),
        ("F4", Word("Language")), ("F8", Word("Give up")), ("Esc", Word("One step back")),
    ),
}  # fmt: skip
PLAN_HINTS: tuple[Hint, ...] = (
    ("↑ ↓ ← →", Word("Seat")),
    ("Space", Word("Take or leave")),
    ("B", Word("Best")),
    ("Enter", Word("To sale")),
    ("Esc", Word("Close plan")),
)
ASK_HINTS: tuple[Hint, ...] = (
    ("↑ ↓", Word("Question")),
    ("1 2 3", Word("Answer")),
    ("Del", Word("Leave it out")),
    ("Enter", Word("Next question")),
    ("F8", Word("Give up")),
    ("Esc", Word("One step back")),
)
TABS = frozenset({Key.Key_Tab.value, Key.Key_Backtab.value})


@QmlElement
class CounterViewModel(QObject):
    """Lead from pane to pane and give every key its meaning."""

    changed = Signal()

    def __init__(self, terminal: Terminal, clerk: str, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._terminal = terminal
        self._words = words
        self._pane = WHAT
        self._questions = Questions(self._trouble)
        self.what = WhatViewModel(terminal, words, self)
        self.when = WhenViewModel(terminal, words, self)
        self.pay = PayViewModel(terminal, Actor(ActorKind.CLERK, clerk), words, self)
        self.status = StatusViewModel(terminal, words, self)
        self._exchanges = ExchangeDesk(terminal, words, self.when, self.pay)
        self._hints = Rows(HintRow, self)
        self.what.placeTaken.connect(self._take_place)
        self.what.eventTaken.connect(self._take_event)
        self.what.codeTaken.connect(self._find)
        self.when.taken.connect(self._take_offers)
        self.when.changed.connect(self._show)
        self.when.asking.changed.connect(self._show)
        self.pay.ended.connect(self._next_customer)
        self._unsubscribe = terminal.inputs.subscribe(self._read)
        self._show()

    def start(self) -> None:
        """Show what can be sold from here."""
        self.what.start()
        self.status.start()

    def close(self) -> None:
        """Let go of the terminal."""
        self._unsubscribe()
        self._questions.close()
        for part in (self.what, self.when, self.pay, self.status):
            part.close()

    @Slot(int)
    def go(self, pane: int) -> None:
        """Make a pane the current one."""
        self._pane = pane
        if pane == WHAT and not self.what.is_selling:
            self.what.enter("sell")
        self._show()

    @Slot(int, int, str, result=bool)
    def pressed(self, key: int, modifiers: int, text: str) -> bool:
        """Do what a key means now; False leaves it to the field that has it."""
        if modifiers & (Qt.KeyboardModifier.AltModifier.value | Qt.KeyboardModifier.MetaModifier.value):
            return False
        act = self._everywhere().get(key) or self._here(key, text)
        if act is None:
            return False
        act()
        return True

    def _everywhere(self) -> dict[int, Act]:
        keys: dict[int, Act] = {
            Key.Key_F1.value: lambda: self.go(WHAT),
            Key.Key_F2.value: lambda: self._type("origin"),
            Key.Key_F9.value: lambda: self._type("code"),
            Key.Key_F6.value: lambda: self._type("exchange"),
            Key.Key_F8.value: self.pay.leave,
            Key.Key_F4.value: self.pay.nextLanguage,
            Key.Key_F10.value: self.when.openPlan,
            Key.Key_Escape.value: self.back,
            Key.Key_Tab.value: lambda: self.go(self._pane % PAY + 1),
            Key.Key_Backtab.value: lambda: self.go((self._pane - 2) % PAY + 1),
        }
        return keys if not self._is_asking else {key: act for key, act in keys.items() if key not in TABS}

    @property
    def _is_asking(self) -> bool:
        return self._pane == WHEN and self.when.asking.is_open

    def _here(self, key: int, text: str) -> Act | None:
        if self._pane == WHAT:
            return self._what_key(key, text)
        if self._is_asking:
            return self._ask_key(key, text)
        if self._pane == WHEN:
            return self._plan_key(key, text) if self.when.plan_is_open else self._when_key(key, text)
        return self._pay_key(key, text)

    def _what_key(self, key: int, text: str) -> Act | None:
        keys: dict[int, Act] = {
            Key.Key_Down.value: lambda: self.what.move(1),
            Key.Key_Up.value: lambda: self.what.move(-1),
            Key.Key_Return.value: self.what.take,
            Key.Key_Enter.value: self.what.take,
        }
        if key in keys:
            return keys[key]
        if not self.what.is_code and text.isdecimal() and text != "0":
            return lambda: self._take_hit(int(text) - 1)
        return None

    def _when_key(self, key: int, text: str) -> Act | None:
        keys: dict[int, Act] = {
            Key.Key_Down.value: lambda: self.when.move(1),
            Key.Key_Up.value: lambda: self.when.move(-1),
            Key.Key_Left.value: lambda: self.when.move_count(-1),
            Key.Key_Right.value: lambda: self.when.move_count(1),
            Key.Key_PageDown.value: lambda: self.when.page(1),
            Key.Key_PageUp.value: lambda: self.when.page(-1),
            Key.Key_Plus.value: lambda: self.when.add_count(1),
            Key.Key_Minus.value: lambda: self.when.add_count(-1),
            Key.Key_Return.value: self.when.take,
            Key.Key_Enter.value: self.when.take,
        }
        if key in keys:
            return keys[key]
        if text in "1234" and text:
            return lambda: self.when.chooseOffer(int(text) - 1)
        at = "ABCDEF".find(text.upper()) if text else -1
        return (lambda: self.when.choose(at)) if at >= 0 else None

    def _plan_key(self, key: int, text: str) -> Act | None:
        plan = self.when.seat_plan
        keys: dict[int, Act] = {
            Key.Key_Down.value: lambda: plan.move(0, 1),
            Key.Key_Up.value: lambda: plan.move(0, -1),
            Key.Key_Left.value: lambda: plan.move(-1, 0),
            Key.Key_Right.value: lambda: plan.move(1, 0),
            Key.Key_Space.value: plan.toggle,
            Key.Key_Return.value: self.when.take,
            Key.Key_Enter.value: self.when.take,
        }
        return keys.get(key) or (plan.best if text.upper() == "B" else None)

    def _ask_key(self, key: int, text: str) -> Act | None:
        asking = self.when.asking
        keys: dict[int, Act] = {
            Key.Key_Down.value: lambda: asking.move(1),
            Key.Key_Up.value: lambda: asking.move(-1),
            Key.Key_Tab.value: lambda: asking.move(1),
            Key.Key_Backtab.value: lambda: asking.move(-1),
            Key.Key_Return.value: asking.enter,
            Key.Key_Enter.value: asking.enter,
        }
        of_choices: dict[int, Act] = {
            Key.Key_Right.value: lambda: asking.step(-1 if self._words.speech.language.is_rtl else 1),
            Key.Key_Left.value: lambda: asking.step(1 if self._words.speech.language.is_rtl else -1),
            Key.Key_Space.value: asking.toggle,
            Key.Key_Delete.value: asking.clear,
        }
        if key in keys or asking.is_typing:
            return keys.get(key)
        return of_choices.get(key) or (lambda: asking.choose_key(text))

    def _pay_key(self, key: int, text: str) -> Act | None:
        keys: dict[int, Act] = {
            Key.Key_Down.value: lambda: self.pay.move(1),
            Key.Key_Up.value: lambda: self.pay.move(-1),
            Key.Key_Delete.value: self.pay.removeCurrent,
            Key.Key_Return.value: self.pay.enter,
            Key.Key_Enter.value: self.pay.enter,
        }
        letters: dict[str, Act] = {
            "*": self.pay.takeCard,
            "N": lambda: self.pay.answer(came_out=False),
            "R": self.pay.printReceipt,
        }
        if text in "7890" and text:
            return lambda: self.pay.giveCash("7890".index(text))
        return keys.get(key) or letters.get(text.upper())

    @Slot()
    def back(self) -> None:
        """Go one step back and lose nothing."""
        if self._pane == PAY and not self.pay.step_back():
            self.go(WHEN if self.when.has_choice else WHAT)
        elif self._is_asking:
            self.when.asking.close()
        elif self._pane == WHEN and self.when.plan_is_open:
            self.when.seat_plan.clear()
        elif self._pane == WHEN:
            self.go(WHAT)
        elif self._pane == WHAT:
            self.what.enter("sell")

    def _type(self, mode: str) -> None:
        self._pane = WHAT
        self.what.enter(mode)
        self._show()

    def _take_hit(self, index: int) -> None:
        self.what.choose(index)
        self.what.take()

    def _take_place(self, place: Place) -> None:
        if self.what.origin_place is not None:
            self.when.show_journeys(self.what.origin_place, place)
            self.go(WHEN)

    def _take_event(self, event: Event) -> None:
        self.when.show_event(event)
        self.go(WHEN)

    def _take_offers(self, offers: object, askings: object) -> None:
        if self.pay.exchanging is not None:
            self._questions.ask("exchange", self._exchange(offers))
            return
        self.pay.add(offers, askings)  # type: ignore[arg-type]
        self.go(PAY)

    async def _exchange(self, offers: object) -> None:
        """Go on to pay; what cannot take the old tickets' place leaves the clerk where another is chosen."""
        if await self._exchanges.take(offers):  # type: ignore[arg-type]
            self.go(PAY)

    def _next_customer(self) -> None:
        self._exchanges.over()
        self.when.asking.forget()
        self.go(WHAT)

    def _read(self, read: object) -> None:
        match read:
            case CodeRead(text=text):
                self._type("exchange" if self.what.is_exchange else "code")
                self._find(text)
            case CardRead(contents):
                self._questions.ask("find", self._look_up_card(next(iter(contents.ndef), ""), contents.uid))
            case CardNotUsable():
                self.what.say_problem(self._words.speech.say_key(read.cause))
            case CodeNotUsable():
                self.what.say_problem(self._words.say("That code cannot be used here. Type the booking code."))
            case _:
                return

    def _find(self, code: str) -> None:
        self._questions.ask("find", self._look_up(code))

    async def _look_up(self, code: str) -> None:
        if self.what.is_exchange:
            self.go(WHEN if await self._exchanges.look_up(code) else PAY)
            return
        if await self._look_up_claim(code) or await self._look_up_gift_card(code):
            return
        if not await self._look_up_voucher(code):
            await self._look_up_tickets(code)

    async def _look_up_card(self, code: str, chip: str) -> None:
        """Pay with the gift card on a chip, or print the tickets of the card."""
        if await self._look_up_gift_card(code, chip):
            return
        if self.pay.is_selling:
            self.what.say_problem(sentence(self._words, "card_no_gift_card"))
            return
        await self._look_up_tickets(code, chip)

    async def _look_up_gift_card(self, code: str, chip: str = "") -> bool:
        """Pay what is due with a gift card; False where nothing is to pay or it is none."""
        card = await gift_card_of(self._terminal, code, chip) if self.pay.takes_gift_cards else None
        if card is None:
            return False
        self.what.enter("sell")
        self.pay.take_gift_card(card)
        self.go(PAY)
        return True

    async def _look_up_tickets(self, code: str, chip: str = "") -> None:
        """Print the tickets of a code, or of the chip in a card."""
        timeout_s = self._terminal.settings.timeouts.platform_read_s
        found = await look_up(self._terminal.platform, code, chip, timeout_s=timeout_s)
        if found is None or not found.bookings:
            self.what.say_problem(nothing_on(self._words, found, is_chip=bool(chip)))
            return
        self.what.enter("sell")
        self.pay.print_again(code, chip, was_printed=all_printed(found.bookings))
        self.go(PAY)

    async def _look_up_voucher(self, code: str) -> bool:
        """Sell what is chosen on the terms of a code; False where it is no voucher, and so a booking's."""
        if not self.when.takes_codes:
            return False
        try:
            await self.when.take_code(code)
        except Refused as no:
            if no.key in {"voucher_unknown", "bad_request"}:
                return False
            raise
        self.what.enter("sell")
        self.go(WHEN)
        return True

    async def _look_up_claim(self, code: str) -> bool:
        """Show the claim of a slip or its code; False where it is neither, and so a booking's."""
        try:
            if code.startswith(PREFIX):
                code = verify(code, self._terminal.signer.public_key).facts.claim_id
            claim = await self._terminal.claims.find(code)
        except NotOurSlip:
            self.what.say_problem(self._words.tell(OF_ANOTHER))
            return True
        except ClaimRefused:
            return False
        self.what.enter("sell")
        self.pay.show_claim(claim)
        self.go(PAY)
        return True

    def _trouble(self, trouble: PlatformError) -> None:
        self.what.say_problem(sentence(self._words, trouble.key if isinstance(trouble, Refused) else "platform.away"))

    def _show(self) -> None:
        hints = PLAN_HINTS if self._pane == WHEN and self.when.plan_is_open else HINTS[self._pane]
        hints = ASK_HINTS if self._is_asking else hints
        self._hints.show(tuple(HintRow(key_name(self._words, key), self._words.tell(word)) for key, word in hints))
        self.changed.emit()

    pane = Property(int, lambda self: self._pane, notify=changed)
    hints = Property(QObject, lambda self: self._hints, constant=True)
