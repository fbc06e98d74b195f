"""A second connection for the tour: plain SQL that trusts nothing of the console's own code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg


class SqlWitness:
    """`Witness` over a connection of its own, as the installing login, with SQL written for the tour alone."""

    def __init__(self, conninfo: str, mail: Path, bring: Callable[[], Awaitable[int]]) -> None:
        self._conn = psycopg.connect(conninfo, autocommit=True)
        self._mail = mail
        self._bring = bring

    def one(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row."""
        row = self._conn.execute(statement.encode(), values or None).fetchone()
        return row[0] if row else None

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self._conn.execute(statement.encode(), values or None).fetchall()

    def letters(self) -> list[str]:
        """Return the letters that have arrived."""
        return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(self._mail.glob("*.eml"))]

    async def bring_tickets(self) -> int:
        """Import the tour's file as the command line would; return how many rows it has."""
        return await self._bring()

    def hold_for(self, seconds: int) -> None:
        """Shorten the hold, recorded like any change of a setting."""
        with self._conn.transaction():
            self.one(
                "INSERT INTO console.commands (id, name, digest) "
                "VALUES (gen_random_uuid(), 'tour.hold', sha256('hold')) RETURNING id"
            )
            self.one(
                "UPDATE console.settings SET value = to_jsonb(%s::int) WHERE key = 'messages.hold_seconds' RETURNING 1",
                seconds,
            )

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()
