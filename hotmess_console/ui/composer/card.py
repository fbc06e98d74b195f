"""The composer's frame and parts: the only framed card of the screen, so that the cursor's home is plain."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.composer.bar import ComposerBar
from hotmess_console.ui.composer.check_line import CheckLine
from hotmess_console.ui.composer.editor import DraftEditor
from hotmess_console.ui.composer.files_row import FilesRow
from hotmess_console.ui.composer.head import ComposerHead
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import RADIUS, SPACE
from hotmess_console.ui.widgets.pane import Rule


class ComposerCard(QWidget):
    """Who it is for, the text, the files, the look-over and the buttons; a note is a card of another colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_note = False
        self.head, self.editor, self.files = ComposerHead(), DraftEditor("Reply"), FilesRow()
        self.line, self.bar = CheckLine(), ComposerBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        writing = QVBoxLayout()
        writing.setContentsMargins(px(SPACE["m"]), 0, px(SPACE["s"]), px(SPACE["xs"]))
        writing.addWidget(self.editor)
        column.addWidget(self.head)
        column.addLayout(writing, 1)
        for part in (self.files, Rule("line_strong"), self.line, Rule("line_strong"), self.bar):
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        fill, edge = ("gold_tint", "focus") if self.is_note else ("card", "control")
        paint.frame(painter, self.rect(), px(RADIUS["card"]), colour(fill), colour(edge))
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(px(540), px(236))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(420), px(190))
