"""Rows of places to go: the tabs of the window and the saved views of a queue, each with its count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, SPACE
from hotmess_console.ui.widgets.pressable import Pressable
from hotmess_console.ui.widgets.safe_text import clean_line, set_safe_tooltip

_MOST = 999


def count_text(count: int | None) -> str:
    """A count as it is shown: nothing when unknown, ``999+`` when more than that."""
    return "" if count is None else f"{_MOST}+" if count > _MOST else str(count)


class _Item(Pressable):
    """One place to go, with a count beside its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = clean_line(name, 40)
        self.count: int | None = None
        self.urgent = False
        self.note = ""
        """A word in the place of the count, such as "filtered": then what is shown is not what was counted."""
        self.setCheckable(True)
        self.setFont(font("row", 600))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(None)

    def set_count(self, count: int | None, *, urgent: bool = False) -> None:
        """Show how many wait there; `urgent` is for SOS alone."""
        self.count, self.urgent = count, urgent
        self._describe()

    def set_note(self, note: str) -> None:
        """Show a word instead of the count; an empty one brings the count back."""
        if note != self.note:
            self.note = note
            self._describe()

    def told(self) -> str:
        """What stands behind the name."""
        return self.note or count_text(self.count)

    def _describe(self) -> None:
        told = self.told()
        self.setAccessibleName(f"{self.name}, {told}" if told else self.name)
        self.updateGeometry()
        self.update()

    def _widths(self) -> tuple[int, int]:
        told = self.told()
        words = QFontMetrics(self.font()).horizontalAdvance(self.name) + 1
        return words, QFontMetrics(self._count_font()).horizontalAdvance(told) + 1 if told else 0

    def _count_font(self) -> QFont:
        return font("row", 600)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ink(self) -> str:
        return "text" if self.isChecked() or self.underMouse() else "muted"


class Tab(_Item):
    """A tab of the window: a badge for the count, a gold rule under the one that is open."""

    def _count_font(self) -> QFont:
        return font("micro", 600)

    def sizeHint(self) -> QSize:
        words, count = self._widths()
        badge = self._badge_width(count) + px(6) if count else 0
        return QSize(words + badge + 2 * px(10), px(HEIGHT["app_bar"]))

    def _badge_width(self, count: int) -> int:
        return max(px(HEIGHT["key"]), count + px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        words, count = self._widths()
        left, middle = px(10), self.height() // 2
        paint.words(painter, QRect(left, 0, words, self.height()), self.name, self.font(), colour(self._ink()))
        if count:
            high = px(HEIGHT["key"])
            box = QRect(left + words + px(6), middle - high // 2, self._badge_width(count), high)
            paint.frame(painter, box, high / 2, colour("danger_fill" if self.urgent else "card"))
            ink = colour("on_danger" if self.urgent else self._ink())
            centre = Qt.AlignmentFlag.AlignHCenter
            paint.words(painter, box, self.told(), self._count_font(), ink, centre)
        if self.isChecked():
            rule = QRect(left - px(2), self.height() - px(3), self.width() - 2 * (left - px(2)), px(3))
            painter.fillRect(rule, colour("focus"))
        if self.hasFocus():
            ring = self.rect().adjusted(1, px(8), -1, -px(8))
            paint.focus_ring(painter, ring, px(RADIUS["control"]))
        painter.end()


class View(_Item):
    """A saved view of a queue: framed when it is open, its count beside it.

    Open with a note, it is no longer as it was saved: the frame is dashed and empty, and the note says why.
    """

    def _count_font(self) -> QFont:
        return font("small", 500) if self.note else super()._count_font()

    def sizeHint(self) -> QSize:
        words, count = self._widths()
        return QSize(words + (count + px(8) if count else 0) + 2 * px(9), px(HEIGHT["control"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        words, count = self._widths()
        left, radius = px(9), px(RADIUS["control"])
        if self.isChecked() and self.note:
            painter.setPen(QPen(colour("control"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        elif self.isChecked():
            paint.frame(painter, self.rect(), radius, colour("card"), colour("line_strong"))
        paint.words(painter, QRect(left, 0, words, self.height()), self.name, self.font(), colour(self._ink()))
        if count:
            box = QRect(left + words + px(8), 0, count, self.height())
            ink = colour("gold_text" if self.isChecked() is not bool(self.note) else "muted")
            paint.words(painter, box, self.told(), self._count_font(), ink)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        painter.end()


class _Row(QWidget):
    """A row of places of which one is open; arrows move, and `chosen` tells the id of the one opened."""

    chosen = Signal(str)
    item_class: type[_Item] = _Item

    def __init__(self, name: str, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.items: dict[str, _Item] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spacing)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Show these places as (id, name); the open one stays open if it is still there, else the first."""
        before = self.current()
        for old in self.items.values():
            self._group.removeButton(old)
            self._row.removeWidget(old)
            old.deleteLater()
        self.items = {place: self.item_class(name) for place, name in items}
        for place, item in self.items.items():
            self._group.addButton(item)
            self._row.addWidget(item)
            item.clicked.connect(lambda _checked, to=place: self.chosen.emit(to))
        if self.items:
            self.set_current(before if before in self.items else next(iter(self.items)))

    def set_count(self, place: str, count: int | None, *, urgent: bool = False) -> None:
        """Show how many wait in that place; unknown places are ignored, since counts may come late."""
        if place in self.items:
            self.items[place].set_count(count, urgent=urgent)

    def set_note(self, place: str, note: str) -> None:
        """Show a word behind the name of one place, instead of its count, and behind no other."""
        for known, item in self.items.items():
            item.set_note(note if known == place else "")

    def set_tip(self, place: str, words: str) -> None:
        """Give a place its tip, such as its key."""
        set_safe_tooltip(self.items[place], words)

    def current(self) -> str:
        """The id of the open place, or nothing."""
        return next((place for place, item in self.items.items() if item.isChecked()), "")

    def set_current(self, place: str) -> None:
        """Mark a place as open without emitting `chosen`; raise `KeyError` if there is none such."""
        self.items[place].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        places = list(self.items)
        if step and places:
            to = places[(places.index(self.current()) + step) % len(places)]
            self.items[to].setFocus(Qt.FocusReason.TabFocusReason)
            self.items[to].click()
            return
        super().keyPressEvent(event)


class TabBar(_Row):
    """The tabs of the window."""

    item_class = Tab

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Tabs", 0, parent)


class ViewBar(_Row):
    """The saved views of a queue."""

    item_class = View

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Saved views", px(SPACE["xs"]), parent)
