"""One message of a thread: theirs, ours or an internal note, told apart in three ways each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.theme.tokens import HIGH_CONTRAST, RADIUS, SPACE
from hotmess_console.ui.widgets.avatar import Avatar
from hotmess_console.ui.widgets.chip import INK, Tone
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText

_INSET = 40
NEVER_SENT = "Never sent"


class Side(StrEnum):
    """Whose message it is."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class MessageFace:
    """A message as words; `state` is its delivery (``Held 14 s``) or, incoming, the channel."""

    side: Side
    author: str
    time: str
    text: str
    state: str = ""
    state_icon: str = ""
    state_tone: Tone = Tone.NEUTRAL
    masked: bool = False


class MessageCard(QWidget):
    """A message as a card. `link_asked(url, host)` wants a question before anything is opened."""

    link_asked = Signal(str, str)

    def __init__(self, face: MessageFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = face.side
        self.state_sign = IconView("check", 14)
        self.state = SafeLabel(step="small", role="muted")
        self.text = SafeText(face.text)
        self.text.link_asked.connect(self.link_asked)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        whole = QVBoxLayout(self)
        left, right = self._insets()
        pad = px(SPACE["m"])
        whole.setContentsMargins(left + pad, px(10), right + pad, px(10))
        whole.setSpacing(px(SPACE["xs"]))
        whole.addLayout(self._head(face))
        whole.addWidget(self.text)
        self.set_state(face.state, face.state_icon, face.state_tone)
        kind = {Side.INCOMING: "Message", Side.OUTGOING: "Our message", Side.NOTE: "Internal note"}[face.side]
        self.setAccessibleName(f"{kind} from {face.author}, {face.time}")

    def set_state(self, words: str, icon: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        """Say where the message is on its way; a note always says that it is never sent."""
        note = self.side is Side.NOTE
        self.state.set_text(NEVER_SENT if note else words)
        self.state_sign.setVisible(bool(icon) and not note)
        if icon and not note:
            self.state_sign.set_icon(icon, "muted" if tone is Tone.NEUTRAL else INK[tone])

    def _head(self, face: MessageFace) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(px(SPACE["s"]))
        if face.side is Side.NOTE:
            head.addWidget(IconView("lock", 14, "gold_text"))
            head.addWidget(SafeLabel("Internal note", "heading", "gold_text"))
            head.addWidget(SafeLabel(face.author, "row", "body", elide=True))
        else:
            head.addWidget(Avatar(face.author, 22, masked=face.masked))
            head.addWidget(SafeLabel(face.author, "heading", "text", elide=True))
        head.addWidget(SafeLabel(face.time, "small", "muted"))
        head.addStretch(1)
        head.addWidget(self.state_sign)
        head.addWidget(self.state)
        return head

    def _insets(self) -> tuple[int, int]:
        return (0, px(_INSET)) if self.side is Side.INCOMING else (px(_INSET), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        left, right = self._insets()
        box, radius = self.rect().adjusted(left, 0, -right, 0), px(RADIUS["card"])
        framed = self.side is Side.OUTGOING or theme().palette is HIGH_CONTRAST
        fill = {Side.INCOMING: "card", Side.OUTGOING: None, Side.NOTE: "gold_tint"}[self.side]
        edge = colour("line_strong") if framed else None
        paint.frame(painter, box, radius, colour(fill) if fill else None, edge)
        if self.side is Side.NOTE:
            painter.setClipRect(QRect(box.left(), box.top(), px(3), box.height()), Qt.ClipOperation.ReplaceClip)
            paint.frame(painter, box, px(RADIUS["chip"]), colour("focus"))
        painter.end()
