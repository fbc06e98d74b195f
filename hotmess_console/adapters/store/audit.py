"""Sealing the audit, and reading it back in the bytes that were sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.audit import START, Checker, Fault, Finding, Head, SealState
from hotmess_console.domain.errors import NotAllowed

PAGE = 50_000
"""Seals that one statement reads: well inside the statement timeout of a staff login."""
_SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER, _COUNT = 19, 2
_END = b"\xff\xff"


class PostgresSeals:
    """`Seals` with the rights of whoever is signed in: the database's own function does the sealing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def seal(self, most: int) -> int:
        """Seal at most so many entries; return how many, 0 also while somebody else is at it."""
        with speaking():
            async with self._engine.connect() as conn:
                return int((await conn.execute(_SEAL, {"most": most})).scalar_one())

    async def state(self, known: int) -> SealState:
        """Return how far sealing is, and the hash of the seal `known`."""
        with speaking():
            async with self._engine.connect() as conn:
                row = (await conn.execute(_STATE, {"known": known})).one()
        return _state_of(row)


_SEAL = text("SELECT console_audit.seal(:most)")
_STATE = text("SELECT seq, hash, sealed_at, known_hash, waiting_since, at FROM console_audit.seal_state(:known)")


def _state_of(row: Any) -> SealState:
    hash_ = START if row.hash is None else bytes(row.hash)
    known = None if row.known_hash is None else bytes(row.known_hash)
    return SealState(Head(row.seq, hash_), row.sealed_at, known, row.waiting_since, row.at)


def identity(conninfo: str) -> str:
    """Return which server and database a connection string means, without login and password."""
    given = conninfo_to_dict(conninfo)
    host = given.get("host") or given.get("hostaddr") or "local"
    return f"{host}:{given.get('port') or 5432}/{given.get('dbname') or given.get('user') or ''}"


class Reading:
    """The audit at one moment, over a connection of somebody who may read it."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self._conn = conn

    def head(self) -> Head:
        """Return the newest seal."""
        row = self._conn.execute("SELECT seq, hash FROM console_audit.seals ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(0, START) if row is None else Head(row[0], bytes(row[1]))

    def between(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return the first and the last seal made from `start` on and before `end`; (0, -1) when there are none."""
        row = self._conn.execute(
            "SELECT min(seq), max(seq) FROM console_audit.seals WHERE sealed_at >= %s AND sealed_at < %s", (start, end)
        ).fetchone()
        return (0, -1) if row is None or row[0] is None else (row[0], row[1])

    def records(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the seals `first` to `last` with their entries, as `domain.audit.Checker` takes them."""
        for start in range(first, last + 1, PAGE):
            statement = _RECORDS % (start, min(start + PAGE - 1, last))
            with self._conn.cursor().copy(statement.encode()) as copy:
                for chunk in copy:
                    row = bytes(chunk)
                    if row.startswith(_SIGNATURE):
                        row = row[_HEADER:]
                    if row and row != _END:
                        yield row[_COUNT:]

    def stray(self, checker: Checker) -> Finding | None:
        """Return an entry without a seal that should have one: slipped in behind the head, or left over too long."""
        floor, xact, entry = checker.place
        row = self._conn.execute(_FOREIGN, (str(max(xact, 0)), entry, floor)).fetchone()
        if row is not None:
            return Finding(Fault.FOREIGN, checker.head.seq, row[0], _SLIPPED_IN)
        row = self._conn.execute(_LATE).fetchone()
        return None if row is None else Finding(Fault.UNSEALED, checker.head.seq + 1, row[0], _LEFT_OVER.format(row[1]))


@contextmanager
def reading(conninfo: str) -> Iterator[Reading]:
    """Open the audit to be read at one moment. Raises NotAllowed for a login that may not read all of it."""
    with speaking(), psycopg.connect(conninfo, application_name="hotmess-console audit") as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        row = conn.execute(_MAY_READ).fetchone()
        if row is None or not row[0]:
            raise NotAllowed(
                "This login cannot read the audit.", hint="Sign in as somebody who is a manager or an auditor."
            )
        yield Reading(conn)


def _microseconds(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


_RECORDS = (
    f"COPY (SELECT s.seq, s.floor, {_microseconds('s.sealed_at')}, e.id, {_microseconds('e.at')}, "  # noqa: S608
    "e.xact::text::bigint, e.actor::text, host(e.client), e.command_id::text, e.action, e.relation, e.subject, "
    "e.case_id::text, e.detail::text, s.prev_hash, s.hash FROM console_audit.seals s "
    "LEFT JOIN console_audit.entries e ON e.id = s.entry_id WHERE s.seq BETWEEN %d AND %d ORDER BY s.seq) "
    "TO STDOUT (FORMAT binary)"
)
_MAY_READ = (
    "SELECT rolsuper OR pg_has_role(session_user, 'console_auditor', 'USAGE') "
    "OR pg_has_role(session_user, 'console_manager', 'USAGE') FROM pg_roles WHERE rolname = session_user"
)
_FOREIGN = (
    "SELECT e.id FROM console_audit.entries e WHERE ((e.xact, e.id) <= (%s::xid8, %s::bigint) OR e.id <= %s) "
    "AND NOT EXISTS (SELECT FROM console_audit.seals s WHERE s.entry_id = e.id) ORDER BY e.xact, e.id LIMIT 1"
)
_LATE = (
    "SELECT e.id, e.at FROM console_audit.entries e WHERE e.at < console.now() - interval '1 minute' "
    "AND NOT EXISTS (SELECT FROM console_audit.seals s WHERE s.entry_id = e.id) ORDER BY e.xact, e.id LIMIT 1"
)
_SLIPPED_IN = "This entry has no seal although later ones have: it was slipped in, or its seal was taken away."
_LEFT_OVER = (
    "This entry of {:%d %B %Y, %H:%M} has no seal. Either no console was open to seal it (open one for a moment and "
    "verify again), or the newest seals were cut off."
)
