"""The list of a queue: one column of painted rows, driven by the keyboard, still under live changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

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
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QWidget

from hotmess_console.domain.values import CaseId
from hotmess_console.ui.theme.tokens import Palette
from hotmess_console.ui.viewmodels.key_guard import Ignored, KeyGuard
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.viewmodels.selection import Selection
from hotmess_console.ui.widgets.queue_delegate import QueueDelegate

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Stroke = tuple[int, Qt.KeyboardModifier]
_FETCH_AHEAD = 20  # rows before the end of what is loaded at which more is asked for
_Flag = QStyle.StateFlag


class QueueList(QListView):
    """Shows a `QueueModel`. J/K and arrows move, X ticks, Shift extends, Ctrl+A ticks all that match.

    Every place is arithmetic: Qt's own list lays out each loaded row again whenever one comes or goes, which
    takes too long for 100,000 of them. Here a change costs the rows on screen.
    A row that comes or goes above the view moves nothing on screen, unless the view stands at the very top.
    """

    current_changed = Signal(object)
    """The focused `CaseId`, or None."""
    ticked_changed = Signal(object)
    """The new `Selection`."""
    more_wanted = Signal()
    """The person nears the end of what is loaded."""
    ignored = Signal(str)
    """A key was ignored; the text says why, for the status bar."""
    opened = Signal(object)
    """Enter or a double click on the focused `CaseId`."""

    def __init__(
        self,
        model: QueueModel,
        palette: Palette,
        *,
        clock: Callable[[], float] = monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = model
        self._delegate = QueueDelegate(palette, self)
        self._guard = KeyGuard(clock)
        self._by_person = False
        self._focused: CaseId | None = None
        self._extension: tuple[CaseId, Selection] | None = None
        self._anchor: tuple[list[CaseId], int] | None = None
        self._over = -1
        self._keys = self._default_keys()
        self._set_up()
        self.setModel(model)
        self._follow(model)

    def _set_up(self) -> None:
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
        self.setAccessibleName("Queue")
        self.setAccessibleDescription(
            "Cases in order of urgency, then due time. J and K move, X ticks, Shift with J or K ticks "
            "several, Control A ticks all that match the filter."
        )

    def _follow(self, model: QueueModel) -> None:
        for before in (model.rowsAboutToBeInserted, model.rowsAboutToBeMoved, model.modelAboutToBeReset):
            before.connect(self._remember_place)
        for after in (model.rowsInserted, model.rowsMoved, model.rowsRemoved, model.modelReset):
            after.connect(self._settle)
        model.ticked_changed.connect(self.ticked_changed)
        model.more_wanted.connect(self.more_wanted)

    # ── what others ask ──

    @property
    def queue(self) -> QueueModel:
        """The model that this list shows."""
        return self._queue

    @property
    def current(self) -> CaseId | None:
        """The focused case."""
        return self._focused

    def set_palette(self, palette: Palette) -> None:
        """Switch the theme, or take over a new system font size."""
        self._remember_place()
        self._delegate.set_palette(palette)
        self._settle()

    def go_to(self, case: CaseId) -> bool:
        """Focus `case`; False if it is not loaded."""
        row = self._queue.row_of(case)
        if row is None:
            return False
        self._step_to(row)
        return True

    def may_decide(self, key: str, *, held: bool = False) -> bool:
        """Whether a key that acts on the focused case may act now; if not, `ignored` has said why."""
        return self._passes(self._guard.refusal(key, decides=True, held=held))

    def _passes(self, refusal: Ignored | None) -> bool:
        if refusal is not None:
            self.ignored.emit(refusal.value)
        return refusal is None

    # ── moving ──

    def step(self, rows: int) -> None:
        """Focus the case so many rows further down (negative: up), stopping at either end."""
        count = self._queue.rowCount()
        if count:
            self._extension = None
            row = self.currentIndex().row()
            self._step_to(min(max(row + rows, 0), count - 1) if row >= 0 else 0)

    def go_first(self) -> None:
        """Focus the first case."""
        self.step(-self._queue.rowCount())

    def go_last(self) -> None:
        """Focus the last case that is loaded."""
        self.step(self._queue.rowCount())

    def page_rows(self) -> int:
        """How many whole rows fit, at least one."""
        return max(1, self.viewport().height() // self._row_height())

    def _step_to(self, row: int) -> None:
        self._by_person = True
        try:
            self.setCurrentIndex(self._queue.index(row))
        finally:
            self._by_person = False
        self._ask_for_more(row)

    # ── ticking ──

    def toggle_tick(self) -> None:
        """Tick the focused case, or untick it."""
        self._extension = None
        if self._focused is not None:
            self._queue.set_ticked(self._queue.ticked.toggled(self._focused))

    def extend(self, rows: int) -> None:
        """Move so many rows and tick all from where the extension began; moving back gives them up again."""
        if self._focused is None:
            return
        start, before = self._extension or (self._focused, self._queue.ticked)
        self.step(rows)
        first, last = self._queue.row_of(start), self.currentIndex().row()
        if first is None:
            return
        span = range(min(first, last), max(first, last) + 1)
        self._queue.set_ticked(before.including(self._queue.id_at(row) for row in span))
        self._extension = (start, before)

    def tick_all_matching(self) -> None:
        """Tick every case that the filter matches, loaded or not."""
        self._extension = None
        self._queue.set_ticked(Selection.everything())

    def untick_all(self) -> None:
        """Tick nothing."""
        self._extension = None
        self._queue.set_ticked(Selection.nothing())

    # ── keys ──

    def _default_keys(self) -> dict[_Stroke, tuple[Callable[[], None], bool]]:
        """Key and modifiers → what it does, and whether the person travels by holding it."""
        key, plain, shift = Qt.Key, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
        down, up = (lambda: self.step(1)), (lambda: self.step(-1))
        further, back = (lambda: self.extend(1)), (lambda: self.extend(-1))
        return {
            (key.Key_J, plain): (down, True),
            (key.Key_Down, plain): (down, True),
            (key.Key_K, plain): (up, True),
            (key.Key_Up, plain): (up, True),
            (key.Key_PageDown, plain): (lambda: self.step(self.page_rows()), True),
            (key.Key_PageUp, plain): (lambda: self.step(-self.page_rows()), True),
            (key.Key_Home, plain): (self.go_first, True),
            (key.Key_End, plain): (self.go_last, True),
            (key.Key_J, shift): (further, True),
            (key.Key_Down, shift): (further, True),
            (key.Key_K, shift): (back, True),
            (key.Key_Up, shift): (back, True),
            (key.Key_X, plain): (self.toggle_tick, False),
            (key.Key_A, Qt.KeyboardModifier.ControlModifier): (self.tick_all_matching, False),
            (key.Key_Return, plain): (self._open, False),
            (key.Key_Enter, plain): (self._open, False),
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and tick; every other key is left to the window."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        found = self._keys.get((event.key(), modifiers))
        if found is None:
            event.ignore()
            return
        event.accept()
        act, travels = found
        name = f"{event.key():x}+{modifiers.value:x}"
        if self._passes(self._guard.refusal(name, travels=travels, held=event.isAutoRepeat())):
            act()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, never a search by first letter."""

    def _open(self) -> None:
        if self._focused is not None:
            self.opened.emit(self._focused)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the case under the pointer."""
        if self.indexAt(event.position().toPoint()).isValid():
            self._open()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Focus the case under the pointer; on its mark, or with Control, tick it too; with Shift, extend."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._focused is not None:
            self.extend(index.row() - self.currentIndex().row())
            return
        self._extension = None
        self._step_to(index.row())
        on_mark = event.position().x() < self._delegate.mark_width()
        if on_mark or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggle_tick()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Everything happened at the press."""

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

    # ── the focused case ──

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Repaint both rows, bring the new one into view, and tell who listens and who reads aloud."""
        QAbstractItemView.currentChanged(self, current, previous)
        self._announce()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """The selection is always the focused row, which `currentChanged` repaints."""

    def dataChanged(self, topLeft: _Index, bottomRight: _Index, roles: Sequence[int] = ()) -> None:
        """Repaint just the rows that changed."""
        self.viewport().update(self._rect(topLeft.row()).united(self._rect(bottomRight.row())))

    def _announce(self) -> None:
        row = self.currentIndex().row()
        case = self._queue.id_at(row) if 0 <= row < self._queue.rowCount() else None
        if case == self._focused:
            return
        self._focused = case
        if not self._by_person:
            self._extension = None
            self._guard.case_changed()
        if QAccessible.isActive() and row >= 0:
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(row)
            QAccessible.updateAccessibility(event)
        self.current_changed.emit(case)

    def rowsAboutToBeRemoved(self, parent: _Index, start: int, end: int) -> None:
        """When the focused case goes, the next one is focused, or the one before when there is none."""
        self._remember_place()
        if start <= self.currentIndex().row() <= end:
            after = end + 1 if end + 1 < self._queue.rowCount() else start - 1
            self.setCurrentIndex(self._queue.index(after) if after >= 0 else QModelIndex())
            self._ask_for_more(after)

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
        """Put the first row that is left back to where it stood, and focus the first case if none is."""
        anchor, self._anchor = self._anchor, None
        self.updateGeometries()
        if anchor is not None:
            self._restore(*anchor)
        if self._focused is not None and self._queue.row_of(self._focused) is not None:
            if not self.currentIndex().isValid():
                self.setCurrentIndex(self._queue.index(self._queue.row_of(self._focused) or 0))
        elif self._queue.rowCount():
            self.setCurrentIndex(self._queue.index(0))
        self._announce()
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
        if row == self.currentIndex().row():
            state |= _Flag.State_Selected
            if self.hasFocus():
                state |= _Flag.State_HasFocus
        if row == self._over:
            state |= _Flag.State_MouseOver
        ticked = self._queue.id_at(row) in self._queue.ticked
        self._delegate.paint_row(painter, self._rect(row), self._queue.row_at(row), state, ticked=ticked)
