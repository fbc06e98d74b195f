"""One line to type into, with an icon, a key cap and an edge that can be seen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS
from hotmess_console.ui.widgets.key_cap import cap_width, draw_cap
from hotmess_console.ui.widgets.safe_text import set_safe_tooltip


class Field(QLineEdit):
    """A line edit. `name` is what a screen reader says; `hint` is shown while it is empty."""

    def __init__(
        self,
        name: str,
        *,
        hint: str = "",
        icon: str = "",
        key: str = "",
        size: str = "control",
        limit: int = 500,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.icon_name, self.key, self.size_name = icon, key, size
        self.problem = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setMaxLength(limit)
        self.setFont(font("body"))
        self.setFixedHeight(px(HEIGHT[size]))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextMargins(px(20) if icon else 0, 0, cap_width(key) + px(4) if key else 0, 0)

    def set_problem(self, words: str) -> None:
        """Mark what was typed as unusable, for this reason; the form shows the words below. Empty clears."""
        self.problem = words
        set_safe_tooltip(self, words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(HEIGHT[self.size_name]))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = paint.begin(self)
        middle = self.height() // 2
        if self.icon_name:
            half = px(HEIGHT["icon_small"]) // 2
            painter.drawPixmap(QPoint(px(9), middle - half), icons.pixmap(self.icon_name, 14, "muted"))
        if self.key and not self.hasFocus():
            draw_cap(painter, self.width() - cap_width(self.key) - px(5), middle, self.key)
        if self.problem and not self.hasFocus():
            paint.frame(painter, self.rect(), px(RADIUS["control"]), None, colour("warn"))
        painter.end()
