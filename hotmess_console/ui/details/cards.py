"""A row of the thread as a card: the message, what stands in its way, and its files."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.domain.safe_text import MESSAGE_LIMIT
from hotmess_console.ui.details.attachments import AttachmentRow, RowButton
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.viewmodels.thread_rows import RowKind, StateWords, ThreadRow, state_words
from hotmess_console.ui.widgets.avatar import Avatar
from hotmess_console.ui.widgets.button import Kind
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.message_card import MessageCard, MessageFace, Side
from hotmess_console.ui.widgets.safe_text import SafeLabel

UNVERIFIED = "Says it is staff: not verified"
_SCROLLS = frozenset({Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class ThreadCard(MessageCard):
    """One message or note. Long ones start folded; `resized` when its height has changed by a press.

    `again_asked(message id)` wants it sent once more; `file_asked(attachment)` wants a file.
    """

    resized = Signal()
    again_asked = Signal(object)
    file_asked = Signal(object)

    def __init__(self, row: ThreadRow, now: datetime, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        state = state_words(row, now, zone)
        face = MessageFace(
            Side(row.kind.value),
            row.author,
            row.time,
            row.folded,
            state.words,
            state.icon,
            Tone(state.tone),
            row.masked,
        )
        super().__init__(face, parent)
        self.row, self.unfolded = row, False
        self._shown_state = state
        self.unfold = RowButton(self._unfold_words(), kind=Kind.QUIET)
        self.trouble = SafeLabel(step="small", role="warn_text", wrap=True, limit=300)
        self.again = RowButton("Send again", icon="send")
        self._extend()
        self._dress()
        self._show_trouble(state)
        face_shown = self.findChild(Avatar)
        if row.person and face_shown is not None:
            face_shown.set_person(row.person)
        self.text.installEventFilter(self)
        self.setAccessibleName(row.spoken())

    def _extend(self) -> None:
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        if self.row.unverified:
            column.insertWidget(1, Chip(UNVERIFIED, Tone.WARN, icon="shield-alert"))
        if self.row.is_long:
            self.unfold.clicked.connect(lambda _checked: self.set_unfolded(not self.unfolded))
            column.addWidget(self.unfold)
        else:
            self.unfold.setParent(self)
            self.unfold.hide()
        line = QHBoxLayout()
        line.setSpacing(px(SPACE["s"]))
        line.addWidget(self.trouble, 1)
        line.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        self.again.clicked.connect(lambda _checked: self._send_again())
        for attachment in self.row.attachments:
            file = AttachmentRow(attachment)
            file.wanted.connect(self.file_asked)
            column.addWidget(file)

    def _dress(self) -> None:
        if not self.row.struck:
            return
        face = self.text.font()
        face.setStrikeOut(True)
        self.text.setFont(face)
        self.text.role = "muted"
        self.text.set_text(self.row.folded)
        if self.row.kind is RowKind.NOTE:
            self.state.set_text("Taken back")

    def set_unfolded(self, unfolded: bool) -> None:
        """Show all of a long message, or only its beginning."""
        self.unfolded = unfolded
        self.text.set_text(self.row.body if unfolded else self.row.folded)
        self.unfold.set_text(self._unfold_words())
        self.resized.emit()

    def _unfold_words(self) -> str:
        if self.unfolded:
            return "Show less"
        most = min(len(self.row.body), MESSAGE_LIMIT)
        return (
            f"Show all {len(self.row.body):,} characters" if most == len(self.row.body) else f"Show {most:,} characters"
        )

    def tell_state(self, now: datetime, zone: ZoneInfo) -> None:
        """Bring the delivery's words up to the second."""
        state = state_words(self.row, now, zone)
        if state == self._shown_state:
            return
        self._shown_state = state
        self.set_state(state.words, state.icon, Tone(state.tone))
        self._show_trouble(state)

    def _show_trouble(self, state: StateWords) -> None:
        self.trouble.set_text(state.trouble)
        self.trouble.setVisible(bool(state.trouble))
        self.again.setVisible(state.may_send_again)

    def _send_again(self) -> None:
        self.again.set_working(True)
        self.again_asked.emit(self.row.message)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Reading goes on by the page, also while a message has the keyboard.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _SCROLLS:
            event.ignore()
            self.keyPressEvent(event)
            return True
        return False


class DayRow(QWidget):
    """The heading of a day: its name between two thin lines."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = SafeLabel(words, "small", "muted", weight=500)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(self.label)
        line.addStretch(1)
        self.setFixedHeight(px(HEIGHT["chip"]))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, gap = paint.begin(self), px(SPACE["m"])
        middle, words = self.height() // 2, self.label.geometry()
        painter.fillRect(0, middle, words.left() - gap, 1, colour("line"))
        painter.fillRect(words.right() + gap, middle, self.width() - words.right() - gap, 1, colour("line"))
        painter.end()
