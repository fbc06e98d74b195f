"""Work that the window starts and does not wait for: kept until it ends, its failures always told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer

from hotmess_console.domain.errors import ConsoleError

Told = Callable[[BaseException], None]
_log = logging.getLogger(__name__)


class Running:
    """Tasks on the GUI thread's loop. A failure goes to `told`; what is a bug goes to the log as well.

    After `stop` nothing is begun any more: a timer or an event may still come when the loop has ended.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopped = False

    def start(self, work: Coroutine[Any, Any, Any], told: Told | None = None) -> asyncio.Task[Any] | None:
        """Start `work`; its failure is told to `told` instead, if given. Needs the loop to be running.

        Returns None after `stop`: then it is not begun.
        """
        if self._stopped:
            work.close()
            return None
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._settle(done, told or self._told))
        return task

    def stop(self) -> None:
        """Cancel whatever still runs, and begin nothing more."""
        self._stopped = True
        for task in tuple(self._tasks):
            task.cancel()

    async def finished(self) -> None:
        """Wait until nothing runs any more, whatever became of it."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _settle(self, done: asyncio.Task[Any], told: Told) -> None:
        self._tasks.discard(done)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            return
        if not isinstance(error, ConsoleError):
            _log.error("work of the window failed", exc_info=error)
        told(error)


def let_go(window: QObject, running: Running) -> None:
    """Stop what a closing window would still do by itself: its work, and every timer of its parts."""
    running.stop()
    for timer in window.findChildren(QTimer):
        timer.stop()
