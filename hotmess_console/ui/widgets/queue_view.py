"""Where the rows of a queue stand and how they are painted: arithmetic only, however many there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QWidget

from hotmess_console.domain.values import CaseId
from hotmess_console.ui.theme.tokens import Palette
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.widgets.queue_delegate import QueueDelegate

_Index = QModelIndex | QPersistentModelIndex
_FETCH_AHEAD = 20  # rows before the end of what is loaded at which more is asked for
_Flag = QStyle.StateFlag


class QueueRows(QListView):
    """Paints a `QueueModel` and holds it still under live changes; it knows no keys.

    Qt's own list lays out each loaded row again whenever one comes or goes, which takes too long for 100,000
    of them. Here rows are equally high: every place is a product, and a change costs the rows on screen.
    A row that comes or goes above the view moves nothing on screen, unless the view stands at the very top.
    """

    def __init__(self, model: QueueModel, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = model
        self._delegate = QueueDelegate(palette, self)
        self._anchor: tuple[list[CaseId], int] | None = None
        self._over = -1
        self.marks_current = True
        """Whether the row under the cursor is marked: not while a case without a row is open."""
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        for before in (model.rowsAboutToBeInserted, model.rowsAboutToBeMoved, model.modelAboutToBeReset):
            before.connect(self._remember_place)
        for after in (model.rowsInserted, model.rowsMoved, model.rowsRemoved, model.modelReset):
            after.connect(self._settle)

    @property
    def queue(self) -> QueueModel:
        """The model that this list shows."""
        return self._queue

    def set_palette(self, palette: Palette) -> None:
        """Switch the theme, or take over a new system font size."""
        self._remember_place()
        self._delegate.set_palette(palette)
        self._settle()

    def page_rows(self) -> int:
        """How many whole rows fit, at least one."""
        return max(1, self.viewport().height() // self._row_height())

    # ── staying put under live changes ──

    def _remember_place(self) -> None:
        """Note which rows are at the top of the view, and by how many pixels the first is cut off."""
        offset, count = self.verticalOffset(), self._queue.rowCount()
        if self._anchor is not None or offset == 0 or not count:
            return
        top = min(offset // self._row_height(), count - 1)
        shown = range(top, min(top + self.page_rows() + 1, count))
        self._anchor = ([self._queue.id_at(row) for row in shown], offset - top * self._row_height())

    def _settle(self) -> None:
        """Put the first row that is left back to where it stood."""
        anchor, self._anchor = self._anchor, None
        self.updateGeometries()
        if anchor is not None:
            self._restore(*anchor)
        self.viewport().update()
        self._ask_for_more(self._last_visible())

    def _restore(self, shown: list[CaseId], cut: int) -> None:
        rows = (self._queue.row_of(case) for case in shown)
        row = next((row for row in rows if row is not None), None)
        if row is not None:
            self.verticalScrollBar().setValue(row * self._row_height() + cut)

    def _ask_for_more(self, row: int) -> None:
        if row >= self._queue.rowCount() - _FETCH_AHEAD and self._queue.canFetchMore():
            self._queue.fetchMore()

    # ── what changed ──

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """The selection is always the focused row, which `currentChanged` repaints."""

    def dataChanged(self, topLeft: _Index, bottomRight: _Index, roles: Sequence[int] = ()) -> None:
        """Repaint just the rows that changed."""
        self.viewport().update(self._rect(topLeft.row()).united(self._rect(bottomRight.row())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the row under the pointer; dragging selects nothing."""
        self._light(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer any more."""
        self._light(-1)

    def _light(self, row: int) -> None:
        if row != self._over:
            for changed in (self._over, row):
                self.viewport().update(self._rect(changed))
            self._over = row

    # ── geometry: arithmetic only ──

    def _row_height(self) -> int:
        return self._delegate.row_height()

    def _rect(self, row: int) -> QRect:
        if row < 0:
            return QRect()
        height = self._row_height()
        return QRect(0, row * height - self.verticalOffset(), self.viewport().width(), height)

    def _last_visible(self) -> int:
        return (self.verticalOffset() + self.viewport().height()) // self._row_height()

    def visualRect(self, index: _Index) -> QRect:
        """Where a row stands in the viewport."""
        return self._rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row at a point of the viewport."""
        row = (point.y() + self.verticalOffset()) // self._row_height()
        return self._queue.index(row) if 0 <= row < self._queue.rowCount() else QModelIndex()

    def verticalOffset(self) -> int:
        """Pixels of the list above the viewport."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """Always 0: rows are as wide as the view."""
        return 0

    def isIndexHidden(self, index: _Index) -> bool:
        """No row is ever hidden: what is not to be seen is not in the model."""
        return False

    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll by as little as shows the whole row, or to the place that `hint` names."""
        rect, height, bar = self.visualRect(index), self.viewport().height(), self.verticalScrollBar()
        kinds = QAbstractItemView.ScrollHint
        if not rect.isValid():
            return
        if hint == kinds.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - height // 2)
        elif hint == kinds.PositionAtTop or rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif hint == kinds.PositionAtBottom or rect.bottom() >= height:
            bar.setValue(bar.value() + rect.bottom() + 1 - height)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to repaint when the selection changes: it is always the current row, which repaints itself."""
        return QRegion()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Rubber bands select nothing: ticks are set by key or on the mark."""

    def doItemsLayout(self) -> None:
        """Nothing is laid out ahead; only the scroll bar has to fit."""
        self.updateGeometries()
        self.viewport().update()

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:
        """Handled by `_settle`, without laying out the rows that stay."""

    def updateGeometries(self) -> None:
        """Fit the scroll bar to the rows."""
        height, bar = self._row_height(), self.verticalScrollBar()
        page = self.viewport().height()
        bar.setRange(0, max(0, self._queue.rowCount() * height - page))
        bar.setPageStep(page)
        bar.setSingleStep(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the focused case in view when the pane changes its height."""
        seen = self.visualRect(self.currentIndex()).intersects(QRect(QPoint(), event.oldSize()))
        self.updateGeometries()
        if seen:
            self.scrollTo(self.currentIndex())

    def viewportSizeHint(self) -> QSize:
        """Ten rows."""
        return QSize(self._delegate.minimum_width(), 10 * self._row_height())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted, and ask for more near the end."""
        self.viewport().scroll(0, dy)
        self._ask_for_more(self._last_visible())

    # ── painting ──

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the event touches, and the plane below the last one."""
        painter = QPainter(self.viewport())
        area, height, count = event.rect(), self._row_height(), self._queue.rowCount()
        offset = self.verticalOffset()
        first = max(0, (area.top() + offset) // height)
        last = min(count - 1, (area.bottom() + offset) // height)
        for row in range(first, last + 1):
            self._paint_row(painter, row)
        below = count * height - offset
        if area.bottom() >= below:
            self._delegate.paint_plane(painter, QRect(0, below, area.right() + 1, area.bottom() + 1 - below))
        painter.end()

    def _paint_row(self, painter: QPainter, row: int) -> None:
        state = _Flag.State_Enabled
        if self.marks_current and row == self.currentIndex().row():
            state |= _Flag.State_Selected
            if self.hasFocus():
                state |= _Flag.State_HasFocus
        if row == self._over:
            state |= _Flag.State_MouseOver
        ticked = self._queue.id_at(row) in self._queue.ticked
        self._delegate.paint_row(painter, self._rect(row), self._queue.row_at(row), state, ticked=ticked)
