"""For whom a sale is: personal data. It is sealed per sale in the store and is never part of an event or a log line."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec

from kiosk.domain.catalogue import Offer, Question
from kiosk.domain.questions import CHOICES, Answer, AnswerFault, asked, fault_of

HOLDER, MAIL, ANSWERS = "holder", "mail", "answers"
NAME_CHARS_MAX = 120
MAIL_CHARS_MAX = 254  # RFC 5321
Given = Mapping[str, Mapping[str, str]]
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class AnswerRefusedError(ValueError):
    """An answer that will not do: of which part, to which question, and why."""

    def __init__(self, part_id: str, question: Question, fault: AnswerFault) -> None:
        super().__init__(f"{question.id} {fault}")
        self.part_id, self.question, self.fault = part_id, question, fault


class PurchaserRefusedError(ValueError):
    """A name or mail address that cannot be kept; `str()` is the sentence and never repeats what was typed."""


@dataclass(frozen=True, slots=True, repr=False)
class Purchaser:
    """The holder's name as it stands on tickets, where the platform may write to, and what was answered; or nothing.

    `answered` names the questions that are answered or need not be, and tells nothing of anybody.
    """

    holder: str = ""
    mail: str = ""
    answers: tuple[Answer, ...] = ()
    answered: tuple[tuple[str, str, str], ...] = ()

    def __repr__(self) -> str:  # a traceback or a log line must not tell it
        return "Purchaser(…)"


NOBODY = Purchaser()


def purchaser(holder: str, mail: str = "") -> Purchaser:
    """Return what was typed, cleaned at its ends.

    Raises:
        PurchaserRefusedError: control characters, too long, or no mail address.
    """
    name, address = unicodedata.normalize("NFC", holder).strip(), mail.strip()
    if len(name) > NAME_CHARS_MAX or not all(letter.isprintable() for letter in name):
        raise PurchaserRefusedError(f"A name has at most {NAME_CHARS_MAX} letters and stands on one line.")
    if address and (len(address) > MAIL_CHARS_MAX or not address.isprintable() or not _MAIL.fullmatch(address)):
        raise PurchaserRefusedError("A mail address looks like name@example.org.")
    return Purchaser(name, address)


def with_answers(whom: Purchaser, offer: Offer, questions: Mapping[str, Iterable[Question]], given: Given) -> Purchaser:
    """Return a purchaser who also answers for an offer; `questions` by product, `given` by part and question.

    Raises:
        AnswerRefusedError: a required answer is missing, or one will not do.
    """
    answers, answered = [], []
    for part in offer.parts:
        of_product, values = tuple(questions.get(part.product_id, ())), given.get(part.id, {})
        for question in asked(of_product, values):
            value = values.get(question.id, "").strip()
            fault = fault_of(question, value)
            if fault is not None:
                raise AnswerRefusedError(part.id, question, fault)
            if value:
                options = tuple(value.split(",")) if question.kind in CHOICES else ()
                answers.append(Answer(offer.id, part.id, question.id, value, options))
        answered += [(offer.id, part.id, question.id) for question in of_product]
    others = tuple(each for each in whom.answers if each.offer_id != offer.id)
    settled = tuple(each for each in whom.answered if each[0] != offer.id)
    return replace(whom, answers=(*others, *answers), answered=(*settled, *answered))


def sealed_fields(given: Purchaser) -> dict[str, bytes]:
    """Return every field as bytes to be sealed, the empty ones too: they take the place of what stood there."""
    answers = msgspec.json.encode(given.answers) if given.answers else b""
    return {HOLDER: given.holder.encode(), MAIL: given.mail.encode(), ANSWERS: answers}


def purchaser_of(fields: Mapping[str, bytes]) -> Purchaser:
    """Return what was kept."""
    answers = msgspec.json.decode(fields.get(ANSWERS) or b"[]", type=tuple[Answer, ...])
    return Purchaser(fields.get(HOLDER, b"").decode(), fields.get(MAIL, b"").decode(), answers)
