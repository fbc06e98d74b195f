"""When a ticket is closed by age.

Source: manual, "Ticket Workflow", 4: close after 7 days of no response. The days count from the last message to the
user in waiting or resolved; one resolved without a word counts from then. A ticket that waits for us is never closed
by age (decision 18): a message from the user takes it out of both statuses.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hotmess_console.domain.values import Status

AFTER = timedelta(days=7)


def closes_at(
    status: Status,
    last_outbound_at: datetime | None,
    after: timedelta = AFTER,
    *,
    resolved_at: datetime | None = None,
) -> datetime | None:
    """Return when a ticket closes by itself, in UTC terms of whole `after`; None while it waits for us."""
    if status is Status.WAITING:
        since = last_outbound_at
    elif status is Status.RESOLVED:
        since = last_outbound_at or resolved_at
    else:
        return None
    return None if since is None else since + after
