"""When a ticket is closed by age.

Source: manual, "Ticket Workflow", 4: close after 7 days of no response. The days count from the last message to the user in
waiting or resolved; a ticket that waits for us is never closed by age (decision 18).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hotmess_console.domain.values import Status

AFTER = timedelta(days=7)


def closes_at(status: Status, last_outbound_at: datetime | None, after: timedelta = AFTER) -> datetime | None:
    """Return when a ticket closes by itself; None while it waits for us or nothing was ever sent."""
    if status not in (Status.WAITING, Status.RESOLVED) or last_outbound_at is None:
        return None
    return last_outbound_at + after
