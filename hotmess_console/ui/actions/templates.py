"""What managers do to templates from anywhere; editing one begins on its own page."""

from __future__ import annotations

from hotmess_console.domain.values import Permission
from hotmess_console.ui.actions.registry import ALL_FOCUS, Action
from hotmess_console.ui.dialogs.template_editor import edit_template
from hotmess_console.ui.host import Host

TEMPLATES = "Templates"


async def _new_template(host: Host) -> None:
    await edit_template(host)


TEMPLATE_ACTIONS: tuple[Action, ...] = (
    Action(
        "template.new",
        "New template",
        ("Ctrl+Shift+N",),
        _new_template,
        TEMPLATES,
        "plus",
        Permission.TEMPLATE_EDIT,
        where=ALL_FOCUS,
    ),
)
"""In the order in which the palette and the cheat sheet show them."""
