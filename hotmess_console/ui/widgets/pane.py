"""Panes that touch along a line of one pixel, their heads, and rows of label and value."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.widgets.safe_text import SafeLabel


class Pane(QWidget):
    """A plane of one role with lines along the edges named by letters of `lines` (``ltrb``)."""

    def __init__(self, plane: str = "surface", lines: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane, self.lines = plane, lines
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*(int(side in lines) for side in "ltrb"))
        self.column.setSpacing(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), self.rect()
        painter.fillRect(box, colour(self.plane))
        for side, line in (
            ("l", (0, 0, 1, box.height())),
            ("t", (0, 0, box.width(), 1)),
            ("r", (box.width() - 1, 0, 1, box.height())),
            ("b", (0, box.height() - 1, box.width(), 1)),
        ):
            if side in self.lines:
                painter.fillRect(*line, colour("line"))
        painter.end()


class PaneHead(Pane):
    """The head of a pane: a title at the left, room for actions at the right, a line below."""

    def __init__(self, title: str, step: str = "heading", parent: QWidget | None = None) -> None:
        super().__init__("surface", "b", parent)
        self.title = SafeLabel(title, step, "text", elide=True)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(px(SPACE["l"]), 0, px(SPACE["l"]), 0)
        self.row.setSpacing(px(SPACE["s"]))
        self.row.addWidget(self.title, 1)
        self.column.addLayout(self.row)
        self.setMinimumHeight(px(HEIGHT["pane_head"]))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add_action(self, control: QWidget) -> None:
        """Put a control at the right end."""
        self.row.addWidget(control)


class SectionRow(QWidget):
    """A small grey heading with a count or a note at the right, such as ``Also open … 1``."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = SafeLabel(title, "small", "muted", weight=600, elide=True)
        self.note = SafeLabel(note, "small", "muted")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, px(SPACE["xs"]), 0, px(SPACE["xs"]))
        self.row.addWidget(self.title, 1)
        self.row.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


class Facts(QWidget):
    """Rows of label and value whose columns line up; values wrap and are never cut."""

    def __init__(self, label_width: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(SPACE["s"]))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnMinimumWidth(0, px(label_width))
        self._grid.setColumnStretch(1, 1)

    def set_rows(self, rows: list[tuple[str, str | QWidget]]) -> None:
        """Show these labels and values; a value is plain text or a widget of ours."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        top, left = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft
        for at, (label, value) in enumerate(rows):
            self._grid.addWidget(SafeLabel(label, "small", "muted"), at, 0, top)
            if isinstance(value, str):
                self._grid.addWidget(SafeLabel(value, "small", "body", weight=500, wrap=True, limit=300), at, 1)
            else:
                self._grid.addWidget(value, at, 1, top | left)


class Rule(QWidget):
    """A line of one pixel across a pane."""

    def __init__(self, role: str = "line", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role = role
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self.role))
        painter.end()
