"""A choice from a short list, framed like a field."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, SPACE
from hotmess_console.ui.widgets.safe_text import clean_line


class Select(QComboBox):
    """A combo box; `name` is what a screen reader says. `currentIndexChanged` tells of a choice."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.view().setAccessibleName(f"{name}: choices")
        self.setFont(font("row"))
        self.setFixedHeight(px(HEIGHT["control"]))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add_choice(self, text: str, data: object = None) -> None:
        """Add a choice; its words are cleaned, its `data` comes back from `currentData`."""
        self.addItem(clean_line(text, 120), data)

    def sizeHint(self) -> QSize:
        texts = [self.itemText(at) for at in range(self.count())]
        widest = max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=px(80))
        return QSize(widest + px(44), px(HEIGHT["control"]))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(HEIGHT["control"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, radius = paint.begin(self), px(RADIUS["control"])
        enabled = self.isEnabled()
        paint.frame(painter, self.rect(), radius, colour("card"), colour("control" if enabled else "line_strong"))
        words = QRect(px(10), 0, self.width() - px(36), self.height())
        paint.words(painter, words, self.currentText(), self.font(), colour("text" if enabled else "muted"))
        at = QPoint(self.width() - px(14) - px(SPACE["s"]), (self.height() - px(14)) // 2)
        painter.drawPixmap(at, icons.pixmap("chevron-down", 14, "muted"))
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        painter.end()
