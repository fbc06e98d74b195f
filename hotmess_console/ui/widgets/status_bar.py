"""The bar across the bottom: the line to the database, mail that waits, the way back, what was told, the time."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.safe_text import SafeLabel, clean_line
from hotmess_console.ui.widgets.undo_bar import UndoBar

TOLD_MS = 8_000
IGNORED_MS = 3_000
_TOLD_LIMIT = 300


class _Lamp(QWidget):
    """A dot while the line stands, a cloud struck through while it does not."""

    def __init__(self) -> None:
        super().__init__()
        self.lost, self.known = False, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, *, known: bool, lost: bool) -> None:
        """Say how the line is."""
        if (known, lost) != (self.known, self.lost):
            self.known, self.lost = known, lost
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
            paint.frame(painter, box, px(4), colour("ok" if self.known else "control"))
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
        self.set_masked(False)
        for part in (
            self._mail_line,
            self.mail_sign,
            self.mail,
            self._seals_line,
            self.seals,
            self.who,
            self._time_line,
        ):
            part.hide()  # until there is something to say
        self._clear()
        self._undo_line.hide()
        self.undo.ended.connect(self._undo_line.hide)
        self.setFixedHeight(px(HEIGHT["status_bar"]))
        self.setAccessibleName("Status")

    def _arrange(self) -> None:
        row = QHBoxLayout()
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

    def set_connection(self, words: str, age: str, *, known: bool, lost: bool) -> None:
        """Say how the line to the database is, and when it was last confirmed."""
        self.lamp.set_state(known=known, lost=lost)
        self.state.set_text(words)
        self.state.set_role("warn_text" if lost else "text")
        self.age.set_text(age)

    def set_mail(self, words: str, *, urgent: bool, trouble: str = "") -> None:
        """Say what waits in the delivery ledger; `trouble` is why nobody is sending."""
        self.mail.set_text(f"{trouble.rstrip('.')}, {words.lower()}" if trouble else words)
        role = "warn_text" if urgent else "muted"
        self.mail.set_role(role)
        self.mail_sign.set_icon("send", role)
        for part in (self._mail_line, self.mail_sign, self.mail):
            part.show()

    def set_seals(self, words: str, *, bad: bool) -> None:
        """Say how far the audit is sealed."""
        self.seals.set_text(words)
        self.seals.set_role("danger_text" if bad else "muted")
        for part in (self._seals_line, self.seals):
            part.setVisible(bool(words))

    def set_masked(self, masked: bool) -> None:
        """Say whether names are hidden."""
        for part in (self.mask_sign, self.mask_words, self._mask_line):
            part.setVisible(masked)

    def set_who(self, words: str) -> None:
        """Say who is signed in, and where."""
        self.who.set_text(words)
        for part in (self.who, self._time_line):
            part.setVisible(bool(words))

    def set_time(self, words: str) -> None:
        """Show the date and time with the zone's name."""
        self.time.set_text(words)

    # ── what was told ──

    def tell(self, text: str, hint: str = "", *, for_ms: int = TOLD_MS) -> None:
        """Show a line for a while, in place of what was told before."""
        self.told.set_text(text)
        self.hint.set_text(hint)
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

    def offer_undo(self, words: str, seconds: float) -> None:
        """Offer the way back for so many seconds."""
        self.undo.offer(words, seconds)
        self._undo_line.show()

    def withdraw_undo(self) -> None:
        """There is nothing to take back."""
        self.undo.withdraw()
        self._undo_line.hide()
