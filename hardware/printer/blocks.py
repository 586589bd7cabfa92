"""Each kind of block into full rows of dots (LOOK.md §6, pictures 25 and 26)."""

from collections.abc import Sequence
from typing import assert_never

from hardware.printer.document import (
    BannerBlock,
    Block,
    ColumnsBlock,
    PairBlock,
    QrBlock,
    RuleBlock,
    SpaceBlock,
    TextBlock,
)
from hardware.printer.errors import UnprintableDocument
from hardware.printer.lines import Line, Setter, Style
from hardware.printer.qr import QrPicture, qr_picture

MARGIN = 16
GAP = 16  # between columns
LABEL_SIZE = 22
CODE_SIZE = 52
DASH = 8  # 4 dots on, 4 off
BANNER_PADDING = 8
SPACE_MAX = 2000
ROOM_MIN = 120  # dots a paragraph needs beside an indent or a QR code
Placed = tuple[Line, int]
_Inked = TextBlock | PairBlock | ColumnsBlock | RuleBlock | QrBlock | BannerBlock


class BlockSetter:
    """Sets blocks on paper of one width."""

    def __init__(self, setter: Setter, width: int) -> None:
        self._setter = setter
        self._width = width
        self._inner = width - 2 * MARGIN

    def rows(self, block: Block, *, is_rtl: bool, language: str) -> bytes:
        """Return the packed rows of a block, its space before included."""
        if isinstance(block, SpaceBlock):
            return self._blank(block.height)
        return self._blank(block.space_before) + self._inked(block, is_rtl, language)

    def _inked(self, block: _Inked, is_rtl: bool, language: str) -> bytes:
        match block:
            case TextBlock():
                rows = self._text(block, is_rtl, language)
            case PairBlock():
                rows = self._pair(block, is_rtl, language)
            case ColumnsBlock():
                rows = self._columns(block, is_rtl, language)
            case RuleBlock():
                rows = self._rule(block)
            case QrBlock():
                rows = self._qr(block, is_rtl, language)
            case BannerBlock():
                rows = self._banner(block, is_rtl, language)
            case _:
                assert_never(block)
        return rows

    def _blank(self, count: int) -> bytes:
        if not 0 <= count <= SPACE_MAX:
            raise UnprintableDocument("printer.document_too_long", f"{count} empty rows")
        return bytes(self._width // 8 * count)

    def _x(self, start: int, width: int, *, is_rtl: bool) -> int:
        """Return the left edge of something `start` dots from the start margin."""
        return self._width - MARGIN - start - width if is_rtl else MARGIN + start

    def _text(self, block: TextBlock, is_rtl: bool, language: str) -> bytes:
        available = self._inner - block.indent
        if available < ROOM_MIN or block.indent < 0:
            raise UnprintableDocument("printer.document_too_wide", f"indent of {block.indent} dots")
        style = Style(block.size, block.is_bold, language, is_rtl)
        lines = self._setter.paragraph(block.text, style, available)
        return b"".join([self._row([(line, self._text_x(line, block, is_rtl))]) for line in lines])

    def _text_x(self, line: Line, block: TextBlock, is_rtl: bool) -> int:
        if block.is_centred:
            return (self._width - line.width) // 2
        return self._x(block.indent, line.width, is_rtl=is_rtl)

    def _pair(self, block: PairBlock, is_rtl: bool, language: str) -> bytes:
        start_style = Style(block.start_size or block.size, block.is_bold, language, is_rtl)
        end_style = Style(block.end_size or block.size, block.is_bold, language, is_rtl)
        ends = self._setter.paragraph(block.end, end_style, self._inner)
        end_width = max(line.width for line in ends)
        room = self._inner - end_width - GAP
        if len(ends) > 1 or room < self._inner // 3:  # the end text takes rows of its own, below
            starts = self._setter.paragraph(block.start, start_style, self._inner)
            own = [self._row([(line, self._x(0, line.width, is_rtl=is_rtl))]) for line in starts]
            return b"".join(own + [self._row([(line, self._end_x(line, is_rtl))]) for line in ends])
        starts = self._setter.paragraph(block.start, start_style, room)
        rows = [[(line, self._x(0, line.width, is_rtl=is_rtl))] for line in starts]
        rows[0].append((ends[0], self._end_x(ends[0], is_rtl)))
        return b"".join([self._row(each) for each in rows])

    def _end_x(self, line: Line, is_rtl: bool) -> int:
        return MARGIN if is_rtl else self._width - MARGIN - line.width

    def _columns(self, block: ColumnsBlock, is_rtl: bool, language: str) -> bytes:
        label_style = Style(LABEL_SIZE, False, language, is_rtl)
        value_style = Style(block.size, True, language, is_rtl)
        widths = self._column_widths(block, label_style, value_style)
        texts = list(zip(block.columns, widths, strict=True))
        # One row, one size: the narrowest column decides.
        value_style = value_style.at(
            min(self._setter.fitting_size(text, value_style, width) for (_, text), width in texts)
        )
        labels = [self._setter.paragraph(text, label_style, width) for (text, _), width in texts]
        values = [self._setter.paragraph(text, value_style, width) for (_, text), width in texts]
        return self._grid(labels, widths, is_rtl) + self._grid(values, widths, is_rtl)

    def _column_widths(self, block: ColumnsBlock, label_style: Style, value_style: Style) -> list[int]:
        count = len(block.columns)
        equal = (self._inner - GAP * (count - 1)) // count if count else 0
        if equal < 3 * LABEL_SIZE:
            raise UnprintableDocument("printer.document_too_wide", f"{count} columns")
        natural = [
            max(self._setter.natural_width(label, label_style), self._setter.natural_width(value, value_style))
            for label, value in block.columns
        ]
        spare = self._inner - sum(natural) - GAP * (count - 1)
        if all(width <= equal for width in natural) or spare < 0:
            return [equal] * count
        return [width + spare // count for width in natural]

    def _grid(self, cells: Sequence[list[Line]], widths: list[int], is_rtl: bool) -> bytes:
        """Set cells side by side; the last column of several is end-aligned."""
        rows = []
        for index in range(max(len(lines) for lines in cells)):
            placed: list[Placed] = []
            start = 0
            for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
                if index < len(lines):
                    is_end = column == len(cells) - 1 and column > 0
                    line = lines[index]
                    x = self._end_x(line, is_rtl) if is_end else self._x(start, line.width, is_rtl=is_rtl)
                    placed.append((line, x))
                start += width + GAP
            rows.append(self._row(placed))
        return b"".join(rows)

    def _rule(self, block: RuleBlock) -> bytes:
        if not 1 <= block.thickness <= 16:  # noqa: PLR2004 - a rule, not a field
            raise UnprintableDocument("printer.document_too_long", f"rule of {block.thickness} dots")
        pattern = "11110000" if block.is_dashed else "1" * DASH
        row = ("0" * MARGIN + pattern * (self._inner // DASH)).ljust(self._width, "0")
        return int(row, 2).to_bytes(self._width // 8, "big") * block.thickness

    def _qr(self, block: QrBlock, is_rtl: bool, language: str) -> bytes:
        picture = qr_picture(block.payload, block.width_dots, self._width)
        quiet = self._blank(picture.quiet)
        if block.beside:
            rows = quiet + self._qr_beside(block, picture, is_rtl, language) + quiet
        else:
            rows = quiet + self._qr_rows(picture, (self._width - picture.side) // 2) + quiet
        if not block.caption:
            return rows
        style = Style(CODE_SIZE, True, language, is_rtl, is_code=True)
        lines = self._setter.paragraph(block.caption, style, self._inner)
        return rows + b"".join([self._row([(line, (self._width - line.width) // 2)]) for line in lines])

    def _qr_rows(self, picture: QrPicture, x: int) -> bytes:
        shift = self._width - x - picture.side
        stride = self._width // 8
        return b"".join([(row << shift).to_bytes(stride, "big") * picture.dots_per_module for row in picture.rows])

    def _qr_beside(self, block: QrBlock, picture: QrPicture, is_rtl: bool, language: str) -> bytes:
        """Set texts beside the symbol, both centred on each other's middle."""
        edge = max(MARGIN, picture.quiet)
        used = edge - MARGIN + picture.side + max(picture.quiet, 2 * GAP)
        texts = b"".join(
            [
                self._blank(each.space_before if index else 0) + self._beside_text(each, used, is_rtl, language)
                for index, each in enumerate(block.beside)
            ]
        )
        x = self._width - edge - picture.side if is_rtl else edge
        code = self._qr_rows(picture, x)
        height = max(len(code), len(texts))
        stride = self._width // 8
        layers = [bytes((height - len(each)) // stride // 2 * stride) + each for each in (code, texts)]
        merged = 0
        for layer in layers:
            merged |= int.from_bytes(layer.ljust(height, b"\0"), "big")
        return merged.to_bytes(height, "big")

    def _beside_text(self, block: TextBlock, used: int, is_rtl: bool, language: str) -> bytes:
        shifted = TextBlock(block.text, block.size, block.is_bold, block.space_before, block.indent + used)
        return self._text(shifted, is_rtl, language)

    def _banner(self, block: BannerBlock, is_rtl: bool, language: str) -> bytes:
        style = Style(block.size, True, language, is_rtl)
        lines = self._setter.paragraph(block.text, style, self._inner - 2 * MARGIN)
        text = b"".join([self._row([(line, (self._width - line.width) // 2)]) for line in lines])
        padding = self._blank(BANNER_PADDING)
        rows = padding + text + padding
        stride = self._width // 8
        band = self._rule(RuleBlock(1)) * (len(rows) // stride)
        return (int.from_bytes(band, "big") ^ int.from_bytes(rows, "big")).to_bytes(len(rows), "big")

    def _row(self, placed: list[Placed]) -> bytes:
        """Put lines that share a baseline into rows as high as the tallest of them."""
        ascent = max(line.ascent for line, _ in placed)
        height = ascent + max(line.descent for line, _ in placed)
        width = self._width
        bits = 0
        for line, at in placed:
            if at < 0 or at + line.width > width:
                raise UnprintableDocument("printer.document_too_wide", f"a line of {line.width} dots")
            for mask, x in line.placed:
                bits |= (mask.bits << (height - ascent - mask.top - mask.height) * width) >> (at + x)
        return bits.to_bytes(height * width // 8, "big")
