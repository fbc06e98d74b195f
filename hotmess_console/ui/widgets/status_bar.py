"""The bar across the bottom: the line to the database, mail that waits, the way back, what was told, the time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.safe_text import SafeLabel, clean_line, set_safe_tooltip
from hotmess_console.ui.widgets.status_room import Yielding, share_out
from hotmess_console.ui.widgets.undo_bar import UndoBar

TOLD_MS = 8_000
IGNORED_MS = 3_000
_TOLD_LIMIT = 300


class _Lamp(QWidget):
    """A dot while the line stands, a cloud struck through while it does not."""

    def __init__(self) -> None:
        super().__init__()
        self.lost, self.known, self.late = False, False, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, *, known: bool, lost: bool, late: bool) -> None:
        """Say how the line is."""
        if (known, lost, late) != (self.known, self.lost, self.late):
            self.known, self.lost, self.late = known, lost, late
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(14) if self.lost else px(8), px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        if self.lost:
            painter.drawPixmap(0, 0, icons.pixmap("cloud-off", 14, "warn_text"))
        else:
            box = self.rect().adjusted(0, px(3), 0, -px(3))
            paint.frame(painter, box, px(4), colour("warn" if self.late else "ok" if self.known else "control"))
        painter.end()


class _Divider(QWidget):
    """A short upright line between two facts."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(1, px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        painter.fillRect(self.rect(), colour("line_strong"))
        painter.end()


class StatusBar(Pane):
    """Facts that stay at the left and right, and one line between them for what was just told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg", "t", parent)
        self.lamp = _Lamp()
        self.state = SafeLabel("Connecting", "small", "text", weight=600)
        self.age = SafeLabel("", "small", "muted")
        self.mail_sign = IconView("send", 14)
        self.mail = SafeLabel("", "small", "muted")
        self.seals = SafeLabel("", "small", "muted")
        self.undo = UndoBar()
        self.told = SafeLabel("", "small", "text", weight=600, elide=True, limit=_TOLD_LIMIT)
        self.hint = SafeLabel("", "small", "muted", elide=True, limit=_TOLD_LIMIT)
        self.mask_sign = IconView("eye-off", 14, "gold_text")
        self.mask_words = SafeLabel("Privacy mask on", "small", "gold_text", weight=600)
        self.who = SafeLabel("", "small", "muted")
        self.time = SafeLabel("", "small", "text", weight=500)
        self._forget = QTimer(self, singleShot=True)
        self._forget.timeout.connect(self._clear)
        self._arrange()
        # least needed first; the ones that are not wanted yet have nothing to say
        self._seals = Yielding(self._seals_line, self.seals)
        self._age = Yielding(self.age, wanted=True)
        self._who = Yielding(self.who, self._time_line)
        self._mail = Yielding(self._mail_line, self.mail_sign, self.mail)
        self._time = Yielding(self.time, wanted=True)
        self._mask = Yielding(self.mask_words, self._mask_line)  # its sign stays, and so does the band at the top
        self._yielding = (self._seals, self._age, self._who, self._mail, self._time, self._mask)
        self._clear()
        self.set_masked(False)
        self._undo_line.hide()
        self.undo.ended.connect(self._undo_line.hide)
        self.setFixedHeight(px(HEIGHT["status_bar"]))
        self.setAccessibleName("Status")

    def minimumSizeHint(self) -> QSize:
        """The bar follows the window; it never holds it open."""
        return QSize(0, px(HEIGHT["status_bar"]))

    def event(self, event: QEvent) -> bool:
        """What is said has changed: share the room out anew."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._share_out()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        if self.isVisible():
            share_out(self._row, self.width(), self._yielding, self.told, self.hint)

    def _arrange(self) -> None:
        row = self._row = QHBoxLayout()
        row.setContentsMargins(px(14), 0, px(14), 0)
        row.setSpacing(px(SPACE["s"]))
        self._mail_line, self._undo_line, self._told_line = _Divider(), _Divider(), _Divider()
        self._mask_line, self._time_line, self._seals_line = _Divider(), _Divider(), _Divider()
        facts: list[QWidget] = [self.lamp, self.state, self.age, self._mail_line, self.mail_sign, self.mail]
        for part in (*facts, self._seals_line, self.seals, self._undo_line, self.undo, self._told_line):
            row.addWidget(part)
        row.addWidget(self.told)
        row.addWidget(self.hint, 1)
        row.addStretch(1)
        for part in (self.mask_sign, self.mask_words, self._mask_line, self.who, self._time_line, self.time):
            row.addWidget(part)
        self.column.addLayout(row)

    # ── facts ──

    def set_connection(self, words: str, age: str, *, known: bool, lost: bool, late: bool = False) -> None:
        """Say how the line to the database is, and when it was last confirmed; `late`: it owes an answer."""
        self.lamp.set_state(known=known, lost=lost, late=late)
        self.state.set_text(words)
        self.state.set_role("warn_text" if lost or late else "text")
        self.age.set_text(age)
        self._age.needed = lost or late
        self._share_out()

    def set_mail(self, words: str, *, urgent: bool, trouble: str = "") -> None:
        """Say what waits in the delivery ledger; `trouble` is why nobody is sending."""
        self.mail.set_text(f"{trouble.rstrip('.')}, {words.lower()}" if trouble else words)
        role = "warn_text" if urgent else "muted"
        self.mail.set_role(role)
        self.mail_sign.set_icon("send", role)
        self._mail.wanted, self._mail.needed = True, urgent
        self._share_out()

    def set_seals(self, words: str, *, bad: bool) -> None:
        """Say how far the audit is sealed."""
        self.seals.set_text(words)
        self.seals.set_role("danger_text" if bad else "muted")
        self._seals.wanted, self._seals.needed = bool(words), bad
        self._share_out()

    def set_masked(self, masked: bool) -> None:
        """Say whether names are hidden."""
        self.mask_sign.setVisible(masked)
        self._mask.wanted = masked
        self._share_out()

    def set_who(self, words: str) -> None:
        """Say who is signed in, and where."""
        self.who.set_text(words)
        self._who.wanted = bool(words)
        self._share_out()

    def set_time(self, words: str) -> None:
        """Show the date and time with the zone's name."""
        self.time.set_text(words)

    # ── what was told ──

    def tell(self, text: str, hint: str = "", *, for_ms: int = TOLD_MS) -> None:
        """Show a line for a while, in place of what was told before."""
        self.told.set_text(text)
        self.hint.set_text(hint)
        whole = f"{text} {hint}".strip()
        for part in (self.told, self.hint):
            set_safe_tooltip(part, whole)
        self._show_told(True)
        self._forget.start(for_ms)

    def untell(self, text: str) -> None:
        """Take a line back whose cause is gone; whatever else is shown stays."""
        if text and self.told.text() == clean_line(text, _TOLD_LIMIT):
            self._forget.stop()
            self._clear()

    def _clear(self) -> None:
        self.told.set_text("")
        self.hint.set_text("")
        self._show_told(False)

    def _show_told(self, shown: bool) -> None:
        for part in (self._told_line, self.told, self.hint):
            part.setVisible(shown)
        self.undo.bar.setVisible(not shown)  # the seconds beside it say the same
        self._share_out()

    def offer_undo(self, words: str, seconds: float | None) -> None:
        """Offer the way back for so many seconds, or for as long as nobody knows."""
        self.undo.offer(words, seconds)
        self._undo_line.show()
        set_safe_tooltip(self.undo.words, words)
        self._share_out()

    def withdraw_undo(self) -> None:
        """There is nothing to take back."""
        self.undo.withdraw()
        self._undo_line.hide()
