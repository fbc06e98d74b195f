"""The list of the palette: sections and entries, with the letters that were typed lit up in gold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from PySide6.QtWidgets import QWidget as _QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.viewmodels.key_text import caps, spoken
from hotmess_console.ui.viewmodels.palette_match import Entry, Hit, Span
from hotmess_console.ui.widgets.key_cap import cap_width, draw_cap

HIT = int(Qt.ItemDataRole.UserRole) + 1
ROW, SECTION = 38, 28
_PAD, _TITLE_X, _CAP_GAP = 16, 40, 6
_Index = QModelIndex | QPersistentModelIndex


class PaletteRows(QAbstractListModel):
    """Hits with a heading wherever the section changes; headings cannot be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Hit | str] = []

    def show(self, hits: Sequence[Hit]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows = []
        section = ""
        for hit in hits:
            if hit.section != section:
                section = hit.section
                self._rows.append(section)
            self._rows.append(hit)
        self.endResetModel()

    def hit(self, row: int) -> Hit | None:
        """Return the hit in a row, None for a heading or no row."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Hit) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.hit(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self._rows[index.row()]
        if role == HIT:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else said(row.entry)
        return None


def said(entry: Entry) -> str:
    """The entry as one sentence for a screen reader."""
    parts = (entry.title, entry.detail, f"key {spoken(entry.keys)}" if entry.keys else "", entry.why_not)
    return ", ".join(part for part in parts if part)


class PaletteList(QListView):
    """One entry is lit as long as there is any; the keyboard stays in the field above."""

    def __init__(self, parent: _QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What was found")
        self.rows = PaletteRows()
        self.setModel(self.rows)
        self.setItemDelegate(PaletteDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; border: none; }")

    def show_hits(self, hits: Sequence[Hit], keep: object = None) -> None:
        """Show these hits and light the one that does `keep`, or else the first."""
        self.rows.show(hits)
        kept = next((row for row in self._usable() if keep is not None and self._does(row) == keep), None)
        first = next(iter(self._usable()), None)
        self._light(first if kept is None else kept)
        if kept is None:
            self.scrollToTop()

    def current(self) -> Entry | None:
        """Return the lit entry."""
        hit = self.rows.hit(self.currentIndex().row())
        return None if hit is None else hit.entry

    def step(self, by: int) -> None:
        """Light the entry so many further on, stopping at either end."""
        usable = self._usable()
        if not usable:
            return
        now = self.currentIndex().row()
        at = usable.index(now) if now in usable else 0
        self._light(usable[min(max(at + by, 0), len(usable) - 1)])
        if self.currentIndex().row() == usable[0]:
            self.scrollToTop()  # with its heading

    def page(self) -> int:
        """Return how many entries fit."""
        return max(1, self.viewport().height() // px(ROW) - 1)

    def _usable(self) -> list[int]:
        return [row for row in range(self.rows.rowCount()) if self.rows.hit(row) is not None]

    def _does(self, row: int) -> object:
        hit = self.rows.hit(row)
        return None if hit is None else hit.entry.does

    def _light(self, row: int | None) -> None:
        if row is not None:
            self.setCurrentIndex(self.rows.index(row))
            self.scrollTo(self.currentIndex())


class PaletteDelegate(QStyledItemDelegate):
    """Paints headings and entries; strangers' words are drawn letter by letter as they are."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(160), px(SECTION if isinstance(index.data(HIT), str) else ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, box = index.data(HIT), QRect(option.rect)
        if isinstance(row, Hit):
            _paint_hit(painter, box, row, lit=bool(option.state & QStyle.StateFlag.State_Selected))
        else:
            room = box.adjusted(px(_PAD), px(4), -px(_PAD), 0)
            paint.words(painter, room, str(row), font("small", 600), colour("muted"))
        painter.restore()


def _paint_hit(painter: QPainter, box: QRect, hit: Hit, *, lit: bool) -> None:
    entry = hit.entry
    if lit:
        painter.fillRect(box, colour("selected"))
        painter.fillRect(box.left(), box.top(), px(3), box.height(), colour("focus"))
    if entry.icon:
        at = QPoint(box.left() + px(_PAD), box.center().y() - px(8) + 1)
        painter.drawPixmap(at, icons.pixmap(entry.icon, 16, "gold_text" if lit and not entry.why_not else "muted"))
    right = draw_caps(painter, box.right() - px(_PAD), box.center().y() + 1, entry.keys)
    left = box.left() + px(_TITLE_X)
    detail = entry.why_not or entry.detail
    # The title is what is looked for: the words at the right take what it leaves, but never less than a third.
    whole = right - left
    needed = QFontMetrics(font("row", 600)).horizontalAdvance(entry.title) + px(20)
    wanted = QFontMetrics(font("small")).horizontalAdvance(detail) + 2
    wide = min(wanted, max(whole - needed, whole // 3))
    paint.words(painter, QRect(right - wide, box.top(), wide, box.height()), detail, font("small"), colour("muted"))
    room = QRect(left, box.top(), right - wide - left - px(12), box.height())
    _paint_title(painter, room, entry.title, hit.spans, "muted" if entry.why_not else "text")


def draw_caps(painter: QPainter, right: int, middle: int, keys: str) -> int:
    """Draw one cap for each key so that the last ends at `right`; return where the words before them must end."""
    parts = caps(keys)
    if not parts:
        return right
    for part in reversed(parts):
        right -= cap_width(part)
        draw_cap(painter, right, middle, part)
        right -= px(_CAP_GAP)
    return right - px(4)


def _paint_title(painter: QPainter, room: QRect, title: str, spans: Sequence[Span], role: str) -> None:
    face = font("row")
    shown = QFontMetrics(face).elidedText(title, Qt.TextElideMode.ElideRight, room.width() - px(6))
    layout = QTextLayout(shown, face)
    layout.setFormats([_lit(start, min(end, len(shown)), face) for start, end in spans if start < len(shown)])
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(room.width() + px(40))
        painter.setPen(colour(role))
        layout.endLayout()
        layout.draw(painter, QPointF(room.left(), room.top() + (room.height() - line.height()) / 2))


def _lit(start: int, end: int, face: QFont) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length = start, end - start
    letters = QTextCharFormat()
    letters.setForeground(colour("gold_text"))
    letters.setFontWeight(QFont.Weight.DemiBold)
    made.format = letters
    return made
