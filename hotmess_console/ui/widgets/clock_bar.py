"""The clock of a case: words and due time above, one bar from start to due, absolute times below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.widgets.chip import INK, Tone
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.safe_text import SafeLabel

USED, PAUSED = "used", "paused"


@dataclass(frozen=True, slots=True)
class ClockFace:
    """A clock as words; `spans` are (``used`` or ``paused``, share of 1) from the left."""

    words: str
    due: str
    tone: Tone
    target: str
    started: str
    paused: str
    ends: str
    spans: tuple[tuple[str, float], ...]


class SpanBar(QWidget):
    """The bar alone: used time gold, paused time hatched, what is left empty."""

    def __init__(self, spans: tuple[tuple[str, float], ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spans = spans
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_spans(self, spans: tuple[tuple[str, float], ...]) -> None:
        """Show these shares, from the left."""
        self.spans = spans
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(220), px(HEIGHT["clock_bar"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), colour("card"))
        left = 0.0
        for kind, share in self.spans:
            right = min(1.0, left + max(0.0, share))
            box = QRect(round(left * self.width()), 0, 0, self.height())
            box.setRight(round(right * self.width()) - 1)
            _fill(painter, box, kind)
            left = right
        painter.end()


def _fill(painter: QPainter, box: QRect, kind: str) -> None:
    if kind == USED:
        painter.fillRect(box, colour("focus"))
        return
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(colour("muted"), 1.4))
    for x in range(box.left() - box.height(), box.right() + box.height(), 4):
        painter.drawLine(x, box.bottom() + 1, x + box.height(), box.top())
    painter.restore()


class ClockBar(QWidget):
    """A whole clock. `add_action` puts a button (Pause) at the right of the words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = IconView("timer", 16)
        self.words = SafeLabel(step="heading", role="text")
        self.due = SafeLabel(step="row", role="text")
        self.target = SafeLabel(step="small", role="muted", elide=True, align=Qt.AlignmentFlag.AlignRight)
        self.bar = SpanBar()
        self.started = SafeLabel(step="small", role="muted")
        self.paused = SafeLabel(step="small", role="muted", elide=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.ends = SafeLabel(step="small", role="muted")
        self._arrange()

    def _arrange(self) -> None:
        self._above, below, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._above.setSpacing(px(SPACE["s"]))
        for part in (self.sign, self.words, self.due):
            self._above.addWidget(part)
        self._above.addWidget(self.target, 1)
        below.addWidget(self.started)
        below.addWidget(self.paused, 1)
        below.addWidget(self.ends)
        whole.setContentsMargins(px(SPACE["l"]), px(SPACE["s"]), px(SPACE["l"]), px(SPACE["s"]))
        whole.setSpacing(px(SPACE["xs"]))
        whole.addLayout(self._above)
        whole.addWidget(self.bar)
        whole.addLayout(below)

    def add_action(self, button: QWidget) -> None:
        """Put a control at the right of the words."""
        self._above.addWidget(button)

    def set_face(self, face: ClockFace) -> None:
        """Show this clock."""
        ink = INK[face.tone] if face.tone is not Tone.NEUTRAL else "muted"
        self.sign.set_icon("pause" if face.spans[-1:] and face.spans[-1][0] == PAUSED else "timer", ink)
        self.words.set_text(face.words)
        self.words.set_role(ink)
        self.due.set_text(face.due)
        self.target.set_text(face.target)
        self.bar.set_spans(face.spans)
        self.started.set_text(face.started)
        self.paused.set_text(face.paused)
        self.ends.set_text(face.ends)
        self.setAccessibleName(f"Clock: {face.words}, {face.due}. {face.started}. {face.paused}")
