"""Who may be given a ticket.

Source: manual, "Escalation Procedures" (the support team, senior support and management work tickets), decision 7
(safety staff work theirs), and 1.11: a ticket goes to a colleague who can work on it. Somebody who has left the desk,
whose role only reads, or who is a program would keep it out of everybody's sight.
"""

from __future__ import annotations

from hotmess_console.domain.errors import BadInput, NotAllowed
from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.policy.permissions import allows
from hotmess_console.domain.values import Login, Permission


def check(staff: Staff, to: Login) -> None:
    """Raise BadInput unless `to` is an active colleague whose roles include working and answering tickets."""
    colleague = staff.get(to)
    if colleague is None:
        raise BadInput("There is no such colleague at this desk.", hint="Choose somebody from the list.")
    if not colleague.active:
        raise BadInput(f"{colleague.name} no longer works at this desk.", hint="Choose somebody else.")
    if not all(allows(colleague.roles, wanted) for wanted in (Permission.TICKET_WORK, Permission.TICKET_REPLY)):
        raise BadInput(
            f"{colleague.name}'s role does not include working on tickets.",
            hint="Choose an agent, a senior, a manager or safety staff.",
        )


def check_guarded(staff: Staff, to: Login) -> None:
    """Raise NotAllowed unless `to` may work on a safety ticket that safety has not answered yet."""
    colleague = staff.get(to)
    if colleague is None or guarded.WORK.isdisjoint(colleague.roles):
        name = colleague.name if colleague is not None else "This colleague"
        raise NotAllowed(
            f"{name} does not see safety tickets before safety has answered them.",
            hint="Give it to safety staff or to a manager.",
        )
