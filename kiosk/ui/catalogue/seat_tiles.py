"""The seat plan as picture tiles, painted on the GUI thread when a tile comes into view.

A tile's address is revision/inks/pitch/column_row: pitch in px per seat, tiles of TILE px; the inks are the theme's
colours of front, middle, back and taken as hex digits joined by "_". Free seats carry the shape of their price area
(circle, square, diamond), taken ones a dot, held ones a hollow square.
"""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from PySide6.QtQuick import QQuickImageProvider

from kiosk.domain.catalogue import Seat, SeatMap, SeatState
from kiosk.ui.catalogue.seats_view_model import SeatsViewModel

TILE = 512
SHARE = 0.36  # of the pitch: half the size of a seat's shape
INKS = ("front", "middle", "back", "taken")


class SeatTiles(QQuickImageProvider):
    """Paint tiles of the plan shown now."""

    def __init__(self, models: Iterable[object]) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._model = next(each for each in models if isinstance(each, SeatsViewModel))

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002 - Qt's name
        """Return one tile."""
        del size, requestedSize
        _, inks, pitch, place = id.split("/")
        column, row = (int(each) for each in place.split("_"))
        image = QImage(TILE, TILE, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        plan = self._model.seat_map
        if plan is not None:
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-column * TILE, -row * TILE)
            self._paint(painter, plan, inks, float(pitch), QRectF(column * TILE, row * TILE, TILE, TILE))
            painter.end()
        return image

    def _paint(self, painter: QPainter, plan: SeatMap, inks: str, pitch: float, view: QRectF) -> None:
        left, top = self._model.origin
        colours = {name: f"#{digits}" for name, digits in zip(INKS, inks.split("_"), strict=True)}
        tones = {each.id: each.tone for each in plan.categories}
        near = view.adjusted(-pitch, -pitch, pitch, pitch)
        for seat in plan.seats:
            centre = QPointF((seat.x - left) * pitch, (seat.y - top) * pitch)
            if near.contains(centre):
                tone = tones.get(seat.category_id, "back")
                paint_seat(painter, seat, centre, half=pitch * SHARE, tone=tone, colours=colours)


def paint_seat(
    painter: QPainter, seat: Seat, at: QPointF, *, half: float, tone: str, colours: Mapping[str, str]
) -> None:
    """Draw one seat by its state."""
    painter.setPen(Qt.PenStyle.NoPen)
    if seat.state is SeatState.TAKEN:
        painter.setBrush(QColor(colours["taken"]))
        dot = max(2.5, half * 0.2)
        painter.drawRect(QRectF(at.x() - dot, at.y() - dot, 2 * dot, 2 * dot))
        return
    square = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
    if seat.state is SeatState.HELD:
        painter.setPen(QPen(QColor(colours["taken"]), max(2.0, half * 0.2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square.adjusted(2, 2, -2, -2))
        painter.drawLine(square.topLeft(), square.bottomRight())
        return
    painter.setBrush(QColor(colours[tone]))
    if tone == "front":
        painter.drawEllipse(square)
    elif tone == "middle":
        painter.drawRect(square.adjusted(1, 1, -1, -1))
    else:
        reach = half * 1.15
        corners = [QPointF(at.x(), at.y() - reach), QPointF(at.x() + reach, at.y()),
                   QPointF(at.x(), at.y() + reach), QPointF(at.x() - reach, at.y())]  # fmt: skip
        painter.drawPolygon(QPolygonF(corners))
