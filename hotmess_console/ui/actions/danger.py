"""The question whether somebody is in danger right now, answered with one key."""

from __future__ import annotations

from hotmess_console.domain.values import Permission
from hotmess_console.services.danger import DismissDanger, RaiseDanger
from hotmess_console.ui.actions.bulk import Deed, carry_out, targets_of
from hotmess_console.ui.actions.obstacles import each, not_asked
from hotmess_console.ui.actions.registry import READING, Action
from hotmess_console.ui.host import Host

RAISE = Deed(
    "Raise",
    "Immediate danger, now at level 3:",
    lambda refs: RaiseDanger(cases=refs),
    (("arrow-big-up", "Each goes to level 3 as a safety ticket, urgent and free to take"),),
    "Management and safety staff get a notice of each. Nobody outside the desk is written to.",
)
DISMISS = Deed(
    "Answer",
    "Nobody is in danger:",
    lambda refs: DismissDanger(cases=refs),
    (("check", "Each is marked as looked at by you; new words ask again"),),
)


async def _raise(host: Host) -> None:
    await carry_out(host, RAISE, await targets_of(host))


async def _dismiss(host: Host) -> None:
    await carry_out(host, DISMISS, await targets_of(host))


DANGER_ACTIONS: tuple[Action, ...] = (
    Action(
        "ticket.danger",
        "Immediate danger: to level 3",
        ("I",),
        _raise,
        "Tickets",
        "triangle-alert",
        Permission.TICKET_ESCALATE,
        each(not_asked),
        READING,
        True,
    ),
    Action(
        "ticket.no_danger",
        "Nobody is in danger",
        ("Shift+I",),
        _dismiss,
        "Tickets",
        "circle-check",
        Permission.TICKET_WORK,
        each(not_asked),
        READING,
        True,
    ),
)
"""Available where words of a case suggest danger and nobody has answered."""
