"""London time: the manual's days and the times in messages."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london(moment: datetime) -> datetime:
    """Return an aware moment in London."""
    return moment.astimezone(LONDON)


def day(moment: datetime) -> date:
    """Return the London calendar day of a moment."""
    return london(moment).date()


def written(moment: datetime) -> str:
    """Return a moment as messages write it: ``23 November 2026, 14:05 (London)``."""
    local = london(moment)
    return f"{local.day} {local:%B %Y, %H:%M} (London)"
