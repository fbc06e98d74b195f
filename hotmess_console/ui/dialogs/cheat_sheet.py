"""The "?" sheet: every key that does something, the present tab first. Nothing in it is typed by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels.cheat_groups import KeyGroup, KeyRow, columns, matching
from hotmess_console.ui.viewmodels.key_text import caps
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.key_cap import KeyCap
from hotmess_console.ui.widgets.pane import Rule
from hotmess_console.ui.widgets.safe_text import SafeLabel

_WIDTH, _HEIGHT = 940, 600
_THREE_FROM, _TWO_FROM = 860, 560
_ROW = 26


class CheatSheet(Sheet):
    """Answers True when the person wants to change keys, else None. `present` is the area of the open tab."""

    def __init__(self, window: QWidget, groups: Sequence[KeyGroup], present: str = "") -> None:
        self.groups = tuple(groups)
        self.field = Field("Find a key or an action", hint="Find a key or an action", icon="search", limit=80)
        self.area = _Scroll()
        self.change = Button("Change keys", Kind.QUIET)
        self._where = f"{present} first, because you are there" if present else ""
        super().__init__(window, "Keys", icon="keyboard", width=_WIDTH)
        self.field.textChanged.connect(lambda _text: self.fill())
        self.field.installEventFilter(self)
        self.change.clicked.connect(lambda: self.finish(True))
        self.fill()

    def _arrange(self, icon: str) -> None:
        side = px(SPACE["xl"])
        head = QHBoxLayout()
        head.setContentsMargins(side, px(SPACE["m"]), px(18), px(SPACE["m"]))
        head.setSpacing(px(10))
        head.addWidget(IconView(icon, 20, "gold_text"))
        self.title.setParent(self.panel)
        head.addWidget(SafeLabel("Keys", "title", "text"))
        head.addWidget(SafeLabel(self._where, "small", "muted", elide=True), 1)
        self.field.setFixedWidth(px(220))
        head.addWidget(self.field)
        head.addWidget(KeyCap("Esc"))
        self.title.hide()
        self.body.addWidget(self.area)
        self.foot.setContentsMargins(side, px(6), px(SPACE["m"]), px(6))
        rule = "One key for what can be undone. Two strokes and a reason for what cannot."
        self.foot.addWidget(SafeLabel(rule, "small", "muted", elide=True), 1)
        self.foot.addWidget(self.change)
        whole = self._layout
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(Rule("line_strong"))
        whole.addLayout(self.body, 1)
        whole.addWidget(Rule("line_strong"))
        whole.addLayout(self.foot)

    def fill(self) -> None:
        """Show the keys that fit what was typed, in as many columns as there is room for."""
        found = matching(self.groups, self.field.text())
        wide = min(px(_WIDTH), self.window_shown().width())
        count = 3 if wide >= px(_THREE_FROM) else 2 if wide >= px(_TWO_FROM) else 1
        made = _sheet(found, count) if found else _nothing()
        self.area.setWidget(made)
        made.setAutoFillBackground(False)  # Qt fills it: the raised plane behind is the one that is wanted

    def focus_first(self) -> None:
        """Typing narrows the list from the first letter."""
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.area.take_key(event)
        if event.type() == QEvent.Type.Resize:
            self.fill()
        return super().eventFilter(watched, event)


class _Scroll(QScrollArea):
    """Scrolled by the arrows and page keys also while the field has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("All keys")

    def sizeHint(self) -> QSize:
        return QSize(px(_WIDTH), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(_ROW) * 3)

    def take_key(self, event: QKeyEvent) -> bool:
        """Scroll by an arrow or a page; False for anything else."""
        bar = self.verticalScrollBar()
        page = self.viewport().height() - px(_ROW)
        steps = {
            Qt.Key.Key_Down: px(_ROW),
            Qt.Key.Key_Up: -px(_ROW),
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            return False
        bar.setValue(bar.value() + step)
        return True


def _sheet(found: Sequence[KeyGroup], count: int) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(px(SPACE["xl"]), px(SPACE["l"]), px(SPACE["xl"]), px(SPACE["l"]))
    row.setSpacing(px(SPACE["xxl"]))
    for groups_below in columns(found, count):
        column = QVBoxLayout()
        column.setSpacing(px(SPACE["l"]))
        for group in groups_below:
            column.addWidget(_group(group))
        column.addStretch(1)
        row.addLayout(column, 1)
    return made


def _group(group: KeyGroup) -> QWidget:
    made = QWidget()
    made.setAccessibleName(group.title)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(SafeLabel(group.title, "small", "gold_text", weight=600))
    column.addSpacing(px(2))
    column.addWidget(Rule("line_strong"))
    for row in group.rows:
        column.addWidget(_row(row))
    return made


def _row(row: KeyRow) -> QWidget:
    made = QWidget()
    made.setFixedHeight(px(_ROW))
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(6))
    line.addWidget(SafeLabel(row.title, "row", "body", elide=True), 1)
    for part in caps(row.keys[0]):
        line.addWidget(KeyCap(part))
    return made


def _nothing() -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.addStretch(1)
    centre = Qt.AlignmentFlag.AlignHCenter
    column.addWidget(SafeLabel("No key and no action of that name.", "body", "muted", align=centre, wrap=True))
    column.addWidget(SafeLabel("Ctrl+K also finds actions without a key.", "small", "muted", align=centre, wrap=True))
    column.addStretch(1)
    return made
