"""The database's time between two readings, so that countdowns do not trust the workstation's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class DeskTime:
    """Counts on from the last reading by monotonic seconds; before the first one it takes the workstation's word."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._was = datetime.now(UTC)

    def read(self, now: datetime) -> None:
        """Take over the database's time (aware), just read."""
        self._was, self._read_at = now, self._monotonic()

    def now(self) -> datetime:
        """The time now, aware."""
        return self._was + timedelta(seconds=self._monotonic() - self._read_at)


def moment_words(now: datetime, zone: ZoneInfo) -> str:
    """Return the time as the status bar has it: "Mon 23 Nov, 02:31 GMT"."""
    there = now.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M} {there.tzname() or ''}".rstrip()
