"""Every action of the program, in the order in which palette and cheat sheet show them."""

from __future__ import annotations

from hotmess_console.ui.actions import everywhere, navigation, staff, views
from hotmess_console.ui.actions.danger import DANGER_ACTIONS
from hotmess_console.ui.actions.registry import Registry
from hotmess_console.ui.actions.templates import TEMPLATE_ACTIONS
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS


def build_registry() -> Registry:
    """Return the one registry that keys, menus, palette, cheat sheet, tips and settings read."""
    return Registry(
        (
            *TICKET_ACTIONS,
            *DANGER_ACTIONS,
            *TEMPLATE_ACTIONS,
            *navigation.ACTIONS,
            *views.ACTIONS,
            *staff.ACTIONS,
            *everywhere.ACTIONS,
        )
    )
