"""The demo's database: a small platform, the console beside it, and a lived-in queue, all invented."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.demo_people import insert_people, insert_tickets
from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server, attach
from hotmess_console.adapters.store.embedded_folder import default_folder
from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import install, record_command
from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.adapters.store.work import PostgresWork
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.people import Colleague
from hotmess_console.domain.values import Login
from hotmess_console.services.bus import Command
from hotmess_console.services.demo import DemoTicket, accounts_needed, demo_accounts, demo_staff, demo_tickets
from hotmess_console.services.demo.seeding import SeedDemo
from hotmess_console.services.support import Close

DATABASE = "demo"
SIZE = 110
AGENT = Login("imani")
LOGINS = "demo-logins.json"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoDesk:
    """A running demo: its server, the people who may sit down and their passwords."""

    postgres: EmbeddedPostgres
    server: Server
    passwords: dict[Login, str]

    def conninfo(self, login: Login) -> str:
        """Return the connection string of one member of staff."""
        return self.server.conninfo(DATABASE, user=login, password=self.passwords[login])

    def agent_conninfo(self) -> str:
        """Return the connection string of the first agent, as whom files are imported."""
        return self.conninfo(AGENT)

    def owner_conninfo(self) -> str:
        """Return the connection string of the installing login."""
        return self.server.conninfo(DATABASE)


async def open_demo(
    folder: Path | None,
    *,
    size: int = SIZE,
    reset: bool = False,
    bin_dir: Path | None = None,
    progress: Progress = lambda _: None,
) -> DemoDesk:
    """Start the demo's server and make whatever of its world is missing. Raises SetupError.

    `reset` throws the demo's own database away first; nothing else is touched.
    """
    postgres = EmbeddedPostgres(folder, bin_dir=bin_dir)
    progress("Starting the local database")
    server = postgres.start()
    try:
        fresh = _database(server, reset)
        desk = DemoDesk(postgres, server, _passwords(postgres.folder / LOGINS))
        if fresh:
            await _fill(desk, size, progress)
        else:
            install(desk.owner_conninfo(), progress=progress)
    except BaseException:
        postgres.stop()
        raise
    return desk


def _database(server: Server, reset: bool) -> bool:
    """Make the demo database if it is missing, half made or to be reset; return whether it is new."""
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as conn:
        there = conn.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (DATABASE,)
        ).fetchone()
        if there and there[0] == "filled" and not reset:
            return False
        conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return True


def _passwords(path: Path) -> dict[Login, str]:
    """Return the demo's passwords, made once and kept 0600 beside the data: they open nothing but the demo."""
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        return {Login(login): str(password) for login, password in known.items()}
    made = {person.login: secrets.token_urlsafe(18) for person in demo_staff()}
    path.touch(mode=0o600)
    path.write_text(json.dumps(made), encoding="utf-8")
    return made


def demo_colleagues() -> tuple[Colleague, ...]:
    """Return the demo's staff as the directory wants them."""
    return tuple(
        Colleague(s.login, s.name, s.handle, s.initials, s.hue, frozenset(s.roles), f"{s.handle}@example.org")
        for s in demo_staff()
    )


async def _fill(desk: DemoDesk, size: int, progress: Progress) -> None:
    owner = desk.owner_conninfo()
    progress("Building a small platform")
    with psycopg.connect(owner) as conn:
        create_demo_platform(conn)
    install(owner, progress=progress)
    people = demo_colleagues()
    add_everyone(owner, [(person, desk.passwords[person.login]) for person in people])
    progress("Writing tickets")
    now = _now(owner)
    tickets = tuple(sorted(demo_tickets(size, now=now), key=lambda t: t.created_at))
    with psycopg.connect(owner) as conn:
        insert_people(conn, tuple(demo_accounts(accounts_needed(size))))
        insert_tickets(conn, tickets)
    await seed_cases(desk.server, DATABASE, tickets)
    with psycopg.connect(desk.server.conninfo("postgres"), autocommit=True) as conn:
        conn.execute(sql.SQL("COMMENT ON DATABASE {} IS 'filled'").format(sql.Identifier(DATABASE)))


def _now(owner: str) -> datetime:
    with psycopg.connect(owner) as conn, conn.cursor(row_factory=scalar_row) as cursor:
        moment = cursor.execute("SELECT console.now()").fetchone()
    if not isinstance(moment, datetime):
        raise SetupError("The local database does not tell the time.", hint="Run: hotmess-console demo --reset")
    return moment


async def seed_cases(server: Server, database: str, tickets: Sequence[DemoTicket]) -> None:
    """Make the cases of demo tickets as they stand, as the superuser: only so can their past be written."""
    engine = open_engine(server.conninfo(database), size=1)
    command = SeedDemo(tickets=tuple(tickets))
    try:
        await _execute(engine, server, command)
        if command.closed():
            await _execute(engine, server, Close(cases=command.closed()))
    finally:
        await engine.dispose()
    with psycopg.connect(server.conninfo(database)) as conn:
        _write_notes(conn, command)
        conn.execute("DELETE FROM console.intake")
        conn.execute("ANALYZE")


async def _execute(engine: AsyncEngine, server: Server, command: Command) -> None:
    async with PostgresWork(engine, Login(server.user)) as work:
        await work.begin(command.id, command.name, command.digest(), command.params(), None)
        await command.run(work)
        await work.commit()


def _write_notes(conn: psycopg.Connection[Any], command: SeedDemo) -> None:
    record_command(conn, "demo.notes", {"tickets": len(command.tickets)})
    for note in command.notes():
        conn.execute(
            "INSERT INTO console.notes (id, case_id, author, body, at) VALUES (%s, %s, %s, %s, %s)",
            (note.id, note.case, note.author, note.body, note.at),
        )
    conn.execute(
        "UPDATE console.deliveries SET state = 'sending' WHERE state = 'held'",
    )
    conn.execute("UPDATE console.deliveries SET state = 'sent', sent_at = hold_until WHERE state = 'sending'")


def attach_owner(folder: Path | None) -> str | None:
    """Return the installing login's connection to a demo that is running, None where none is."""
    server = attach(folder)
    return server.conninfo(DATABASE) if server else None


def attach_demo(folder: Path | None, login: Login = AGENT) -> str | None:
    """Return the connection string of `login` to a demo that another program has running, None where none is."""
    server = attach(folder)
    if server is None:
        return None
    passwords = _passwords((folder or default_folder()).resolve() / LOGINS)
    return server.conninfo(DATABASE, user=login, password=passwords[login])
