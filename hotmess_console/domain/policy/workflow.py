"""Which way a ticket may go.

Source: manual, "Ticket Workflow", and the platform's own five statuses. Open becomes in progress by claiming; from
there it waits for the user or is resolved; resolved is closed after a while; a new message brings it back.
"""

from __future__ import annotations

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.values import Status

EDGES: frozenset[tuple[Status, Status]] = frozenset(
    {
        (Status.OPEN, Status.IN_PROGRESS),
        (Status.IN_PROGRESS, Status.OPEN),
        (Status.IN_PROGRESS, Status.WAITING),
        (Status.IN_PROGRESS, Status.RESOLVED),
        (Status.OPEN, Status.WAITING),
        (Status.OPEN, Status.RESOLVED),
        (Status.WAITING, Status.OPEN),
        (Status.WAITING, Status.IN_PROGRESS),
        (Status.WAITING, Status.RESOLVED),
        (Status.RESOLVED, Status.OPEN),
        (Status.RESOLVED, Status.IN_PROGRESS),
        (Status.RESOLVED, Status.CLOSED),
        (Status.WAITING, Status.CLOSED),
        (Status.CLOSED, Status.OPEN),
        (Status.CLOSED, Status.IN_PROGRESS),
    }
)

WORDS: dict[Status, str] = {
    Status.OPEN: "Open",
    Status.IN_PROGRESS: "In progress",
    Status.WAITING: "Waiting",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}


def may_go(start: Status, to: Status) -> bool:
    """Return whether a ticket may go from `start` to `to`."""
    return (start, to) in EDGES


def transition(start: Status, to: Status) -> Status:
    """Return `to` if a ticket may go there from `start`. Raises StateError in words otherwise."""
    if not may_go(start, to):
        raise StateError(
            f"A ticket that is {WORDS[start].lower()} cannot become {WORDS[to].lower()}.",
            hint="Reopen it first." if start in (Status.RESOLVED, Status.CLOSED) else "Resolve it first.",
        )
    return to
