"""The list of a queue under a person's hands: focus, ticks and keys."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from hotmess_console.domain.values import CaseId
from hotmess_console.ui.theme.tokens import Palette
from hotmess_console.ui.viewmodels.key_guard import Ignored, KeyGuard
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.viewmodels.selection import Selection
from hotmess_console.ui.widgets.queue_view import QueueRows

_Index = QModelIndex | QPersistentModelIndex
_Stroke = tuple[int, Qt.KeyboardModifier]


class QueueList(QueueRows):
    """The queue under a person's hands, with one case focused as long as there is any.

    J/K and arrows move, X ticks, Shift extends, Ctrl+A ticks all that match the filter. The focus follows its
    case wherever that moves; when the case goes, the next one is focused.
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
        # Before Qt's own set-up, which already calls `currentChanged`.
        self._guard = KeyGuard(clock)
        self._by_person = False
        self._focused: CaseId | None = None
        self._away = ""
        self._extension: tuple[CaseId, Selection] | None = None
        super().__init__(model, palette, parent)
        self._keys = self._default_keys()
        self.setAccessibleName("Queue")
        self.setAccessibleDescription(
            "Cases in order of urgency, then due time. J and K move, X ticks, Shift with J or K ticks "
            "several, Control A ticks all that match the filter."
        )
        model.ticked_changed.connect(self.ticked_changed)
        model.more_wanted.connect(self.more_wanted)
        self._settle()

    # ── what others ask ──

    @property
    def current(self) -> CaseId | None:
        """The focused case."""
        return self._focused

    def go_to(self, case: CaseId) -> bool:
        """Focus `case`; False if it is not loaded."""
        row = self._queue.row_of(case)
        if row is None:
            return False
        self._step_to(row)
        return True

    @property
    def away(self) -> str:
        """The reference of the open case when no row stands for it; empty when the focused one is open."""
        return self._away

    def look_away(self, reference: str) -> None:
        """A case that no row stands for is open: mark none, and tick none, until the person moves here.

        An empty `reference` says that the focused case is open again.
        """
        if reference == self._away:
            return
        self._away, self.marks_current, self._extension = reference, not reference, None
        self._guard.case_changed()
        self.viewport().update()

    def may_decide(self, key: str, *, held: bool = False) -> bool:
        """Whether a key that acts on the focused case may act now; if not, `ignored` has said why."""
        return self._passes(self._guard.refusal(key, decides=True, held=held))

    def _passes(self, refusal: Ignored | None) -> bool:
        if refusal is not None:
            self.ignored.emit(refusal.value)
        return refusal is None

    # ── moving ──

    def step(self, rows: int) -> None:
        """Focus the case so many rows further down (negative: up), stopping at either end.

        After looking away the first step leads back to where the person left the list.
        """
        count = self._queue.rowCount()
        if count:
            self._extension = None
            row, rows = self.currentIndex().row(), 0 if self._away else rows
            self._step_to(min(max(row + rows, 0), count - 1) if row >= 0 else 0)

    def go_first(self) -> None:
        """Focus the first case."""
        self.step(-self._queue.rowCount())

    def go_last(self) -> None:
        """Focus the last case that is loaded."""
        self.step(self._queue.rowCount())

    def _step_to(self, row: int) -> None:
        before, was_away = self._focused, bool(self._away)
        self._away, self.marks_current = "", True
        self._by_person = True
        try:
            self.setCurrentIndex(self._queue.index(row))
        finally:
            self._by_person = False
        if was_away:
            self.viewport().update()
            if self._focused == before:
                self.current_changed.emit(before)
        self._ask_for_more(row)

    # ── ticking ──

    def toggle_tick(self) -> None:
        """Tick the focused case, or untick it; one that no row stands for cannot be ticked, which is said."""
        self._extension = None
        if self._away:
            self.ignored.emit(f"{self._away} has no row in this list, so it cannot be selected. Esc goes back to it.")
        elif self._focused is not None:
            self._queue.set_ticked(self._queue.ticked.toggled(self._focused))

    def extend(self, rows: int) -> None:
        """Move so many rows and tick all from where the extension began; moving back gives them up again."""
        if self._focused is None:
            return
        if self._away:
            self.step(0)
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
        if self._away:
            self.step(0)
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

    # ── the focused case ──

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Repaint both rows, bring the new one into view, and tell who listens and who reads aloud."""
        QAbstractItemView.currentChanged(self, current, previous)
        self._announce()

    def _announce(self) -> None:
        row = self.currentIndex().row()
        case = self._queue.id_at(row) if 0 <= row < self._queue.rowCount() else None
        if case == self._focused:
            return
        self._focused = case
        if not self._by_person:
            self._extension = None
            if not self._away:
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

    def _settle(self) -> None:
        """After rows came, went or moved: everything stands where it stood, and one case is focused."""
        super()._settle()
        row = None if self._focused is None else self._queue.row_of(self._focused)
        if row is None and self._queue.rowCount():
            row = 0
        if row is not None and row != self.currentIndex().row():
            self.setCurrentIndex(self._queue.index(row))
        self._announce()
