"""How the questions of a sale look in pane 2: ticket by ticket, the current one open; pure."""

from msgspec import Struct

from kiosk.application.answer_words import fault_word
from kiosk.domain.catalogue import OfferPart, Question, QuestionKind
from kiosk.domain.questions import AnswerFault
from kiosk.ui.catalogue import answering, typed_answer
from kiosk.ui.controls.desk import Asking
from kiosk.ui.controls.staff_words import StaffWords

KEYS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of the answers to choose from, in their order
Entry = tuple[Asking, OfferPart, Question]


class AskRow(Struct, frozen=True):
    """One question to one ticket; `whom` is said where a ticket begins."""

    whom: str
    question: str
    answer: str
    fact: str
    note: str
    isCurrent: bool
    isTyped: bool
    isMissing: bool


class ChoiceRow(Struct, frozen=True):
    """One answer to choose, and its key."""

    key: str
    answer: str
    isTaken: bool
    isCurrent: bool


def ask_row(words: StaffWords, entry: Entry, *, begins: bool, at: bool, fault: AnswerFault | None) -> AskRow:
    """Return a question as it stands; `at`: it is the current one, `begins`: it is the first of its ticket."""
    asking, part, question = entry
    value = answering.kept(*entry)
    return AskRow(
        whom=_whom(words, asking, part) if begins else "",
        question=words.text(question.text),
        answer=value if fault else _said(words, question, value),
        fact=_fact(words, question),
        note=words.tell(fault_word(question, fault)) if fault else "",
        isCurrent=at,
        isTyped=typed_answer.is_typed(question),
        isMissing=question.is_required and not value,
    )


def choice_rows(words: StaffWords, entry: Entry, cursor: int) -> tuple[ChoiceRow, ...]:
    """Return what can be chosen at the current question; of some, `cursor` is the one that Space takes or leaves."""
    _, _, question = entry
    found = answering.options(question, answering.kept(*entry), words.say, words.tag)
    is_some = question.kind is QuestionKind.SOME_OF
    return tuple(
        ChoiceRow(KEYS[at : at + 1], each.answer, each.isTaken, is_some and at == cursor)
        for at, each in enumerate(found)
    )


def _whom(words: StaffWords, asking: Asking, part: OfferPart) -> str:
    name = words.text(part.product_name)
    at, count = answering.place(asking, part)
    return words.say("{ticket}, {number} of {count}", ticket=name, number=at, count=count) if count > 1 else name


def _said(words: StaffWords, question: Question, value: str) -> str:
    if typed_answer.is_typed(question):
        return typed_answer.shown(question, typed_answer.again(question, value)) if value else ""
    return ", ".join(each.answer for each in answering.options(question, value, words.say, words.tag) if each.isTaken)


def _fact(words: StaffWords, question: Question) -> str:
    """Return how it is answered, and that it may be left out."""
    say = words.say
    how = {
        QuestionKind.COUNTRY: say("Two letters, such as DE."),
        QuestionKind.SOME_OF: say("Choose as many as you like."),
        QuestionKind.DATE: say("Day, month, year: 24.12.1999"),
        QuestionKind.TIME: say("Hour, minute: 14:30"),
        QuestionKind.MOMENT: say("Day, month, year, time: 24.12.1999 14:30"),
    }.get(question.kind, "")
    skip = "" if question.is_required else say("You may leave this out.")
    return " ".join(each for each in (how, skip) if each)
