"""Text on its way to paper: cleaned at the edge, cut into units that are drawn whole, wrapped into lines."""

import unicodedata

from msgspec import Struct

from hardware.printer.bidi import levels
from hardware.printer.errors import UnprintableDocument
from hardware.printer.fonts import CJK, family_of, is_ideographic

TEXT_LENGTH_MAX = 4000
MARKS_IN_A_ROW_MAX = 4
_JOINERS = "\u200c\u200d"  # shape Arabic and Indic words; they draw nothing
_SPACES = {"\t": " ", "\r": " ", "\u2028": "\n", "\u2029": "\n", "\x85": "\n"}
NOT_FIRST = frozenset("。，、；：？！）》」』】〉”’…·,.;:?!)]}%‰°ー々ァィゥェォッャュョぁぃぅぇぉっゃゅょ")  # noqa: RUF001 - signs that must not begin a line
NOT_LAST = frozenset("（《「『【〈“‘([{¥€$£")  # noqa: RUF001 - signs that must not end a line
_BREAK_AFTER = frozenset("-–—/")  # noqa: RUF001 - dashes


def clean(text: str) -> str:
    """Return text that may reach paper: composed, without control or format characters, marks bounded.

    Raises:
        UnprintableDocument: it is longer than TEXT_LENGTH_MAX characters.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise UnprintableDocument("printer.document_too_long", f"text of {len(text)} characters")
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        plain = _SPACES.get(char, char)
        kind = unicodedata.category(plain)
        if kind[0] == "C" and plain not in _JOINERS and plain != "\n":
            continue
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks <= MARKS_IN_A_ROW_MAX:
            kept.append(plain)
    return "".join(kept)


class Unit(Struct, frozen=True):
    """Characters drawn in one go by one font: a word's letters, one digit, one sign, one Han character."""

    text: str
    family: str
    level: int

    @property
    def is_space(self) -> bool:
        """Say whether it draws nothing and a line may end before it."""
        return self.text in {" ", "\u3000"}


def units_of(text: str, *, is_rtl: bool) -> list[Unit]:
    """Cut one line of cleaned text into units, in reading order."""
    units: list[Unit] = []
    is_open = False  # the last unit is a run of letters that may grow
    for char, level in zip(text, levels(text, is_rtl=is_rtl), strict=True):
        kind = unicodedata.category(char)
        family = family_of(char)
        is_mark = kind[0] == "M" or char in _JOINERS
        last = units[-1] if units else None
        if last is not None and not last.is_space and (is_mark or _grows(last, is_open, kind, family, level)):
            units[-1] = Unit(last.text + char, last.family, last.level)
            continue
        units.append(Unit(char, family, level))
        is_open = kind[0] == "L" and family != CJK
    return units


def _grows(last: Unit, is_open: bool, kind: str, family: str, level: int) -> bool:
    return is_open and kind[0] == "L" and family == last.family and level == last.level


def may_break(before: Unit, after: Unit) -> bool:
    """Say whether a line may end between two neighbours."""
    if before.is_space:
        return True
    left, right = before.text[-1], after.text[0]
    if after.is_space or right in NOT_FIRST or left in NOT_LAST:
        return False
    if left in _BREAK_AFTER:
        return right.isalpha()
    return is_ideographic(left) or is_ideographic(right)
