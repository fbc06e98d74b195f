"""Start Qt, show the window, run its loop until it is closed."""

from __future__ import annotations

import asyncio
import sys

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from hotmess_console.services.console import OpenConsole
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.theme.style import theme


def application() -> QApplication:
    """Return the one QApplication, dressed."""
    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    qt.setApplicationName("HOTMESS Console")
    qt.setDesktopFileName("hotmess-console")
    theme().apply(qt, "system")
    return qt


def run(open_console: OpenConsole, *, case: int | None = None) -> int:
    """Show the window on `open_console` until it is closed; `case` is the number to open first."""
    qt = application()
    loop = QEventLoop(qt)
    asyncio.set_event_loop(loop)
    bridge = Bridge(open_console)
    shell = Shell(bridge, first_case=case)
    shell.show()
    closed = asyncio.Event()
    qt.lastWindowClosed.connect(closed.set)
    # one turn of the loop first, so that the window is painted before anything heavy is imported
    loop.call_later(0, bridge.start)
    with loop:
        loop.run_until_complete(closed.wait())
        bridge.stop()
    return 0
