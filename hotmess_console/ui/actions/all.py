"""Every action of the program, in the order in which palette and cheat sheet show them."""

from __future__ import annotations

from hotmess_console.ui.actions import everywhere, navigation
from hotmess_console.ui.actions.registry import Registry
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS

ALSO_CALLED = {
    "ticket.wait": "ticket.pause",
    "ticket.resume": "ticket.pause",
    "ticket.set_category": "ticket.category",
    "ticket.set_priority": "ticket.priority",
    "ticket.return_to_level": "ticket.return",
}
"""Actions that parts of the window ask for by the name of the command that they send."""


def build_registry() -> Registry:
    """Return the one registry that keys, menus, palette, cheat sheet, tips and settings read."""
    return Registry((*TICKET_ACTIONS, *navigation.ACTIONS, *everywhere.ACTIONS))
