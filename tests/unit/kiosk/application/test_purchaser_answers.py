"""Answers belong to a part, are refused in the page's terms, and are sealed like a name."""

from datetime import UTC, datetime

import pytest

from kiosk.application.purchaser import (
    AnswerRefusedError,
    Purchaser,
    purchaser_of,
    sealed_fields,
    with_answers,
)
from kiosk.domain.catalogue import (
    AnswerOption,
    Occurrence,
    OccurrenceKind,
    Offer,
    OfferPart,
    PartKind,
    Question,
    QuestionKind,
    Texts,
)
from kiosk.domain.money import Money
from kiosk.domain.questions import Answer, AnswerFault

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AGE = Question("7", Texts("Your age"), QuestionKind.NUMBER, is_required=True)
MEALS = (AnswerOption("1", Texts("Soup")), AnswerOption("2", Texts("Bread")))
MEAL = Question("8", Texts("Your meal"), QuestionKind.ONE_OF, options=MEALS)
SPICE = Question("9", Texts("Hot"), QuestionKind.YES_NO, is_required=True, depends_on="8", depends_values=("1",))
QUESTIONS = {"workshop": (AGE, MEAL, SPICE)}


def offer(offer_id: str) -> Offer:
    parts = tuple(
        OfferPart(f"p{at}", PartKind.ADMISSION, product, Texts("T"), Money(1, "EUR"), 0)
        for at, product in enumerate(("workshop", "walk"), start=1)
    )
    when = Occurrence("e@1", OccurrenceKind.EVENT, Texts("E"), NOW, NOW, "UTC")
    return Offer(offer_id, "pretix", when, parts, "EUR", NOW, NOW, NOW, NOW, Texts(""))


def test_answers_of_an_offer_take_the_place_of_its_earlier_ones() -> None:
    whom = with_answers(Purchaser("Ada"), offer("a"), QUESTIONS, {"p1": {"7": " 34 ", "8": "1", "9": "true"}})
    whom = with_answers(whom, offer("b"), QUESTIONS, {"p1": {"7": "9"}})
    whom = with_answers(whom, offer("a"), QUESTIONS, {"p1": {"7": "35", "8": "2", "9": "ignored"}})
    assert set(whom.answers) == {
        Answer("b", "p1", "7", "9"), Answer("a", "p1", "7", "35"), Answer("a", "p1", "8", "2", ("2",)),
    }  # fmt: skip
    assert set(whom.answered) == {(name, "p1", question) for name in "ab" for question in "789"}
    kept = purchaser_of(sealed_fields(whom))
    assert (kept.holder, kept.answers) == ("Ada", whom.answers)
    assert "35" not in repr(whom)


def test_a_missing_answer_names_its_question() -> None:
    for given, question in (({}, AGE), ({"p1": {"7": "34", "8": "1"}}, SPICE)):
        with pytest.raises(AnswerRefusedError) as caught:
            with_answers(Purchaser(), offer("a"), QUESTIONS, given)
        assert (caught.value.part_id, caught.value.question, caught.value.fault) == (
            "p1",
            question,
            AnswerFault.MISSING,
        )
