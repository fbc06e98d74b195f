"""The demo's world: a small platform, the console beside it, and a lived-in queue, all invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.demo_people import insert_people, insert_tickets
from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.store.embedded import Server
from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import install, record_command
from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.adapters.store.work import PostgresWork
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.people import Colleague
from hotmess_console.domain.values import Login
from hotmess_console.services.bus import Command
from hotmess_console.services.demo.people import demo_accounts
from hotmess_console.services.demo.seeding import SeedDemo
from hotmess_console.services.demo.staff import demo_staff
from hotmess_console.services.demo.tickets import DemoTicket, accounts_needed, demo_tickets
from hotmess_console.services.support import Close

if TYPE_CHECKING:
    from hotmess_console.adapters.store.demo_desk import DemoDesk

Progress = Callable[[str], None]


def demo_colleagues() -> tuple[Colleague, ...]:
    """Return the demo's staff as the directory wants them."""
    return tuple(
        Colleague(s.login, s.name, s.handle, s.initials, frozenset(s.roles), f"{s.handle}@example.org")
        for s in demo_staff()
    )


async def fill(desk: DemoDesk, size: int, progress: Progress) -> None:
    """Make the demo's world in its empty database; a world half made is made afresh at the next start."""
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
    await seed_cases(desk.server, desk.database, tickets)
    with psycopg.connect(desk.server.conninfo("postgres"), autocommit=True) as conn:
        conn.execute(sql.SQL("COMMENT ON DATABASE {} IS 'filled'").format(sql.Identifier(desk.database)))


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
    # what lies in the past has long been sent
    conn.execute("UPDATE console.deliveries SET state = 'sending', attempts = 1 WHERE state = 'held'")
    conn.execute(
        "UPDATE console.deliveries d SET state = 'sent', hold_until = m.at, sent_at = m.at "
        "FROM console.messages m WHERE m.id = d.message_id AND d.state = 'sending'"
    )
