"""The operator's questions are answered one by one, and a code takes off what it says, before the basket."""

import asyncio
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt

from kiosk.application.errors import Refused
from kiosk.application.inputs import CodeRead
from kiosk.application.purchaser import purchaser_of
from kiosk.domain.catalogue import AnswerOption, Question, QuestionKind, Texts, Voucher
from kiosk.domain.money import Money, total
from kiosk.shells import box_office

SPEC = spec_from_file_location("page_rules", Path(__file__).with_name("page_rules.py"))
page_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(page_rules)

judge = page_rules.judge

FOOD = Texts("What would you like to eat?", (("de", "Was möchten Sie essen?"),))
MEALS = (
    AnswerOption("s", Texts("Soup of the day", (("de", "Tagessuppe"),))), AnswerOption("b", Texts("Bread and cheese")),
)  # fmt: skip
NUTS = Texts("Is there anything we should know?")
QUESTIONS = (
    Question("meal", FOOD, QuestionKind.ONE_OF, is_required=True, options=MEALS),
    Question("born", Texts("When were you born?"), QuestionKind.DATE, is_required=True, most="2024-12-31"),
    Question("note", NUTS, QuestionKind.TEXT, depends_on="meal", depends_values=("s",)),
    Question("rules", Texts("I have read the house rules and keep to them"), QuestionKind.YES_NO, is_required=True),
)


class Asking:
    """The embedded platform, whose first product asks something and which knows one code."""

    def __init__(self, platform: Any) -> None:
        self._platform = platform

    asks = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    @property
    def traits(self) -> Any:
        return replace(self._platform.traits, has_vouchers=True)

    async def event_products(self, slot_id: str) -> Any:
        first, *others = await self._platform.event_products(slot_id)
        return (replace(first, questions=QUESTIONS), *others) if self.asks else (first, *others)

    async def voucher(self, slot_id: str, code: str, **_: Any) -> Voucher:
        if code.upper() != "SPRING":
            raise Refused("voucher_unknown", code)
        first = (await self.event_products(slot_id))[0]
        return Voucher("SPRING", (replace(first, price=Money(first.price.minor // 2, "EUR")),), 2)

    async def event_price(self, choice: Any) -> Money:
        return (await self.event_offer(choice)).price

    async def event_offer(self, choice: Any, **_: Any) -> Any:
        offer = await self._platform.event_offer(replace(choice, voucher=""), timeout_s=5)
        first = (await self._platform.event_products(choice.slot_id))[0]
        left = 2 if choice.voucher else 0
        parts = []
        for part in offer.parts:
            asking = self._asked(part) if part.product_id == first.id else part
            if part.product_id == first.id and left:
                left -= 1
                asking = replace(asking, price=Money(part.price.minor // 2, "EUR"), voucher="SPRING")
            parts.append(asking)
        return replace(offer, parts=tuple(parts))

    def _asked(self, part: Any) -> Any:
        return replace(part, asks=("meal", "born", "rules")) if self.asks else part


async def at_slots(kiosk: Any, kind: str) -> None:
    kiosk.terminal.platform._platform = Asking(kiosk.terminal.platform._platform)
    await kiosk.touch("Touch to begin")
    await kiosk.page("home")
    await kiosk.touch("All events")
    await kiosk.page("events")
    events = kiosk.face.models["events"]
    await kiosk.until(lambda: events._events, "events")
    events.choose(next(at for at, each in enumerate(events._events) if each.kind == kind))
    await kiosk.page("slots")
    await kiosk.way_on()


async def at_visitors(kiosk: Any) -> Any:
    await at_slots(kiosk, "slot")
    await kiosk.page("visitors")
    return kiosk.face.models["visitors"]


def test_a_code_changes_the_price_while_counting_and_in_the_basket(visit):
    async def story(kiosk):
        visitors = await at_visitors(kiosk)
        plain = visitors._products[0].price
        await kiosk.touch("I have a code")
        await kiosk.page("voucher")
        for letter in "WRONG":
            await kiosk.touch(letter)
        await kiosk.way_on()
        await kiosk.until(lambda: kiosk.face.models["voucher"].props.note, "an answer")
        assert "not known" in kiosk.face.models["voucher"].props.note
        await judge(kiosk, "28-code")
        kiosk.face._read_input(CodeRead("spring"))
        await kiosk.page("visitors")
        assert "SPRING" in visitors.props.note
        await judge(kiosk, "29-visitors-with-a-code")
        visitors.count(0, 3)
        await kiosk.page("visitors")
        shown = visitors._price_now
        assert shown == total((plain, plain.__class__(plain.minor // 2 * 2, "EUR")), "EUR")
        assert visitors.frame().total == kiosk.face.desk.money(shown)
        await kiosk.touch("Without the code")
        await kiosk.page("visitors")
        assert visitors._price_now == plain * 3

    visit(story)


def test_who_goes_back_before_the_answer_about_a_code_stays_where_they_went(visit):
    async def story(kiosk):
        await at_visitors(kiosk)
        platform, answered = kiosk.terminal.platform._platform, asyncio.Event()
        known = platform.voucher

        async def slow(*asked: Any, **more: Any) -> Any:
            while not kiosk.terminal.platform._platform.is_released:
                await asyncio.sleep(0.01)
            answered.set()
            return await known(*asked, **more)

        platform.is_released, platform.voucher = False, slow
        await kiosk.touch("I have a code")
        await kiosk.page("voucher")
        kiosk.face._read_input(CodeRead("spring"))
        await kiosk.until(lambda: "Asking" in kiosk.face.frame.props.wayOn, "the question")
        kiosk.face.back()
        assert kiosk.face.page == "visitors"
        platform.is_released = True
        await kiosk.until(lambda: kiosk.face.desk.tasks.is_idle, "the answer")
        assert answered.is_set()
        assert kiosk.face.page == "visitors"
        assert kiosk.face.desk.visit.voucher is None

    visit(story)


def test_who_goes_back_before_the_tickets_are_there_is_not_led_on(visit):
    async def story(kiosk):
        visitors = await at_visitors(kiosk)
        platform, released = kiosk.terminal.platform._platform, []
        offered = platform.event_offer

        async def slow(choice: Any, **more: Any) -> Any:
            while more and not released:
                await asyncio.sleep(0.01)
            return await offered(choice, **more)

        platform.event_offer = slow
        await kiosk.way_on()
        assert not kiosk.face.frame.props.isWayOnOn
        kiosk.face.back()
        assert kiosk.face.page == "slots"
        released.append(True)
        await kiosk.until(lambda: kiosk.face.desk.tasks.is_idle, "the tickets")
        assert kiosk.face.page == "slots"
        assert kiosk.face.desk.visit.asking is None
        await kiosk.way_on()
        await kiosk.page("visitors")
        assert visitors.frame().isWayOnOn
        await kiosk.way_on()
        await kiosk.page("questions")

    visit(story)


def test_the_next_traveller_begins_with_nothing_of_the_one_before(visit):
    async def story(kiosk):
        visitors = await at_visitors(kiosk)
        visitors.count(0, 3)
        await kiosk.page("visitors")
        kiosk.face.wipe()
        await kiosk.page("attract")
        await at_visitors(kiosk)
        assert [row.count for row in visitors.props.products if row.count] == [1]
        kiosk.face.wipe()
        await kiosk.page("attract")
        for _ in range(2):
            await at_slots(kiosk, "seated")
            await kiosk.page("seats")
            seats = kiosk.face.models["seats"]
            await kiosk.until(lambda: kiosk.face.models["seats"]._offer, "best seats")
            assert seats.props.count == 2
            seats._toggle(next(each for each in seats.seat_map.seats if each.state == "free"))
            await kiosk.until(lambda: kiosk.face.models["seats"]._offer, "that seat")
            kiosk.face.wipe()
            await kiosk.page("attract")

    visit(story)


def test_a_code_counts_for_seats_too(visit):
    async def story(kiosk):
        await at_slots(kiosk, "seated")
        await kiosk.page("seats")
        seats = kiosk.face.models["seats"]
        kiosk.terminal.platform._platform.asks = False
        await kiosk.until(lambda: seats._offer, "best seats")
        plain = seats._offer.price.minor
        await judge(kiosk, "33-seats-where-codes-are-taken")
        await kiosk.touch("I have a code")
        await kiosk.page("voucher")
        for letter in "SPRING":
            await kiosk.press(Qt.Key(ord(letter)), letter)
        await kiosk.until(lambda: kiosk.face.models["voucher"].props.typed == "SPRING", "the code")
        await kiosk.way_on()
        await kiosk.page("seats")
        await kiosk.until(lambda: seats._offer and seats._offer.price.minor < plain, "the lower price")
        assert "SPRING" in seats.props.note
        await kiosk.touch("Without the code")
        await kiosk.until(lambda: seats._offer and seats._offer.price.minor == plain, "the usual price")

    visit(story)


async def first_ticket(kiosk: Any, asking: Any) -> None:
    await kiosk.touch("Soup of the day")
    await kiosk.way_on()
    await kiosk.page("questions")
    for figure in "24129999":
        await kiosk.touch(figure)
    await kiosk.way_on()
    assert asking.props.note
    await judge(kiosk, "31-question-of-a-date")
    for _ in range(4):
        await kiosk.press(Qt.Key.Key_Backspace)
    for figure in "1999":
        await kiosk.press(Qt.Key(ord(figure)), figure)
    await kiosk.until(lambda: asking.props.typed == "24.12.1999", "the date")
    await kiosk.way_on()
    kiosk.face.go("help")
    await kiosk.page("help")
    kiosk.face.back()
    await kiosk.page("questions")
    for letter in "NUTS":
        await kiosk.touch(letter)
    await kiosk.press(Qt.Key.Key_Delete, "\x7f")
    await judge(kiosk, "32-question-of-words")
    await kiosk.way_on()
    await kiosk.touch("Yes")
    await kiosk.way_on()
    await kiosk.page("questions")


async def second_ticket(kiosk: Any, asking: Any) -> None:
    assert "2" in asking.props.whom
    await kiosk.touch("Bread and cheese")
    await kiosk.way_on()
    for figure in "01022003":
        await kiosk.touch(figure)
    await kiosk.way_on()
    kiosk.face.back()
    assert (asking.props.question, asking.props.typed) == ("When were you born?", "01.02.2003")
    await kiosk.way_on()
    await kiosk.touch("Yes")
    await kiosk.way_on()


def test_questions_are_asked_one_by_one_and_their_answers_sealed(visit):
    async def story(kiosk):
        visitors = await at_visitors(kiosk)
        visitors.count(0, 2)
        await kiosk.page("visitors")
        await kiosk.way_on()
        await kiosk.page("questions")
        asking = kiosk.face.models["questions"]
        await kiosk.way_on()
        assert "needs an answer" in asking.props.note
        await judge(kiosk, "30-question-with-answers")
        kiosk.face.go("help")
        await kiosk.page("help")
        kiosk.face.back()
        await kiosk.page("questions")
        assert not asking.props.note, "whoever comes back to it begins without a reproach"
        await first_ticket(kiosk, asking)
        await second_ticket(kiosk, asking)
        await kiosk.page("basket")
        await kiosk.until(lambda: kiosk.face.desk.sale and kiosk.face.desk.sale.purchaser_fields, "the answers kept")
        sale = kiosk.face.desk.sale
        assert not sale.is_unanswered
        kept = purchaser_of(await kiosk.terminal.till._gateway._store.read_personal(sale.id))
        assert [each.value for each in kept.answers] == ["s", "1999-12-24", "NUTS", "true", "b", "2003-02-01", "true"]
        kiosk.face.wipe()
        assert kiosk.face.desk.visit.asking is None
        assert kiosk.face.desk.visit.purchaser.answers == ()
        await asyncio.sleep(0)

    visit(story)


async def at_products(desk: Any) -> None:
    events = await desk.terminal.platform.events(on=None, limit=20)
    desk.face._take_event(next(each for each in events if each.kind == "slot"))
    await desk.until(lambda: desk.face.when.list_counts() and not desk.face.when.is_asking, "products")


def test_the_counter_sells_on_the_terms_of_a_code(sit):
    async def story(desk):
        asking = desk.terminal.platform._platform = Asking(desk.terminal.platform._platform)
        when, pay = desk.face.when, desk.face.pay
        asking.asks = False
        await at_products(desk)
        plain = when.property("sum")
        await desk.press(Qt.Key.Key_F9)
        await desk.type("SPRING")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: when.property("code") and not when.is_asking, "the code")
        assert when.property("sum") != plain
        desk.judge("counter-code")
        shown = when.property("sum")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale and pay.sale.basket.offers, "a line")
        assert desk.face.pay._words.amount(pay.sale.price) == shown
        assert [part.voucher for part in pay.sale.basket.offers[0].parts] == ["SPRING"]

    sit(box_office.open_window, story)
