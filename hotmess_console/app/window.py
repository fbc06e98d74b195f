"""Showing the window, or bringing forward the one that is there."""

from __future__ import annotations

from hotmess_console.services.console import OpenConsole


def run_window(open_console: OpenConsole, *, case: int | None = None) -> int:
    """Show the window until it is closed; return the exit code. `case` is a number to open first."""
    from hotmess_console.adapters.settings_file import SettingsFile
    from hotmess_console.ui.program import run

    return run(open_console, SettingsFile(), case=case)


def raise_window(case: int) -> bool:
    """Ask a console of this person that is already running to show `case`; return whether there was one."""
    from hotmess_console.ui.instance import ask_running

    return ask_running(f"open {case}")
