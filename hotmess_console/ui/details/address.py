"""An e-mail address in a narrow pane: broken where people read on, and copied whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.button import IconButton
from hotmess_console.ui.widgets.safe_text import SafeLabel, set_safe_tooltip

_BREAKS = "@."


class AddressLine(QWidget):
    """The address, which goes on in a new line at an @, a dot or a hyphen, and a button that copies it."""

    def __init__(self, host: Host, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host, self.address = host, address
        self.words = SafeLabel(address, "small", "body", weight=500, wrap=True, limit=300, break_before=_BREAKS)
        self.copy = IconButton("copy", "Copy the address")
        self.copy.setFixedSize(px(20), px(20))
        self.copy.clicked.connect(lambda _checked: self._copy())
        set_safe_tooltip(self.words, address)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(SPACE["xs"]))
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address)
        self._host.tell(Notice("Copied the address."))
