"""A pane with nothing in it, which says what to do next."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import RADIUS, SPACE
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.safe_text import SafeLabel

_TILE, _SIGN, _MEASURE = 64, 26, 400


class Variant(StrEnum):
    """Why there is nothing: all done, something failed, or the person may not see it."""

    EMPTY = "empty"
    ERROR = "error"
    NO_PERMISSION = "no permission"


class _Tile(QWidget):
    """The icon on its tile."""

    def __init__(self, icon: str, variant: Variant) -> None:
        super().__init__()
        self.icon_name, self.variant = icon, variant
        self.setFixedSize(px(_TILE), px(_TILE))

    def sizeHint(self) -> QSize:
        return QSize(px(_TILE), px(_TILE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        failed = self.variant is Variant.ERROR
        fill, edge = ("warn_tint", "warn") if failed else ("card", "line_strong")
        paint.frame(painter, self.rect(), px(RADIUS["tile"]), colour(fill), colour(edge))
        at = (px(_TILE) - px(_SIGN)) // 2
        sign = icons.pixmap(self.icon_name, _SIGN, "warn_text" if failed else "muted")
        painter.drawPixmap(QPoint(at, at), sign)
        painter.end()


class EmptyState(QWidget):
    """Icon, title, two lines, one gold action, a second, and the keys. `acted`, `second_acted` on a press.

    An error says first what is safe, then what to do, then a reference to quote.
    """

    acted = Signal()
    second_acted = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        words: str,
        *,
        variant: Variant = Variant.EMPTY,
        action: str = "",
        key: str = "",
        second: str = "",
        second_key: str = "",
        keys: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.title = SafeLabel(title, "title", "text", wrap=True, align=centre)
        self.words = SafeLabel(words, "body", "muted", wrap=True, align=centre)
        self.keys = SafeLabel(keys, "small", "muted", wrap=True, align=centre)
        self.action = Button(action, Kind.PRIMARY, key=key, size="control_large") if action else None
        self.second = Button(second, key=second_key, size="control_large") if second else None
        column = QVBoxLayout(self)
        column.setContentsMargins(*(px(SPACE["xl"]),) * 4)
        column.setSpacing(px(SPACE["xs"]))
        column.addStretch(1)
        column.addWidget(_Tile(icon, variant), 0, centre)
        column.addSpacing(px(SPACE["m"]))
        for part in (self.title, self.words):
            column.addLayout(_centred(part))
        column.addSpacing(px(SPACE["l"]))
        column.addLayout(self._actions())
        column.addSpacing(px(SPACE["s"]))
        column.addLayout(_centred(self.keys))
        self.keys.setVisible(bool(keys))
        column.addStretch(1)
        self.setAccessibleName(f"{self.title.text()}. {self.words.text()}")

    def set_words(self, title: str, words: str) -> None:
        """Say something else."""
        self.title.set_text(title)
        self.words.set_text(words)
        self.setAccessibleName(f"{self.title.text()}. {self.words.text()}")

    def _actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(SPACE["s"]))
        row.addStretch(1)
        for button, signal in ((self.action, self.acted), (self.second, self.second_acted)):
            if button is not None:
                button.clicked.connect(lambda _checked, told=signal: told.emit())
                row.addWidget(button)
        row.addStretch(1)
        return row


def _centred(label: SafeLabel) -> QHBoxLayout:
    label.setMaximumWidth(px(_MEASURE))
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy = label.sizePolicy()
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(label, 100)
    row.addStretch(1)
    return row
