"""A ticket the usual way: Pillow draws one picture, qrcode its code, python-escpos sends it.

The peer of the benches: it draws the same blocks at the same sizes, on as many dots as our own page has.
"""

import qrcode
from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

from hardware.printer.document import (
    ColumnsBlock,
    PairBlock,
    PrintDocument,
    QrBlock,
    RuleBlock,
    SpaceBlock,
    TextBlock,
)
from hardware.printer.fonts import CJK, LATIN, FontBook
from hardware.printer.raster import EDGE_ROWS

SIZES = (22, 26, 34, 52, 76)


class NaiveTicket:
    """Draw with Pillow, qrcode and python-escpos; the fonts are open already."""

    def __init__(self) -> None:
        book = FontBook()
        self.fonts: dict[tuple[str, int, bool], ImageFont.FreeTypeFont] = {
            (family, size, bold): book.face(family, size, is_bold=bold, language="zh").font
            for family in (LATIN, CJK)
            for size in SIZES
            for bold in (False, True)
        }

    def ticket(self, document: PrintDocument, height: int) -> bytes:
        """Return the bytes of a document on a page of so many rows."""
        image = Image.new("1", (576, height), 1)
        draw = ImageDraw.Draw(image)
        y = EDGE_ROWS
        for block in document.blocks:
            y = self._block(image, draw, block, y)
        printer = Dummy(profile="TM-T20II")
        printer.image(image)
        printer.cut()
        return bytes(printer.output)

    def _block(self, image: Image.Image, draw: ImageDraw.ImageDraw, block: object, y: int) -> int:
        match block:
            case TextBlock():
                self._text(draw, 16, y, block.text, block.size, bold=block.is_bold)
                return y + round(block.size * 1.4) + 8
            case PairBlock():
                self._text(draw, 16, y, block.start, block.size, bold=block.is_bold)
                self._text(draw, 380, y, block.end, block.size, bold=block.is_bold)
                return y + round(block.size * 1.4) + 8
            case ColumnsBlock():
                for index, (label, value) in enumerate(block.columns):
                    self._text(draw, 16 + 180 * index, y, label, 22, bold=False)
                    self._text(draw, 16 + 180 * index, y + 30, value, block.size, bold=True)
                return y + 46 + round(block.size * 1.2)
            case RuleBlock():
                draw.rectangle((16, y, 560, y + block.thickness - 1), fill=0)
                return y + 16
            case QrBlock():
                code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10, border=4)
                code.add_data(block.payload)
                code.make(fit=True)
                picture = code.make_image().get_image()
                image.paste(picture, (100, y))
                self._text(draw, 170, y + picture.height, block.caption, 52, bold=True)
                return y + picture.height + 70
            case SpaceBlock():
                return y + block.height
        raise AssertionError(block)

    def _text(self, draw: ImageDraw.ImageDraw, x: float, y: int, text: str, size: int, *, bold: bool) -> None:
        for run in _runs(text):
            font = self.fonts[CJK if run[0] > "\u2e7f" else LATIN, size, bold]
            draw.text((x, y), run, font=font, fill=0)
            x += draw.textlength(run, font=font)


def _runs(text: str) -> list[str]:
    runs: list[str] = []
    for char in text:
        if runs and (runs[-1][-1] > "\u2e7f") == (char > "\u2e7f"):
            runs[-1] += char
        else:
            runs.append(char)
    return runs
