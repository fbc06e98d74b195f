"""The console's own start, timed inside the process: first paint of the window, then the first key that is obeyed."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from hotmess_console.app.demo import SIZE, demo
from hotmess_console.services.preferences import ForgetfulStore
from hotmess_console.ui import program
from hotmess_console.ui.curtain import Curtain

if TYPE_CHECKING:
    from hotmess_console.ui.shell import Shell


class FirstPaint(QObject):
    """Notes when a window is painted for the first time."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self._start = start
        self.at: float | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through; remember the first paint of the window's frame."""
        if self.at is None and event.type() is QEvent.Type.Paint and isinstance(watched, Curtain):
            self.at = time.time() - self._start
        return False


def first_paint_and_ready(start: float, folder: Path) -> dict[str, float]:
    """Return both moments in seconds since `start`, the parent's clock when it spawned this process."""
    watch = FirstPaint(start)
    program.application().installEventFilter(watch)
    found: dict[str, float] = {}
    program.run(demo(folder, size=SIZE, reset=False), ForgetfulStore(), after=_ready(start, found))
    return {"paint": watch.at or 0.0, **found}


def _ready(start: float, found: dict[str, float]) -> Callable[[Shell], Awaitable[int]]:
    async def after(shell: Shell) -> int:
        from hotmess_console.ui.robot import Robot

        robot = Robot(shell, Path())
        await robot.until(lambda: shell.context().current is not None, "the first case")
        first = shell.context().current
        while shell.context().current == first:
            await robot.press("J")
        found["ready"] = time.time() - start
        return 0

    return after
