"""An answer as it is typed: digits fall into the places of a date or a time, everything else stays as it is."""

import re
import unicodedata
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kiosk.domain.catalogue import Question, QuestionKind
from kiosk.domain.questions import CHARS_MAX, CHOICES

PLACES = {
    QuestionKind.DATE: "__.__.____",
    QuestionKind.TIME: "__:__",
    QuestionKind.MOMENT: "__.__.____ __:__",
}
FIGURES = frozenset({*PLACES, QuestionKind.NUMBER, QuestionKind.PHONE})
SIGNS = {QuestionKind.NUMBER: "-.", QuestionKind.PHONE: "+ "}
COUNTRY_CHARS = 2
YEAR_DIGITS = 4
GROUPS = {
    QuestionKind.DATE: (2, 2, YEAR_DIGITS),
    QuestionKind.TIME: (2, 2),
    QuestionKind.MOMENT: (2, 2, YEAR_DIGITS, 2, 2),
}


def is_typed(question: Question) -> bool:
    """Say whether it is answered by typing."""
    return question.kind not in {*CHOICES, QuestionKind.YES_NO}


def written(question: Question, text: str, zone: str) -> str:
    """Return the answer of a text written as a whole: 1.2.2003 is a date, and 2,5 a number; what is none stays."""
    kind, text = question.kind, text.strip()
    if kind not in FIGURES:
        return text.upper() if kind is QuestionKind.COUNTRY else text
    figures = western(text)
    if kind not in PLACES:
        return figures.replace(",", ".") if kind is QuestionKind.NUMBER else figures
    groups, sizes = re.findall(r"[0-9]+", figures), GROUPS[kind]
    if len(groups) == len(sizes):
        if len(groups[0]) == YEAR_DIGITS:  # 2003-02-01
            groups[:3] = reversed(groups[:3])
        groups = [each.zfill(size) for each, size in zip(groups, sizes, strict=True)]
    digits = "".join(groups)
    return value(question, digits, zone) if len(digits) == sum(sizes) else text


def western(text: str) -> str:
    """Return a text with the digits of every script as 0 to 9."""
    return "".join(str(unicodedata.decimal(each, each)) for each in text)


def more(question: Question, typed: str, text: str) -> str:
    """Return what is typed with more of it; what does not belong there changes nothing."""
    kind = question.kind
    if kind in FIGURES:
        text = western(text)
        kept = "".join(each for each in text if each in "0123456789" + SIGNS.get(kind, ""))
    else:
        kept = text.upper() if kind is QuestionKind.COUNTRY else text
    most = PLACES[kind].count("_") if kind in PLACES else min(question.chars_max or CHARS_MAX, CHARS_MAX)
    return (typed + kept)[: COUNTRY_CHARS if kind is QuestionKind.COUNTRY else most].lstrip()


def shown(question: Question, typed: str) -> str:
    """Return what stands in the field."""
    places = PLACES.get(question.kind)
    if places is None:
        return typed
    digits = iter(typed)
    return "".join(next(digits, "_") if each == "_" else each for each in places)


def value(question: Question, typed: str, zone: str) -> str:
    """Return the answer that was typed; a date or time that is none stays as it stands in the field."""
    if question.kind not in PLACES or not typed:
        return typed.strip()
    text = shown(question, typed)
    try:
        if question.kind is QuestionKind.TIME:
            return time.fromisoformat(text).isoformat()
        day = date(int(text[6:10]), int(text[3:5]), int(text[:2]))
        if question.kind is QuestionKind.DATE:
            return day.isoformat()
        return datetime.combine(day, time.fromisoformat(text[-5:]), ZoneInfo(zone)).isoformat()
    except ValueError:
        return text


def again(question: Question, answer: str) -> str:
    """Return what had been typed for an answer that was kept."""
    match question.kind:
        case QuestionKind.DATE | QuestionKind.MOMENT if answer:
            day, hour = answer[:10], answer[11:16]
            return f"{day[8:]}{day[5:7]}{day[:4]}{hour.replace(':', '')}"
        case QuestionKind.TIME:
            return answer[:5].replace(":", "")
        case _:
            return answer if is_typed(question) else ""
