"""The console's own start, timed inside the process: first paint of the window, then the first key that is obeyed."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow

from benchmarks.startup_libraries import third_party
from hotmess_console.adapters.settings_file import SettingsFile
from hotmess_console.app.demo import SIZE, demo
from hotmess_console.ui import program
from hotmess_console.ui.curtain import Curtain

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QAbstractItemView

    from hotmess_console.ui.shell import Shell


T = TypeVar("T")

TURN = 0.002
"""Seconds between two looks at the window."""
PATIENCE = 30.0


class RowsPainted(QObject):
    """Notes when the list of the queue is painted with rows in it."""

    def __init__(self, rows: QAbstractItemView) -> None:
        super().__init__(rows)
        self.painted, self._rows = False, rows
        rows.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through; the paint after the last page arrived counts."""
        if event.type() is QEvent.Type.Paint and self._rows.model().rowCount():
            # the list paints itself after this filter: what follows in the same turn sees it done
            self.painted = True
        return False


def first_paint_and_ready(start: float, folder: Path, settings: Path) -> dict[str, Any]:
    """Return both moments in seconds since `start`, the parent's clock when it spawned this process.

    ``libraries`` are the modules of other people that this process had imported when it was ready.
    """
    painted: list[float] = []

    def event(frame: Curtain, event: QEvent) -> bool:  # the floor's window looks at its events in the same way
        done = QMainWindow.event(frame, event)
        if event.type() is QEvent.Type.Paint and not painted:
            painted.append(time.time() - start)
        return done

    Curtain.event = event  # type: ignore[method-assign, assignment]
    found: dict[str, float] = {}
    libraries: list[str] = []
    program.run(demo(folder, size=SIZE, reset=False), SettingsFile(settings), after=_ready(start, found, libraries))
    if not painted:
        raise RuntimeError("the window's frame was never painted")
    return {"paint": painted[0], **found, "libraries": libraries}


def _ready(start: float, found: dict[str, float], libraries: list[str]) -> Callable[[Shell], Awaitable[int]]:
    async def after(shell: Shell) -> int:
        import asyncio

        from PySide6.QtWidgets import QApplication

        async def until(look: Callable[[], T | None], otherwise: str, turn: float = TURN) -> T:
            while (seen := look()) is None:  # a benchmark may not change what it looks at
                if time.time() - start > PATIENCE:
                    raise RuntimeError(otherwise)
                await asyncio.sleep(turn)
            return seen

        # seldom, for looking takes time from what is looked at; the desk opens long before its rows are painted
        parts = await until(lambda: shell.parts, "the desk did not open", turn=10 * TURN)
        rows = RowsPainted(parts.tickets.queue.list)
        await until(lambda: rows.painted or None, "the first page was not painted")
        first = shell.context().current
        QApplication.postEvent(QApplication.focusWidget() or shell, _key_j())  # one press only: none may be lost
        await until(lambda: shell.context().current != first or None, "the first key did nothing")
        found["ready"] = time.time() - start
        libraries.extend(third_party())
        return 0

    return after


def _key_j() -> QKeyEvent:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "j")
