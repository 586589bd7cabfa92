"""Which answers will do, and which questions are asked at all."""

from typing import Any

import pytest

from kiosk.domain.catalogue import AnswerOption, Question, QuestionKind, Texts
from kiosk.domain.questions import AnswerFault, asked, fault_of

OPTIONS = (AnswerOption("1", Texts("Soup")), AnswerOption("2", Texts("Bread")))


def question(kind: str, **more: Any) -> Question:
    return Question("q", Texts("?"), QuestionKind(kind), **more)


@pytest.mark.parametrize(
    ("kind", "more", "value", "fault"),
    [
        ("text", {"is_required": True}, "", "missing"), ("text", {}, "", None), ("text", {}, "x" * 1_001, "too_long"),
        ("text", {"chars_min": 3}, "ab", "too_short"), ("lines", {"chars_max": 3}, "abcd", "too_long"),
        ("phone", {"chars_min": 2, "chars_max": 9}, "+49 1", None), ("country", {}, "DE", None),
        ("country", {}, "D3", "not_a_country"), ("country", {}, "Germany", "not_a_country"),
        ("country", {}, "XX", "not_a_country"), ("country", {}, "UK", "not_a_country"), ("country", {}, "XK", None),
        ("phone", {}, "call me", "not_a_phone"), ("phone", {}, "+", "not_a_phone"),
        ("phone", {}, "030/12 (4)-5.6", None),
        ("phone", {}, "\u0660\u0661", "not_a_phone"), ("text", {}, "a\x00b", "not_writable"),
        ("text", {}, "two\nlines", "not_writable"), ("lines", {}, "two\r\nlines\n", None),
        ("lines", {}, "a\x1b[2J", "not_writable"), ("text", {}, "\u202egnp.exe", "not_writable"),
        ("text", {}, "half \ud800", "not_writable"), ("text", {}, "می\u200cخواهم", None),
        ("number", {}, "9" * 25 + "." + "9" * 25, None), ("number", {}, "9" * 26, "too_long"),
        ("number", {}, "0." + "1" * 26, "too_long"), ("number", {}, "1" * 51, "too_long"),
        ("number", {}, "1e5", "not_a_number"), ("number", {}, "1_000", "not_a_number"),
        ("number", {}, "\u0661\u0662", "not_a_number"), ("number", {}, "-0.5", None),
        ("date", {}, "0199-12-24", "not_a_date"), ("moment", {}, "9999-12-31T23:30:00-05:00", "not_a_date"),
        ("number", {"least": "1", "most": "9.5"}, "9.5", None), ("number", {"least": "1"}, "0.9", "too_low"),
        ("number", {"most": "9"}, "10", "too_high"), ("number", {}, "nine", "not_a_number"),
        ("number", {}, "Infinity", "not_a_number"), ("yes_no", {}, "true", None), ("yes_no", {}, "false", None),
        ("yes_no", {"is_required": True}, "false", "missing"), ("yes_no", {}, "perhaps", "not_an_option"),
        ("one_of", {"options": OPTIONS}, "2", None), ("one_of", {"options": OPTIONS}, "1,2", "not_an_option"),
        ("some_of", {"options": OPTIONS}, "1,2", None), ("some_of", {"options": OPTIONS}, "1,1", "not_an_option"),
        ("some_of", {"options": OPTIONS}, "3", "not_an_option"), ("time", {}, "14:30", None),
        ("time", {}, "half past two", "not_a_time"), ("date", {}, "2000-02-30", "not_a_date"),
        ("date", {"least": "1900-01-01", "most": "2020-12-31"}, "2000-02-29", None),
        ("date", {"least": "1900-01-01"}, "1899-12-31", "too_low"),
        ("date", {"most": "2020-12-31"}, "2021-01-01", "too_high"),
        ("moment", {"least": "2026-01-01T00:00:00+00:00"}, "2026-05-01T10:00:00+02:00", None),
        ("moment", {"least": "2026-01-01T00:00:00+00:00"}, "2026-05-01T10:00:00", "not_a_date"),
    ],
)  # fmt: skip
def test_an_answer_will_do_or_says_what_is_wrong(
    kind: str, more: dict[str, Any], value: str, fault: str | None
) -> None:
    assert fault_of(question(kind, **more), value) == (fault and AnswerFault(fault))


def test_a_question_below_another_is_asked_after_its_answers_only() -> None:
    meal = Question("meal", Texts("?"), QuestionKind.SOME_OF, options=OPTIONS)
    spice = Question("spice", Texts("?"), QuestionKind.YES_NO, depends_on="meal", depends_values=("1",))
    which = Question("which", Texts("?"), QuestionKind.TEXT, depends_on="spice", depends_values=("true",))
    every = (meal, spice, which)
    assert asked(every, {}) == (meal,)
    assert asked(every, {"meal": "2"}) == (meal,)
    assert asked(every, {"meal": "2,1"}) == (meal, spice)
    assert asked(every, {"meal": "1", "spice": "true"}) == every
    assert asked(every, {"meal": "2", "spice": "true"}) == (meal,), "a question that is not asked opens no other"


@pytest.mark.parametrize("letters", ["ÄÖ", "ض\u0635", "ФЫ"])
def test_a_country_is_named_by_two_letters_of_the_code_alone(letters: str) -> None:
    country = Question("land", Texts("Where do you live?"), QuestionKind.COUNTRY, is_required=True)
    assert fault_of(country, "DE") is None
    assert fault_of(country, letters) is AnswerFault.NOT_A_COUNTRY
