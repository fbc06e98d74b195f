"""Something is on its way: still bars, and only if it takes long enough to be noticed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.theme.tokens import HEIGHT, HIGH_CONTRAST, MOTION, RADIUS, SPACE


class LoadingBars(QWidget):
    """Three still rows, drawn from 150 ms after `start` until `stop`. Nothing shimmers."""

    def __init__(self, rows: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.drawn = rows, False
        self._timer = QTimer(self, singleShot=True, interval=MOTION["loading_after"])
        self._timer.timeout.connect(lambda: self._draw(True))

    def start(self) -> None:
        """Begin to wait."""
        self.setAccessibleName("Loading")
        self._timer.start()

    def stop(self) -> None:
        """What was awaited is there."""
        self.setAccessibleName("")
        self._timer.stop()
        self._draw(False)

    def _draw(self, drawn: bool) -> None:
        self.drawn = drawn
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.drawn:
            return
        painter, high = paint.begin(self), px(HEIGHT["row"])
        # Black on black shows nothing: with high contrast each bar has an edge.
        edge = colour("line_strong") if theme().palette is HIGH_CONTRAST else None
        left, wide = px(SPACE["l"]), self.width() - 2 * px(SPACE["l"])
        for row in range(self.rows):
            top = px(SPACE["s"]) + row * high
            for offset, share in ((px(12), 0.62), (px(32), 0.38)):
                bar = QRect(left, top + offset, int(wide * share), px(12))
                paint.frame(painter, bar, px(RADIUS["chip"]), colour("card"), edge)
        painter.end()
