"""The key to press, drawn where the action is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS

_SIGNS = {
    "Return": "↵",
    "Enter": "↵",
    "Shift": "⇧",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "Escape": "Esc",
}


def cap_text(key: str) -> str:
    """How a key such as ``Ctrl+Shift+Return`` or ``G S`` is written on a cap: ``Ctrl ⇧ ↵``."""
    if key in {"+", "?", "/"}:
        return key
    return " ".join(_SIGNS.get(part, part) for part in key.replace("+", " ").split())


def cap_width(key: str) -> int:
    """How many pixels wide the cap of this key is; 0 without a key."""
    if not key:
        return 0
    words = QFontMetrics(font("micro")).horizontalAdvance(cap_text(key))
    return max(px(HEIGHT["key"]), words + px(10))


def draw_cap(
    painter: QPainter,
    left: int,
    middle: int,
    key: str,
    *,
    ink: QColor | None = None,
    fill: QColor | None = None,
    edge: QColor | None = None,
) -> None:
    """Draw the cap with its left edge at `left`, centred on the height `middle`."""
    high = px(HEIGHT["key"])
    box = QRect(left, middle - high // 2, cap_width(key), high)
    paint.frame(painter, box, px(RADIUS["key"]) + 1, fill or colour("raised"), edge or colour("line_strong"))
    painter.setFont(font("micro"))
    painter.setPen(ink or colour("body"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), cap_text(key))


class KeyCap(QWidget):
    """One key cap, standing by itself in a row of words."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setAccessibleName(f"Key {key}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self.key), px(HEIGHT["key"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        draw_cap(painter, 0, self.height() // 2, self.key)
        painter.end()
