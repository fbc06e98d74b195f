"""The small pictures of a queue row: urgency as a shape, status as a ring, people as discs, and the tick box.

Each is drawn once per palette, size and screen density, and copied from then on.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from hotmess_console.domain.values import Status, Urgency
from hotmess_console.ui.theme.fonts import font
from hotmess_console.ui.theme.tokens import Palette
from hotmess_console.ui.viewmodels.queue_rows import Face

GLYPH, FACE, SMALL_FACE = 14, 24, 18  # design pixels
_MARGIN = 1  # room for the soft edge of a stroke
_MOST_STAMPS = 512  # staff × sizes; a directory larger than this starts again from none

_STATUS_ROLE = {Status.OPEN: "muted", Status.IN_PROGRESS: "focus", Status.WAITING: "muted"}
_Draw = Callable[[QPainter], None]


class Stamps:
    """Draws and keeps glyphs for one palette at one scale (1.0 at a system font of 13 px)."""

    def __init__(self, palette: Palette, scale: float) -> None:
        self._palette, self._scale = palette, scale
        self._kept: dict[tuple[object, ...], QPixmap] = {}

    def urgency(self, painter: QPainter, x: float, y: float, urgency: Urgency) -> None:
        """Filled diamond with "!", two chevrons, a bar, or a hollow dot; 14 design pixels at (x, y)."""
        key = ("urgency", urgency)
        self._stamp(painter, x, y, GLYPH, key, lambda brush: self._draw_urgency(brush, urgency))

    def status(self, painter: QPainter, x: float, y: float, status: Status) -> None:
        """A ring: empty, half, paused or ticked; 14 design pixels at (x, y)."""
        key = ("status", status)
        self._stamp(painter, x, y, GLYPH, key, lambda brush: self._draw_status(brush, status))

    def tick(self, painter: QPainter, x: float, y: float) -> None:
        """The ticked box, 14 design pixels at (x, y)."""
        self._stamp(painter, x, y, GLYPH, ("tick",), self._draw_tick)

    def face(self, painter: QPainter, x: float, y: float, face: Face) -> None:
        """Whoever the case is assigned to, 24 design pixels at (x, y)."""
        key = ("face", face.initials, face.hue)
        self._stamp(painter, x, y, FACE, key, lambda b: self._draw_face(b, face, FACE, ring=False))

    def reader(self, painter: QPainter, x: float, y: float, face: Face) -> None:
        """Somebody who has the case open now, 18 design pixels at (x, y), ringed."""
        key = ("reader", face.initials, face.hue)
        self._stamp(painter, x, y, SMALL_FACE, key, lambda b: self._draw_face(b, face, SMALL_FACE, ring=True))

    def nobody(self, painter: QPainter, x: float, y: float) -> None:
        """The dashed circle of an unclaimed case, 24 design pixels at (x, y)."""
        self._stamp(painter, x, y, FACE, ("nobody",), self._draw_nobody)

    # ── keeping ──

    def _stamp(self, painter: QPainter, x: float, y: float, size: int, what: tuple[object, ...], draw: _Draw) -> None:
        ratio = painter.device().devicePixelRatioF()
        key = (*what, ratio)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_STAMPS:
                self._kept.clear()
            found = self._kept[key] = self._made(size, ratio, draw)
        inset = round(_MARGIN * self._scale)
        painter.drawPixmap(QPointF(round(x) - inset, round(y) - inset), found)

    def _made(self, size: int, ratio: float, draw: _Draw) -> QPixmap:
        inset = round(_MARGIN * self._scale)
        pixels = round((size * self._scale + 2 * inset) * ratio)
        made = QPixmap(pixels, pixels)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        brush = QPainter(made)
        brush.setRenderHint(QPainter.RenderHint.Antialiasing)
        brush.translate(inset, inset)
        brush.scale(self._scale, self._scale)
        draw(brush)
        brush.end()
        return made

    # ── drawing, in design pixels from (0, 0) ──

    def _colour(self, role: str) -> QColor:
        return QColor(getattr(self._palette, role))

    def _line(self, role: str, width: float) -> QPen:
        return QPen(
            self._colour(role),
            width,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )

    def _draw_urgency(self, brush: QPainter, urgency: Urgency) -> None:
        if urgency is Urgency.IMMEDIATE:
            self._draw_diamond(brush)
        elif urgency is Urgency.HIGH:
            brush.setPen(self._line("warn", 2))
            for top in (2.5, 7.0):
                brush.drawPolyline(_points((3, top + 4), (7, top), (11, top + 4)))
        elif urgency is Urgency.NORMAL:
            _fill(brush, self._colour("control"))
            brush.drawRoundedRect(QRectF(3, 6, 8, 2), 1, 1)
        else:
            brush.setPen(QPen(self._colour("control"), 1.4))
            brush.drawEllipse(QPointF(7, 7), 2.6, 2.6)

    def _draw_diamond(self, brush: QPainter) -> None:
        _fill(brush, self._colour("danger"))
        brush.drawPolygon(_points((7, 0), (14, 7), (7, 14), (0, 7)))
        _fill(brush, self._colour("surface"))
        brush.drawRoundedRect(QRectF(6.1, 3.6, 1.8, 4.4), 0.8, 0.8)
        brush.drawEllipse(QPointF(7, 10), 1.05, 1.05)

    def _draw_status(self, brush: QPainter, status: Status) -> None:
        ring = QRectF(1.25, 1.25, 11.5, 11.5)
        if status in (Status.RESOLVED, Status.CLOSED):
            role = "ok" if status is Status.RESOLVED else "muted"
            _fill(brush, self._colour(role))
            brush.drawEllipse(ring.adjusted(-0.75, -0.75, 0.75, 0.75))
            brush.setPen(self._line("surface", 1.6))
            brush.drawPolyline(_points((4.2, 7.3), (6.2, 9.2), (9.8, 5.2)))
            return
        role = _STATUS_ROLE[status]
        brush.setPen(QPen(self._colour(role), 1.5))
        brush.drawEllipse(ring)
        _fill(brush, self._colour(role))
        if status is Status.IN_PROGRESS:
            brush.drawPie(QRectF(3.6, 3.6, 6.8, 6.8), 90 * 16, -180 * 16)
        elif status is Status.WAITING:
            for left in (4.7, 7.7):
                brush.drawRoundedRect(QRectF(left, 4.6, 1.6, 4.8), 0.6, 0.6)

    def _draw_tick(self, brush: QPainter) -> None:
        _fill(brush, self._colour("focus"))
        brush.drawRoundedRect(QRectF(0, 0, 14, 14), 3, 3)
        brush.setPen(self._line("surface", 2))
        brush.drawPolyline(_points((3.4, 7.4), (6, 9.8), (10.6, 4.6)))

    def _draw_nobody(self, brush: QPainter) -> None:
        brush.setPen(QPen(self._colour("control"), 1.2, Qt.PenStyle.DashLine))
        brush.drawEllipse(QRectF(1, 1, 22, 22))

    def _draw_face(self, brush: QPainter, face: Face, size: int, *, ring: bool) -> None:
        disc = QRectF(0, 0, size, size)
        hues = self._palette.avatars
        _fill(brush, QColor(hues[face.hue % len(hues)]))
        brush.drawEllipse(disc)
        if ring:
            brush.setBrush(Qt.BrushStyle.NoBrush)
            brush.setPen(QPen(self._colour("ok"), 1.5))
            brush.drawEllipse(disc.adjusted(0.2, 0.2, -0.2, -0.2))
        letters = font("micro", 600)
        letters.setPixelSize(10 if size > 20 else 8)
        brush.setFont(letters)
        brush.setPen(QColor("#FFFFFF"))  # hues are chosen for white letters, in every palette
        brush.drawText(disc, Qt.AlignmentFlag.AlignCenter, face.initials)


def _fill(brush: QPainter, colour: QColor) -> None:
    brush.setPen(Qt.PenStyle.NoPen)
    brush.setBrush(colour)


def _points(*at: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in at])
