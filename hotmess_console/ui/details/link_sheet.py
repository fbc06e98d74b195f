"""The question before a link is opened: where it really leads, in letters that cannot pretend."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.safe_text import ascii_host, clean_line
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.safe_text import SafeLabel

OPEN, COPY = "open", "copy"
OpenUrl = Callable[[QUrl], bool]
_SHOWN = 600


class LinkSheet(Sheet):
    """Shows the real host and the whole address; answers ``open``, ``copy`` or None."""

    def __init__(self, window: QWidget, url: str, host: str) -> None:
        super().__init__(
            window,
            "Open this link?",
            "Somebody wrote it into a message. The page may see that it was opened from here.",
            icon="external-link",
            width=520,
        )
        self.host_label = SafeLabel(host, "title", "text", wrap=True, limit=260)
        self.host_label.setAccessibleName(f"It leads to {host}")
        self.body.addWidget(SafeLabel("It leads to", "small", "muted"))
        self.body.addWidget(self.host_label)
        self.body.addWidget(SafeLabel("The whole address", "small", "muted"))
        self.body.addWidget(SafeLabel(url, "small", "body", wrap=True, limit=_SHOWN))
        self.stay = Button("Stay here")
        self.copy = Button("Copy the address", icon="copy")
        self.go = Button("Open in the browser", Kind.PRIMARY, icon="external-link")
        self.stay.clicked.connect(lambda _checked: self.cancel())
        self.copy.clicked.connect(lambda _checked: self.finish(COPY))
        self.go.clicked.connect(lambda _checked: self.finish(OPEN))
        self.foot.addWidget(self.stay)
        self.foot.addStretch(1)
        self.foot.addWidget(self.copy)
        self.foot.addWidget(self.go)

    def focus_first(self) -> None:
        """Start on the harmless button: Enter pressed twice must not open anything."""
        self.stay.setFocus(Qt.FocusReason.PopupFocusReason)


async def ask_about(host: Host, url: str, open_url: OpenUrl | None = None) -> None:
    """Ask whether `url` may be opened, and do what was answered. Raises BadInput for what is no web address."""
    real = ascii_host(url)
    target = QUrl(url, QUrl.ParsingMode.StrictMode)
    if not real or not target.isValid() or target.scheme() not in {"http", "https"}:
        raise BadInput("This is no web address that could be opened.", hint="Copy it from the message if you need it.")
    if target.host(QUrl.ComponentFormattingOption.FullyEncoded).casefold() != real.casefold():
        raise BadInput("This address is written to mislead: nothing was opened.", hint="Tell a senior colleague.")
    sheet = LinkSheet(host.window, url, real)
    answer = await sheet.open()
    sheet.deleteLater()
    if answer == COPY:
        QGuiApplication.clipboard().setText(url)
        host.tell(Notice("The address is copied."))
    if answer == OPEN and not (open_url or QDesktopServices.openUrl)(target):
        raise BadInput(
            f"The browser could not be started for {clean_line(real, 80)}.", hint="Copy the address instead."
        )
