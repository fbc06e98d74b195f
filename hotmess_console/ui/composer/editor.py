"""The plain text that somebody writes, with its placeholders painted as pills and reached by Tab.

A text edit, not a plain-text edit, because only that one knows line heights; it never takes or gives rich text.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QKeyEvent,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from hotmess_console.domain.safe_text import clean
from hotmess_console.services.drafts import FilledSlot
from hotmess_console.services.replies import LONGEST
from hotmess_console.ui.composer.pills import PillPainter, SlotInk
from hotmess_console.ui.composer.placeholders import EmptySlot, empty_in
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import SPACE

_LINE = 22
_MOST_LINES = LONGEST  # a line needs at least its end, so the characters are capped first
_START, _KEEP = QTextCursor.MoveOperation.Start, QTextCursor.MoveMode.KeepAnchor


class DraftEditor(QTextEdit):
    """A text of at most `LONGEST` characters. `left` on Esc, `cut_short` tells how many characters a paste lost."""

    left = Signal()
    cut_short = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QTextEdit, QTextEdit:focus { background: transparent; border: none; padding: 0; }")
        self.setFont(font("body"))
        self.document().setDocumentMargin(px(SPACE["xs"]))
        self._slots: list[tuple[QTextCursor, str]] = []
        self._open: tuple[QTextCursor, str] | None = None
        self._ink = SlotInk(self)
        self._pills = PillPainter(self)
        self.cursorPositionChanged.connect(self._leave_slot)
        theme().changed.connect(self._ink.rehighlight)
        self._space_lines()

    # ── content ──

    def load(self, text: str, slots: Sequence[FilledSlot] = ()) -> None:
        """Show another draft; what could be undone before belonged to the other one."""
        self._slots, self._open = [], None
        self.setPlainText(text)
        self._space_lines()
        self._mark(slots, 0)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def put(self, text: str, slots: Sequence[FilledSlot], *, instead: bool) -> None:
        """Put a filled template where the cursor is, or `instead` of everything; Ctrl+Z takes it out again."""
        cursor = self.textCursor()
        if instead:
            cursor.select(QTextCursor.SelectionType.Document)
        at = cursor.selectionStart()
        cursor.insertText(text)
        self._mark(slots, at)
        if not self.go_to_empty(backwards=False):
            self.moveCursor(QTextCursor.MoveOperation.End)

    def _mark(self, slots: Sequence[FilledSlot], at: int) -> None:
        last = self.document().characterCount() - 1
        fits = (slot for slot in slots if 0 <= slot.start < slot.end <= last)
        self._slots += [(self._span(at + slot.start, at + slot.end), slot.name) for slot in fits]
        self._ink.rehighlight()

    def _span(self, start: int, end: int) -> QTextCursor:
        # Anchored at its end: what is typed right before or behind a value is none of it, what is typed inside is.
        span = QTextCursor(self.document())
        span.setPosition(min(end, self.document().characterCount() - 1))
        span.setPosition(min(start, self.document().characterCount() - 1), _KEEP)
        return span

    def _space_lines(self) -> None:
        spacing = QTextBlockFormat()
        spacing.setLineHeight(px(_LINE), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        self.document().setUndoRedoEnabled(False)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(spacing)
        self.document().setUndoRedoEnabled(True)

    def text(self) -> str:
        """The text as it will be sent."""
        return self.toPlainText()

    # ── placeholders ──

    def filled(self) -> tuple[FilledSlot, ...]:
        """The values that still stand in the text, in its order."""
        spans = [*self._slots, *([self._open] if self._open else [])]
        found = (FilledSlot(s.selectionStart(), s.selectionEnd(), name) for s, name in spans if s.hasSelection())
        return tuple(sorted(found, key=lambda slot: slot.start))

    def empty(self) -> tuple[EmptySlot, ...]:
        """The placeholders that still have to be filled, in the order of the text."""
        filled = self.filled()
        found: list[EmptySlot] = []
        block = self.document().begin()
        while block.isValid():
            if "[" in block.text():
                found += empty_in(block.text(), block.position(), filled)
            block = block.next()
        return tuple(found)

    def go_to_empty(self, *, backwards: bool) -> bool:
        """Select the next empty placeholder after the cursor, going round; False when there is none."""
        empty = self.empty()
        if not empty:
            return False
        at = self.textCursor().selectionStart()
        if backwards:
            wanted = next((slot for slot in reversed(empty) if slot.end <= at), empty[-1])
        else:
            first = at + 1 if self._on_slot() else at
            wanted = next((slot for slot in empty if slot.start >= first), empty[0])
        cursor = self.textCursor()
        cursor.setPosition(wanted.start)
        cursor.setPosition(wanted.end, _KEEP)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def _on_slot(self) -> EmptySlot | None:
        """The empty placeholder that is selected, wholly and alone."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        chosen = (cursor.selectionStart(), cursor.selectionEnd())
        return next((slot for slot in self.empty() if (slot.start, slot.end) == chosen), None)

    def _open_slot(self, slot: EmptySlot) -> None:
        """From now on what is typed here fills `slot`, until the cursor leaves it."""
        self._close_slot()
        end = self.textCursor().position()
        if end > slot.start:
            span = QTextCursor(self.document())
            span.setPosition(slot.start)
            span.setPosition(end, _KEEP)
            self._open = (span, slot.name)
            self._ink.rehighlight()

    def _close_slot(self) -> None:
        if self._open is not None:
            span, name = self._open
            self._open = None
            if span.hasSelection():
                self._slots.append((self._span(span.selectionStart(), span.selectionEnd()), name))

    def _leave_slot(self) -> None:
        if self._open is not None:
            span, at = self._open[0], self.textCursor().position()
            if not span.selectionStart() <= at <= span.selectionEnd():
                self._close_slot()

    # ── keys and pasting ──

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self.go_to_empty(backwards=not forward) or super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        slot = self._on_slot()
        before = self.document().revision()
        super().keyPressEvent(event)
        if slot is not None and self.document().revision() != before:
            self._open_slot(slot)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        slot = self._on_slot()
        super().inputMethodEvent(event)
        if slot is not None and event.commitString():
            self._open_slot(slot)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take words alone: made harmless, and no more than there is room for."""
        slot = self._on_slot()
        kept = self.textCursor().selectionEnd() - self.textCursor().selectionStart()
        room = max(0, LONGEST - (self.document().characterCount() - 1 - kept))
        words = source.text()
        shown = clean(words[:room], 2 * LONGEST, lines=_MOST_LINES)[:room] if room else ""
        self.textCursor().insertText(shown, QTextCharFormat())
        if len(words) > room:
            self.cut_short.emit(len(words) - room)
        if slot is not None:
            self._open_slot(slot)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy words only."""
        copied = QMimeData()
        copied.setText(self.textCursor().selection().toPlainText())
        return copied

    # ── look ──

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pills.paint(self.filled(), self.empty())
        super().paintEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(px(480), px(6 * _LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(3 * _LINE))
