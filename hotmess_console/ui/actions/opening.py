"""Opens the palette and the cheat sheet from the registry, and does what was chosen there."""

from __future__ import annotations

from hotmess_console.ui.actions.listing import cheat_groups, palette_entries
from hotmess_console.ui.actions.registry import Registry
from hotmess_console.ui.actions.window import Window
from hotmess_console.ui.dialogs.cheat_sheet import CheatSheet
from hotmess_console.ui.dialogs.palette import PaletteSheet
from hotmess_console.ui.dialogs.palette_search import DeskSearch, OpenCase, ShowView
from hotmess_console.ui.dialogs.settings import SettingsSheet
from hotmess_console.ui.viewmodels.keymap import Keymap


async def find_and_run(window: Window, registry: Registry, keymap: Keymap) -> None:
    """Open the palette and do what is chosen: run an action, open a case, show a view."""
    context = window.context()
    sheet = PaletteSheet(
        window.window,
        palette_entries(registry, keymap, context),
        search=DeskSearch(window.bridge, masked=window.masked),
        on=f"on {context.current.reference}" if context.current is not None else "",
    )
    chosen = await sheet.open()
    sheet.deleteLater()
    match chosen:
        case OpenCase(case):
            await window.open_case(case)
        case ShowView(view):
            window.show_view(view)
        case str(id):
            window.run_action(id)


async def show_keys(window: Window, registry: Registry, keymap: Keymap, present: str = "") -> None:
    """Open the cheat sheet with the area of the `present` tab first; from there one can change keys."""
    sheet = CheatSheet(window.window, cheat_groups(registry, keymap, present), present)
    wants_change = await sheet.open()
    sheet.deleteLater()
    if wants_change:
        window.open_settings("keys")


async def change_settings(window: Window, keymap: Keymap, page: str = "") -> None:
    """Open the settings at a page; whoever shows keys or looks follows `LivePreferences.changed`."""
    sheet = SettingsSheet(
        window.window, keymap, window.preferences, lambda: window.bridge.ask(lambda q: q.settings()), page
    )
    answer = sheet.open()
    await sheet.sending.read()
    await answer
    sheet.deleteLater()
