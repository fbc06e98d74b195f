"""What happened on a case: the newest events in the pane, all of them on a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.viewmodels.history_words import HistoryLine
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.chip import Tone
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.timeline import Timeline, TimelineEvent

_TALLEST = 520


def show_lines(timeline: Timeline, lines: Sequence[HistoryLine]) -> None:
    """Show these lines; the title of what was taken back is struck through."""
    timeline.set_events([TimelineEvent(one.icon, one.title, one.detail, one.time, Tone(one.tone)) for one in lines])
    column = timeline.layout()
    for place, line in enumerate(lines):
        item = column.itemAt(place) if column is not None else None
        event = item.widget() if item is not None else None
        if line.struck and event is not None:
            _strike(event)


def _strike(event: QWidget) -> None:
    title = event.findChildren(SafeLabel)[0]
    face = title.font()
    face.setStrikeOut(True)
    title.setFont(face)
    title.set_role("muted")


class FittedScroll(QScrollArea):
    """Scrolls up and down only: what lies in it is as wide as the view."""

    def __init__(self, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inner = self.widget()
        if inner is not None:
            inner.setMaximumWidth(self.viewport().width())


class HistorySheet(Sheet):
    """Every event of a case, the newest first; Esc or the button closes it."""

    def __init__(self, window: QWidget, title: str, lines: Sequence[HistoryLine]) -> None:
        count = len(lines)
        super().__init__(window, title, f"{count} event{'s' if count != 1 else ''}, the newest first.", icon="history")
        self.timeline = Timeline()
        show_lines(self.timeline, lines)
        scroll = FittedScroll(self.timeline)
        scroll.setAccessibleName("All events")
        scroll.setMinimumHeight(min(px(_TALLEST), px(60) + px(48) * count))
        self.body.addWidget(scroll, 1)
        self.done = Button("Close", key="Esc")
        self.done.clicked.connect(lambda _checked: self.cancel())
        self.foot.addStretch(1)
        self.foot.addWidget(self.done)
