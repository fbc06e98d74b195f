"""Handing over every open case of somebody who leaves: to one colleague, or back to the queue."""

from __future__ import annotations

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy import assignment
from hotmess_console.domain.values import CaseId, CommandId, Login
from hotmess_console.domain.views import QueueFilter, Whose
from hotmess_console.services.support import Assign
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import find
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host

CHUNK = 200
"""Cases of one command: each is one transaction."""
NOBODY = "nobody"


async def hand_over(host: Host, leaver: Colleague, staff: Staff) -> None:
    """Ask who takes the cases, then assign them; Z takes all of it back. Raises ConsoleError."""
    wanted = QueueFilter(Whose.COLLEAGUE, colleague=leaver.login)
    cases = await host.bridge.ask(lambda q: q.matching(wanted))
    if not cases:
        host.tell(Notice(f"{leaver.name} has no open case."))
        return
    words = f"{len(cases):,} open case{'s' * (len(cases) != 1)}. Each keeps its clock and its history."
    answer = await find(host.window, f"Hand over the cases of {leaver.name}", takers(leaver, staff), words=words)
    if answer is None:
        return
    to = None if answer == NOBODY else Login(str(answer))
    done: list[CommandId] = []
    moved: list[CaseId] = []
    for at in range(0, len(cases), CHUNK):
        command = Assign(cases=tuple(case.ref for case in cases[at : at + CHUNK]), to=to)
        outcome = await host.bridge.send(command)
        done.append(command.id)
        moved += outcome.changed
    whom = staff.name(to) if to is not None else "the queue"
    left = len(cases) - len(moved)
    host.offer_undo(done, f"Handed {len(moved):,} cases to {whom}", moved)
    if left:
        host.tell(Notice(f"{left:,} cases were left: somebody changed them meanwhile.", "Hand over once more."))


def takers(leaver: Colleague, staff: Staff) -> list[Choice]:
    """Return who can take cases: the queue itself, then every colleague who works on them."""
    choices = [Choice(NOBODY, "Back to the queue", "whoever is free takes them", "list")]
    for one in sorted(staff, key=lambda one: one.name.casefold()):
        try:
            assignment.check(staff, one.login)
        except ConsoleError:
            continue  # who cannot take a case is not offered
        if one.login != leaver.login:
            choices.append(Choice(one.login, one.name, f"@{one.handle}", "user"))
    return choices
