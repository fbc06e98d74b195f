"""The composer's buttons: template, files and preview at the left, the ways to send at the right."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.domain.values import Status
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.button import Button, IconButton, Kind
from hotmess_console.ui.widgets.safe_text import SafeLabel, set_safe_tooltip

_HEIGHT = 44
_GAP = 6


class _Words(NamedTuple):
    """How much is said at one width: the sending words, their caps, the tools' words, icons, the hold."""

    ways: tuple[str, str]
    caps: bool
    tools: bool
    icons: bool
    held: str
    template: str = "Template"


_LONG, _BRIEF = ("Send + wait", "Send + resolve"), ("+ wait", "+ resolve")
_FITS = (
    _Words(_LONG, True, True, True, "Held {} s, Z takes it back"),
    _Words(_LONG, True, True, True, "Held {} s"),
    _Words(_LONG, False, True, True, "Held {} s"),
    _Words(_LONG, False, False, True, "Held {} s"),
    _Words(_BRIEF, False, False, True, "Held {} s"),
    _Words(_BRIEF, False, False, False, "Held {} s"),
    _Words(_BRIEF, False, False, False, ""),
    _Words(_BRIEF, False, False, False, "", ""),
)
"""From the most words to the fewest; the first that fits is taken. Every control is in each."""


class ComposerBar(QWidget):
    """Always as high and always with the same buttons. `send_asked` carries the status that follows."""

    template_asked = Signal()
    attach_asked = Signal()
    preview_asked = Signal()
    send_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template = Button("Template", Kind.QUIET, key="T", icon="file-text")
        self.attach = Button("Attach", Kind.QUIET, icon="paperclip")
        self.preview = Button("Preview", Kind.QUIET, icon="eye")
        self.attach_icon = IconButton("paperclip", "Attach")
        self.preview_icon = IconButton("eye", "Preview")
        self.held = SafeLabel(step="small", role="muted")
        self.wait = Button("Send + wait", key="Alt+Return")
        self.resolve = Button("Send + resolve", key="Ctrl+Shift+Return")
        self.send = Button("Send", Kind.PRIMARY, key="Ctrl+Return", icon="send")
        self._seconds, self._note = 20, False
        row = QHBoxLayout(self)
        row.setContentsMargins(px(_GAP), 0, px(SPACE["s"]), 0)
        row.setSpacing(px(_GAP))
        for part in (self.template, self.attach, self.attach_icon, self.preview, self.preview_icon):
            row.addWidget(part)
        row.addStretch(1)
        for last in (self.held, self.wait, self.resolve, self.send):
            row.addWidget(last)
        self.setFixedHeight(px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._connect()
        self._fit()

    def _connect(self) -> None:
        for button, asked in (
            (self.template, self.template_asked),
            (self.attach, self.attach_asked),
            (self.attach_icon, self.attach_asked),
            (self.preview, self.preview_asked),
            (self.preview_icon, self.preview_asked),
        ):
            button.clicked.connect(lambda _checked, told=asked: told.emit())
        for way, then in (
            (self.wait, Status.WAITING),
            (self.resolve, Status.RESOLVED),
            (self.send, Status.IN_PROGRESS),
        ):
            way.clicked.connect(lambda _checked, to=then: self.send_asked.emit(to.value))

    def show_state(self, *, note: bool, reason: str, held_seconds: int, off: str = "") -> None:
        """Fit the buttons to a reply or a note; `reason` switches sending off, `off` everything."""
        self._note, self._seconds = note, held_seconds
        only_replies = "A note is never sent." if note else ""
        self.send.set_reason(reason)
        for button in (self.wait, self.resolve):
            button.set_reason(only_replies or reason)
        for tool in (self.template, self.attach, self.attach_icon, self.preview, self.preview_icon):
            tool.set_reason(off or only_replies)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for; no control ever goes away."""
        for words in _FITS:
            self._say(words)
            if self._wanted() <= self.width():
                return

    def _say(self, words: _Words) -> None:
        self.send.set_text("Keep note" if self._note else "Send")
        keys = ("Alt+Return", "Ctrl+Shift+Return")
        for button, said, whole, key in zip((self.wait, self.resolve), words.ways, _LONG, keys, strict=True):
            button.key = key if words.caps else ""
            button.set_text(said)
            button.setAccessibleName(whole)
            if not button.reason:
                set_safe_tooltip(button, f"{whole}: {key.replace('Return', 'Enter')}")
        for tool, icon in ((self.attach, self.attach_icon), (self.preview, self.preview_icon)):
            tool.setVisible(words.tools)
            icon.setVisible(not words.tools)
        for button, icon_name in ((self.template, "file-text"), (self.send, "send")):
            button.icon_name = icon_name if words.icons or (button is self.template and not words.template) else ""
            button.updateGeometry()
        self.template.set_text(words.template)
        self.template.setAccessibleName("Template")
        self.held.set_text("Never sent" if self._note and words.held else words.held.format(self._seconds))
        self.held.setVisible(bool(words.held))

    def _wanted(self) -> int:
        parts = [self.template, self.attach, self.attach_icon, self.preview, self.preview_icon]
        parts += [self.wait, self.resolve, self.send]
        shown = [part.sizeHint().width() for part in (*parts, self.held) if not part.isHidden()]
        return sum(shown) + len(shown) * px(_GAP) + 2 * px(_GAP)

    def sizeHint(self) -> QSize:
        return QSize(px(480), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(420), px(_HEIGHT))
