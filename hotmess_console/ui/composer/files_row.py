"""The files that go with a reply, each as a chip that can be taken off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hotmess_console.services.replies import File
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.chip import Chip


class FilesRow(QWidget):
    """Hidden while there are none. `removed` carries the place of the file that was taken off."""

    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(SPACE["m"]), 0, px(SPACE["m"]), px(6))
        self._row.setSpacing(px(6))
        self.hide()

    def show_files(self, files: Sequence[File]) -> None:
        """Show these files."""
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, file in enumerate(files):
            chip = Chip(f"{file.filename}, {size_words(len(file.content))}", icon="paperclip", removable=True)
            chip.removed.connect(lambda at=place: self.removed.emit(at))
            self._row.addWidget(chip)
        self._row.addStretch(1)
        self.setVisible(bool(files))


def size_words(size: int) -> str:
    """Return a size in bytes as people read it: "212 kB", "1.4 MB"."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{round(size / 1_000)} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
