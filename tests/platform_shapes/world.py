"""Builds one database of a given shape and owner, and opens connections to it as the people who meet there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from hotmess_console.adapters.store.embedded import Server

_FILES = {
    "A": ("base", "support", "a"),
    "B": ("base", "support", "a", "b"),
    "C": ("base", "c"),
    "D": ("base", "c", "support", "d"),
}
SHAPES = tuple(_FILES)
WITH_TICKETS = ("A", "B", "D")
OWNERS = ("superuser", "plain owner")

PLAIN_OWNER, STAFF, WORKER, MODERATOR = "shape_owner", "shape_staff", "shape_worker", "shape_moderator"
_PASSWORD = "only for tests"
_GROUPS = (
    "console_agent",
    "console_senior",
    "console_manager",
    "console_moderator",
    "console_safety",
    "console_auditor",
    "console_worker",
)
_LOGINS = {STAFF: "console_agent", WORKER: "console_worker", MODERATOR: "console_moderator"}

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class World:
    """A database that holds one shape of the platform."""

    server: Server
    dbname: str
    shape: str
    owner: str

    def connect(self, user: str | None = None) -> Connection:
        """An autocommit connection as `user`, or as the superuser."""
        conninfo = self.server.conninfo(self.dbname, user, _PASSWORD if user else None)
        return psycopg.connect(conninfo, autocommit=True)

    @contextmanager
    def superuser(self) -> Iterator[Connection]:
        """The superuser: the second connection by which effects are checked."""
        with self.connect() as conn:
            yield conn

    @contextmanager
    def installer(self) -> Iterator[Connection]:
        """Whoever owns the platform's tables in this world."""
        with self.connect(None if self.owner == "superuser" else PLAIN_OWNER) as conn:
            yield conn

    @contextmanager
    def staff(self, login: str = STAFF) -> Iterator[Connection]:
        """A staff login over the network, with nothing but its group's rights."""
        with self.connect(login) as conn:
            yield conn

    @contextmanager
    def platform(self, role: str, person: UUID | None = None) -> Iterator[Connection]:
        """The platform's own API, acting as `role` for `person`."""
        with self.connect() as conn:
            conn.execute(
                "SELECT set_config('request.jwt.claims', %s, false)", [f'{{"sub": "{person}"}}' if person else ""]
            )
            conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            yield conn

    def run(self, *files: str) -> None:
        """Run these SQL files as the owner of the platform."""
        with self.installer() as conn:
            for name in files:
                conn.execute(_text(name))

    def person(self, name: str = "Robin", email: str = "robin@example.org") -> UUID:
        """Add somebody who signed up; triggers are off, since in shape B they refuse every sign-up."""
        who = uuid4()
        with self.superuser() as conn:
            conn.execute("SET session_replication_role = replica")
            conn.execute("INSERT INTO auth.users (id, email) VALUES (%s, %s)", [who, email])
            conn.execute(
                "INSERT INTO public.profiles (id, email, display_name) VALUES (%s, %s, %s)", [who, email, name]
            )
        return who

    def ticket(self, person: UUID | None = None, **values: object) -> UUID:
        """Add a ticket as the platform's own server does."""
        row = {"user_id": person, "user_email": "robin@example.org", "subject": "Help", "message": "Please", **values}
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        places = sql.SQL(", ").join(sql.Placeholder() * len(row))
        statement = sql.SQL("INSERT INTO public.support_tickets ({}) VALUES ({}) RETURNING id").format(names, places)
        with self.platform("service_role") as conn:
            return one(conn, statement, *row.values())  # type: ignore[no-any-return]


def one(conn: Connection, query: str | sql.SQL | sql.Composed, *values: object) -> Any:
    """The only column of the only row."""
    rows = conn.execute(query, values or None).fetchall()
    assert len(rows) == 1, rows
    return rows[0][0]


@contextmanager
def make_world(server: Server, shape: str, owner: str = "plain owner", *, console: bool = True) -> Iterator[World]:
    """A fresh database of that shape, dropped afterwards. `console` adds the console's stub."""
    dbname = f"shape_{shape.lower()}_{uuid4().hex[:8]}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as admin:
        _roles(admin)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(dbname)))
        try:
            yield _built(World(server, dbname, shape, owner), console)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(dbname)))


def _built(world: World, console: bool) -> World:
    with world.superuser() as conn:
        database = sql.Identifier(world.dbname)
        conn.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, sql.Identifier(PLAIN_OWNER)))
        if world.owner != "superuser":
            conn.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(PLAIN_OWNER)))
    world.run(*_FILES[world.shape])
    if console:
        with world.superuser() as conn:
            conn.execute(_text("console_stub"))
            conn.execute(sql.SQL("GRANT USAGE ON SCHEMA console TO {}").format(sql.Identifier(PLAIN_OWNER)))
            conn.execute(
                sql.SQL("GRANT EXECUTE ON FUNCTION console.command_is_mine(uuid) TO {}").format(
                    sql.Identifier(PLAIN_OWNER)
                )
            )
    return world


def _text(name: str) -> sql.SQL:
    return sql.SQL((Path(__file__).parent / f"{name}.sql").read_text("utf-8"))


def _roles(admin: Connection) -> None:
    for name, options in {"anon": "", "authenticated": "", "service_role": "BYPASSRLS"}.items():
        _role(admin, name, f"NOLOGIN {options}")
    for name in ("console_owner", "console_audit_owner", "console_intake", *_GROUPS):
        _role(admin, name, "NOLOGIN")
    admin.execute("GRANT console_agent TO console_senior")
    admin.execute("GRANT console_senior TO console_manager")
    _role(admin, PLAIN_OWNER, f"LOGIN CREATEROLE NOBYPASSRLS PASSWORD '{_PASSWORD}'")
    for login, group in _LOGINS.items():
        _role(admin, login, f"LOGIN PASSWORD '{_PASSWORD}'")
        admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(login)))
    if admin.info.server_version >= 160000:
        # What a role with CREATEROLE gets by itself for a role that it created.
        admin.execute(f"GRANT console_intake TO {PLAIN_OWNER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")


def _role(admin: Connection, name: str, options: str) -> None:
    if not admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchall():
        admin.execute(sql.SQL("CREATE ROLE {} ").format(sql.Identifier(name)) + sql.SQL(options))
