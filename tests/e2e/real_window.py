"""The real window over a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtWidgets import QApplication

from hotmess_console.app.desk import desk
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.shell import Shell
from tests.desks import DeskDatabase
from tests.ui.fakes_shell import until


@asynccontextmanager
async def window_on(
    database: DeskDatabase, login: str, size: tuple[int, int] = (1280, 800)
) -> AsyncIterator[tuple[Shell, Bridge]]:
    """Sit somebody down at the window, the desk ready and the keyboard in the queue; close it at the end."""
    bridge = Bridge(desk(database.conninfo(login), profile="test"))
    shell = Shell(bridge)
    shell.resize(*size)
    shell.show()
    bridge.start()
    try:
        await until(lambda: shell.parts is not None and shell.parts.finished, "the desk stands", seconds=20)
        shell.activateWindow()
        await until(lambda: QApplication.activeWindow() is shell, "the window is active")
        shell.focus_queue()
        yield shell, bridge
    finally:
        shell.close_now()
        bridge.stop()
        await shell.running.finished()
        shell.deleteLater()
        await asyncio.sleep(0)
