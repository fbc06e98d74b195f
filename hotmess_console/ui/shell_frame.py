"""The window, as seen from what stands in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QStackedWidget

from hotmess_console.ui.actions.window import Window
from hotmess_console.ui.running import Running
from hotmess_console.ui.shell_decisions import Decisions
from hotmess_console.ui.shell_line import Line
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.widgets.app_bar import AppBar


class Frame(Window, Protocol):
    """The window, as what stands in it sees it."""

    desk_time: DeskTime
    running: Running
    app_bar: AppBar
    line: Line
    decisions: Decisions
    pages: QStackedWidget
    parts: Any
    """What stands in the window, None while nobody sits there; its type knows this one."""

    @property
    def monotonic(self) -> Callable[[], float]: ...
    @property
    def zone(self) -> ZoneInfo: ...
    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None: ...
    def tell_ignored(self, words: str) -> None: ...
    def close_now(self) -> None: ...
