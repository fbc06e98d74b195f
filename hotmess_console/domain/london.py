"""London time: the manual's days and the times in messages."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# strftime's names follow the process's locale, which a window toolkit sets; messages are in English.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def london(moment: datetime) -> datetime:
    """Return an aware moment in London. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(LONDON)


def day(moment: datetime) -> date:
    """Return the London calendar day of a moment."""
    return london(moment).date()


def written_day(of: date) -> str:
    """Return a day as messages write it: ``23 November 2026``."""
    return f"{of.day} {_MONTHS[of.month - 1]} {of.year}"


def written(moment: datetime) -> str:
    """Return a moment as messages write it: ``23 November 2026, 14:05 (London)``."""
    local = london(moment)
    return f"{written_day(local.date())}, {local:%H:%M} (London)"
