"""What an operator asks of whoever a ticket is for, and whether an answer will do. Answers are personal."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from kiosk.domain.catalogue import Question, QuestionKind
from kiosk.domain.countries import COUNTRIES

CHARS_MAX = 1_000
DIGITS_MAX = 25  # before the point, and behind it: what a pretix keeps of a number
YEARS = range(1000, 9999)  # any moment of these exists in every zone
YES, NO = "true", "false"
CHOICES = frozenset({QuestionKind.ONE_OF, QuestionKind.SOME_OF})
JOINERS = "\u200c\u200d"  # Persian, the scripts of India and composed pictures are written with them
UNWRITABLE = frozenset({"Cc", "Cf", "Co", "Cs"})  # control, format, private and half characters
_NUMBER = re.compile(r"[+-]?([0-9]+)(?:\.([0-9]+))?")
_PHONE = re.compile(r"\+?[0-9 ()/.-]*[0-9][0-9 ()/.-]*")


class Answer(Struct, frozen=True):
    """One answer for one part: dates and times as ISO 8601, `options` the ids of those chosen."""

    offer_id: str
    part_id: str
    question_id: str
    value: str
    options: tuple[str, ...] = ()


class AnswerFault(StrEnum):
    """What is wrong with an answer."""

    MISSING = "missing"
    NOT_AN_OPTION = "not_an_option"
    NOT_A_COUNTRY = "not_a_country"
    NOT_A_PHONE = "not_a_phone"
    NOT_WRITABLE = "not_writable"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_A_TIME = "not_a_time"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


def is_asked(question: Question, values: Mapping[str, str]) -> bool:
    """Say whether a question is asked at all after what was answered before it."""
    if not question.depends_on:
        return True
    given = values.get(question.depends_on, "")
    return any(each in question.depends_values for each in given.split(",") if each)


def asked(questions: Iterable[Question], values: Mapping[str, str]) -> tuple[Question, ...]:
    """Return the questions that are asked of one part, in their order."""
    found: list[Question] = []
    for each in questions:
        is_below = each.depends_on and each.depends_on not in {question.id for question in found}
        if not is_below and is_asked(each, values):
            found.append(each)
    return tuple(found)


def fault_of(question: Question, value: str) -> AnswerFault | None:
    """Return what is wrong with an answer; None where it will do. Who must agree has to say yes."""
    if not value or (question.kind is QuestionKind.YES_NO and value == NO):
        return AnswerFault.MISSING if question.is_required else None
    if len(value) > CHARS_MAX:
        return AnswerFault.TOO_LONG
    return _CHECKS[question.kind](question, value)


def _text_fault(question: Question, value: str) -> AnswerFault | None:
    lines = value.replace("\r\n", "\n").split("\n") if question.kind is QuestionKind.LINES else [value]
    if not all(_is_writable(line) for line in lines):
        return AnswerFault.NOT_WRITABLE
    if question.kind is QuestionKind.PHONE and not _PHONE.fullmatch(value):
        return AnswerFault.NOT_A_PHONE
    if question.chars_min is not None and len(value) < question.chars_min:
        return AnswerFault.TOO_SHORT
    if question.chars_max is not None and len(value) > question.chars_max:
        return AnswerFault.TOO_LONG
    return None


def _is_writable(line: str) -> bool:
    """Say whether a line holds letters and signs only; of the formatting ones those that some scripts write with."""
    return all(each in JOINERS or unicodedata.category(each) not in UNWRITABLE for each in line)


def _country_fault(_: Question, value: str) -> AnswerFault | None:
    return None if value in COUNTRIES else AnswerFault.NOT_A_COUNTRY


def _number_fault(question: Question, value: str) -> AnswerFault | None:
    read = _NUMBER.fullmatch(value)
    if read is None:
        return AnswerFault.NOT_A_NUMBER
    if any(len(digits or "") > DIGITS_MAX for digits in read.groups()):
        return AnswerFault.TOO_LONG
    number = Decimal(value)
    if question.least and number < Decimal(question.least):
        return AnswerFault.TOO_LOW
    return AnswerFault.TOO_HIGH if question.most and number > Decimal(question.most) else None


def _option_fault(question: Question, value: str) -> AnswerFault | None:
    chosen = value.split(",")
    is_known = set(chosen) <= {each.id for each in question.options} and len(set(chosen)) == len(chosen)
    is_one = len(chosen) == 1 or question.kind is QuestionKind.SOME_OF
    return None if is_known and is_one else AnswerFault.NOT_AN_OPTION


def _time_fault(question: Question, value: str) -> AnswerFault | None:
    if question.kind is QuestionKind.TIME:
        try:
            time.fromisoformat(value)
        except ValueError:
            return AnswerFault.NOT_A_TIME
        return None
    read = date.fromisoformat if question.kind is QuestionKind.DATE else datetime.fromisoformat
    try:
        given = read(value)
        if given.year not in YEARS:
            return AnswerFault.NOT_A_DATE
        if question.least and given < read(question.least):
            return AnswerFault.TOO_LOW
        return AnswerFault.TOO_HIGH if question.most and given > read(question.most) else None
    except (ValueError, TypeError):  # no date; or one without an offset beside one that has it
        return AnswerFault.NOT_A_DATE


def _agreement_fault(_: Question, value: str) -> AnswerFault | None:
    return None if value == YES else AnswerFault.NOT_AN_OPTION


_CHECKS: Mapping[QuestionKind, Callable[[Question, str], AnswerFault | None]] = {
    QuestionKind.TEXT: _text_fault, QuestionKind.LINES: _text_fault, QuestionKind.PHONE: _text_fault,
    QuestionKind.COUNTRY: _country_fault, QuestionKind.NUMBER: _number_fault, QuestionKind.YES_NO: _agreement_fault,
    QuestionKind.ONE_OF: _option_fault, QuestionKind.SOME_OF: _option_fault, QuestionKind.DATE: _time_fault,
    QuestionKind.TIME: _time_fault, QuestionKind.MOMENT: _time_fault,
}  # fmt: skip
