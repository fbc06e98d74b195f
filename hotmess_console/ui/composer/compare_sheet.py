"""The case changed while somebody wrote: theirs, what is new, and mine, side by side. Nothing has been sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from time import monotonic

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hotmess_console.ui.composer.comparison import Comparison, Said
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import RADIUS, SPACE
from hotmess_console.ui.viewmodels.key_guard import SETTLE_S
from hotmess_console.ui.widgets.avatar import Avatar
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.pane import Rule
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText

_LEAST_WIDE = 620
"""Design pixels below which three columns say nothing: then the whole window is taken."""
_WORDS = "Nothing was sent. Read what is new, then decide what to do with yours."


class Answer(StrEnum):
    """What to do with one's own words."""

    SEND = "send"
    EDIT = "edit"
    DROP = "drop"
    NOTE = "note"
    THREAD = "thread"


class CompareSheet(Sheet):
    """Lies over the open case, not over the queue. Answers an `Answer`; None goes back to writing as Esc does.

    `send_words` say what sending would do now. Keys within a quarter of a second after anything new came into sight
    are ignored, so that a key pressed twice never sends what nobody has read.
    """

    def __init__(
        self,
        window: QWidget,
        comparison: Comparison,
        mine: str,
        *,
        note: bool = False,
        send_words: str = "Send mine anyway",
        over: Sequence[QWidget] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        title = f"{comparison.reference} changed while you were writing"
        super().__init__(window, title, _WORDS, icon="split", width=10_000)
        self._over, self._clock, self._shown_at = tuple(over), clock, 0.0
        self.theirs = Column("send", "Theirs", Button("Keep theirs, drop mine", key="D"))
        self.new = Column("mail", f"New from {comparison.person}", Button("Open in the thread", key="O"))
        self.edit = Button("Edit mine", Kind.PRIMARY, key="Return")
        self.mine = Column("pencil", "Mine, not kept" if note else "Mine, not sent", self.edit, gold=True)
        self.mine.show_text(mine)
        self.since = SafeLabel("", "small", "muted", wrap=True, limit=600)
        columns = QHBoxLayout()
        columns.setSpacing(px(SPACE["m"]))
        for column in (self.theirs, self.new, self.mine):
            columns.addWidget(column, 1)
        self.body.addLayout(columns, 1)
        self.body.addWidget(self.since)
        self._arrange_foot(note, send_words)
        for pane in self._over:
            pane.installEventFilter(self)
        self.show_news(comparison)

    def _arrange_foot(self, note: bool, send_words: str) -> None:
        self.ignored = SafeLabel("Nothing is sent or dropped until you choose.", "small", "muted", elide=True)
        self.as_note = Button("Keep mine as a note", Kind.QUIET, key="N")
        self.send = Button(send_words, key="Ctrl+Return")
        self.foot.addWidget(IconView("info", 14))
        self.foot.addWidget(self.ignored, 1)
        self.foot.addWidget(self.as_note)
        self.foot.addWidget(self.send)
        self.as_note.setVisible(not note)
        for button, answer in self._answers().items():
            button.clicked.connect(lambda _checked, to=answer: self._answered(to))

    def _answers(self) -> dict[Button, Answer]:
        theirs, thread = self.theirs.action, self.new.action
        return {
            theirs: Answer.DROP,
            thread: Answer.THREAD,
            self.edit: Answer.EDIT,
            self.as_note: Answer.NOTE,
            self.send: Answer.SEND,
        }

    def show_news(self, comparison: Comparison) -> None:
        """Show what happened; more of it may come while this is open."""
        deeds = [f"{deed[:1].upper()}{deed[1:]}." for deed in comparison.deeds]
        self.theirs.show_said(comparison.theirs, "No colleague has answered.", deeds)
        self.new.show_said(comparison.new, f"{comparison.person} has not written again.", ())
        self.since.set_text(f"All of this since {comparison.began}, when you last saw it." if comparison.began else "")
        self._shown_at = self._clock()

    def focus_first(self) -> None:
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def covers(self, part: QWidget | None) -> bool:
        """The queue beside it stays in use, as long as there is room for both."""
        window = self.window_shown()
        if part is None or part is window or self.geometry() == window.rect():
            return super().covers(part)
        middle = part.mapTo(window, part.rect().center()) if window.isAncestorOf(part) else QPoint(-1, -1)
        return super().covers(part) and self.geometry().contains(middle)

    def finish(self, answer: object) -> None:
        for pane in self._over:
            pane.removeEventFilter(self)
        super().finish(answer)

    def give_way(self) -> None:
        """Another case is open: go, and leave the keyboard where it is."""
        self._came_from = None
        self.cancel()

    def _answered(self, answer: Answer) -> None:
        if answer in _WEIGHTY and self._clock() - self._shown_at < SETTLE_S:
            self.ignored.set_text("Ignored: this came into sight just as you pressed. Press again.")
            self.ignored.set_role("warn_text")
        else:
            self.finish(answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        answer = _KEYS.get((Qt.Key(event.key()), held))
        at = self.focusWidget()
        if event.isAutoRepeat():
            event.accept()
        elif answer is Answer.EDIT and isinstance(at, Button) and self.isAncestorOf(at):
            at.click()
        elif answer is not None and not (answer is Answer.NOTE and self.as_note.isHidden()):
            self._answered(answer)
        else:
            super().keyPressEvent(event)

    def _cover(self) -> None:
        window = self.window_shown()
        area = QRect()
        for pane in self._over:
            if pane.isVisible():
                area = area.united(QRect(pane.mapTo(window, QPoint(0, 0)), pane.size()))
        self.setGeometry(area if area.width() >= px(_LEAST_WIDE) else window.rect())
        self.panel.setGeometry(self.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        painter.fillRect(self.rect(), colour("surface"))
        painter.end()


_WEIGHTY = frozenset({Answer.SEND, Answer.DROP, Answer.NOTE})
_PLAIN, _CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
_KEYS = {
    (Qt.Key.Key_Return, _CTRL): Answer.SEND,
    (Qt.Key.Key_Enter, _CTRL): Answer.SEND,
    (Qt.Key.Key_Return, _PLAIN): Answer.EDIT,
    (Qt.Key.Key_Enter, _PLAIN): Answer.EDIT,
    (Qt.Key.Key_D, _PLAIN): Answer.DROP,
    (Qt.Key.Key_O, _PLAIN): Answer.THREAD,
    (Qt.Key.Key_N, _PLAIN): Answer.NOTE,
}


class Column(QWidget):
    """One of the three texts: a head, the words in a stretch that scrolls, and what to do with them."""

    def __init__(self, icon: str, title: str, action: Button, *, gold: bool = False) -> None:
        super().__init__()
        self.action, self._gold = action, gold
        self.setAccessibleName(title)
        self.texts: list[SafeText] = []
        self._column = QVBoxLayout(self)
        pad = px(SPACE["m"])
        self._column.setContentsMargins(pad, pad, pad, pad)
        self._column.setSpacing(px(SPACE["s"]))
        head = QHBoxLayout()
        head.setSpacing(px(SPACE["s"]))
        head.addWidget(IconView(icon, 16, "gold_text" if gold else "muted"))
        head.addWidget(SafeLabel(title, "heading", "text", elide=True), 1)
        self._column.addLayout(head)
        self._column.addWidget(Rule("line_strong"))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._column.addWidget(self._scroll, 1)
        self._column.addWidget(action, 0, Qt.AlignmentFlag.AlignLeft)

    def show_text(self, text: str) -> None:
        """Show one text as it is."""
        self._fill([self._text(text)])

    def show_said(self, said: Sequence[Said], nothing: str, deeds: Sequence[str]) -> None:
        """Show messages with their authors, then deeds; `nothing` where there is neither."""
        self.texts = []
        parts: list[QWidget] = []
        for one in said:
            parts += [_author(one), self._text(one.text), SafeLabel(one.state, "small", "muted", wrap=True, limit=200)]
        parts += [SafeLabel(deed, "body", "body", wrap=True, limit=200) for deed in deeds]
        self._fill(parts or [SafeLabel(nothing, "body", "muted", wrap=True, limit=200)])

    def _text(self, text: str) -> SafeText:
        shown = SafeText(text)
        self.texts.append(shown)
        return shown

    def _fill(self, parts: Sequence[QWidget]) -> None:
        inner = QWidget()
        inner.setAutoFillBackground(False)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(SPACE["s"]))
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self._scroll.setWidget(inner)
        inner.setAutoFillBackground(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        fill, edge = ("gold_tint", "focus") if self._gold else ("card", "line_strong")
        paint.frame(painter, self.rect(), px(RADIUS["card"]), colour(fill), colour(edge))
        painter.end()


def _author(one: Said) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(SPACE["s"]))
    line.addWidget(Avatar(one.face, 22, masked=one.masked))
    line.addWidget(SafeLabel(one.author, "row", "body", elide=True), 1)
    line.addWidget(SafeLabel(one.time, "small", "muted"))
    return row
