"""The server's questions in our words: kinds, bounds, what depends on what, and what cannot be asked."""

from typing import Any

from kiosk.domain.catalogue import QuestionKind
from kiosk.platforms.pretix.asking import FILE, asked_of


def row(number: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "question": {"en": f"Q{number}"}, "type": kind, "items": [1], "position": number, **more}


def test_a_question_stands_behind_the_one_it_depends_on() -> None:
    options = [
        {"id": 5, "identifier": "SOUP", "answer": {"en": "Soup"}},
        {"id": 6, "identifier": "BREAD", "answer": "Bread"},
    ]
    found, refused = asked_of([
        row(1, "S", dependency_question=2, dependency_values=["SOUP"]), row(2, "C", options=options, required=True),
        row(3, "N", dependency_question=4, dependency_values=["True"], valid_number_min="1.00"), row(4, "B"),
        row(7, "S", hidden=True, required=True), row(8, "S", ask_during_checkin=True, required=True),
    ])  # fmt: skip
    assert [each.id for each in found[1]] == ["2", "4", "1", "3"]
    spice = found[1][2]
    assert (spice.depends_on, spice.depends_values) == ("2", ("5",))
    age = found[1][3]
    assert (age.kind, age.least, age.most, age.depends_values) == (QuestionKind.NUMBER, "1.00", "", ("true",))
    assert [(each.id, each.text.default) for each in found[1][0].options] == [("5", "Soup"), ("6", "Bread")]
    assert refused == {}


def test_what_must_be_given_and_cannot_be_asked_closes_the_item() -> None:
    found, refused = asked_of([row(1, "F", required=True), row(2, "F", items=[2]), row(3, "S", items=[2])])
    assert refused == {1: FILE}
    assert [each.id for each in found[2]] == ["3"]


def test_questions_in_a_ring_are_asked_all_the_same() -> None:
    found, _ = asked_of([row(1, "S", dependency_question=2), row(2, "S", dependency_question=1)])
    assert len(found[1]) == 2
