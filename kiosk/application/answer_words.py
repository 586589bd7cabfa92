"""What is said of an answer that will not do, in the words of whoever gave it."""

from collections.abc import Mapping

from kiosk.application.word import Word
from kiosk.domain.catalogue import Question, QuestionKind
from kiosk.domain.questions import AnswerFault

FAULTS: Mapping[AnswerFault, Word] = {
    AnswerFault.MISSING: Word("The organizer needs an answer to this."),
    AnswerFault.NOT_AN_OPTION: Word("Choose one of these."),
    AnswerFault.NOT_A_COUNTRY: Word("No country has this code. It is two letters, such as DE."),
    AnswerFault.NOT_A_PHONE: Word("This is a telephone number, such as +49 30 1234567."),
    AnswerFault.NOT_WRITABLE: Word("There are signs in this that cannot be written down. Type it again."),
    AnswerFault.NOT_A_NUMBER: Word("This is a number, such as 12."),
    AnswerFault.NOT_A_DATE: Word("This is a date: day, month and year, such as 24.12.1999."),
    AnswerFault.NOT_A_TIME: Word("This is a time of day, such as 14:30."),
    AnswerFault.TOO_LOW: Word("The organizer does not take an answer this low."),
    AnswerFault.TOO_HIGH: Word("The organizer does not take an answer this high."),
    AnswerFault.TOO_SHORT: Word("This is too short. Write a little more."),
    AnswerFault.TOO_LONG: Word("This is too long. Write a little less."),
}
DATE_FAULTS: Mapping[AnswerFault, Word] = {
    AnswerFault.TOO_LOW: Word("The organizer asks for a later date."),
    AnswerFault.TOO_HIGH: Word("The organizer asks for an earlier date."),
}
DATES = frozenset({QuestionKind.DATE, QuestionKind.MOMENT})


def fault_word(question: Question, fault: AnswerFault) -> Word:
    """Return what is said of an answer to a question."""
    of_dates = DATE_FAULTS if question.kind in DATES else {}
    return of_dates.get(fault) or FAULTS[fault]
