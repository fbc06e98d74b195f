"""The bar across the top: where one can go, how much waits there, search, notices, mask and oneself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, SPACE
from hotmess_console.ui.widgets.bar_buttons import FaceButton, IconToggle, SearchBox
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.part import mark_part
from hotmess_console.ui.widgets.tabs import TabBar

_MARK = 14


class Brand(QWidget):
    """The mark and the name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("HOTMESS Console")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _letters(self) -> QFont:
        letters = font("small", 700)
        letters.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.2)
        return letters

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._letters()).horizontalAdvance("HOTMESS")
        return QSize(px(_MARK) + px(SPACE["s"]) + words + 2, px(HEIGHT["app_bar"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side, middle = paint.begin(self), px(_MARK), self.height() // 2
        box = QRect(0, middle - side // 2, side, side)
        paint.frame(painter, box, px(4), colour("focus"))
        hole = side // 3
        paint.frame(painter, box.adjusted(hole, hole, -hole, -hole), px(2), colour("bg"))
        room = QRect(side + px(SPACE["s"]), 0, self.width(), self.height())
        paint.words(painter, room, "HOTMESS", self._letters(), colour("text"))
        painter.end()


class AppBar(Pane):
    """Tabs at the left, tools at the right."""

    chosen = Signal(str)
    """The id of the tab to open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg", "b", parent)
        mark_part(self)
        self.brand, self.tabs = Brand(), TabBar()
        self.search = SearchBox()
        self.bell = IconToggle("bell", "Notices")
        self.mask_button = IconToggle("eye-off", "Hide names and addresses", "Ctrl+Shift+M")
        self.face = FaceButton()
        self.tabs.chosen.connect(self.chosen)
        row = QHBoxLayout()
        row.setContentsMargins(px(14), 0, px(SPACE["m"]), 0)
        row.setSpacing(0)
        row.addWidget(self.brand)
        row.addSpacing(px(SPACE["xl"]))
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addSpacing(px(6))
        for part in (self.bell, self.mask_button, self.face):
            row.addSpacing(px(SPACE["xs"]) if part is self.face else 0)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(row)
        self.setFixedHeight(px(HEIGHT["app_bar"]))
        self.set_ready(False)

    def set_tabs(self, tabs: Sequence[tuple[str, str]]) -> None:
        """Show these tabs as (id, name)."""
        self.tabs.set_items(tabs)
        # made later than the rest, they would be the last that Tab reaches: they take the search's place before it
        for before, after in pairwise((self.search, *self.tabs.items.values(), self.search)):
            QWidget.setTabOrder(before, after)

    def set_ready(self, ready: bool) -> None:
        """Show tabs and tools only once there is a desk that they lead into."""
        for part in (self.tabs, self.search, self.bell, self.mask_button, self.face):
            part.setVisible(ready)

    def set_keys(self, *, search: str, mask: str) -> None:
        """Show the keys as they are mapped now."""
        self.search.set_key(search)
        self.mask_button.set_key(mask)

    def set_notices(self, count: int) -> None:
        """Show how many notices nobody has looked at."""
        self.bell.set_count(count)
        self.bell.set_name(f"Notices, {count} new" if count else "Notices")

    def set_masked(self, masked: bool) -> None:
        """Show whether names are hidden."""
        self.mask_button.set_on(masked)
        self.mask_button.set_name("Show names and addresses" if masked else "Hide names and addresses")
