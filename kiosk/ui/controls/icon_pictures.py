"""Icons and dashed borders as pictures, painted on the GUI thread.

Not QtQuick.Shapes: its software renderer draws a shape that is scrolled wholly out of its clip as if there were no clip
(seen with Qt 6.11.3), right across the sill.
"""

from urllib.parse import unquote

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

SIDE_PX_MAX = 4096
GRID = 24
PIXEL_BYTES = 4
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g{turn}>'
    '<path d="{stroke}" fill="none" stroke="{colour}" stroke-width="{weight}" stroke-linecap="square"'
    ' stroke-linejoin="miter"/><path d="{fill}" fill="{colour}"/></g></svg>'
)
DASHES = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}">'
    '<rect x="{half}" y="{half}" width="{iw}" height="{ih}" rx="{radius}" fill="none"'
    ' stroke="{colour}" stroke-width="{hair}" stroke-dasharray="{dash} {dash}"/></svg>'
)


class IconPictures(QQuickImageProvider):
    """Paint `icon|colour|weight|mirror|stroke|fill` and `dash|colour|radius|hair|dash` at the size asked for."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002 - Qt's name
        """Return one picture."""
        del size
        kind, *rest = unquote(id).split("|")
        wide = min(max(1, requestedSize.width()), SIDE_PX_MAX)
        high = min(max(1, requestedSize.height()), SIDE_PX_MAX)
        svg = _icon(*rest) if kind == "icon" else _dashes(wide, high, *rest)
        image = _clear(wide, high)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(QByteArray(svg.encode())).render(painter)
        painter.end()
        return image


def _clear(wide: int, high: int) -> QImage:
    """Return an empty picture; from bytes, for `fill` makes every enum of Qt first, which the first page can spare."""
    empty = bytes(PIXEL_BYTES * wide * high)
    return QImage(empty, wide, high, PIXEL_BYTES * wide, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _icon(colour: str, weight: str, mirror: str, stroke: str, fill: str) -> str:
    turn = f' transform="matrix(-1 0 0 1 {GRID} 0)"' if mirror == "1" else ""
    return ICON.format(turn=turn, colour=colour, weight=float(weight), stroke=stroke, fill=fill or "M0 0")


def _dashes(wide: int, high: int, *facts: str) -> str:
    colour, radius, hair, dash = facts
    thick = float(hair)
    return DASHES.format(
        w=wide, h=high, half=thick / 2, iw=max(1.0, wide - thick), ih=max(1.0, high - thick), radius=float(radius),
        colour=colour, hair=thick, dash=float(dash),
    )  # fmt: skip
