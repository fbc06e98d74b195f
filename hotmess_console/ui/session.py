"""The window's life: its loop, its bridge, its doorbell, until it is closed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.window_place import place_window

if TYPE_CHECKING:
    from hotmess_console.services.console import OpenConsole
    from hotmess_console.services.preferences import PreferenceStore
    from hotmess_console.ui.curtain import Curtain
    from hotmess_console.ui.instance import Claim
    from hotmess_console.ui.shell import Shell

    After = Callable[[Shell], Awaitable[int]]

SHOWN_WITHIN_S = 12.0
"""Seconds after which whoever asked for a case is told that it is not shown yet: less than they wait for."""


def live(
    qt: QApplication,
    curtain: Curtain,
    open_console: OpenConsole,
    store: PreferenceStore,
    case: int | None,
    claimed: Claim | None,
    after: After | None,
) -> int:
    """Put the window in the place of `curtain` and run it until it is closed; return the exit code."""
    loop = QEventLoop(qt)
    asyncio.set_event_loop(loop)
    bridge = Bridge(open_console)
    for over in (bridge.opened, bridge.refused):
        over.connect(_spare_the_start)
    bridge.start()
    # from here on the desk is being opened; what the window is made of is imported while it waits for the server
    from hotmess_console.ui.instance import Doorbell
    from hotmess_console.ui.shell import Shell
    from hotmess_console.ui.viewmodels.preferences import LivePreferences

    preferences = LivePreferences(store)
    preferences.dress()
    shell = Shell(bridge, preferences, first_case=case)
    doorbell = None if claimed is None else Doorbell(claimed, partial(_asked, shell), shell.running.start)
    if not place_window(shell, preferences.now.layout):
        shell.setGeometry(curtain.geometry())
    shell.show()
    curtain.close()
    shell.activateWindow()
    qt.processEvents()
    from hotmess_console.ui import shell_desk  # noqa: F401  the queue, which the window asks for once the desk is open

    closed = asyncio.Event()
    qt.lastWindowClosed.connect(closed.set)
    with loop:
        code = loop.run_until_complete(_until(closed, shell, after))
        if doorbell is not None:
            doorbell.close()
        bridge.stop()
    return int(code)


def _spare_the_start(_told: object) -> None:
    """Never look for rubbish among what the start has made; the bridge's collector goes through the rest."""
    gc.freeze()


async def _asked(shell: Shell, words: str) -> str:
    """Come forward when the person starts the console again; show the case that was named, if any.

    Returns what became of it, for whoever asked.
    """
    from hotmess_console.ui.instance import DONE

    if shell.isMinimized():
        shell.showNormal()
    shell.show()
    shell.raise_()
    shell.activateWindow()
    verb, _, number = words.partition(" ")
    if verb != "open" or not number.isdigit():
        return DONE
    try:
        async with asyncio.timeout(SHOWN_WITHIN_S):
            while shell.parts is None or not shell.parts.finished:  # noqa: ASYNC110 - a look costs nothing
                await asyncio.sleep(0.05)
            found = await shell.bridge.ask(lambda queries: queries.by_number(int(number)))
            await shell.open_case(found.id)
    except TimeoutError:
        return "The window is open, but its database has not answered yet.\nTry again in a moment."
    except ConsoleError as error:
        return f"{error}\n{error.hint or 'Look at the window.'}"
    return DONE


async def _until(closed: asyncio.Event, shell: Shell, after: After | None) -> int:
    """Wait for the window to be closed, or for what drives it, and leave nothing of it running."""
    from hotmess_console.ui.running import let_go

    code = 0
    if after is not None:
        code = await after(shell)
    else:
        await closed.wait()
    let_go(shell, shell.running)
    await shell.running.finished()  # what was cancelled ends while there still is a loop
    return code
