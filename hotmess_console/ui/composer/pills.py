"""How placeholders look in the editor: a filled one is a gold pill, an empty one a dashed amber one with its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextLine,
)
from PySide6.QtWidgets import QTextEdit

from hotmess_console.domain.placeholders import SLOTS, Slot
from hotmess_console.services.drafts import FilledSlot
from hotmess_console.ui.composer.placeholders import EmptySlot
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import RADIUS


class _Slotted(Protocol):
    """What knows its placeholders."""

    def filled(self) -> tuple[FilledSlot, ...]: ...
    def empty(self) -> tuple[EmptySlot, ...]: ...


class SlotInk(QSyntaxHighlighter):
    """Colours the words of placeholders; the text itself stays plain, so nothing of this is ever sent."""

    def __init__(self, editor: QTextEdit) -> None:
        super().__init__(editor.document())
        self._editor = editor

    def highlightBlock(self, text: str) -> None:
        at = self.currentBlock().position()
        slotted: _Slotted = self._editor  # type: ignore[assignment]
        words = QTextCharFormat()
        words.setForeground(colour("body"))
        self.setFormat(0, self.currentBlock().length(), words)
        for slot in slotted.filled():
            free = SLOTS.get(slot.name) is Slot.FREE
            self._ink(slot.start - at, slot.end - at, "text" if free else "gold_text", bold=not free)
        if "[" not in text:
            return
        for empty in slotted.empty():
            self._ink(empty.start - at, empty.end - at, "warn_text", bold=True)
            # The brackets stay in the text, since they say that it is empty; the pill takes their place on screen.
            for bracket in (empty.start - at, empty.end - at - 1):
                unseen = QTextCharFormat()
                unseen.setForeground(Qt.GlobalColor.transparent)
                self.setFormat(bracket, 1, unseen)

    def _ink(self, start: int, end: int, role: str, *, bold: bool) -> None:
        start, end = max(0, start), min(end, self.currentBlock().length())
        if start < end:
            look = QTextCharFormat()
            look.setForeground(colour(role))
            look.setFontWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            self.setFormat(start, end - start, look)


class PillPainter:
    """Paints the planes behind placeholders, below the words."""

    def __init__(self, editor: QTextEdit) -> None:
        self._editor = editor

    def paint(self, filled: Sequence[FilledSlot], empty: Sequence[EmptySlot]) -> None:
        """Paint those that are in sight."""
        if not filled and not empty:
            return
        painter = QPainter(self._editor.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for slot in filled:
            for box in self._boxes(slot.start, slot.end):
                paint.frame(painter, box, px(RADIUS["key"]), colour("slot"))
                painter.fillRect(box.left() + px(2), box.bottom() - 1, box.width() - px(4), 1, colour("focus"))
        for hole in empty:
            for box in self._boxes(hole.start, hole.end):
                _dashed(painter, box)
        painter.end()

    def _boxes(self, start: int, end: int) -> Iterator[QRect]:
        document = self._editor.document()
        block = document.findBlock(start)
        while block.isValid() and block.position() < end:
            yield from self._boxes_in(block, start - block.position(), end - block.position())
            block = block.next()

    def _boxes_in(self, block: QTextBlock, start: int, end: int) -> Iterator[QRect]:
        layout = block.layout()
        origin = self._editor.document().documentLayout().blockBoundingRect(block).topLeft()
        down = self._editor.verticalScrollBar().value()
        metrics = QFontMetrics(self._editor.font())
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = sorted((_x(line, first), _x(line, last)))
                base = round(origin.y() + line.y() + line.ascent()) - down
                top = base - metrics.ascent() - 1
                yield QRect(round(origin.x() + left) - 2, top, round(right - left) + 4, metrics.height() + 3)


def _x(line: QTextLine, at: int) -> float:
    found: Any = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else found)


def _dashed(painter: QPainter, box: QRect) -> None:
    paint.frame(painter, box, px(RADIUS["key"]), colour("warn_tint"))
    pen = QPen(colour("warn"), 1)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), px(RADIUS["key"]), px(RADIUS["key"]))
