"""What happened, in order: events with their own words, never sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import line_height, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.chip import FILL, INK, Tone
from hotmess_console.ui.widgets.safe_text import SafeLabel

_DISC = 20


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened; `time` is words already."""

    icon: str
    title: str
    detail: str
    time: str
    tone: Tone = Tone.NEUTRAL


class _Event(QWidget):
    """One event: a disc on the rail, a title with its time, details that wrap."""

    def __init__(self, event: TimelineEvent, last: bool) -> None:
        super().__init__()
        self.event_shown, self.last = event, last
        self.setAccessibleName(f"{event.time}: {event.title}. {event.detail}")
        head, words, whole = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        head.setSpacing(px(SPACE["s"]))
        head.addWidget(SafeLabel(event.title, "small", "text", weight=600, elide=True), 1)
        head.addWidget(SafeLabel(event.time, "small", "muted"))
        words.setSpacing(0)
        words.setContentsMargins(0, px(1), 0, px(SPACE["m"]) - 2)
        words.addLayout(head)
        if event.detail:
            words.addWidget(SafeLabel(event.detail, "small", "muted", wrap=True, limit=300))
        words.addStretch(1)
        whole.setContentsMargins(px(_DISC) + px(SPACE["m"]), 0, 0, 0)
        whole.addLayout(words)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, line_height("small") + px(SPACE["m"])))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, disc = paint.begin(self), px(_DISC)
        if not self.last:
            painter.fillRect(QRect(disc // 2, 0, 1, self.height()), colour("line_strong"))
        else:
            painter.fillRect(QRect(disc // 2, 0, 1, disc), colour("line_strong"))
        tone, box = self.event_shown.tone, QRect(0, 0, disc, disc)
        plain = tone is Tone.NEUTRAL
        paint.frame(painter, box, disc / 2, colour(FILL[tone]), colour("line_strong" if plain else INK[tone]))
        at = QPoint((disc - px(12)) // 2, (disc - px(12)) // 2)
        painter.drawPixmap(at, icons.pixmap(self.event_shown.icon, 12, "muted" if plain else INK[tone]))
        painter.end()


class Timeline(QWidget):
    """A column of events, the newest first as the caller orders them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("What happened")

    def set_events(self, events: Sequence[TimelineEvent]) -> None:
        """Show these events instead."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for place, event in enumerate(events):
            self._column.addWidget(_Event(event, last=place == len(events) - 1))
