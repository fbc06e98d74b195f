"""The head over the rows of a queue: the names of its columns, in line with what the rows show."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, WIDTH
from hotmess_console.ui.widgets.queue_lines import RIGHT_PAD, TEXT_X, WHO_COMPACT, WIDE_COLUMNS

_NAMES = {"category": "Category", "status": "Status", "due": "Due", "level": "Level", "who": "Who"}
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class ColumnHead(QWidget):
    """Column names. What is ticked takes the first one's place, since it is said nowhere else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inset = 0
        self.ticked = ""
        self.setFixedHeight(px(HEIGHT["column_head"]))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Ordered by urgency, then due time")

    def set_inset(self, inset: int) -> None:
        """Leave so many pixels at the right, where the rows have their scroll bar."""
        if inset != self.inset:
            self.inset = inset
            self.update()

    def set_ticked(self, words: str) -> None:
        """Say what is ticked; an empty text shows the order again."""
        if words != self.ticked:
            self.ticked = words
            self.setAccessibleName(words or "Ordered by urgency, then due time")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        painter.fillRect(self.rect(), colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour("line"))
        width = self.width() - self.inset
        wide = width >= px(WIDTH["wide_row_from"][0])
        (self._paint_wide if wide else self._paint_compact)(painter, width)
        painter.end()

    def _paint_compact(self, painter: QPainter, width: int) -> None:
        self._first(painter, "Urgency, then due", width // 2, arrow=True)
        right = width - px(RIGHT_PAD)
        self._name(painter, "Who", right - px(WHO_COMPACT), px(WHO_COMPACT), _RIGHT)
        self._name(painter, "Due", right - px(WHO_COMPACT) - px(88), px(88), _RIGHT)

    def _paint_wide(self, painter: QPainter, width: int) -> None:
        left = width - px(RIGHT_PAD)
        for name, wide in reversed(WIDE_COLUMNS):
            left -= px(wide)
            self._name(painter, _NAMES[name], left, px(wide), _RIGHT if name == "who" else _LEFT)
            if name == "due":
                self._arrow(painter, left + self._width("Due") + px(6))
        self._first(painter, "Case", left - px(TEXT_X), arrow=False)

    def _first(self, painter: QPainter, name: str, room: int, *, arrow: bool) -> None:
        words = self.ticked or name
        role = "gold_text" if self.ticked else "muted"
        paint.words(painter, QRect(px(TEXT_X), 0, room, self.height()), words, font("micro"), colour(role))
        if arrow and not self.ticked:
            self._arrow(painter, px(TEXT_X) + self._width(words) + px(6))

    def _name(self, painter: QPainter, name: str, left: int, room: int, align: Qt.AlignmentFlag) -> None:
        paint.words(painter, QRect(left, 0, room, self.height()), name, font("micro"), colour("muted"), align)

    def _arrow(self, painter: QPainter, left: int) -> None:
        side = px(12)
        painter.drawPixmap(QPoint(left, (self.height() - side) // 2), icons.pixmap("arrow-up", 12, "text"))

    def _width(self, words: str) -> int:
        return QFontMetrics(font("micro")).horizontalAdvance(words)
