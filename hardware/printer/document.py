"""A printer-neutral document: a column of blocks, rendered by `raster` to one 1-bit image.

Sizes are dots at 203 dpi (8 per mm); the page is `width_dots` wide, its height follows from the blocks.
Text is any script; direction "auto" follows the first strong character.
"""

from msgspec import Struct

SIZES = (22, 26, 34, 52, 76)  # LOOK.md §6, pictures 25 and 26


class TextBlock(Struct, frozen=True):
    """A paragraph that wraps at the width; `size` is one of SIZES, `indent` in dots from the start edge."""

    text: str
    size: int = 26
    is_bold: bool = False
    space_before: int = 8
    indent: int = 0
    is_centred: bool = False


class PairBlock(Struct, frozen=True):
    """A start-aligned text and an end-aligned one on the same baseline; the start text wraps."""

    start: str
    end: str
    size: int = 26
    is_bold: bool = False
    space_before: int = 8
    start_size: int = 0  # 0: as `size`
    end_size: int = 0


class ColumnsBlock(Struct, frozen=True):
    """Facts side by side: (label, value) columns of equal width, label small above value bold."""

    columns: tuple[tuple[str, str], ...]
    size: int = 34
    space_before: int = 16


class RuleBlock(Struct, frozen=True):
    """A horizontal rule of 2 or 6 dots; `is_dashed` marks a tear or a provisional part."""

    thickness: int = 2
    space_before: int = 16
    is_dashed: bool = False


class QrBlock(Struct, frozen=True):
    """A QR code at a whole number of dots per module with a quiet zone of 4 modules; texts beside or below it."""

    payload: str
    width_dots: int = 240
    caption: str = ""
    beside: tuple[TextBlock, ...] = ()
    space_before: int = 16


class SpaceBlock(Struct, frozen=True):
    """Empty paper."""

    height: int


class BannerBlock(Struct, frozen=True):
    """White text on a solid band: DEMO, COPY 2."""

    text: str
    size: int = 34
    space_before: int = 8


Block = TextBlock | PairBlock | ColumnsBlock | RuleBlock | QrBlock | SpaceBlock | BannerBlock


class PrintDocument(Struct, frozen=True):
    """Blocks from top to bottom, for one piece of paper that is cut after it; `language` is a BCP 47 tag."""

    blocks: tuple[Block, ...]
    language: str = "en"
    is_right_to_left: bool = False
