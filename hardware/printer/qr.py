"""QR codes as rows of dots, a whole number of dots per module."""

from typing import Any

import zxingcpp
from msgspec import Struct

from hardware.printer.errors import UnprintableDocument

QUIET_MODULES = 4  # ISO/IEC 18004 §9.1
DOTS_PER_MODULE_MIN = 3  # 0.375 mm at 203 dpi: what hand scanners still read from thermal paper
PAYLOAD_BYTES_MAX = 1000
_SIGNS = bytes(ord("b" if value else "a") for value in range(256))  # the picture is dark at 0


class QrPicture(Struct, frozen=True):
    """A symbol without its quiet zone: `rows` holds one number per module row, highest bit left, `side` dots wide."""

    rows: tuple[int, ...]
    side: int
    dots_per_module: int

    @property
    def quiet(self) -> int:
        """Return the quiet zone in dots."""
        return QUIET_MODULES * self.dots_per_module


def qr_picture(payload: str, width_dots: int, paper_dots: int) -> QrPicture:
    """Draw a QR code of at most `width_dots`, or the smallest readable one if that is wider.

    Raises:
        UnprintableDocument: empty, too long, not ASCII, or it cannot stand on the paper with its quiet zone.
    """
    if (
        not payload.isascii() or not 1 <= len(payload) <= PAYLOAD_BYTES_MAX
    ):  # readers guess beyond ASCII, each its own way
        raise UnprintableDocument("printer.qr_payload", f"{len(payload)} characters")
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    modules = int(image.shape[0])
    scale = max(width_dots // modules, DOTS_PER_MODULE_MIN)
    while scale > DOTS_PER_MODULE_MIN and (modules + 2 * QUIET_MODULES) * scale > paper_dots:
        scale -= 1
    if (modules + 2 * QUIET_MODULES) * scale > paper_dots:
        raise UnprintableDocument("printer.qr_too_wide", f"{modules} modules on {paper_dots} dots")
    pixels: Any = image  # it is a buffer; its type stub does not say so
    flat = memoryview(pixels).tobytes()
    dots = flat.translate(_SIGNS).decode().replace("a", "1" * scale).replace("b", "0" * scale)
    side = modules * scale
    rows = tuple([int(dots[at : at + side], 2) for at in range(0, len(dots), side)])
    return QrPicture(rows, side, scale)
