"""Which cases a command takes out of the view that is open, before the database has answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from hotmess_console.domain.cases import Case
from hotmess_console.domain.values import CaseId, Login
from hotmess_console.domain.views import QueueFilter, matches
from hotmess_console.services.bus import Command
from hotmess_console.services.support import Assign, Claim


def leaving(
    command: Command, case_of: Callable[[CaseId], Case | None], wanted: QueueFilter, me: Login, now: datetime
) -> list[CaseId]:
    """Return the cases that a change of owner takes out of `wanted`; `case_of` answers those that are loaded."""
    if not isinstance(command, Claim | Assign):
        return []
    owner = command.to if isinstance(command, Assign) else me
    after = [replace(case, assignee=owner) for ref in command.cases if (case := case_of(ref.id))]
    return [case.id for case in after if not matches(case, wanted, me=me, now=now)]
