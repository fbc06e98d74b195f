"""The bands below the app bar: trouble, connection, privacy. They push the body down and never cover it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.errors import Notice
from hotmess_console.ui.widgets.banner import Banner
from hotmess_console.ui.widgets.chip import Tone


class Banners(QWidget):
    """All bands of the window, each shown only while it is true."""

    retry = Signal()
    unmask = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trouble = Banner(Tone.WARN, "triangle-alert", "Something went wrong.", action="Dismiss")
        self.offline = Banner(Tone.WARN, "cloud-off", "You are offline.", action="Try now")
        self.read_only = Banner(Tone.WARN, "lock", "Read only.")
        self.privacy = Banner(
            Tone.GOLD,
            "eye-off",
            "Privacy mask on.",
            "Names, handles and addresses that a case knows are hidden. Other names in texts and what you write "
            "stay readable.",
            action="Turn off",
            key="Ctrl+Shift+M",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for band in (self.trouble, self.offline, self.read_only, self.privacy):
            column.addWidget(band)
            band.hide()
        self.trouble.acted.connect(self.trouble.hide)
        self.offline.acted.connect(self.retry)
        self.privacy.acted.connect(self.unmask)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_trouble(self, notice: Notice) -> None:
        """Show something that must be seen, until it is dismissed."""
        self.trouble.set_words(notice.text, notice.hint)
        self.trouble.show()

    def show_offline(self, words: str) -> None:
        """Say that the line is gone, and what still works; an empty text says that it is back."""
        if words:
            self.offline.set_words("You are offline.", words)
        self.offline.setVisible(bool(words))

    def show_read_only(self, why: str) -> None:
        """Say that nothing can be changed from here, and why; an empty text says that it can."""
        if why:
            self.read_only.set_words("Read only.", why)
        self.read_only.setVisible(bool(why))
