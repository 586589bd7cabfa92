"""The questions of an event, asked of whoever a ticket is for; the server's interface takes orders without answers."""

from collections.abc import Sequence
from typing import Any

from kiosk.domain.catalogue import AnswerOption, Question, QuestionKind
from kiosk.domain.questions import NO, YES
from kiosk.platforms.pretix import mapping

KINDS = {
    "S": QuestionKind.TEXT, "T": QuestionKind.LINES, "N": QuestionKind.NUMBER, "B": QuestionKind.YES_NO,
    "C": QuestionKind.ONE_OF, "M": QuestionKind.SOME_OF, "D": QuestionKind.DATE, "H": QuestionKind.TIME,
    "W": QuestionKind.MOMENT, "CC": QuestionKind.COUNTRY, "TEL": QuestionKind.PHONE,
}  # fmt: skip
BOUNDS = {
    QuestionKind.NUMBER: "valid_number", QuestionKind.DATE: "valid_date", QuestionKind.MOMENT: "valid_datetime",
}  # fmt: skip
AGREEMENT = {"True": YES, "False": NO}
FILE = "asks for a file"
Asked = dict[Any, tuple[Question, ...]]


def asked_of(rows: Sequence[dict[str, Any]]) -> tuple[Asked, dict[Any, str]]:
    """Return the questions of each item in the order of asking, and the items that cannot be sold for one, and why."""
    rows = [each for each in rows if not (each.get("ask_during_checkin") or each.get("hidden"))]
    by_id = {each.get("id"): each for each in rows}
    questions: dict[Any, list[Question]] = {}
    refused: dict[Any, str] = {}
    for each in _parents_first(rows, by_id):
        question = _question(each, by_id.get(each.get("dependency_question")))
        for item in each.get("items") or []:
            if question is not None:
                questions.setdefault(item, []).append(question)
            elif each.get("required"):
                refused[item] = FILE
    return {item: tuple(found) for item, found in questions.items()}, refused


def _parents_first(rows: Sequence[dict[str, Any]], by_id: dict[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with each question behind the one it depends on."""

    def rank(row: dict[str, Any]) -> tuple[int, int, Any]:
        depth, at = 0, row
        while (above := by_id.get(at.get("dependency_question"))) is not None and depth <= len(by_id):
            depth, at = depth + 1, above
        return depth, row.get("position") or 0, row.get("id")

    return sorted(rows, key=rank)


def _question(data: dict[str, Any], above: dict[str, Any] | None) -> Question | None:
    """Return a question; None for a kind that cannot be asked here."""
    kind = KINDS.get(str(data.get("type")))
    if kind is None:
        return None
    bound = BOUNDS.get(kind, "")
    options = tuple(
        AnswerOption(str(each.get("id")), mapping.texts(each.get("answer"), "?")) for each in data.get("options") or []
    )
    least, most = (str(data.get(f"{bound}_{end}") or "") if bound else "" for end in ("min", "max"))
    return Question(
        str(mapping.field(data, "id", int)), mapping.texts(data.get("question"), "?"), kind, bool(data.get("required")),
        options, str(above["id"]) if above else "", _values(data, above) if above else (), least, most,
        data.get("valid_string_length_min"), data.get("valid_string_length_max"),
    )  # fmt: skip


def _values(data: dict[str, Any], above: dict[str, Any]) -> tuple[str, ...]:
    """Return the answers of the question above after which this one is asked; the server names options by a word."""
    ids = {str(each.get("identifier")): str(each.get("id")) for each in above.get("options") or []}
    given = [str(each) for each in data.get("dependency_values") or []]
    return tuple(AGREEMENT.get(each) or ids.get(each, each) for each in given)
