"""Chips: a word that says what a thing is, with a colour that only repeats it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.theme.tokens import HEIGHT, HIGH_CONTRAST, RADIUS
from hotmess_console.ui.widgets.safe_text import clean_line


class Tone(StrEnum):
    """What a colour repeats in a chip, banner or timeline disc."""

    NEUTRAL = "neutral"
    GOLD = "gold"
    WARN = "warn"
    OK = "ok"
    DANGER = "danger"
    INFO = "info"


FILL = {
    Tone.NEUTRAL: "card",
    Tone.GOLD: "slot",
    Tone.WARN: "warn_tint",
    Tone.OK: "ok_tint",
    Tone.DANGER: "danger_tint",
    Tone.INFO: "info_tint",
}
INK = {
    Tone.NEUTRAL: "body",
    Tone.GOLD: "gold_text",
    Tone.WARN: "warn_text",
    Tone.OK: "ok_text",
    Tone.DANGER: "danger_text",
    Tone.INFO: "info_text",
}


class Chip(QWidget):
    """A short label on a tint. A removable one takes focus; × or Delete emits `removed`."""

    removed = Signal()

    def __init__(
        self,
        text: str,
        tone: Tone = Tone.NEUTRAL,
        *,
        icon: str = "",
        removable: bool = False,
        outlined: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone, self.icon_name, self.removable, self.outlined = tone, icon, removable, outlined
        self.setFont(font("small", 500 if tone is Tone.NEUTRAL else 600))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if removable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Change the words (cut at 60 characters)."""
        self.text = clean_line(text, 60)
        self.setAccessibleName(f"{self.text}, can be removed" if self.removable else self.text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Change the colour; the words must say the same."""
        self.tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font()).horizontalAdvance(self.text) + 1
        extra = (px(17) if self.icon_name else 0) + (px(17) if self.removable else 0)
        return QSize(words + extra + px(14), px(HEIGHT["chip"]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        ink, radius = INK[self.tone], px(RADIUS["chip"])
        edged = self.outlined or theme().palette is HIGH_CONTRAST
        fill = None if self.outlined else colour(FILL[self.tone])
        paint.frame(painter, self.rect(), radius, fill, colour(ink) if edged else None)
        left, middle = px(7), self.height() // 2
        if self.icon_name:
            side = px(13)
            painter.drawPixmap(QPoint(left - 1, middle - side // 2), icons.pixmap(self.icon_name, 13, ink))
            left += px(17) - 1
        words = QRect(left, 0, self.width() - left - (px(17) if self.removable else 0), self.height())
        paint.words(painter, words, self.text, self.font(), colour(ink))
        if self.removable:
            at = QPoint(self.width() - px(17), middle - px(12) // 2)
            painter.drawPixmap(at, icons.pixmap("x", 12, ink if self.tone is not Tone.NEUTRAL else "muted"))
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.removable and event.position().x() >= self.width() - px(20):
            self.removed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.removable and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
            return
        super().keyPressEvent(event)
