"""Managers and colleagues with logins of their own, made for one test and dropped with it: roles outlive databases."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.domain.people import Colleague
from hotmess_console.domain.values import Login, Role
from tests.desks import Connection, DeskDatabase, password_of
from tests.integration.authority.grid import INSTALLER

MANAGES = frozenset({Role.AGENT, Role.SENIOR, Role.MANAGER})


def fresh_login() -> str:
    """An opaque login that nobody has."""
    return f"s_test{secrets.token_hex(6)}"


@dataclass
class StaffDesk:
    """A desk with two managers and an agent, whose logins a test may grant, shut and drop as it likes."""

    db: DeskDatabase
    manager: str = field(default_factory=fresh_login)
    second: str = field(default_factory=fresh_login)
    agent: str = field(default_factory=fresh_login)
    made: list[str] = field(default_factory=list)

    def add(self, login: str, roles: frozenset[Role]) -> str:
        """Add somebody as the installer does."""
        person = Colleague(Login(login), f"Test {login[-4:]}", login, "T", roles)
        add_everyone(self.installer(), [(person, password_of(login))])
        self.made.append(login)
        return login

    def installer(self) -> str:
        """The connection string of whoever installed, superuser or not."""
        owner = self.db.one("SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'login_give'")
        if owner != INSTALLER:
            return self.db.conninfo()
        return self.db.server.conninfo(self.db.name, INSTALLER, "only for tests")

    def verifier(self, login: str) -> str:
        """What the server stores of the login's test password."""
        with self.db.connect() as conn:
            made: bytes = conn.pgconn.encrypt_password(password_of(login).encode(), login.encode(), b"scram-sha-256")
            return made.decode()

    @contextmanager
    def acting(self, login: str) -> Iterator[Connection]:
        """A transaction of somebody in which a command is recorded, committed at the end."""
        with psycopg.connect(self.db.conninfo(login)) as conn:
            record(conn)
            yield conn

    def ask(self, login: str, kind: str, subject: str, **values: Any) -> UUID:
        """Ask for a change over a plain connection; returns its id."""
        with self.acting(login) as conn:
            return ask(conn, kind, subject, **values)

    def decide(self, login: str, change: UUID, state: str = "done") -> int:
        """Confirm or decline over a plain connection; returns how many rows that touched."""
        with self.acting(login) as conn:
            return conn.execute("UPDATE console.manager_changes SET state = %s WHERE id = %s", [state, change]).rowcount

    def state(self, change: UUID) -> Any:
        """Where a request stands."""
        return self.db.one("SELECT state FROM console.manager_changes WHERE id = %s", change)

    def holds(self, login: str, role: str) -> Any:
        """Whether somebody has a role, by the catalog."""
        return self.db.one("SELECT pg_has_role(%s::name, %s::name, 'MEMBER')", login, role)

    def drop(self) -> None:
        """Take the logins away again."""
        with self.db.connect() as conn:
            logins = [row[0] for row in conn.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^s_(test|new)'")]
            for login in logins:
                conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [login])
                conn.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(login)))
                conn.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))


def record(conn: Connection) -> UUID:
    """Record a command in the open transaction."""
    id = uuid4()
    conn.execute("INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.run', sha256('x'::bytea))", [id])
    return id


def ask(conn: Connection, kind: str, subject: str, **values: Any) -> UUID:
    """Insert a wish in the open transaction, with whatever other columns a test wants to try."""
    [(command,)] = conn.execute(
        "SELECT id FROM console.commands WHERE xact = pg_current_xact_id() ORDER BY at DESC LIMIT 1"
    ).fetchall()
    row = {"id": uuid4(), "kind": kind, "subject": subject, "command_id": command, **values}
    row = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in row.items()}
    conn.execute(
        sql.SQL("INSERT INTO console.manager_changes ({}) VALUES ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(sql.Placeholder() * len(row))
        ),
        list(row.values()),
    )
    return UUID(str(row["id"]))


@contextmanager
def staff_desk(db: DeskDatabase) -> Iterator[StaffDesk]:
    """Two managers and an agent at this desk, gone afterwards."""
    desk = StaffDesk(db)
    try:
        desk.add(desk.manager, MANAGES)
        desk.add(desk.second, MANAGES)
        desk.add(desk.agent, frozenset({Role.AGENT}))
        yield desk
    finally:
        desk.drop()
