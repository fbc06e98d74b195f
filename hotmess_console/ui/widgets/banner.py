"""A calm band across the window: offline, privacy mask, trouble. It pushes the body down, never covers it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.chip import INK, Tone
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.safe_text import SafeLabel

_PLANE = {Tone.WARN: "warn_tint", Tone.GOLD: "gold_tint", Tone.DANGER: "danger_tint", Tone.OK: "ok_tint"}
_RULE = {Tone.WARN: "warn", Tone.GOLD: "focus", Tone.DANGER: "danger", Tone.OK: "ok"}


class Banner(QWidget):
    """What happened in bold, what it means after it, perhaps one action; `acted` when that is pressed."""

    acted = Signal()

    def __init__(
        self,
        tone: Tone,
        icon: str,
        title: str,
        words: str = "",
        *,
        action: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone = tone
        self.title = SafeLabel(title, "heading", INK[tone])
        self.words = SafeLabel(words, "body", "body", wrap=True, limit=300)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(SPACE["m"]) + px(2), px(6), px(SPACE["m"]), px(6))
        row.setSpacing(px(10))
        row.addWidget(IconView(icon, 16, INK[tone]))
        row.addWidget(self.title)
        row.addWidget(self.words, 1)
        self.button = Button(action, key=key) if action else None
        if self.button is not None:
            self.button.clicked.connect(lambda _checked: self.acted.emit())
            row.addWidget(self.button)
        self.setMinimumHeight(px(HEIGHT["banner"]))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{self.title.text()} {self.words.text()}")

    def set_words(self, title: str, words: str) -> None:
        """Change what it says, such as the seconds until the next try."""
        self.title.set_text(title)
        self.words.set_text(words)
        self.setAccessibleName(f"{self.title.text()} {self.words.text()}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(_PLANE.get(self.tone, "card")))
        rule = colour(_RULE.get(self.tone, "line_strong"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, rule)
        painter.end()
