"""Moments as the server keeps them and as programs can: what lies beyond every calendar is shown at its edge.

PostgreSQL knows infinity and years before 1 and after 9999, which Python does not. Tables of the platform are written
by strangers; one such row would keep everybody from reading the page that it stands on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from psycopg import DataError
from psycopg.types.datetime import TimestamptzLoader

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
"""What a moment of a case may be; the database refuses others."""
_FIRST, _LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


class EdgeLoader(TimestamptzLoader):
    """Reads a moment; one that Python cannot hold becomes the first or last that any time zone can."""

    def load(self, data: Any) -> datetime:
        """Return the moment."""
        try:
            return super().load(data)
        except DataError:
            words = bytes(data)
            return _FIRST if words.startswith(b"-") or words.endswith(b"BC") else _LAST


def within_reason(moment: datetime | None) -> datetime | None:
    """Return a stranger's moment as one that a case may have."""
    return None if moment is None else min(max(moment, EARLIEST), LATEST)
