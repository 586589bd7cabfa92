"""Digits fall into the places of a date or a time; what does not belong there is not taken."""

import pytest

from kiosk.domain.catalogue import Question, QuestionKind, Texts
from kiosk.ui.catalogue import typed_answer


def typed(kind: str, text: str, **more: int) -> tuple[str, str]:
    question, found = Question("q", Texts("?"), QuestionKind(kind), **more), ""  # type: ignore[arg-type]
    for letter in text:
        found = typed_answer.more(question, found, letter)
    return typed_answer.shown(question, found), typed_answer.value(question, found, "Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "text", "shown", "value"),
    [
        ("date", "2412", "24.12.____", "24.12.____"), ("date", "24.12.1999 and more", "24.12.1999", "1999-12-24"),
        ("date", "", "__.__.____", ""), ("date", "31022000", "31.02.2000", "31.02.2000"),
        ("time", "1430", "14:30", "14:30:00"), ("time", "2590", "25:90", "25:90"),
        ("moment", "241219991430", "24.12.1999 14:30", "1999-12-24T14:30:00+01:00"),
        ("number", "-1x2.5", "-12.5", "-12.5"), ("phone", "+49 30 x", "+49 30 ", "+49 30"),
        ("country", "deu", "DE", "DE"), ("text", "  Ada ", "Ada ", "Ada"), ("lines", "ab", "ab", "ab"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_an_answer(kind: str, text: str, shown: str, value: str) -> None:
    assert typed(kind, text) == (shown, value)


def test_no_more_is_typed_than_the_operator_takes() -> None:
    assert typed("text", "abcdef", chars_max=4) == ("abcd", "abcd")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", " 1.2.2003 ", "2003-02-01"), ("date", "24121999", "1999-12-24"), ("date", "1999-12-24", "1999-12-24"),
        ("date", "24.12.19999", "24.12.19999"), ("date", "24.12.", "24.12."), ("date", "31.2.2000", "31.02.2000"),
        ("date", "", ""), ("date", "٢٤/١٢/١٩٩٩", "1999-12-24"), ("time", "9:05", "09:05:00"), ("time", "9", "9"),
        ("moment", "1.2.2003 9:30", "2003-02-01T09:30:00+01:00"), ("number", "2,5", "2.5"), ("number", "٣", "3"),
        ("number", "two", "two"), ("phone", "+٤٩ 30", "+49 30"), ("country", " de", "DE"), ("text", " Ada ", "Ada"),
    ],
)  # fmt: skip
def test_what_is_written_as_a_whole_becomes_an_answer_or_stays_as_it_is(kind: str, text: str, value: str) -> None:
    question = Question("q", Texts("?"), QuestionKind(kind))
    assert typed_answer.written(question, text, "Europe/Berlin") == value
