"""A desk in a fresh database: the demo's platform, the console, its staff, and a second connection to check effects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.store.embedded import Server
from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import install
from hotmess_console.adapters.store.queries import PostgresQueries
from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.adapters.store.work import work_opener
from hotmess_console.domain.cases import Case
from hotmess_console.domain.events import Event
from hotmess_console.domain.people import Colleague
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId
from hotmess_console.services.bus import Bus, Command, Outcome
from hotmess_console.services.demo.staff import demo_staff
from hotmess_console.services.intake import DrainIntake

AGENT, OTHER_AGENT, SENIOR, MANAGER = "imani", "rowan", "mehreen", "sunniva"
MODERATOR, SAFETY, AUDITOR = "pascal", "noor", "gideon"
TEMPLATE = "desk_template"

Connection = psycopg.Connection[tuple[Any, ...]]


def password_of(login: str) -> str:
    """The password of a member of the test desk."""
    return f"only for tests: {login}"


@dataclass(frozen=True)
class Database:
    """One database of the cluster, seen by its superuser or by a login."""

    server: Server
    name: str

    def conninfo(self, login: str | None = None) -> str:
        """Connection string of a member of staff, or of the superuser."""
        return self.server.conninfo(self.name, login, password_of(login) if login else None)

    @contextmanager
    def connect(self, login: str | None = None) -> Iterator[Connection]:
        """An autocommit connection: the second connection by which effects are checked."""
        with psycopg.connect(self.conninfo(login), autocommit=True) as conn:
            yield conn

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What plain SQL of the superuser answers."""
        with self.connect() as conn:
            return conn.execute(query, values or None).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """The only value of the only row."""
        found = self.rows(query, *values)
        assert len(found) == 1, found
        assert len(found[0]) == 1, found
        return found[0][0]

    def run(self, query: str, *values: object) -> None:
        """Run plain SQL as the superuser."""
        with self.connect() as conn:
            conn.execute(query, values or None)


@dataclass(frozen=True)
class DeskDatabase(Database):
    """A database with the demo's platform, an installed console whose clock tests may set, and the demo's staff."""

    def ticket(self, **values: object) -> UUID:
        """Add a ticket as the platform's own server does; returns its id."""
        row = {"user_email": "robin@example.org", "subject": "Help", "message": "Please help me.", **values}
        if "name" in row:
            row["metadata"] = json.dumps({"name": row.pop("name")})
        return self._insert("support_tickets", row)

    def answer(self, ticket: UUID, message: str = "I am still waiting.", **values: object) -> UUID:
        """Add a reply as the platform's own server does; returns its id."""
        return self._insert("ticket_responses", {"ticket_id": ticket, "message": message, **values})

    def _insert(self, table: str, row: dict[str, object]) -> UUID:
        statement = sql.SQL("INSERT INTO public.{} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        )
        with self.connect() as conn:
            conn.execute("SET ROLE service_role")
            found = conn.execute(statement, list(row.values())).fetchone()
            assert found is not None
            return UUID(str(found[0]))

    def set_clock(self, at: datetime) -> None:
        """Let ``console.now()`` go on from `at`."""
        self.run("DELETE FROM console.test_clock")
        self.run("INSERT INTO console.test_clock (at, set_at) VALUES (%s, clock_timestamp())", at)

    def pass_time(self, **spans: float) -> None:
        """Move the console's clock on, by the spans of a timedelta."""
        seconds = sum(
            value * {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}[k] for k, value in spans.items()
        )
        now = self.one("SELECT console.now() + make_interval(secs => %s)", seconds)
        self.set_clock(now)

    @asynccontextmanager
    async def sit_down(self, login: str = AGENT, *, size: int = 4) -> AsyncIterator[Seat]:
        """A member of staff at their desk, with the rights of their own login and no others."""
        engine = open_engine(self.conninfo(login), size=size)
        try:
            queries = PostgresQueries(engine)
            me = await queries.me()
            seat = Seat(self, login, engine, Bus(me.roles, work_opener(engine, me.login)), queries)
            seat.bus.subscribe(seat.events.append)
            yield seat
        finally:
            await engine.dispose()


@dataclass(frozen=True)
class Seat:
    """Somebody at work: commands, questions, and what was told."""

    db: DeskDatabase
    login: str
    engine: AsyncEngine
    bus: Bus
    queries: PostgresQueries
    events: list[Event] = field(default_factory=list)

    async def do(self, command: Command) -> Outcome:
        """Execute one command."""
        return await self.bus.execute(command)

    async def drain(self) -> Outcome:
        """Take one batch of the intake."""
        return await self.do(DrainIntake())

    async def case(self, id: CaseId) -> Case:
        """The case as it now is."""
        return (await self.queries.cases([id]))[0]

    async def detail(self, id: CaseId) -> TicketDetail:
        """Everything about the case as it now is."""
        return await self.queries.ticket(id)

    async def new_case(self, **values: object) -> Case:
        """A case from a new ticket of the platform."""
        return (await self.new_cases([values]))[0]

    async def new_cases(self, rows: Sequence[dict[str, object]]) -> list[Case]:
        """Cases from new tickets of the platform, in that order."""
        tickets = [self.db.ticket(**row) for row in rows]
        while not (await self.drain()).idle:
            pass
        ids = dict(self.db.rows("SELECT platform_id, case_id FROM console.tickets"))
        found = {case.id: case for case in await self.queries.cases([ids[t] for t in tickets])}
        return [found[ids[t]] for t in tickets]

    def platform_id(self, case: Case) -> UUID:
        """The platform's ticket behind a case."""
        return UUID(str(self.db.one("SELECT platform_id FROM console.tickets WHERE case_id = %s", case.id)))


def staff() -> list[tuple[Colleague, str]]:
    """The demo's people with their test passwords."""
    return [
        (Colleague(s.login, s.name, s.handle, s.initials, frozenset(s.roles)), password_of(s.login))
        for s in demo_staff()
    ]


def make_template(server: Server) -> str:
    """Install one desk to copy from; returns its name."""
    with bare(server, TEMPLATE, keep=True) as database:
        with psycopg.connect(database.conninfo()) as conn:
            create_demo_platform(conn)
        install(database.conninfo(), test_clock=True)
        add_everyone(database.conninfo(), staff())
    return TEMPLATE


@contextmanager
def copied(server: Server, template: str) -> Iterator[DeskDatabase]:
    """A fresh copy of the installed desk, dropped afterwards."""
    with bare(server, f"desk_{uuid4().hex[:8]}", template=template) as made:
        yield DeskDatabase(made.server, made.name)


@contextmanager
def bare(server: Server, name: str = "", *, template: str = "template0", keep: bool = False) -> Iterator[Database]:
    """A fresh database without platform or console, dropped afterwards unless it is kept."""
    made = Database(server, name or f"bare_{uuid4().hex[:8]}")
    identifier = sql.Identifier(made.name)
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(identifier, sql.Identifier(template)))
    try:
        yield made
    finally:
        if not keep:
            with psycopg.connect(server.conninfo("postgres"), autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
