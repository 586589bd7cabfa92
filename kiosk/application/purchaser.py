"""For whom a sale is: personal data. It is sealed per sale in the store and is never part of an event or a log line."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

HOLDER, MAIL = "holder", "mail"
NAME_CHARS_MAX = 120
MAIL_CHARS_MAX = 254  # RFC 5321
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class PurchaserRefusedError(ValueError):
    """A name or mail address that cannot be kept; `str()` is the sentence and never repeats what was typed."""


@dataclass(frozen=True, slots=True, repr=False)
class Purchaser:
    """The holder's name as it stands on tickets, and where the platform may write to; both may be empty."""

    holder: str = ""
    mail: str = ""

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


def sealed_fields(given: Purchaser) -> dict[str, bytes]:
    """Return every field as bytes to be sealed, the empty ones too: they take the place of what stood there."""
    return {HOLDER: given.holder.encode(), MAIL: given.mail.encode()}


def purchaser_of(fields: Mapping[str, bytes]) -> Purchaser:
    """Return what was kept."""
    return Purchaser(fields.get(HOLDER, b"").decode(), fields.get(MAIL, b"").decode())
