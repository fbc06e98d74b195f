"""The few strokes that all painted parts share: crisp frames, the focus ring, words on a baseline."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT


def begin(widget: QWidget) -> QPainter:
    """A painter on the widget with smooth edges; the caller ends it."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def frame(
    painter: QPainter,
    rect: QRect,
    radius: float,
    fill: QColor | None,
    edge: QColor | None = None,
    width: int = 1,
) -> None:
    """A rounded box whose edge of `width` pixels lies wholly inside `rect`, on whole pixels."""
    inset = width / 2 if edge is not None else 0.0
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, width) if edge is not None else Qt.PenStyle.NoPen)
    box = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(box, max(0.0, radius - inset), max(0.0, radius - inset))


def focus_ring(painter: QPainter, rect: QRect, radius: float, role: str = "focus") -> None:
    """The ring of 2 px around whatever has the keyboard, along the inside of `rect`."""
    frame(painter, rect, radius, None, colour(role), px(HEIGHT["focus_ring"]))


def words(
    painter: QPainter,
    rect: QRect,
    text: str,
    face: QFont,
    ink: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of plain words in the middle of `rect`'s height, cut with … only if they do not fit."""
    painter.setFont(face)
    painter.setPen(ink)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    flags = Qt.AlignmentFlag.AlignVCenter | align
    painter.drawText(rect, int(flags) | int(Qt.TextFlag.TextSingleLine), shown)
