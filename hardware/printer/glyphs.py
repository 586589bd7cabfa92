"""Pictures of units as whole numbers, so that a line is put together by shifting and OR-ing.

A mask's bits are rows of `stride` dots, first row in the highest bits. A page that shows the same Han characters,
digits and words again and again pays for shaping and drawing each of them once.
"""

from collections import OrderedDict

from msgspec import Struct
from PIL import Image

from hardware.printer.fonts import Face, FontBook
from hardware.printer.text import Unit

MASKS_MAX = 4096
INK_FROM = 112  # of 255: a dot that is covered this much is printed; lower thickens strokes
REPLACEMENT = "\u25a1"


class Mask(Struct, frozen=True):
    """A drawn unit: its ink from `left` dots beside the pen and `top` dots below the baseline (negative: above)."""

    bits: int
    width: int
    height: int
    left: int
    top: int
    advance: float


class GlyphBook:
    """Draws units and remembers them, at most MASKS_MAX."""

    def __init__(self, fonts: FontBook, stride: int) -> None:
        self._fonts = fonts
        self._stride = stride
        self._masks: OrderedDict[tuple[Unit, int, bool, str], Mask] = OrderedDict()

    def mask(self, unit: Unit, size: int, *, is_bold: bool, language: str) -> Mask:
        """Return the picture of a unit."""
        key = (unit, size, is_bold, language)
        mask = self._masks.get(key)
        if mask is None:
            mask = self._draw(unit, size, is_bold, language)
            self._masks[key] = mask
            if len(self._masks) > MASKS_MAX:
                self._masks.popitem(last=False)
        else:
            self._masks.move_to_end(key)
        return mask

    def _draw(self, unit: Unit, size: int, is_bold: bool, language: str) -> Mask:
        face, text = self._face_and_text(unit, size, is_bold, language)
        direction = "rtl" if unit.level % 2 else "ltr"
        advance = face.font.getlength(text, direction=direction)
        picture, offset = face.font.getmask2(text, "L", direction=direction, anchor="ls")
        if not picture.size[0] or not picture.size[1] or unit.is_space:
            return Mask(0, 0, 0, 0, 0, advance)
        width, height = picture.size
        if width > self._stride:
            return Mask(0, width, 0, 0, 0, advance)  # wider than any line: it is measured and never placed
        grey = Image.new("L", (width, height))
        grey.im.paste(picture, (0, 0, width, height))
        rows = Image.new("1", (self._stride, height))
        rows.paste(grey.point(lambda value: 255 * (value >= INK_FROM)).convert("1"), (0, 0))
        bits = int.from_bytes(rows.tobytes(), "big")
        return Mask(bits, width, height, int(offset[0]), int(offset[1]), advance)

    def _face_and_text(self, unit: Unit, size: int, is_bold: bool, language: str) -> tuple[Face, str]:
        face = self._fonts.face(unit.family, size, is_bold=is_bold, language=language)
        if len(unit.text) > 1 or face.has(unit.text):
            return face, unit.text
        other = self._fonts.fallback(unit.text, size, is_bold=is_bold, language=language)
        if other is not None:
            return other, unit.text
        other = self._fonts.fallback(REPLACEMENT, size, is_bold=is_bold, language=language)
        return (other, REPLACEMENT) if other is not None else (face, "?")
