"""QR codes on the screen, painted on the GUI thread with whole pixels per module and the quiet zone around."""

from typing import Any
from urllib.parse import unquote

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickImageProvider

PAYLOAD_CHARS_MAX = 1000
SIDE_PX_MAX = 4096


class CodePictures(QQuickImageProvider):
    """Paint the text given as id; at least as large as asked for, so that no module is blurred."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002 - Qt's name
        """Return one code; an empty picture for a text that no reader would take."""
        del size
        import zxingcpp  # noqa: PLC0415 - the first page shows no code
        from PySide6.QtCore import Qt  # noqa: PLC0415

        text = unquote(id)
        if not text.isascii() or not 1 <= len(text) <= PAYLOAD_CHARS_MAX:
            return QImage()
        barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        image: Any = barcode.to_image(scale=1, add_quiet_zones=True)  # a buffer; its type stub does not say so
        side = int(image.shape[0])
        plain = QImage(memoryview(image).tobytes(), side, side, side, QImage.Format.Format_Grayscale8)
        wanted = min(max(side, requestedSize.width()), SIDE_PX_MAX)
        pixels = side * (wanted // side)
        return plain.scaled(
            pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        )
