"""Paragraphs into lines: wrapped, never cut; a word too long for the paper steps the type down, then breaks."""

import unicodedata
from collections import OrderedDict

from msgspec import Struct

from hardware.printer.bidi import is_right_to_left, visual_order
from hardware.printer.document import SIZES
from hardware.printer.errors import UnprintableDocument
from hardware.printer.fonts import CJK, LATIN
from hardware.printer.glyphs import GlyphBook, Mask
from hardware.printer.text import Unit, clean, may_break, units_of

# Line height as a multiple of the size (LOOK.md §2, pictures 25 and 26).
LINE_HEIGHTS = {22: 1.36, 26: 1.38, 34: 1.3, 52: 1.24, 76: 1.14}
ASCENT, DESCENT = 1.069, 0.293  # Noto Sans, hhea table
SPLIT_FAMILIES = frozenset({LATIN, CJK})
PARAGRAPHS_KEPT_MAX = 2048
GROUP_LETTERS = 4  # codes are read aloud in groups of so many
TRACKING = 0.08  # of the size, between the characters of a code


class Line(Struct, frozen=True):
    """Masks with their pens, from the line's left edge; `width` and the extents around the baseline in dots."""

    placed: tuple[tuple[Mask, int], ...]
    width: int
    ascent: int
    descent: int


class Style(Struct, frozen=True):
    """How a paragraph is set."""

    size: int
    is_bold: bool
    language: str
    is_rtl: bool
    is_code: bool = False  # spaced out, one character at a time

    def at(self, size: int) -> "Style":
        """Return the same style at another size."""
        return Style(size, self.is_bold, self.language, self.is_rtl, self.is_code)


class Setter:
    """Sets text in lines of a given width."""

    def __init__(self, glyphs: GlyphBook) -> None:
        self._glyphs = glyphs
        self._kept: OrderedDict[tuple[str, Style, int, bool], list[Line] | None] = OrderedDict()

    def paragraph(self, text: str, style: Style, width: int) -> list[Line]:
        """Set a paragraph; every line is at most `width` dots wide.

        Raises:
            UnprintableDocument: a word that must not be broken is wider than that at every size.
        """
        parts = clean(text).split("\n")
        for size in _sizes(style.size):
            lines = [self._wrap(part, style.at(size), width, may_break_words=False) for part in parts]
            if all(each is not None for each in lines):
                return [line for each in lines if each is not None for line in each]
        last = style.at(min(26, style.size))
        broken = [self._wrap(part, last, width, may_break_words=True) for part in parts]
        if any(each is None for each in broken):
            raise UnprintableDocument("printer.document_too_wide", f"a word in {width} dots")
        return [line for each in broken if each is not None for line in each]

    def fitting_size(self, text: str, style: Style, width: int) -> int:
        """Return the largest size at which no word of the text is wider than `width`."""
        for size in _sizes(style.size):
            if all(self._wrap(part, style.at(size), width, may_break_words=False) for part in clean(text).split("\n")):
                return size
        return min(26, style.size)

    def natural_width(self, text: str, style: Style) -> int:
        """Return the width of the text on one line."""
        return max((line.width for line in self.paragraph(text, style, 1 << 20)), default=0)

    def _wrap(self, text: str, style: Style, width: int, *, may_break_words: bool) -> list[Line] | None:
        key = (text, style, width, may_break_words)
        if key not in self._kept:
            self._kept[key] = self._set(text, style, width, may_break_words=may_break_words)
            if len(self._kept) > PARAGRAPHS_KEPT_MAX:
                self._kept.popitem(last=False)
        return self._kept[key]

    def _set(self, text: str, style: Style, width: int, *, may_break_words: bool) -> list[Line] | None:
        direction = is_right_to_left(text)
        is_rtl = style.is_rtl if direction is None else direction
        units = _single(units_of(text, is_rtl=is_rtl), is_all=style.is_code or may_break_words)
        masks = [self._glyphs.mask(unit, style.size, is_bold=style.is_bold, language=style.language) for unit in units]
        tracking = TRACKING * style.size if style.is_code else 0.0
        lines: list[Line] = []
        start = 0
        while start < len(units):
            end, following = _line_end(units, masks, start, width, tracking, may_break_words=may_break_words)
            if end == start and not units[start].is_space:
                return None
            if end > start:
                lines.append(_line(units[start:end], masks[start:end], style, is_rtl, tracking))
            start = following
        return lines or [_line([], [], style, is_rtl, tracking)]


def _sizes(largest: int) -> list[int]:
    return [size for size in sorted(SIZES, reverse=True) if size <= largest] or [largest]


def _single(units: list[Unit], *, is_all: bool) -> list[Unit]:
    """Return units to be drawn one letter at a time, so that the letters of a code are drawn once for all codes."""
    singles: list[Unit] = []
    texts = ["", *[unit.text for unit in units], ""]
    for before, unit, after in zip(texts, units, texts[2:], strict=False):
        if is_all or _is_of_code(unit.text, before, after):
            singles += [Unit(part, unit.family, unit.level) for part in _parts(unit)]
        else:
            singles.append(unit)
    return singles


def _is_of_code(text: str, before: str, after: str) -> bool:
    """Say whether letters are new on every ticket: capitals in a group of four, or beside a digit."""
    is_capital = len(text) > 1 and text.isascii() and text.isupper()
    return is_capital and (len(text) == GROUP_LETTERS or before.isdigit() or after.isdigit())


def _parts(unit: Unit) -> list[str]:
    """Split only where a letter keeps its shape: not inside joined scripts, not before a mark."""
    if unit.family not in SPLIT_FAMILIES:
        return [unit.text]
    parts: list[str] = []
    for char in unit.text:
        if parts and unicodedata.category(char)[0] == "M":
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def _line_end(
    units: list[Unit], masks: list[Mask], start: int, width: int, tracking: float, *, may_break_words: bool
) -> tuple[int, int]:
    """Return where the line ends and where the next one begins; the end equals the start when nothing fits."""
    pen = 0.0
    best = (start, start)
    index = start
    while index < len(units):
        unit, mask = units[index], masks[index]
        if not unit.is_space and _reach(pen, mask) > width:
            if best[0] == start and may_break_words and index > start:
                return index, index
            return best
        pen += mask.advance + tracking
        index += 1
        if unit.is_space:
            if best[1] == index - 1:
                best = (best[0], index)
            continue
        if index == len(units) or may_break(unit, units[index]) or units[index].is_space:
            best = (index, index)
    return best if best[1] > start else (index, index)


def _reach(pen: float, mask: Mask) -> float:
    return max(pen + mask.advance, pen + mask.left + mask.width + 1)


def _line(units: list[Unit], masks: list[Mask], style: Style, is_rtl: bool, tracking: float) -> Line:
    ascent, descent = nominal(style.size)
    base = int(is_rtl)
    order = visual_order([unit.level if not unit.is_space or unit.level != base else base for unit in units])
    pen = 0.0
    placed: list[tuple[Mask, int]] = []
    for index in order:
        mask = masks[index]
        if mask.bits:
            x = max(0, round(pen) + mask.left)
            placed.append((mask, x))
            ascent = max(ascent, -mask.top)
            descent = max(descent, mask.top + mask.height)
        pen += mask.advance + tracking
    right = max((x + mask.width for mask, x in placed), default=0)
    return Line(tuple(placed), max(right, round(pen - tracking)), ascent, descent)


def nominal(size: int) -> tuple[int, int]:
    """Return the dots above and below the baseline that a line of this size takes at least."""
    height = round(size * LINE_HEIGHTS.get(size, 1.36))
    spare = height - size * (ASCENT + DESCENT)
    ascent = round(size * ASCENT + spare / 2)
    return ascent, height - ascent
