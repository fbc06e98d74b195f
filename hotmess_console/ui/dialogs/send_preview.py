"""Exactly what will be sent: from whom, to whom, by which way, when, and every word of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.pane import Facts, Rule
from hotmess_console.ui.widgets.safe_text import SafeText


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it would leave now; `reason` says why it cannot."""

    sender: str
    recipient: str
    subject: str
    body: str
    files: tuple[str, ...]
    held_seconds: int
    reason: str = ""


class SendPreview(KeyedSheet):
    """Shows a message as the reader will get it. Answers True to send it."""

    def __init__(self, window: QWidget, message: Outgoing) -> None:
        super().__init__(window, "This is what will be sent", icon="eye", width=640, action="Send", key="Ctrl+Return")
        self.message = message
        self.facts = Facts(64)
        leaves = f"{message.held_seconds} s after you send it; until then Z takes it back"
        self.facts.set_rows(
            [
                ("From", message.sender),
                ("To", message.recipient),
                ("Subject", message.subject),
                ("Channel", "E-mail"),
                ("Leaves", leaves),
                ("Files", ", ".join(message.files) or "None"),
            ]
        )
        self.text = SafeText(message.body)
        self.body.addWidget(self.facts)
        self.body.addSpacing(px(SPACE["xs"]))
        self.body.addWidget(Rule("line_strong"))
        self.body.addWidget(Scrolled(self.text), 1)
        self.refresh()

    def why_not(self) -> str:
        return self.message.reason

    def focus_first(self) -> None:
        self.text.setFocus(Qt.FocusReason.PopupFocusReason)


class Scrolled(QScrollArea):
    """A widget that may be longer than there is room for."""

    def __init__(self, inner: QWidget, most: int = 320) -> None:
        super().__init__()
        self._inner, self._most = inner, most
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, px(SPACE["s"]), px(SPACE["s"]), 0)
        column.addWidget(inner)
        column.addStretch(1)
        self.setWidget(whole)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        wanted = (
            self._inner.heightForWidth(px(580)) if self._inner.hasHeightForWidth() else self._inner.sizeHint().height()
        )
        return QSize(px(400), min(px(self._most), max(px(64), wanted + px(16))))
