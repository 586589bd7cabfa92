"""The seat plan drawn: category by shape and colour, taken as a dot, chosen as an ink bar with a check."""

from PySide6.QtCore import Property, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from kiosk.domain.catalogue import Seat, SeatState
from kiosk.shells.box_office.seat_plan import SeatPlan

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
SEAT_SHARE = 0.62  # of the pitch
MARGIN_PX = 12.0


@QmlElement
class SeatPicture(QQuickPaintedItem):
    """Paint one plan to the size it is given; no seat is an item of its own."""

    inksChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._plan: SeatPlan | None = None
        self._inks: list[QColor] = [QColor(Qt.GlobalColor.black)] * 5

    @Slot(SeatPlan)
    def draw(self, plan: SeatPlan) -> None:
        """Draw this plan from now on."""
        self._plan = plan
        plan.changed.connect(self.update)
        self.update()

    @Slot(float, float)
    def touched(self, x: float, y: float) -> None:
        """Take or leave the seat at a place of the picture."""
        if self._plan is None or self._plan.seat_map is None:
            return
        pitch, origin = self._scale()
        seat = min(
            self._plan.seat_map.seats,
            key=lambda each: abs(each.x * pitch + origin.x() - x) + abs(each.y * pitch + origin.y() - y),
        )
        if abs(seat.x * pitch + origin.x() - x) < pitch and abs(seat.y * pitch + origin.y() - y) < pitch:
            self._plan.touch(seat.id)

    def paint(self, painter: QPainter) -> None:
        """Draw every seat, then the cursor."""
        if self._plan is None or self._plan.seat_map is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch, origin = self._scale()
        chosen = {seat.id for seat in self._plan.chosen}
        tones = {each.id: each.tone for each in self._plan.seat_map.categories}
        for seat in self._plan.seat_map.seats:
            at = QPointF(seat.x * pitch + origin.x(), seat.y * pitch + origin.y())
            self._seat(painter, seat, at, pitch * SEAT_SHARE, tones[seat.category_id], is_chosen=seat.id in chosen)
        if cursor := self._plan.cursor:
            painter.setPen(QPen(self._inks[3], 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(
                _square(QPointF(cursor.x * pitch + origin.x(), cursor.y * pitch + origin.y()), pitch * 1.1)
            )

    def _seat(self, painter: QPainter, seat: Seat, at: QPointF, size: float, tone: str, *, is_chosen: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen:
            painter.setBrush(self._inks[3])
            painter.drawRoundedRect(_square(at, size * 1.35), size / 4, size / 4)
            painter.setPen(QPen(self._inks[4], max(1.5, size / 8)))
            painter.drawPolyline(
                QPolygonF(
                    [
                        at + QPointF(-size * 0.3, 0),
                        at + QPointF(-size * 0.05, size * 0.25),
                        at + QPointF(size * 0.35, -size * 0.25),
                    ]
                )
            )
            return
        if seat.state is not SeatState.FREE:
            painter.setBrush(self._inks[3])
            painter.drawEllipse(at, 2.5, 2.5)
            return
        painter.setBrush(self._inks[{"front": 0, "middle": 1}.get(tone, 2)])
        if tone == "front":
            painter.drawEllipse(at, size / 2, size / 2)
        elif tone == "middle":
            painter.drawRect(_square(at, size * 0.9))
        else:
            half = size * 0.6
            painter.drawPolygon(
                QPolygonF(
                    [at + QPointF(0, -half), at + QPointF(half, 0), at + QPointF(0, half), at + QPointF(-half, 0)]
                )
            )

    def _scale(self) -> tuple[float, QPointF]:
        seats = self._plan.seat_map.seats if self._plan and self._plan.seat_map else ()
        xs, ys = [seat.x for seat in seats] or [0.0], [seat.y for seat in seats] or [0.0]
        wide, high = max(xs) - min(xs) + 1, max(ys) - min(ys) + 1
        pitch = min((self.width() - 2 * MARGIN_PX) / wide, (self.height() - 2 * MARGIN_PX) / high)
        left = (self.width() - pitch * wide) / 2 + pitch / 2 - min(xs) * pitch
        return pitch, QPointF(left, MARGIN_PX + pitch / 2 - min(ys) * pitch)

    def _set_inks(self, inks: list[QColor]) -> None:
        self._inks = [QColor(each) for each in inks]
        self.inksChanged.emit()
        self.update()

    inks = Property(list, lambda self: self._inks, _set_inks, notify=inksChanged)


def _square(at: QPointF, size: float) -> QRectF:
    return QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
