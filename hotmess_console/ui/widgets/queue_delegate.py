"""One delegate paints every row of a queue: compact below 640 px, with columns from there on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from hotmess_console.domain.values import Urgency
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, Palette
from hotmess_console.ui.viewmodels.queue_model import ROW, TICKED
from hotmess_console.ui.viewmodels.queue_rows import Row
from hotmess_console.ui.widgets.queue_glyphs import FACE, GLYPH, SMALL_FACE, Stamps
from hotmess_console.ui.widgets.queue_lines import (
    BAR,
    MARK_X,
    RIGHT_PAD,
    TEXT_X,
    Layout,
    RowLines,
    chip_words,
)

_MOST_READERS = 2
_READER_STEP = 15
_SECTION_ROLE = {Urgency.IMMEDIATE: "danger_text", Urgency.HIGH: "warn_text"}


class QueueDelegate(QStyledItemDelegate):
    """Draws `Row` values. It works nothing out: words arrive ready, glyphs and layouts are kept.

    The view says by the option's state what is selected, under the pointer and focused.
    """

    def __init__(self, palette: Palette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.set_palette(palette)

    def set_palette(self, palette: Palette) -> None:
        """Paint in other colours, and at the scale that the system's font now has."""
        values = ((role, str(getattr(palette, role))) for role in Palette.__slots__)
        self._colours = {role: QColor(value) for role, value in values if value.startswith("#")}
        self.lines = RowLines()
        self._scale = self.lines.scale
        self._stamps = Stamps(palette, self._scale)

    def row_height(self, row_kind: str = "case") -> int:
        """Pixels that a row or a section takes."""
        return round(HEIGHT["row_section" if row_kind == "section" else "row"] * self._scale)

    def mark_width(self) -> int:
        """Pixels at the left that belong to the urgency mark or the tick box."""
        return round(TEXT_X * self._scale)

    def minimum_width(self) -> int:
        """The narrowest row in which every part still has room, in pixels."""
        return round(320 * self._scale)

    def paint_plane(self, painter: QPainter, rect: QRect) -> None:
        """Fill where there is no row."""
        painter.fillRect(rect, self._colours["surface"])

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """320 by the height of the row's kind, scaled."""
        row = index.data(ROW)
        return QSize(self.minimum_width(), self.row_height(row.kind if isinstance(row, Row) else "case"))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row into the option's rectangle."""
        row = index.data(ROW)
        if isinstance(row, Row):
            state: QStyle.StateFlag = option.state
            rect: QRect = option.rect
            self.paint_row(painter, rect, row, state, ticked=bool(index.data(TICKED)))

    def paint_row(
        self, painter: QPainter, rect: QRect, row: Row, state: QStyle.StateFlag, *, ticked: bool = False
    ) -> None:
        """Draw `row` into `rect`; the list calls this directly, without the detour over the model."""
        if row.kind == "section":
            self._paint_section(painter, rect, row)
            return
        width, height = rect.width(), rect.height()
        layout = self.lines.of(row, width)
        painter.save()
        painter.setClipRect(rect)  # stacked marks stay in their own row
        painter.translate(rect.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_backdrop(painter, width, height, state, ticked)
        self._paint_mark(painter, height, row, ticked)
        self._paint_words(painter, layout)
        self._stamps.status(painter, layout.ring.x(), layout.ring.y(), row.status)
        if layout.chip is not None:
            self._paint_chip(painter, layout.chip, row)
        self._paint_people(painter, width, height, row)
        if QStyle.StateFlag.State_HasFocus in state:
            self._paint_ring(painter, width, height)
        painter.restore()

    def _paint_backdrop(
        self, painter: QPainter, width: int, height: int, state: QStyle.StateFlag, ticked: bool
    ) -> None:
        colours, chosen = self._colours, QStyle.StateFlag.State_Selected in state
        over = QStyle.StateFlag.State_MouseOver in state
        plane = "selected" if chosen else "marked" if ticked else "hover" if over else "surface"
        painter.fillRect(0, 0, width, height, colours[plane])
        left = round(TEXT_X * self._scale)
        painter.fillRect(left, height - 1, width - left, 1, colours["line"])
        if chosen:
            painter.fillRect(0, 0, round(BAR * self._scale), height, colours["focus"])

    def _paint_mark(self, painter: QPainter, height: int, row: Row, ticked: bool) -> None:
        x, y = MARK_X * self._scale, (height - GLYPH * self._scale) / 2
        if ticked:
            self._stamps.tick(painter, x, y)
        else:
            self._stamps.urgency(painter, x, y, row.urgency)

    def _paint_words(self, painter: QPainter, layout: Layout) -> None:
        for ink in layout.inks:
            painter.setFont(ink.font)
            painter.setPen(self._colours[ink.role])
            for at, words in ink.words:
                painter.drawStaticText(at, words)

    def _paint_chip(self, painter: QPainter, box: QRectF, row: Row) -> None:
        radius = RADIUS["chip"] * self._scale
        painter.setPen(QPen(self._colours["focus"], 1))
        painter.setBrush(self._colours["gold_tint"])
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setFont(self.lines.fonts["chip"])
        painter.setPen(self._colours["gold_text"])
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, chip_words(row))

    def _paint_people(self, painter: QPainter, width: int, height: int, row: Row) -> None:
        scale = self._scale
        x = width - (RIGHT_PAD + FACE) * scale
        y = (height - FACE * scale) / 2
        if row.assignee is None:
            self._stamps.nobody(painter, x, y)
        else:
            self._stamps.face(painter, x, y, row.assignee)
        for nth, face in reversed(list(enumerate(row.present[:_MOST_READERS]))):
            left = x - (SMALL_FACE + 3 + nth * _READER_STEP) * scale
            self._stamps.reader(painter, left, (height - SMALL_FACE * scale) / 2, face)

    def _paint_ring(self, painter: QPainter, width: int, height: int) -> None:
        """Two pixels of gold, wholly inside the row so that no neighbour cuts it."""
        painter.setPen(QPen(self._colours["focus"], HEIGHT["focus_ring"]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = RADIUS["chip"] * self._scale
        painter.drawRoundedRect(QRectF(1, 1, width - 2, height - 2), radius, radius)

    def _paint_section(self, painter: QPainter, rect: QRect, row: Row) -> None:
        colours, metrics, scale = self._colours, self.lines.metrics, self._scale
        painter.save()
        painter.fillRect(rect, colours["bg"])
        base = rect.y() + rect.height() / 2 + 4 * scale
        x = rect.x() + MARK_X * scale
        painter.setFont(self.lines.fonts["strong"])
        painter.setPen(colours[_SECTION_ROLE.get(row.urgency, "body")])
        painter.drawText(QPointF(x, base), row.subject)
        x += metrics["strong"].horizontalAdvance(row.subject) + 8 * scale
        painter.setFont(self.lines.fonts["small"])
        painter.setPen(colours["muted"])
        painter.drawText(QPointF(x, base), str(row.count) if row.count else "")
        note_x = rect.x() + rect.width() - RIGHT_PAD * scale - metrics["small"].horizontalAdvance(row.note)
        painter.drawText(QPointF(note_x, base), row.note)
        painter.restore()
