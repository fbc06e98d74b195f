"""Showing the window, or bringing forward the one that is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hotmess_console.domain.errors import ConsoleError, SetupError

if TYPE_CHECKING:
    from hotmess_console.services.console import OpenConsole
    from hotmess_console.ui.instance import Place

RAISED = "The console is already open on this data: its window was brought forward."


def demo_data(folder: Path | None) -> str:
    """Return the name of a demo's data, by which its windows find each other."""
    from hotmess_console.adapters.store.embedded_place import default_folder

    return f"demo {(folder or default_folder()).resolve()}"


def server_data(dsn: str) -> str:
    """Return the name of a server's data as one login sees it; a password is no part of it. Raises BadInput."""
    from hotmess_console.adapters.store.dsn import read

    known = read(dsn)
    return "server " + " ".join(
        known.get(part, "") for part in ("service", "host", "hostaddr", "port", "dbname", "user")
    )


def run_window(open_console: OpenConsole, data: str, *, case: int | None = None, reset: bool = False) -> int:
    """Show the window on `data` until it is closed; return the exit code. `case` is a number to open first.

    Where a window on this data lives already, that one is asked instead. `reset`: its data is to be thrown away, which
    is refused then. Raises SetupError.
    """
    from hotmess_console.ui.instance import Place, claim_or_find

    place = Place(data)
    claimed = claim_or_find(place)
    if claimed is None:
        if reset:
            raise SetupError(
                "This demo is open in a window, so it was not reset.", hint="Close that window, then run this again."
            )
        return _ask(place, case)
    from hotmess_console.adapters.settings_file import SettingsFile
    from hotmess_console.ui.program import run

    try:
        return run(open_console, SettingsFile(), case=case, claimed=claimed)
    finally:
        claimed.release()


def ask_window(data: str, case: int) -> int | None:
    """Ask a living window on `data` for `case`; return the exit code, None where no window lives. Raises SetupError."""
    from hotmess_console.ui.instance import Place, claim_or_find

    place = Place(data)
    claimed = claim_or_find(place)
    if claimed is None:
        return _ask(place, case)
    claimed.release()
    return None


def _ask(place: Place, case: int | None) -> int:
    from hotmess_console.ui.instance import DONE, RAISE, ask_running

    answer = ask_running(place, RAISE if case is None else f"open {case}")
    if answer != DONE:
        said, _, hint = answer.partition("\n")
        raise ConsoleError(said or "The window did not say what became of it.", hint=hint or "Look at the window.")
    print(RAISED, file=sys.stderr)
    return 0
