"""When something promised in business days is due.

Source: manual, "Ban Appeal Process", 3: decision within 7 business days. Days are London's; Saturdays, Sundays and the
given holidays do not count, nor does the day of receipt. The time ends with the last of the days, at 23:59:59 in
London (decision 10), whatever the season.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta

from hotmess_console.domain.london import LONDON, day

APPEAL_DAYS = 7
_FRIDAY = 4


def is_business_day(of: date, holidays: AbstractSet[date]) -> bool:
    """Return whether work is done in London on that day."""
    return of.weekday() <= _FRIDAY and of not in holidays


def deadline(received_at: datetime, days: int = APPEAL_DAYS, *, holidays: AbstractSet[date]) -> datetime:
    """Return the last second, in UTC, of the `days`-th London business day after `received_at` (aware)."""
    current, counted = day(received_at), 0
    while counted < days:
        current += timedelta(days=1)
        counted += is_business_day(current, holidays)
    return datetime.combine(current, time(23, 59, 59), LONDON).astimezone(UTC)
