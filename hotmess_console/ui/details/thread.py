"""The thread: cards built only near what is seen, the newest in view, the place kept when something changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hotmess_console.domain.values import MessageId
from hotmess_console.ui.details.attachments import RowButton
from hotmess_console.ui.details.cards import DayRow, ThreadCard
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, SPACE, WIDTH
from hotmess_console.ui.viewmodels.thread_rows import RowKind, ThreadRow, counts_down
from hotmess_console.ui.widgets.button import Kind

_GAP = 10
_CARD_BESIDE_TEXT = 64
"""What a card is wider than its text: the margin at one side and the padding at both."""
_FIRST_SLICE, _SLICE = 0.020, 0.008
"""Seconds that one turn may spend on building cards, so that the window always answers."""
_AHEAD = 1.0
"""How many screens above and below the seen one are built beforehand."""
_AT_END = 24
_STEP = 48


@dataclass(slots=True)
class _Slot:
    """A row and its card, once there is one; `height` is a guess until the card was measured at `width`."""

    row: ThreadRow
    height: int
    card: QWidget | None = None
    width: int = 0
    top: int = 0


class ThreadView(QScrollArea):
    """Rows from the oldest to the newest. Only cards near the visible part exist, so that length costs nothing.

    Up, Down, Page Up, Page Down, Home and End scroll; Tab walks through what can be pressed.
    """

    link_asked = Signal(str, str)
    again_asked = Signal(object)
    file_asked = Signal(object)

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._now: datetime | None = None
        self._slots: list[_Slot] = []
        self._at_end, self._placing = True, False
        self._column = _Column(self)
        self.setWidget(self._column)
        # Qt fills both by itself once a widget is set; the pane behind shows the plane.
        self._column.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Messages")
        self._ring = _Ring(self)
        self.jump = RowButton("New message", icon="arrow-down", kind=Kind.PRIMARY, parent=self)
        self.jump.clicked.connect(lambda _checked: self.go_to_newest())
        self.jump.hide()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(lambda: self._build_near(_SLICE))
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._on_scrolled())

    # what is shown

    def show_rows(self, rows: Sequence[ThreadRow], now: datetime, *, afresh: bool) -> None:
        """Show these rows; `afresh` starts at the newest, otherwise the place stays and news are announced."""
        self._now = now
        anchor = None if afresh else self._anchor()
        news = not afresh and self._has_news(rows)
        kept = {} if afresh else {slot.row.key: slot for slot in self._slots}
        self._slots = [self._slot_for(row, kept.pop(row.key, None)) for row in rows]
        gone = kept.values() if not afresh else ()
        for slot in gone:
            _drop(slot)
        if afresh:
            self._column.drop_all()
            self._at_end = True
            self.jump.hide()
        self._place(anchor)
        self._build_near(_FIRST_SLICE)
        self.jump.setVisible(not self._at_end and (news or self.jump.isVisibleTo(self)))
        self._place_jump()

    def clear(self) -> None:
        """Show nothing."""
        self._slots = []
        self._column.drop_all()
        self.jump.hide()
        self._place(None)

    def tick(self, now: datetime) -> None:
        """Bring what counts down up to the second; costs nothing when no message is held."""
        self._now = now
        for slot in self._slots:
            if isinstance(slot.card, ThreadCard) and counts_down(slot.row):
                slot.card.tell_state(now, self._zone)

    def go_to_newest(self) -> None:
        """Scroll to the end."""
        if self.jump.hasFocus():
            # Hidden with the keyboard, it would pass it to some card far above, which would scroll there.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.jump.hide()
        self._at_end = True
        self._place(None)
        self._build_near(_FIRST_SLICE)

    def answered(self, message: MessageId) -> None:
        """The wish to send this message again was answered, well or badly."""
        for card in self.cards():
            if card.row.message == message:
                card.again.set_working(False)

    @property
    def at_end(self) -> bool:
        """Whether the newest message is in view."""
        return self._at_end

    def cards(self) -> list[ThreadCard]:
        """Return the cards that exist right now, from the oldest to the newest."""
        return [slot.card for slot in self._slots if isinstance(slot.card, ThreadCard)]

    @property
    def complete(self) -> bool:
        """Whether every card near the visible part is built and measured."""
        return not self._missing()

    # rows and cards

    def _has_news(self, rows: Sequence[ThreadRow]) -> bool:
        known = {slot.row.key for slot in self._slots}
        return any(row.kind is not RowKind.DAY and row.key not in known for row in rows)

    def _slot_for(self, row: ThreadRow, before: _Slot | None) -> _Slot:
        if before is not None and before.row == row:
            return before
        if before is not None:
            _drop(before)
            return _Slot(row, before.height)
        return _Slot(row, _guess(row, self._card_width()))

    def _card_width(self) -> int:
        room = self.viewport().width() - 2 * px(SPACE["m"])
        return max(px(120), min(room, px(WIDTH["measure"][0] + _CARD_BESIDE_TEXT)))

    def _missing(self) -> list[_Slot]:
        """The rows near the visible part without a measured card, those in view first, then the newest."""
        high = self.viewport().height()
        top = self.verticalScrollBar().value()
        near = (top - int(high * _AHEAD), top + high + int(high * _AHEAD))
        width = self._card_width()
        wanted = [s for s in self._slots if s.width != width and s.top < near[1] and s.top + s.height > near[0]]
        return sorted(wanted, key=lambda s: (not (s.top < top + high and s.top + s.height > top), -s.top))

    def _build_near(self, seconds: float) -> None:
        """Build what is missing near the visible part for at most `seconds`, then go on in the next turn."""
        started, built = perf_counter(), False
        anchor = self._anchor()
        for slot in self._missing():
            self._measure(slot)
            built = True
            if perf_counter() - started > seconds:
                break
        if built:
            self._place(anchor)
        if self._missing():
            self._timer.start()

    def _measure(self, slot: _Slot) -> None:
        if slot.card is None:
            slot.card = self._card_for(slot.row)
            slot.card.setParent(self._column)
        width = self._card_width()
        card = slot.card
        slot.height = card.heightForWidth(width) if card.hasHeightForWidth() else card.sizeHint().height()
        slot.width = width
        card.setGeometry(px(SPACE["m"]), slot.top, width, slot.height)
        card.show()

    def _card_for(self, row: ThreadRow) -> QWidget:
        if row.kind is RowKind.DAY:
            return DayRow(row.time, self._column)
        assert self._now is not None
        card = ThreadCard(row, self._now, self._zone, self._column)
        card.link_asked.connect(self.link_asked)
        card.again_asked.connect(self.again_asked)
        card.file_asked.connect(self.file_asked)
        card.resized.connect(lambda: self._on_card_resized(row.key))
        return card

    def _on_card_resized(self, key: str) -> None:
        anchor = self._anchor()
        for slot in self._slots:
            if slot.row.key == key:
                slot.width = 0
        self._at_end = False
        self._place(anchor)
        self._build_near(_FIRST_SLICE)

    # place

    def _anchor(self) -> tuple[str, int] | None:
        """The first row in view and how far its top is from the top of the view; None at the end."""
        if self._at_end:
            return None
        top = self.verticalScrollBar().value()
        first = next((s for s in self._slots if s.top + s.height > top), None)
        return (first.row.key, first.top - top) if first else None

    def _place(self, anchor: tuple[str, int] | None) -> None:
        gap, left, width = px(_GAP), px(SPACE["m"]), self._card_width()
        at = px(SPACE["m"])
        for slot in self._slots:
            slot.top = at
            if slot.card is not None:
                slot.card.setGeometry(left, at, width, slot.height)
            at += slot.height + gap
        self._placing = True
        self._column.resize(self.viewport().width(), at + px(SPACE["m"]) - gap)
        self._scroll_to(anchor)
        self._placing = False

    def _scroll_to(self, anchor: tuple[str, int] | None) -> None:
        bar = self.verticalScrollBar()
        if anchor is None:
            if self._at_end:
                bar.setValue(bar.maximum())
            return
        found = next((s for s in self._slots if s.row.key == anchor[0]), None)
        if found is not None:
            bar.setValue(found.top - anchor[1])

    def _on_scrolled(self) -> None:
        if self._placing:
            return
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum() - px(_AT_END)
        if self._at_end and self.jump.isVisible():
            self.go_to_newest()
        self._build_near(_SLICE)

    def _place_jump(self) -> None:
        self.jump.adjustSize()
        wide = self.viewport().width()
        self.jump.move((wide - self.jump.width()) // 2, self.height() - self.jump.height() - px(SPACE["m"]))
        self.jump.raise_()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        anchor = self._anchor()
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())
        self.verticalScrollBar().setSingleStep(px(_STEP))
        self._place(anchor)
        self._build_near(_FIRST_SLICE)
        self._place_jump()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            self.go_to_newest()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.show()
        self._ring.raise_()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Walk through what can be pressed in the order in which it is read, then leave the thread."""
        stops = [self, *self._column.stops()]
        now = self.focusWidget()
        at = stops.index(now) if now in stops else 0
        onward = at + (1 if forward else -1)
        if not 0 <= onward < len(stops):
            return super().focusNextPrevChild(forward) if at == 0 or not forward else self._leave()
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[onward].setFocus(reason)
        if stops[onward] is not self:
            self.ensureWidgetVisible(stops[onward], 0, px(SPACE["l"]))
        return True

    def _leave(self) -> bool:
        """Go on after the thread: Qt's own chain would visit the cards in the order in which they were built."""
        after = self.nextInFocusChain()
        while after is not None and after is not self and (self.isAncestorOf(after) or not _takes_tab(after)):
            after = after.nextInFocusChain()
        if after is not None:
            after.setFocus(Qt.FocusReason.TabFocusReason)
        return True


class _Column(QWidget):
    """The long plane that the cards lie on; places are given by the view."""

    def stops(self) -> list[QWidget]:
        """What takes the keyboard inside, from the top to the bottom."""
        found = [w for w in self.findChildren(QWidget) if _takes_tab(w)]
        return sorted(found, key=lambda w: (w.mapTo(self, QPoint(0, 0)).y(), w.mapTo(self, QPoint(0, 0)).x()))

    def drop_all(self) -> None:
        """Take away every card."""
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.hide()
            child.deleteLater()


class _Ring(QWidget):
    """The focus ring of the whole thread, above the cards and out of the mouse's way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        paint.focus_ring(painter, QRect(self.rect()).adjusted(1, 1, -1, -1), px(RADIUS["control"]))
        painter.end()


def _takes_tab(widget: QWidget) -> bool:
    tabs = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tabs) and widget.isEnabled() and widget.isVisible()


def _drop(slot: _Slot) -> None:
    if slot.card is not None:
        slot.card.hide()
        slot.card.deleteLater()
        slot.card = None


def _guess(row: ThreadRow, width: int) -> int:
    """About how tall a row will be, so that the scroll bar is nearly right before the card exists."""
    if row.kind is RowKind.DAY:
        return px(HEIGHT["chip"])
    letters = max(20, (width - px(_CARD_BESIDE_TEXT)) // px(7))
    shown = row.folded
    lines = sum(1 + len(line) // letters for line in shown.split("\n"))
    return px(48 + 20 * lines + 28 * (len(row.attachments) + row.is_long + row.unverified))
