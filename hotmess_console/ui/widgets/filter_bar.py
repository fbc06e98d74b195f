"""The bar over a queue: saved views at the left, at the right a field whose conditions become chips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QWidget

from hotmess_console.domain.people import Staff
from hotmess_console.domain.views import QueueFilter, SavedView
from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, SPACE
from hotmess_console.ui.viewmodels.filters import EXAMPLES, Token, Typed, added, applied, read
from hotmess_console.ui.widgets.button import IconButton
from hotmess_console.ui.widgets.chip import Chip
from hotmess_console.ui.widgets.key_cap import cap_width, draw_cap
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.safe_text import set_safe_tooltip
from hotmess_console.ui.widgets.tabs import ViewBar

SEARCH_AFTER_MS = 200
"""So long after the last key the words typed are searched for, without Enter."""
_FIELD_WIDTH = 470
_LONGEST = 300
_GAP_AT = 2  # the place in the row between the views and the field
_UNBOUNDED = 16_777_215  # Qt's own bound of a width


class FilterField(QWidget):
    """A framed line: chips of the conditions that hold, then what is being typed. `changed` when either differs."""

    changed = Signal()
    told = Signal(str)
    """A condition that means nothing, in words."""
    left = Signal()
    """Esc or Enter: the keyboard belongs to the queue again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.staff = Staff()
        self.tokens: tuple[Token, ...] = ()
        self.text = ""
        self.line = QLineEdit(self)
        self.line.setAccessibleName("Filter")
        self.line.setPlaceholderText("Filter")
        self.line.setMaxLength(_LONGEST)
        self.line.setFont(font("small"))
        self.line.setFrame(False)
        self.line.setStyleSheet("QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0; }")
        self.line.setMinimumWidth(px(64))
        self.line.installEventFilter(self)
        set_safe_tooltip(self.line, f"Words to search for, or conditions: {EXAMPLES}")
        self._soon = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._soon.timeout.connect(self._search)
        self.line.textEdited.connect(lambda _text: self._soon.start())
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(28), 0, px(SPACE["s"]) + cap_width("/"), 0)
        self._row.setSpacing(px(6))
        self._row.addWidget(self.line, 1)
        self._chips: list[Chip] = []
        self.more = Chip("", parent=self)
        self.more.hide()
        self._row.insertWidget(0, self.more)
        self.setFixedHeight(px(HEIGHT["control"]))
        self.setMinimumWidth(px(260))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)

    # ── what is typed ──

    def clear(self) -> None:
        """Forget all conditions and words, without telling anybody."""
        self._soon.stop()
        self.line.clear()
        self.text = ""
        self._show_tokens(())

    def take(self) -> None:
        """Make chips of the conditions typed, leave the words, say what meant nothing."""
        self._soon.stop()
        typed = read(self.line.text(), self.staff)
        for words in typed.unknown:
            self.told.emit(words)
        if typed.tokens or typed.unknown:
            self.line.setText(typed.text)
        self._apply(typed)

    def _search(self) -> None:
        # conditions may be half typed: only words count before Enter or a blank
        typed = read(self.line.text(), self.staff)
        if not typed.tokens and not typed.unknown:
            self._apply(typed)

    def _apply(self, typed: Typed) -> None:
        tokens = added(self.tokens, typed.tokens)
        if tokens != self.tokens or typed.text != self.text:
            self.text = typed.text
            self._show_tokens(tokens)
            self.changed.emit()

    def _show_tokens(self, tokens: tuple[Token, ...]) -> None:
        if tokens == self.tokens:
            return
        self.tokens = tokens
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._chips = [Chip(token.words, removable=True) for token in tokens]
        for place, (chip, token) in enumerate(zip(self._chips, tokens, strict=True)):
            chip.removed.connect(lambda gone=token: self._remove(gone))
            self._row.insertWidget(place, chip)
        self.updateGeometry()
        self._fit_chips()

    def sizeHint(self) -> QSize:
        """Room for every condition in full, and for some words behind them."""
        whole = self._room_around() + sum(self._wide(chip) for chip in self._chips)
        return QSize(max(px(_FIELD_WIDTH), whole), px(HEIGHT["control"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many conditions as have room."""
        super().resizeEvent(event)
        self._fit_chips()

    def _room_around(self) -> int:
        edges = self._row.contentsMargins()
        return edges.left() + edges.right() + self.line.minimumWidth()

    def _wide(self, chip: Chip) -> int:
        return chip.sizeHint().width() + self._row.spacing()

    def _fit_chips(self) -> None:
        """Those without room stand behind a count, which names them; Backspace reaches them from the last one."""
        room = self.width() - self._room_around()
        widths = [self._wide(chip) for chip in self._chips]
        shown = len(widths)
        while shown and sum(widths[:shown]) + self._count_hidden(len(widths) - shown) > room:
            shown -= 1
        for place, chip in enumerate(self._chips):
            chip.setVisible(place < shown)
        self.more.setVisible(shown < len(widths))
        set_safe_tooltip(self.more, ", ".join(token.words for token in self.tokens[shown:]))

    def _count_hidden(self, count: int) -> int:
        """Write how many conditions are not shown; returns the room that this takes."""
        self.more.set_text(f"+{count}")
        return self._wide(self.more) if count else 0

    def _remove(self, token: Token) -> None:
        self.line.setFocus()
        self._show_tokens(tuple(kept for kept in self.tokens if kept != token))
        self.changed.emit()

    # ── keys ──

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Blank and Enter take conditions, Esc leaves, Backspace at the start gives up the last chip."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.take()
            self.left.emit()
            return True
        if key == Qt.Key.Key_Escape:
            self._escape()
            return True
        if key == Qt.Key.Key_Backspace and self.tokens and not self.line.text():
            self._remove(self.tokens[-1])
            return True
        if key == Qt.Key.Key_Space:
            # after the blank is in the text, so that "level:2 " is taken and typing goes on
            QTimer.singleShot(0, self, self._take_complete)
        return False

    def _take_complete(self) -> None:
        if self.line.text().endswith(" ") and read(self.line.text(), self.staff).tokens:
            self.take()
            if self.line.text():
                self.line.setText(self.line.text() + " ")

    def _escape(self) -> None:
        if self.line.text():
            self.line.clear()
            self.take()
        else:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, radius = paint.begin(self), px(RADIUS["control"])
        paint.frame(painter, self.rect(), radius, colour("surface"), colour("control"))
        side, middle = px(14), self.height() // 2
        painter.drawPixmap(QPoint(px(8), middle - side // 2), icons.pixmap("list-filter", 14, "muted"))
        if self.line.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        else:
            draw_cap(painter, self.width() - cap_width("/") - px(5), middle, "/")
        painter.end()


class Shelf(QScrollArea):
    """Holds the views in one line; those that have no room are reached by wheel, by arrows and by ] and [."""

    def __init__(self, views: ViewBar) -> None:
        super().__init__()
        self._views = views
        self.setWidget(views)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        for bars in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        views.setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        views.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return QSize(self._views.sizeHint().width(), px(HEIGHT["control"]))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(HEIGHT["control"]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the room that the views need now, and keep the open one in sight."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self.show_open()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the open view in sight."""
        super().resizeEvent(event)
        self.show_open()

    def show_open(self) -> None:
        """Scroll to the open view."""
        found = self._views.items.get(self._views.current())
        if found is not None:
            self.ensureWidgetVisible(found, px(SPACE["l"]), 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel sideways: there is only one line."""
        turned = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.x() or turned.y()))


class FilterBar(Pane):
    """Views and filter of a queue. `changed` when the person chose another view or filter."""

    changed = Signal()
    save_asked = Signal()
    """The + was pressed: the present filter is to become a view."""
    views_read = Signal(object)
    """The person's saved views were read again: a sequence of `SavedView`."""
    told = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg", "b", parent)
        self.views = ViewBar()
        self.shelf = Shelf(self.views)
        self.save = IconButton("plus", "Save this filter as a view")
        self.field = FilterField()
        self._known: dict[str, SavedView] = {}
        self.views.chosen.connect(self._choose)
        self.save.clicked.connect(lambda _checked: self.save_asked.emit())
        self.field.changed.connect(self._show_whether_altered)
        self.field.changed.connect(self.changed)
        self.field.told.connect(self.told)
        self.field.left.connect(self.left)
        row = QHBoxLayout()
        row.setContentsMargins(px(10), 0, px(SPACE["m"]), 0)
        row.setSpacing(px(SPACE["xs"]))
        row.addWidget(self.shelf)
        row.addWidget(self.save)
        row.addStretch(1)
        row.addWidget(self.field, 20)
        self._row = row
        self.column.addLayout(row)
        self.setFixedHeight(px(HEIGHT["filter_bar"]))

    def event(self, event: QEvent) -> bool:
        """Conditions came or went: they have their room before the views have theirs."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share_out()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Views that have no room are reached by wheel and keys; a condition that is cut tells nothing."""
        edges, gap = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - edges.left() - edges.right() - self.save.sizeHint().width() - 3 * gap
        least = self.shelf.minimumSizeHint().width()
        field = min(self.field.sizeHint().width(), room - least)
        spare = max(least, room - field) if self.field.tokens else _UNBOUNDED
        self._row.setStretch(_GAP_AT, 0 if self.field.tokens else 1)
        for part, most in ((self.shelf, spare), (self.field, max(field, px(_FIELD_WIDTH)))):
            if part.maximumWidth() != most:
                part.setMaximumWidth(most)

    def set_staff(self, staff: Staff) -> None:
        """Know who may be named as assignee."""
        self.field.staff = staff

    def set_views(self, views: Sequence[SavedView]) -> None:
        """Offer these views; the open one stays open if it is still there."""
        self._known = {view.name: view for view in views}
        self.views.set_items([(view.name, view.name) for view in views])
        # made later than the rest, they would be the last that Tab reaches: they take the place of +, which goes behind
        for one, next_one in pairwise((self.save, *self.views.items.values(), self.save, self.field.line)):
            QWidget.setTabOrder(one, next_one)
        self._show_whether_altered()

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show how many cases wait in each view."""
        for name, count in counts.items():
            self.views.set_count(name, count)

    @property
    def all_views(self) -> tuple[SavedView, ...]:
        """The views that are offered, in their order."""
        return tuple(self._known.values())

    @property
    def view(self) -> SavedView:
        """The view that is open; raises KeyError before there are any."""
        return self._known[self.views.current()]

    @property
    def filter(self) -> QueueFilter:
        """The open view, narrowed by what was typed."""
        return applied(self.view.filter, self.field.tokens, self.field.text)

    @property
    def narrowed(self) -> bool:
        """Whether something was typed beyond the view."""
        return bool(self.field.tokens or self.field.text)

    @property
    def altered(self) -> bool:
        """Whether the list shows something else than the open view says."""
        return bool(self._known) and self.filter != self.view.filter

    def _show_whether_altered(self) -> None:
        self.views.set_note(self.views.current(), "filtered" if self.altered else "")

    def open_view(self, name: str) -> None:
        """Open a view as if it had been chosen; raises KeyError if there is none such."""
        self.views.set_current(name)
        self._choose(name)

    def _choose(self, _name: str) -> None:
        self.field.clear()
        self._show_whether_altered()
        self.shelf.show_open()
        self.changed.emit()
