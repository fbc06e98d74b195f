"""Ctrl+K: find anything by a few letters and run it — actions, cases, people and saved views."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.ui.dialogs.palette_list import PaletteList
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels.palette_match import (
    QUERY_LIMIT,
    Entry,
    Hit,
    Matcher,
    as_found,
    in_sections,
    with_more,
)
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.key_cap import KeyCap
from hotmess_console.ui.widgets.pane import Rule
from hotmess_console.ui.widgets.safe_text import SafeLabel

SEARCH_AFTER_MS = 120
LIST_HEIGHT = 344
SHORTEST_SEARCH = 2
Search = Callable[[str], Awaitable[Sequence[Entry]]]
"""Finds cases, people and views for what was typed. May raise ConsoleError, whose words are shown below."""


class PaletteSheet(Sheet):
    """Answers the chosen entry's `does`, or None.

    `entries` are known from the start; what `search` finds joins them under its own sections a moment later.
    `on` names the case that the actions are about.
    """

    def __init__(
        self, window: QWidget, entries: Sequence[Entry], *, search: Search | None = None, on: str = ""
    ) -> None:
        self.field = _Query()
        self.list = PaletteList()
        self.on, self.told = SafeLabel(on, "small", "muted"), SafeLabel("", "small", "muted", elide=True)
        super().__init__(window, "Find or run anything", width=640)
        self._matcher, self._search = Matcher(entries), search
        self._found: tuple[Entry, ...] = ()
        self._trouble = ""
        self._asking: asyncio.Task[None] | None = None
        self._debounce = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._debounce.timeout.connect(self._ask)
        self.list.clicked.connect(lambda _index: self.choose())
        self.field.textChanged.connect(self._typed)
        self.field.keyed = self.take_key
        self._show()

    def _arrange(self, icon: str) -> None:
        side = px(SPACE["l"])
        head = QHBoxLayout()
        head.setContentsMargins(side, px(10), px(14), px(10))
        head.setSpacing(px(SPACE["m"]))
        for part, stretch in ((IconView("search", 18, "gold_text"), 0), (self.field, 1), (self.on, 0)):
            head.addWidget(part, stretch)
        head.addWidget(KeyCap("Esc"))
        self.list.setFixedHeight(px(LIST_HEIGHT))
        self.foot.setContentsMargins(side, px(9), side, px(9))
        self.foot.setSpacing(px(6))
        for part_of_foot in _legend():
            self.foot.addWidget(part_of_foot)
        self.foot.addStretch(1)
        self.foot.addWidget(self.told)
        whole = self._layout
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(Rule("line_strong"))
        self.body.setContentsMargins(0, px(2), 0, 0)
        self.body.addWidget(self.list)
        whole.addLayout(self.body, 1)
        whole.addWidget(Rule("line_strong"))
        whole.addLayout(self.foot)

    def focus_first(self) -> None:
        """The field has the keyboard all the time."""
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    # ── what is shown ──

    def hits(self) -> tuple[Hit, ...]:
        """Return what is found for the words in the field, the known ones first."""
        query = self.field.text()
        known = self._matcher.find(query)
        if not query.strip():
            return known
        # What the desk found stays while more is typed, lit where it still matches, until the next answer.
        found = tuple(as_found(entry, query) for entry in self._found)
        first = sum(hit.entry.section == known[0].entry.section for hit in known) if known else 0
        return with_more(in_sections((*known[:first], *found, *known[first:])))

    def _show(self, keep: object = None) -> None:
        self.list.show_hits(self.hits(), keep)
        self.told.set_text(self._trouble or self._counts())
        self.told.set_role("warn_text" if self._trouble else "muted")

    def _counts(self) -> str:
        matched, found = len(self._matcher.find(self.field.text())), len(self._found)
        words = f"{matched} of {len(self._matcher.entries)} actions"
        return f"{words} · {found} from the desk" if found else words

    def _typed(self, _text: str) -> None:
        if len(self.field.text().strip()) < SHORTEST_SEARCH:
            self._found, self._trouble = (), ""
        self._show()
        if self._search is not None:
            self._debounce.start()

    # ── what the desk knows ──

    def _ask(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        if len(self.field.text().strip()) >= SHORTEST_SEARCH:
            self._asking = asyncio.ensure_future(self._find(self.field.text()))

    async def _find(self, query: str) -> None:
        assert self._search is not None
        try:
            found, trouble = tuple(await self._search(query)), ""
        except ConsoleError as error:
            found, trouble = (), f"Only actions are searched: {error}"
        if query == self.field.text():
            self._found, self._trouble = found, trouble
            lit = self.list.current()
            self._show(None if lit is None else lit.does)

    # ── keys ──

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on an arrow or Enter pressed in the field; False for anything else."""
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: self.list.page(),
            Qt.Key.Key_PageUp: -self.list.page(),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.list.step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        else:
            return False
        return True

    def choose(self) -> None:
        """Answer with the lit entry; one that cannot be done now stays, and its reason is told below."""
        entry = self.list.current()
        if entry is None:
            return
        if entry.why_not:
            self.told.set_text(entry.why_not)
            self.told.set_role("warn_text")
            return
        self.finish(entry.does)

    def finish(self, answer: object) -> None:
        self._debounce.stop()
        if self._asking is not None:
            self._asking.cancel()
        super().finish(answer)


class _Query(QLineEdit):
    """The bare line at the top; arrows and Enter belong to the list below it."""

    def __init__(self) -> None:
        super().__init__()
        self.keyed: Callable[[QKeyEvent], bool] = lambda _event: False
        self.setAccessibleName("Find an action, a case, a person or a view")
        self.setPlaceholderText("Find an action, a case, a person or a view")
        self.setMaxLength(QUERY_LIMIT)
        self.setFont(font("title", 500))
        self.setStyleSheet("QLineEdit, QLineEdit:focus { background: transparent; border: none; padding: 0; }")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keyed(event):
            super().keyPressEvent(event)


def _legend() -> list[QWidget]:
    made: list[QWidget] = [KeyCap("Up"), KeyCap("Down"), SafeLabel("move", "small", "muted")]
    return [*made, KeyCap("Return"), SafeLabel("run", "small", "muted")]
