"""A raster as ESC/POS bytes: the strips of its pieces, and feeds over what is blank between them.

Commands: GS P, ESC J of the Epson ESC/POS reference.
"""

from typing import TYPE_CHECKING

from hardware.printer.strips import Piece

if TYPE_CHECKING:
    from hardware.printer.raster import Raster

FEED_ROWS_MAX = 255


def set_pitch(dpi: int) -> bytes:
    """Return GS P: one unit of ESC J and GS L is one dot."""
    return bytes((0x1D, 0x50, dpi, dpi))


def bands(raster: "Raster") -> list[bytes]:
    """Return the commands that put the raster on paper, from top to bottom, one item per strip or feed."""
    out: list[bytes] = []
    blank = 0
    for piece in raster.pieces or (Piece(raster.rows),):
        for part in piece.spelt(raster.stride):
            if isinstance(part, int):
                blank += part
                continue
            if blank:
                out += _feeds(blank)
                blank = 0
            out.append(part)
    return out + _feeds(blank)


def _feeds(rows: int) -> list[bytes]:
    full, rest = divmod(rows, FEED_ROWS_MAX)
    return [b"\x1bJ\xff"] * full + ([bytes((0x1B, 0x4A, rest))] if rest else [])
