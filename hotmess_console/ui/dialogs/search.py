"""Finding something in the database while typing: the newest question wins, an old answer is never shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import KeyedSheet, ListKeys
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel

Look = Callable[[str], Awaitable[Sequence[Choice]]]
_PAUSE_MS = 120


class Search(KeyedSheet):
    """A field above a list that is asked for anew at each rest of the keys. Answers the choice's value."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        look: Look,
        *,
        words: str = "",
        icon: str = "search",
        hint: str = "",
        action: str = "Open",
        width: int = 640,
    ) -> None:
        super().__init__(window, title, words, icon=icon, width=width, action=action)
        self._look, self._asked = look, ""
        self._task: asyncio.Task[None] | None = None
        self.field = Field(title, hint=hint, icon="search", size="control_large", limit=200)
        self.list = ChoiceList(f"{title}: what was found")
        self.list.setMinimumHeight(px(216))
        self.told = SafeLabel("Type a name, an address, a number or words.", "small", "muted", elide=True)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self.look_now)
        self.field.textChanged.connect(lambda _text: self._timer.start())
        self.list.chosen.connect(self.finish)
        self.list.lit.connect(lambda _value: self.refresh())
        ListKeys(self.field, self.list)
        for part in (self.field, self.told, self.list):
            self.body.addWidget(part)
        self.refresh()

    def look_now(self) -> None:
        """Ask for what stands in the field."""
        self._timer.stop()
        self._asked = self.field.text().strip()
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.ensure_future(self._show(self._asked))

    async def _show(self, asked: str) -> None:
        try:
            found = list(await self._look(asked)) if asked else []
        except ConsoleError as error:
            self.told.set_text(f"{error} {error.hint}")
            return
        if asked != self._asked:
            return
        self.list.set_choices(found)
        nothing = "Nothing found. Try a part of it." if asked else "Type a name, an address, a number or words."
        self.told.set_text(f"{len(found)} found" if found else nothing)

    def finish(self, answer: object) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
        super().finish(answer)

    def why_not(self) -> str:
        return "" if self.list.current() is not None else "Choose one from the list first."

    def result(self) -> object:
        return self.list.current()

    def focus_first(self) -> None:
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
