"""Every action of the program, in the order in which palette and cheat sheet show them."""

from __future__ import annotations

from hotmess_console.ui.actions import everywhere, navigation
from hotmess_console.ui.actions.registry import Registry


def build_registry() -> Registry:
    """Return the one registry that keys, menus, palette, cheat sheet, tips and settings read."""
    return Registry((*everywhere.ACTIONS, *navigation.ACTIONS))
