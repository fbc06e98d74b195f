"""A list to choose one thing from by key: rows of a title, a detail and a figure, in sections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.widgets.key_cap import cap_width, draw_cap
from hotmess_console.ui.widgets.safe_text import clean_line

_CHOICE = int(Qt.ItemDataRole.UserRole) + 1
_ROW, _SECTION = 36, 28
_GOES_ON_S = 1.0
"""Letters that follow each other within so many seconds belong to one word."""
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. `why_not` says why it cannot be; it is shown then instead of the detail."""

    value: Any
    title: str
    detail: str = ""
    icon: str = ""
    key: str = ""
    section: str = ""
    why_not: str = ""


class ChoiceList(QListView):
    """`chosen` on Enter, a click or the row's figure; `lit` when another row comes under the cursor (or None)."""

    chosen = Signal(object)
    lit = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None, *, by_letters: bool = False) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._by_letters = by_letters
        self._typed, self._typed_at = "", 0.0
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Rows(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.clicked.connect(lambda _index: self.choose())
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.lit.emit(self.current()))

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Show these choices, with a heading wherever the section changes; the first usable one is lit."""
        self._rows.clear()
        section = ""
        for choice in choices:
            if choice.section != section:
                section = choice.section
                self._rows.appendRow(_heading(section))
            self._rows.appendRow(_item(choice))
        self._light(0, 1)
        if not self.currentIndex().isValid():
            self.lit.emit(None)

    def choices(self) -> list[Choice]:
        """What is shown, without the headings."""
        found = (self._rows.item(row).data(_CHOICE) for row in range(self._rows.rowCount()))
        return [choice for choice in found if choice is not None]

    def current(self) -> Any:
        """The value of the lit choice, None without one."""
        choice = self.currentIndex().data(_CHOICE)
        return None if choice is None else choice.value

    def light(self, value: object) -> None:
        """Put the cursor on the choice with this value, if there is one."""
        for row in range(self._rows.rowCount()):
            choice = self._rows.item(row).data(_CHOICE)
            if choice is not None and choice.value == value:
                self.setCurrentIndex(self._rows.index(row, 0))

    def choose(self) -> None:
        """Choose the lit one; one that cannot be chosen stays where it is, with its reason."""
        choice = self.currentIndex().data(_CHOICE)
        if choice is not None and not choice.why_not:
            self.chosen.emit(choice.value)

    def choose_key(self, key: str) -> bool:
        """Choose the one with this figure; False when there is none."""
        found = next((c for c in self.choices() if c.key == key and not c.why_not), None)
        if found is None:
            return False
        self.light(found.value)
        self.chosen.emit(found.value)
        return True

    def type_letter(self, letter: str) -> None:
        """Light what begins with the letters typed so far; the same letter again goes to the next of its kind."""
        now = monotonic()
        before = self._typed if now - self._typed_at < _GOES_ON_S else ""
        self._typed_at = now
        letter = letter.casefold()
        for typed in (before + letter, letter):
            found = self._beginning(typed)
            if found:
                break
        else:
            return
        self._typed = typed
        values = [choice.value for choice in found]
        at = values.index(self.current()) if self.current() in values else -1
        again = bool(before) and typed == letter
        self.light(values[(at + 1) % len(values) if again else max(at, 0)])

    def _beginning(self, typed: str) -> list[Choice]:
        """The choices that begin with these letters, or else those of which a later word does."""
        usable = [choice for choice in self.choices() if not choice.why_not]
        first = [choice for choice in usable if choice.title.casefold().startswith(typed)]
        return first or [c for c in usable if any(word.startswith(typed) for word in c.title.casefold().split())]

    def step(self, by: int) -> None:
        """Move the cursor up or down, over headings and what cannot be chosen."""
        self._light(self.currentIndex().row() + by, by)

    def _light(self, row: int, by: int) -> None:
        while 0 <= row < self._rows.rowCount():
            choice = self._rows.item(row).data(_CHOICE)
            if choice is not None and not choice.why_not:
                self.setCurrentIndex(self._rows.index(row, 0))
                self.scrollTo(self.currentIndex())
                return
            row += 1 if by > 0 else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.take_key(event):
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if self._by_letters and plain and event.text().isalpha():
            self.type_letter(event.text())
        else:
            event.ignore()

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on an arrow or Enter; False for anything else. Fields above the list pass their keys here."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in steps:
            for _ in range(abs(steps[key])):
                self.step(1 if steps[key] > 0 else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self.choose()
        else:
            return False
        return True

    def sizeHint(self) -> QSize:
        rows = self._rows.rowCount()
        headings = rows - len(self.choices())
        return QSize(px(480), min(px(_ROW) * (rows - headings) + px(_SECTION) * headings + 2, px(400)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), min(self.sizeHint().height(), px(_ROW) * 4))


def _item(choice: Choice) -> QStandardItem:
    item = QStandardItem(clean_line(f"{choice.title}, {choice.why_not or choice.detail}".rstrip(", "), 300))
    item.setData(choice, _CHOICE)
    return item


def _heading(section: str) -> QStandardItem:
    item = QStandardItem(clean_line(section, 80))
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


class _Rows(QStyledItemDelegate):
    """Paints a choice or a heading; nothing is ever read as markup."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(160), px(_ROW if index.data(_CHOICE) is not None else _SECTION))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect
        choice = index.data(_CHOICE)
        if choice is None:
            room = box.adjusted(px(8), px(4), -px(8), 0)
            paint.words(painter, room, str(index.data()), font("small", 600), colour("muted"))
        else:
            lit = bool(option.state & QStyle.StateFlag.State_Selected)
            _paint_choice(painter, box, choice, lit=lit)
        painter.restore()


def _paint_choice(painter: QPainter, box: QRect, choice: Choice, *, lit: bool) -> None:
    if lit:
        painter.fillRect(box, colour("selected"))
        painter.fillRect(box.left(), box.top(), px(3), box.height(), colour("focus"))
    left, right = box.left() + px(10), box.right() - px(8)
    ink = "muted" if choice.why_not else "text"
    if choice.icon:
        at = QPoint(left, box.center().y() - px(7))
        painter.drawPixmap(at, icons.pixmap(choice.icon, 16, "gold_text" if lit else "muted"))
        left += px(24)
    if choice.key:
        right -= cap_width(choice.key)
        draw_cap(painter, right, box.center().y(), choice.key)
        right -= px(8)
    detail = clean_line(choice.why_not or choice.detail, 160)
    painter.setFont(font("small"))
    wide = min(painter.fontMetrics().horizontalAdvance(detail) + 2, (right - left) * 3 // 5)
    room = QRect(right - wide, box.top(), wide, box.height())
    paint.words(painter, room, detail, font("small"), colour("muted"))
    title = QRect(left, box.top(), right - wide - left - px(12), box.height())
    paint.words(painter, title, clean_line(choice.title, 160), font("row"), colour(ink))
