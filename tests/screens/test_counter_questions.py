"""A clerk answers the operator's questions by keys on the one screen, ticket by ticket, before anything is paid."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from kiosk.application.purchaser import purchaser_of
from kiosk.application.settings import Settings
from kiosk.domain.catalogue import AnswerOption, Question, QuestionKind, Texts
from kiosk.domain.sale.sale import Stage
from kiosk.shells import box_office

Desk = Any  # the one of conftest
Sit = Callable[..., None]
SPEC = spec_from_file_location("codes", Path(__file__).with_name("test_questions_and_codes.py"))
codes = module_from_spec(SPEC)
SPEC.loader.exec_module(codes)

KEYS = {"\n": Qt.Key.Key_Return, " ": Qt.Key.Key_Space, "\b": Qt.Key.Key_Backspace, "\x7f": Qt.Key.Key_Delete}
MEALS = (
    AnswerOption("s", Texts("Soup of the day", (("de", "Tagessuppe"), ("zh", "例汤"), ("ar", "حساء اليوم")))),
    AnswerOption("b", Texts("Bread and cheese", (("de", "Brot und Käse"), ("zh", "面包和奶酪"), ("ar", "خبز وجبن")))),
    AnswerOption("c", Texts("Cake", (("de", "Kuchen"), ("zh", "蛋糕"), ("ar", "كعكة")))),
)
EVERY = (
    Question("name", Texts("First name", (("de", "Vorname"), ("zh", "名字"), ("ar", "الاسم الأول"))),
             QuestionKind.TEXT, is_required=True),
    Question("meals", Texts("What would you like to eat?", (("de", "Was möchten Sie essen?"), ("zh", "您想吃什么？"),
             ("ar", "ماذا تود أن تأكل؟"))), QuestionKind.SOME_OF, options=MEALS),
    Question("size", Texts("Which size of apron?", (("de", "Welche Schürzengröße?"), ("zh", "围裙尺码？"),
             ("ar", "ما مقاس المئزر؟"))), QuestionKind.ONE_OF, options=MEALS[:2], is_required=True),
    Question("rules", Texts("I know the house rules", (("de", "Ich kenne die Hausordnung"), ("zh", "我了解馆内规定"),
             ("ar", "أعرف قواعد المكان"))), QuestionKind.YES_NO, is_required=True),
    Question("born", Texts("When were you born?", (("de", "Wann sind Sie geboren?"), ("zh", "您的出生日期？"),
             ("ar", "متى ولدت؟"))), QuestionKind.DATE, is_required=True, most="2024-12-31"),
    Question("land", Texts("Which country do you come from?", (("de", "Aus welchem Land kommen Sie?"),
             ("zh", "您来自哪个国家？"), ("ar", "من أي بلد أنت؟"))), QuestionKind.COUNTRY),
    Question("tall", Texts("How tall are you, in cm?"), QuestionKind.NUMBER, least="50", most="250"),
    Question("when", Texts("When do you arrive?"), QuestionKind.TIME),
    Question("call", Texts("Telephone"), QuestionKind.PHONE),
    Question("bus", Texts("When does your bus leave?"), QuestionKind.MOMENT),
    Question("more", Texts("Anything else?"), QuestionKind.LINES),
)  # fmt: skip


class AsksEverything(codes.Asking):
    """The embedded platform, whose first product asks something of every kind."""

    async def event_products(self, slot_id: str) -> Any:
        first, *others = await self._platform.event_products(slot_id)
        return (replace(first, questions=EVERY), *others)

    def _asked(self, part: Any) -> Any:
        return replace(part, asks=tuple(each.id for each in EVERY if each.is_required))


async def keys(desk: Desk, text: str) -> None:
    for sign in text:
        key = KEYS.get(sign) or (Qt.Key(ord(sign.upper())) if sign.isascii() else Qt.Key.Key_unknown)
        await desk.press(key, "\r" if sign == "\n" else sign)


async def at_questions(desk: Desk, count: int) -> Any:
    desk.terminal.platform._platform = AsksEverything(desk.terminal.platform._platform)
    await codes.at_products(desk)
    desk.face.when.setCount(0, count)
    await desk.press(Qt.Key.Key_Return)
    asking = desk.face.when.asking
    await desk.until(lambda: asking.is_open, "the questions")
    return asking


def notes(asking: Any) -> dict[str, str]:
    return {row.question: row.note for row in asking.list_rows() if row.note}


def test_a_clerk_answers_every_kind_of_question_by_keys_and_the_answers_are_sealed(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        asking, pay = await at_questions(desk, 2), desk.face.pay
        assert pay.sale is None, "nothing is in the sale before it is answered"
        desk.judge("counter-ask-first")
        await keys(desk, "\n")
        assert notes(asking) == {"First name": "The organizer needs an answer to this."}
        await keys(desk, "Zoë\n")
        await keys(desk, "13")
        assert [row.isTaken for row in asking.list_choices()] == [True, False, True]
        desk.judge("counter-ask-some")
        await keys(desk, "\n2\n1\n24.12.2999\n")
        assert notes(asking) == {"When were you born?": "The organizer asks for an earlier date."}
        desk.judge("counter-ask-refused")
        await keys(desk, "\b" * 10 + "1.2.2003\n")
        await keys(desk, "xx\n")
        assert "No country" in notes(asking)["Which country do you come from?"]
        await keys(desk, "\b\bde\n" + "9" * 30 + "\n")
        assert "too long" in notes(asking)["How tall are you, in cm?"]
        await keys(desk, "\b" * 30 + "172,5\n9:05\n+49 30 123\n1.12.2026 18:00\nNuts\n")
        assert asking.property("at") == len(EVERY), "the second ticket begins"
        await keys(desk, "Ada\n \n1\n2\n")
        assert notes(asking)["I know the house rules"], "who says no does not agree"
        await keys(desk, "1\n1.1.1999\n\n\n\n\n\n\n")
        await desk.until(lambda: pay.sale and pay.sale.purchaser_fields, "the answers kept")
        assert not asking.is_open
        told: list[object] = []
        asking.answered.connect(told.append)
        asking.enter()  # a second touch on the way
        assert told == []
        assert not pay.sale.is_unanswered
        kept = purchaser_of(await desk.terminal.till._gateway._store.read_personal(pay.sale.id))
        assert [each.value for each in kept.answers] == [
            "Zoë", "s,c", "b", "true", "2003-02-01", "DE", "172.5", "09:05:00", "+49 30 123",
            "2026-12-01T18:00:00+01:00", "Nuts", "Ada", "s", "s", "true", "1999-01-01",
        ]  # fmt: skip
        await desk.until(lambda: pay.props.enter == "pay", "something to pay")
        await keys(desk, "\n")
        await desk.until(lambda: pay.sale.stage is Stage.DONE, "a finished sale")
        await keys(desk, "\n")
        assert pay._purchaser.answers == ()
        assert (asking._given, asking._typed) == ({}, {})

    sit(box_office.open_window, story)


def test_one_step_back_loses_no_answer_and_the_next_customer_finds_none(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        asking = await at_questions(desk, 1)
        await keys(desk, "Zoë\n")
        await desk.press(Qt.Key.Key_Up)
        assert asking.property("field") == "Zoë"
        await desk.press(Qt.Key.Key_Tab)
        await desk.press(Qt.Key.Key_Right)
        await desk.press(Qt.Key.Key_Space, " ")
        assert [row.isTaken for row in asking.list_choices()] == [False, True, False]
        await desk.press(Qt.Key.Key_Delete, "\x7f")
        assert not any(row.isTaken for row in asking.list_choices())
        await desk.press(Qt.Key.Key_Down)
        await desk.press(Qt.Key.Key_Right)
        await desk.press(Qt.Key.Key_Right)
        assert [row.isTaken for row in asking.list_choices()] == [False, True]
        await desk.press(Qt.Key.Key_Escape)
        assert not asking.is_open
        assert desk.face.pane == 2
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: asking.is_open, "the questions again")
        assert [row.answer for row in asking.list_rows()][:3] == ["Zoë", "", "Bread and cheese"]
        await desk.press(Qt.Key.Key_F8)
        assert not asking.is_open
        await at_questions(desk, 1)
        assert {row.answer for row in asking.list_rows()} == {""}

    sit(box_office.open_window, story)


@pytest.mark.parametrize(("tag", "size"), [
    ("de", (1920, 1080)), ("zh", (1920, 1080)), ("ar", (1920, 1080)), ("ar", (1366, 768)), ("de", (1366, 768)),
])  # fmt: skip
def test_the_questions_look_right_in_every_language(sit: Sit, tag: str, size: tuple[int, int]) -> None:
    settings = replace(Settings(), terminal=replace(Settings().terminal, staff_language=tag))

    async def story(desk: Desk) -> None:
        asking = await at_questions(desk, 2)
        asking.setText("Zoë")
        await keys(desk, "\n13")
        desk.judge(f"counter-ask-some-{tag}")
        await keys(desk, "\n\n")
        desk.judge(f"counter-ask-one-{tag}")
        await keys(desk, "1\n1\n31.02.2000\n")
        desk.judge(f"counter-ask-date-{tag}")

    sit(box_office.open_window, story, size, settings)
