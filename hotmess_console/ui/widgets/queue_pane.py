"""The left pane: column names, the rows, and what stands in their place while there are none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from hotmess_console.ui.errors import Notice
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import MOTION
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.widgets.column_head import ColumnHead
from hotmess_console.ui.widgets.empty_state import EmptyState, Variant
from hotmess_console.ui.widgets.loading import LoadingBars
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.queue_list import QueueList


class QueuePane(Pane):
    """Shows a `QueueModel`. Say `wait`, `ready` and `fail`; the empty state comes by itself."""

    next_wanted = Signal()
    """The queue is empty and the person would take another case."""
    unassigned_wanted = Signal()
    """The queue is empty and the person would see what nobody has taken."""
    whole_wanted = Signal()
    """Nothing matches the filter and the person would see the whole view."""
    retry_wanted = Signal()
    """The queue could not be read: try again."""

    def __init__(self, model: QueueModel, *, clock: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__("surface", "", parent)
        self.head = ColumnHead()
        self.list = QueueList(model, theme().palette, clock=clock)
        self.loading = LoadingBars()
        self.empty = _empty("Nothing is waiting here", "Another view may have cases.")
        self.unmatched = _unmatched()
        self.trouble = _trouble(Notice("The queue cannot be read."))
        self._model, self._view = model, ""
        self._narrowed = False
        self._stack = QStackedLayout()
        self._late = QTimer(self, singleShot=True, interval=MOTION["loading_after"])
        self._late.timeout.connect(self._show_loading)
        self.column.addWidget(self.head)
        # into its place first: a stacked layout shows what it is given, and without a parent that is a window
        self.column.addLayout(self._stack)
        for part in (self.list, self.loading, self.empty, self.unmatched, self.trouble):
            self._stack.addWidget(part)
        self._waiting = False
        self.list.verticalScrollBar().installEventFilter(self)
        for changed in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            changed.connect(self._settle)
        model.ticked_changed.connect(lambda ticked: self.head.set_ticked(ticked.words()))
        theme().changed.connect(self._dress)
        self._connect()

    def _connect(self) -> None:
        self.empty.acted.connect(self.next_wanted)
        self.empty.second_acted.connect(self.unassigned_wanted)
        self.unmatched.acted.connect(self.whole_wanted)
        self.trouble.acted.connect(self.retry_wanted)

    def _dress(self) -> None:
        self.list.set_palette(theme().palette)

    def set_view(self, name: str, *, narrowed: bool) -> None:
        """Say which view is shown, for the words of the empty state; `narrowed` when a filter was typed."""
        self._view, self._narrowed = name, narrowed

    def wait(self) -> None:
        """A page was asked for. The rows stay until it is late by more than 150 ms."""
        self._waiting = True
        self._late.start()

    def ready(self) -> None:
        """The page is there."""
        self._waiting = False
        self._late.stop()
        self.loading.stop()
        self._settle()

    def fail(self, notice: Notice) -> None:
        """The page cannot be read, and nothing else can be shown."""
        self._waiting = False
        self._late.stop()
        self.loading.stop()
        self.trouble.set_words(notice.text, notice.hint)
        self._turn_to(self.trouble)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show, in the view or under the filter."""
        return self._stack.currentWidget() in {self.empty, self.unmatched}

    def take_focus(self) -> None:
        """Give the keyboard to the rows, or to what stands in their place."""
        shown = self._stack.currentWidget()
        if shown is not None:
            _home(shown).setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_to(self, part: QWidget) -> None:
        """Show a part; the keyboard stays in the pane if it was there."""
        at = QApplication.focusWidget()
        inside = at is None or at is self or self.isAncestorOf(at)
        self._stack.setCurrentWidget(part)
        if inside:
            _home(part).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_loading(self) -> None:
        self.loading.start()
        self._turn_to(self.loading)

    def _settle(self) -> None:
        if self._waiting:
            return
        if self._model.rowCount():
            self._turn_to(self.list)
            return
        if self._narrowed:
            # Enter leaves the filter field: the next Enter must not take a case, so the way on is another than below
            self._turn_to(self.unmatched)
            return
        self.empty.set_words(
            f"Nothing is waiting in {self._view}", "Take the next case, or look at what nobody has taken yet."
        )
        self._turn_to(self.empty)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the column names over their columns when the scroll bar comes or goes."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize}:
            bar = self.list.verticalScrollBar()
            self.head.set_inset(bar.width() if event.type() != QEvent.Type.Hide and bar.isVisible() else 0)
        return False


def _home(part: QWidget) -> QWidget:
    """Where the keyboard goes inside a part: to the one gold action of a state, so that it can be pressed at once."""
    return part.action if isinstance(part, EmptyState) and part.action is not None else part


def _empty(title: str, words: str) -> EmptyState:
    return EmptyState(
        "inbox", title, words, action="Take the next one", second="Show Unassigned",
        keys="G then a letter goes to another tab, / filters.",
    )  # fmt: skip


def _unmatched() -> EmptyState:
    return EmptyState(
        "list-filter", "Nothing matches this filter", "Show the whole view again, or look everywhere with Ctrl+P.",
        action="Clear the filter", keys="/ types another filter.",
    )  # fmt: skip


def _trouble(notice: Notice) -> EmptyState:
    return EmptyState("triangle-alert", notice.text, notice.hint, variant=Variant.ERROR, action="Try again", key="F5")
