"""What the window shows before there is a desk: that it is being opened, or why it cannot be."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from hotmess_console.ui.errors import Notice
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE, WIDTH
from hotmess_console.ui.widgets.empty_state import EmptyState, Variant
from hotmess_console.ui.widgets.loading import LoadingBars
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.safe_text import SafeLabel

if TYPE_CHECKING:
    from hotmess_console.domain.people import Staff
    from hotmess_console.services.queries import Queries


class Opening(Pane):
    """Still bars while the desk is opened; the reason and one gold action when it cannot be. `retry` on a press."""

    retry = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "", parent)
        self.words = SafeLabel("Opening your desk…", "small", "muted")
        self.loading = LoadingBars()
        self.trouble: EmptyState | None = None
        waiting, queue = QWidget(), Pane("surface", "r")
        queue.setFixedWidth(px(WIDTH["queue"][0]))
        beside = QHBoxLayout(waiting)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(queue)
        beside.addStretch(1)
        column = queue.column
        column.setContentsMargins(0, px(SPACE["m"]), 1, 0)
        words = QVBoxLayout()
        words.setContentsMargins(px(SPACE["l"]), 0, 0, 0)
        words.addWidget(self.words)
        column.addLayout(words)
        column.addWidget(self.loading, 1)
        self._stack = QStackedLayout()
        # into its place first: a stacked layout shows what it is given, and without a parent that is a window
        self.column.addLayout(self._stack)
        self._stack.addWidget(waiting)

    def wait(self) -> None:
        """The desk is being opened."""
        self._stack.setCurrentIndex(0)
        self.loading.start()

    def refuse(self, notice: Notice) -> None:
        """The desk cannot be opened, for this reason."""
        self.loading.stop()
        if self.trouble is not None:
            self._stack.removeWidget(self.trouble)
            self.trouble.deleteLater()
        words = " ".join(filter(None, (notice.text, notice.hint, "Nothing was lost.")))
        self.trouble = EmptyState(
            "triangle-alert", "Your desk cannot be opened", words, variant=Variant.ERROR, action="Try again"
        )
        self.trouble.acted.connect(self.retry)
        self._stack.addWidget(self.trouble)
        self._stack.setCurrentWidget(self.trouble)
        if self.trouble.action is not None:
            self.trouble.action.setFocus()


async def furniture(q: Queries) -> tuple[Staff, Any, Any, datetime]:
    """Return what a desk needs to stand: the directory, the settings, the saved views, the database's time."""
    # one after the other on the connection that stands: opening three more would take longer
    return await q.staff(), await q.settings(), await q.saved_views(), await q.now()
