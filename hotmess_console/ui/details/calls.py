"""Start what a press asks for, without waiting in the handler; whatever fails is told in the status bar."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

from hotmess_console.ui.errors import notice_for
from hotmess_console.ui.host import Host

_log = logging.getLogger(__name__)

_running: set[asyncio.Task[None]] = set()
"""The loop itself keeps only weak references."""


def start(host: Host, work: Coroutine[object, object, object]) -> None:
    """Run `work` on the window's loop."""
    task = asyncio.get_running_loop().create_task(_told(host, work))
    _running.add(task)
    task.add_done_callback(_running.discard)


async def _told(host: Host, work: Coroutine[object, object, object]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - a press has no caller who could handle it: the person is told
        notice = notice_for(error)
        if notice.is_bug:
            _log.exception("a press in the detail failed")
        host.tell(notice)
