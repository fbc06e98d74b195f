"""Acting as somebody over a plain connection, and what the honest way looks like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import Connection, DeskDatabase

UNSEEN = {
    "line ends": "\n\t" * 12,
    "signs without a width": "\u200b\u2060\ufeff" * 6,
    "blanks of other scripts": "\u3000\u00a0\u2003" * 6,
}
"""What looks like no reason at all, by what it is made of."""
SEEN, OTHER = sha256(b"what was seen").digest(), sha256(b"something else").digest()


@contextmanager
def refused(sqlstate: str, words: str | None = None) -> Iterator[None]:
    """The database refuses this with exactly that SQLSTATE, and says `words` somewhere."""
    with pytest.raises(psycopg.Error, match=words) as caught:
        yield
    assert caught.value.sqlstate == sqlstate, caught.value


@contextmanager
def signed_in(database: DeskDatabase, login: str) -> Iterator[Connection]:
    """A transaction of `login`, rolled back unless the test commits."""
    with psycopg.connect(database.conninfo(login)) as conn:
        yield conn
        conn.rollback()


@contextmanager
def recorded(database: DeskDatabase, login: str) -> Iterator[tuple[Connection, UUID]]:
    """The same with a command recorded, whose id comes along."""
    with signed_in(database, login) as conn:
        yield conn, record(conn)


def record(conn: Connection, undoes: UUID | None = None) -> UUID:
    """Record a command in the open transaction."""
    command = uuid4()
    conn.execute(
        "INSERT INTO console.commands (id, name, digest, undoes) VALUES (%s, 'test.run', sha256('x'::bytea), %s)",
        [command, undoes],
    )
    return command


def once(database: DeskDatabase, login: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement in a recorded transaction of `login` and commit; ``%(command)s`` is the command's id."""
    with psycopg.connect(database.conninfo(login)) as conn:
        command = record(conn)
        statement = query.replace("%(command)s", f"'{command}'")
        cursor = conn.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def as_superuser(database: DeskDatabase, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What an operator does by hand, inside a recorded command of their own."""
    with psycopg.connect(database.conninfo()) as conn:
        record(conn)
        cursor = conn.execute(query, values or None)
        return cursor.fetchall() if cursor.description else []


def as_owner(database: DeskDatabase, query: str) -> None:
    """What a confirmed change does with the rights of the tables' owner."""
    with psycopg.connect(database.conninfo()) as conn:
        conn.execute("SET LOCAL ROLE console_owner")
        record(conn)
        conn.execute(query)


def a_case(database: DeskDatabase, status: str = "open") -> UUID:
    """A case as an import makes one, in whatever shape of platform."""
    case = uuid4()
    as_superuser(
        database,
        "INSERT INTO console.cases (id, kind, source, subject, status, rank_at) "
        "VALUES (%s, 'ticket', 'manual', 'Help', %s, console.now())",
        case,
        status,
    )
    return case


def a_clause(database: DeskDatabase, id: str = "harassment", reason: str | None = "Harassment is not allowed.") -> str:
    """A clause of the handbook."""
    as_superuser(
        database,
        "INSERT INTO console.clauses (id, title, default_reason) VALUES (%s, 'Harassment', %s) ON CONFLICT DO NOTHING",
        id,
        reason,
    )
    return id


def captured(database: DeskDatabase, subject: str = "user:5e0c8f0e-0000-4000-8000-000000000001") -> UUID:
    """A case whose content was captured with the digest `SEEN`."""
    case = a_case(database)
    as_superuser(
        database,
        "INSERT INTO console.case_contents (case_id, subject, content_hash) VALUES (%s, %s, %s)",
        case,
        subject,
        SEEN,
    )
    return case


DECIDE = (
    "INSERT INTO console.decisions (id, case_id, command_id, content_hash, verdict, clause, reason, suspended_for) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def decide(
    conn: Connection,
    case: UUID,
    command: UUID,
    *,
    verdict: str = "take_down",
    clause: str | None = "harassment",
    reason: str | None = None,
    length: str | None = None,
    seen: bytes = SEEN,
) -> UUID:
    """Insert a decision as the program does."""
    id = uuid4()
    conn.execute(DECIDE, [id, case, command, seen, verdict, clause, reason, length])
    return id


def decided(database: DeskDatabase, login: str, **values: Any) -> tuple[UUID, UUID]:
    """A committed decision of `login`: its id and its case."""
    a_clause(database)
    case = captured(database)
    with psycopg.connect(database.conninfo(login)) as conn:
        id = decide(conn, case, record(conn), **values)
    return id, case
