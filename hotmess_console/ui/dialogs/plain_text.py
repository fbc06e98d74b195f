"""A plain text of several lines inside a dialog: Tab goes on to the next control, nothing pasted is rich."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from hotmess_console.domain.safe_text import clean
from hotmess_console.services.replies import LONGEST
from hotmess_console.ui.theme.fonts import font


class PlainText(QPlainTextEdit):
    """Several lines of at most `LONGEST` characters by pasting; `name` is what a screen reader says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFont(font("body"))

    def text(self) -> str:
        """What stands there."""
        return self.toPlainText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        room = max(0, LONGEST - self.document().characterCount())
        self.insertPlainText(clean(source.text()[:room], 2 * LONGEST, lines=LONGEST)[:room] if room else "")
