"""Many cases at once: what a command would do to each, found out before anything happens, and in which portions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hotmess_console.domain.cases import Case, CaseRef
from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import Status
from hotmess_console.services.bus import Skipped
from hotmess_console.services.support import Moment, TicketCommand

CHUNK = 1_000
"""Cases changed by one command: one transaction, one audit entry each."""
TYPED_ABOVE = 25
"""From more cases than this the count has to be typed."""
ALREADY = "It is like this already."
"""Why a command leaves a case alone that it would not change."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Which cases a command would change, and which it would leave alone and why."""

    changed: tuple[Case, ...]
    skipped: tuple[Skipped, ...]


def foresee(command: TicketCommand, cases: Sequence[Case], moment: Moment) -> Foreseen:
    """Try the command's own pure transition on each case, as the rows show them; nothing is written."""
    changed, skipped = [], []
    for case in cases:
        reason = why_not(command, case, moment)
        if reason:
            skipped.append(Skipped(case.id, reason))
        else:
            changed.append(case)
    return Foreseen(tuple(changed), tuple(skipped))


def why_not(command: TicketCommand, case: Case, moment: Moment) -> str:
    """Return why the command would leave this case alone, or an empty text."""
    before = sketch(case)
    if case.guarded:
        return guarded.WORDS
    try:
        return "" if _plain(command.change(before, moment)) != _plain(before) else ALREADY
    except ConsoleError as error:
        return str(error)


def _plain(ticket: Ticket) -> Ticket:
    # A row tells too little of the clock to compare it, and no command changes the clock alone.
    return replace(ticket, clock=None, resolved_at=None)


def sketch(case: Case) -> Ticket:
    """Return as much of a ticket as its row tells: enough for every transition, not enough to be written."""
    left = case.due_at - case.paused_at if case.due_at and case.paused_at else None
    clock = Clock(case.opened_at, case.due_at, case.due_at, case.paused_at, left, left)
    finished = case.status in (Status.RESOLVED, Status.CLOSED)
    return Ticket(
        case.id,
        case.number,
        case.version,
        case.subject,
        case.status,
        case.category,
        case.priority,
        case.level,
        case.assignee,
        case.opened_at,
        clock=clock,
        resolved_at=case.rank_at if finished else None,
        snoozed_until=case.snoozed_until,
        unread=case.unread,
        language=case.language,
        guarded=case.guarded,
    )


def portions(cases: Sequence[Case]) -> Iterator[tuple[CaseRef, ...]]:
    """Yield the cases as they were seen, in chunks of at most CHUNK."""
    refs = [case.ref for case in cases]
    return (tuple(refs[at : at + CHUNK]) for at in range(0, len(refs), CHUNK))
