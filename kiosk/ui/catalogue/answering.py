"""The answers being given for one offer: what is asked of whom, what was said, and what a choice makes of it; pure."""

from collections.abc import Callable

from msgspec import Struct

from kiosk.domain.catalogue import OfferPart, Question, QuestionKind
from kiosk.domain.questions import NO, YES, asked
from kiosk.ui.controls.desk import Asking

AGREEMENT = (YES, NO)


class OptionRow(Struct, frozen=True):
    """One answer to choose."""

    answer: str
    isTaken: bool


def every(asking: Asking) -> list[tuple[OfferPart, Question]]:
    """Return what is asked in all, as far as the answers so far tell."""
    return [
        (part, question)
        for part in asking.offer.parts
        for question in asked(asking.questions.get(part.product_id, ()), asking.values.get(part.id, {}))
    ]


def kept(asking: Asking, part: OfferPart, question: Question) -> str:
    """Return the answer so far, "" where there is none."""
    return asking.values.get(part.id, {}).get(question.id, "")


def keep(asking: Asking, part: OfferPart, question: Question, value: str) -> None:
    """Take an answer in the place of the one before."""
    asking.values.setdefault(part.id, {})[question.id] = value


def place(asking: Asking, part: OfferPart) -> tuple[int, int]:
    """Return which ticket of its kind a part is, and of how many."""
    alike = [each.id for each in asking.offer.parts if each.product_id == part.product_id]
    return alike.index(part.id) + 1, len(alike)


def ids(question: Question) -> tuple[str, ...]:
    """Return what can be chosen."""
    return AGREEMENT if question.kind is QuestionKind.YES_NO else tuple(each.id for each in question.options)


def chosen(question: Question, before: str, index: int) -> str:
    """Return the answer after one was touched; of some, it is added or taken away."""
    known = ids(question)
    wanted = known[index]
    if question.kind is not QuestionKind.SOME_OF:
        return wanted
    taken = before.split(",")
    return ",".join(each for each in known if (each in taken) is not (each == wanted))


def options(question: Question, value: str, say: Callable[..., str], tag: str) -> tuple[OptionRow, ...]:
    """Return what can be chosen as it is shown."""
    taken = value.split(",")
    if question.kind is QuestionKind.YES_NO:
        return OptionRow(say("Yes"), YES in taken), OptionRow(say("No"), NO in taken)
    return tuple(OptionRow(each.text.text(tag), each.id in taken) for each in question.options)
