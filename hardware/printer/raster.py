"""Documents into dots: one 1-bit picture per piece of paper, the same on every printer and every machine.

Lines never touch: each stands in rows of its own, so that nothing can overlap; each is measured before it is
placed, so that nothing is cut. Blocks and words seen before are taken from bounded caches (docs/hardware/printer.md).
"""

import io
import math
import threading
from collections import OrderedDict
from functools import lru_cache

from msgspec import Struct
from PIL import Image

from hardware.printer.blocks import BlockSetter
from hardware.printer.document import Block, PrintDocument, QrBlock
from hardware.printer.errors import UnprintableDocument
from hardware.printer.fonts import FontBook
from hardware.printer.glyphs import GlyphBook
from hardware.printer.lines import Setter
from hardware.printer.strips import Piece

__all__ = ["EDGE_ROWS", "ROWS_MAX", "Raster", "Renderer", "paper_mm", "render"]

EDGE_ROWS = 24  # empty paper above the first and below the last block
ROWS_MAX = 12_000  # 1.5 m: no honest ticket is longer
BLOCKS_KEPT_MAX = 512


MM_PER_INCH = 25.4
CUT_MM = 15  # from the print head to the cutter; rounded up, so that a roll is never said to be longer than it is


def paper_mm(rows: int, dpi: int) -> int:
    """Return the length of a paper of so many rows, cut."""
    return math.ceil(rows * MM_PER_INCH / dpi) + CUT_MM


class Raster(Struct, frozen=True):
    """Dots of one paper: `rows` is packed, `stride` bytes per row, highest bit left, 1 is ink.

    `pieces` are the same rows block by block, where they are known: what is printed again and again is spelt once.
    """

    width: int
    height: int
    rows: bytes
    pieces: tuple[Piece, ...] = ()

    @property
    def stride(self) -> int:
        """Return the bytes of one row."""
        return self.width // 8

    def to_image(self) -> Image.Image:
        """Return black on white."""
        return Image.frombytes("1", (self.width, self.height), bytes(self.rows).translate(_INVERTED))

    def to_png(self) -> bytes:
        """Return a 1-bit PNG at 203 dpi."""
        out = io.BytesIO()
        self.to_image().save(out, "PNG", dpi=(203, 203))
        return out.getvalue()


_INVERTED = bytes(255 - value for value in range(256))


class Renderer:
    """Renders for one paper width; safe to call from any thread."""

    def __init__(self, width_dots: int = 576, fonts: FontBook | None = None) -> None:
        if width_dots % 8 or not 256 <= width_dots <= 1024:  # noqa: PLR2004 - 58 mm to 112 mm paper
            raise UnprintableDocument("printer.paper_width", f"{width_dots} dots")
        self._width = width_dots
        self._fonts = fonts or FontBook()
        self._kept: OrderedDict[tuple[Block, bool, str], Piece] = OrderedDict()
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop everything remembered, names of people included."""
        with self._lock:
            self._kept.clear()
            self._setter = BlockSetter(Setter(GlyphBook(self._fonts, self._width)), self._width)

    def render(self, document: PrintDocument) -> Raster:
        """Render a document.

        Raises:
            UnprintableDocument: a block cannot stand on this paper uncut.
            MissingFont: a script has no font on this machine.
        """
        edge = Piece(bytes(self._width // 8 * EDGE_ROWS))
        with self._lock:
            pieces = (edge, *[self._block(block, document) for block in document.blocks], edge)
        rows = b"".join([piece.rows for piece in pieces])
        height = len(rows) * 8 // self._width
        if height > ROWS_MAX:
            raise UnprintableDocument("printer.document_too_long", f"{height} rows")
        return Raster(self._width, height, rows, pieces)

    def _block(self, block: Block, document: PrintDocument) -> Piece:
        if isinstance(block, QrBlock):  # a secret: drawn anew each time, never remembered
            return self._set(block, document)
        key = (block, document.is_right_to_left, document.language)
        piece = self._kept.get(key)
        if piece is None:
            piece = self._kept[key] = self._set(block, document)
            if len(self._kept) > BLOCKS_KEPT_MAX:
                self._kept.popitem(last=False)
        return piece

    def _set(self, block: Block, document: PrintDocument) -> Piece:
        return Piece(self._setter.rows(block, is_rtl=document.is_right_to_left, language=document.language))


@lru_cache(maxsize=4)
def _renderer(width_dots: int) -> Renderer:
    return Renderer(width_dots)


def render(document: PrintDocument, width_dots: int = 576) -> Raster:
    """Render with the machine's own fonts; raises as `Renderer.render` does."""
    return _renderer(width_dots).render(document)
