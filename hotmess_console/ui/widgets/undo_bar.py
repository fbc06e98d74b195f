"""The way back: what was done, how long it can be undone, and the key."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.viewmodels.when import seconds_left
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.safe_text import SafeLabel

_MOST_UNCUT = 420
"""So many design pixels of what can be taken back are never cut: they end with the number of its case."""


class _Left(QWidget):
    """The share that is left; it changes once a second and never glides."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(64), px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        paint.frame(painter, self.rect(), 2, colour("line_strong"))
        wide = round(self.width() * self.share)
        if wide > 0:
            paint.frame(painter, QRect(0, 0, wide, self.height()), 2, colour("focus"))
        painter.end()


class UndoBar(QWidget):
    """Hidden until `offer`; `undone` when the person takes it back, `ended` when the time is over."""

    undone = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = SafeLabel(step="small", role="text", weight=600, elide=True)
        self.left = SafeLabel(step="small", role="gold_text", weight=600)
        self.bar = _Left()
        self.button = Button("Undo", Kind.QUIET, key="Z", size="control_small")
        self.button.clicked.connect(lambda _checked: self._undo())
        self._whole = self._left = 0.0
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=1_000)
        # Coarse timers may be 5 % late; then a second would be skipped on screen.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(SPACE["s"]))
        for part in (IconView("undo-2", 14, "gold_text"), self.words, self.bar, self.left, self.button):
            row.addWidget(part)
        self.setMinimumHeight(px(HEIGHT["control_small"]))
        self.hide()

    def offer(self, words: str, seconds: float | None) -> None:
        """Say what can be undone and for how many seconds; an earlier offer is replaced.

        Without `seconds` nothing counts down: nobody knows yet how long.
        """
        self.words.set_text(words)
        self.words.setMinimumWidth(min(self.words.sizeHint().width(), px(_MOST_UNCUT)))
        if seconds is not None:
            self._whole = seconds
            self.show()
            self.correct(seconds)
            return
        self._timer.stop()
        self.left.set_text("")
        self.bar.share = 0.0
        self.bar.update()
        self.setAccessibleName(f"{words}: can be undone")
        self.show()

    def correct(self, seconds: float) -> None:
        """Say how many seconds are left of the offer that stands."""
        self._left = seconds
        self._since.start()
        self._timer.start()
        self._step()

    def withdraw(self) -> None:
        """There is nothing to undo any more."""
        self._timer.stop()
        self.hide()

    def seconds_left(self) -> float:
        """How long the offer still stands."""
        return max(0.0, self._left - self._since.elapsed() / 1_000) if self._timer.isActive() else 0.0

    def _step(self) -> None:
        left = self.seconds_left()
        if left <= 0.05:
            self.withdraw()
            self.ended.emit()
            return
        whole = seconds_left(left)
        self.left.set_text(f"{whole} s")
        self.bar.share = min(1.0, whole / self._whole)
        self.bar.update()
        self.setAccessibleName(f"{self.words.text()}: can be undone for {whole} seconds")

    def _undo(self) -> None:
        self.withdraw()
        self.undone.emit()
