"""Start Qt and paint the frame; everything else is imported while that is already on screen."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from hotmess_console.ui.curtain import PLANES, Curtain

if TYPE_CHECKING:
    from hotmess_console.services.console import OpenConsole
    from hotmess_console.services.preferences import PreferenceStore
    from hotmess_console.ui.instance import Claim
    from hotmess_console.ui.session import After


def application() -> QApplication:
    """Return the one QApplication."""
    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    qt.setApplicationName("HOTMESS Console")
    qt.setDesktopFileName("hotmess-console")
    return qt


def run(
    open_console: OpenConsole,
    store: PreferenceStore,
    *,
    case: int | None = None,
    claimed: Claim | None = None,
    after: After | None = None,
) -> int:
    """Show the window on `open_console` until it is closed; `case` is the number to open first.

    With `claimed` it answers later starts on the same data.
    With `after`, that drives the window instead of a person, and its answer is the exit code.
    """
    gc.disable()  # imports make no rubbish worth a search; the session puts it back once the desk stands
    qt = application()
    kept = store.load().preferences
    curtain = Curtain(kept.theme if kept.theme in PLANES else kept.layout.worn)
    if kept.layout.window is not None:
        from hotmess_console.ui.window_place import place_window

        place_window(curtain, kept.layout)
    curtain.show()
    qt.processEvents()
    from hotmess_console.ui.session import live

    return live(qt, curtain, open_console, store, case, claimed, after)
