"""Direct, session pooler, transaction pooler: a real PgBouncer with TLS before Postgres, and a desk behind each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.polling import Polling
from hotmess_console.app.desk import desk
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import NotAllowed
from hotmess_console.domain.events import CasesChanged, Event, MessagesMoved, Resync
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.console import Console, Contact
from hotmess_console.services.replies import AddNote
from hotmess_console.services.support import Claim
from tests.desks import AGENT, OTHER_AGENT, DeskDatabase, password_of
from tests.poolers import Gate, SecureServer, pooler

pytestmark = pytest.mark.authority

MODES = list(Mode)
WITHIN = {Mode.DIRECT: 1.0, Mode.SESSION: 1.0, Mode.TRANSACTION: 2.0}
"""Seconds in which a colleague's console knows of a change."""
LIMITS = {"statement_timeout": "15s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "3s"}


@contextmanager
def gate_of(server: SecureServer, mode: Mode) -> Iterator[Gate]:
    """The way in that `mode` names."""
    if mode is Mode.DIRECT:
        yield server.gate
        return
    with pooler(server, str(mode)) as gate:
        yield gate


class Heard:
    """What a console is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.contacts: list[Contact] = []
        self._news = asyncio.Event()

    def on_event(self, event: Event) -> None:
        """Note an event."""
        self.events.append(event)
        self._news.set()

    def on_contact(self, contact: Contact) -> None:
        """Note whether the database answers."""
        self.contacts.append(contact)
        self._news.set()

    def on_sending(self, trouble: str) -> None:
        """Nobody sends here."""

    async def until_one(self, wanted: type[Event] | Contact, within: float) -> None:
        """Wait for an event of a kind, or for a contact."""
        async with asyncio.timeout(within):
            while not any(e == wanted or type(e) is wanted for e in (*self.events, *self.contacts)):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def seated(gate: Gate, database: DeskDatabase, mode: Mode, login: str) -> AsyncIterator[tuple[Console, Heard]]:
    """A whole console as the program opens it, behind `gate`, once it hears."""
    heard = Heard()
    console = await desk(gate.conninfo(database.name, login, password_of(login)), profile="", mode=mode)(heard)
    try:
        await heard.until_one(Resync, 5)
        yield console, heard
    finally:
        await console.close()


@asynccontextmanager
async def asking(server: SecureServer, database: DeskDatabase, login: str = OTHER_AGENT) -> AsyncIterator[Heard]:
    """Somebody who asks for changes through a transaction pooler, twenty times as often as a console does."""
    heard = Heard()
    with pooler(server, "transaction") as gate:
        engine = open_engine(gate.conninfo(database.name, login, password_of(login)), mode=Mode.TRANSACTION)
        polling = Polling(engine, tell=heard.on_event, contact=heard.on_contact, every=0.05)
        running = asyncio.create_task(polling.run())
        try:
            await heard.until_one(Contact(True, "changes are asked for every second"), 5)
            yield heard
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await engine.dispose()


@pytest.mark.parametrize("mode", MODES)
async def test_a_colleague_knows_of_a_change_in_time(
    tls_server: SecureServer, tls_desk: DeskDatabase, mode: Mode
) -> None:
    async with tls_desk.sit_down() as seat:
        case = await seat.new_case()
    with gate_of(tls_server, mode) as gate:
        async with (
            seated(gate, tls_desk, mode, OTHER_AGENT) as (_, heard),
            seated(gate, tls_desk, mode, AGENT) as (console, _),
        ):
            heard.events.clear()
            await console.bus.execute(Claim(cases=(case.ref,)))
            await heard.until_one(CasesChanged, WITHIN[mode])
    assert any(e.ids == (case.id,) for e in heard.events if isinstance(e, CasesChanged))


async def test_a_note_is_known_through_a_transaction_pooler_as_well(
    tls_server: SecureServer, tls_desk: DeskDatabase
) -> None:
    """A note changes no case, so no case is named: whatever is shown is read again."""
    async with tls_desk.sit_down() as seat:
        case = await seat.new_case()
        async with asking(tls_server, tls_desk) as heard:
            await seat.do(AddNote(case=case.id, body="Only for us"))
            await heard.until_one(Resync, 1)


async def test_a_commit_that_comes_late_is_not_lost_by_asking(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    """Its transaction, and its time, are older than what was already seen."""
    async with tls_desk.sit_down() as seat:
        case = await seat.new_case()
    async with asking(tls_server, tls_desk) as heard:
        with psycopg.connect(tls_desk.conninfo()) as slow:
            slow.execute(
                "INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.run', sha256('x'::bytea))", [case.id]
            )
            tls_desk.ticket()
            async with tls_desk.sit_down() as seat:
                await seat.drain()
            await heard.until_one(Resync, 1)
            await asyncio.sleep(0.2)
            heard.events.clear()
            slow.execute("UPDATE console.cases SET unread = false WHERE id = %s", [case.id])
            slow.execute(
                "INSERT INTO console.command_cases SELECT %s, id, jsonb_build_object('status', status), version - 1, "
                "version FROM console.cases WHERE id = %s",
                [case.id, case.id],
            )
        await heard.until_one(CasesChanged, 1)
    assert CasesChanged((case.id,)) in heard.events


async def test_while_nothing_changes_nothing_is_told(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    async with tls_desk.sit_down() as seat:
        await seat.new_case()
    async with asking(tls_server, tls_desk) as heard:
        await asyncio.sleep(0.3)
    assert heard.events == []


async def test_a_message_on_its_way_is_followed_by_asking(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    """The dispatcher gives no commands."""
    async with tls_desk.sit_down() as seat:
        case = await seat.new_case(user_email="robin@example.org")
    held = "SELECT count(*) FROM console.deliveries WHERE state = 'held' AND case_id = %s"
    assert tls_desk.one(held, case.id) == 1  # the confirmation
    async with asking(tls_server, tls_desk) as heard:
        tls_desk.run("UPDATE console.deliveries SET state = 'sending', claimed_at = console.now()")
        await heard.until_one(MessagesMoved, 1)
    assert MessagesMoved((case.id,)) in heard.events


async def test_where_changes_are_asked_for_the_status_bar_is_told_so(
    tls_server: SecureServer, tls_desk: DeskDatabase
) -> None:
    with pooler(tls_server, "transaction") as gate:
        async with seated(gate, tls_desk, Mode.TRANSACTION, AGENT) as (_, heard):
            await heard.until_one(Contact(True, "changes are asked for every second"), 1)


async def test_a_server_that_goes_away_is_told_and_afterwards_everything_is_read_again(
    tls_server: SecureServer, tls_desk: DeskDatabase
) -> None:
    with pooler(tls_server, "transaction") as gate:
        async with seated(gate, tls_desk, Mode.TRANSACTION, AGENT) as (_, heard):
            heard.events.clear()
            tls_desk.run(f'ALTER DATABASE "{tls_desk.name}" CONNECTION LIMIT 0')
            tls_desk.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename = %s",
                AGENT,
            )
            async with asyncio.timeout(5):
                while all(contact.live for contact in heard.contacts):
                    await asyncio.sleep(0.05)
            tls_desk.run(f'ALTER DATABASE "{tls_desk.name}" CONNECTION LIMIT -1')
            await heard.until_one(Resync, 20)


def busy(gate: Gate, database: DeskDatabase) -> psycopg.Connection[tuple[object, ...]]:
    """Somebody with the same login who is in a transaction, and so holds a server process."""
    held = psycopg.connect(gate.conninfo(database.name, AGENT, password_of(AGENT)), prepare_threshold=None)
    held.execute("SELECT 1")
    return held


async def ask_often(gate: Gate, database: DeskDatabase, mode: Mode) -> None:
    """Ask one thing on one connection more often than the driver needs to prepare it, then from another process."""
    engine = open_engine(gate.conninfo(database.name, AGENT, password_of(AGENT)), size=1, mode=mode)
    try:
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
            for _ in range(12):
                await conn.execute(text("SELECT count(*) FROM console.queue"))
            with busy(gate, database):
                for _ in range(3):
                    await conn.execute(text("SELECT count(*) FROM console.queue"))
    finally:
        await engine.dispose()


@pytest.mark.parametrize("mode", MODES)
async def test_nothing_is_prepared_where_the_next_statement_may_go_elsewhere(
    tls_server: SecureServer, tls_desk: DeskDatabase, mode: Mode
) -> None:
    with gate_of(tls_server, mode) as gate:
        await ask_often(gate, tls_desk, mode)


async def test_a_transaction_pooler_that_is_not_declared_does_break_prepared_statements(
    tls_server: SecureServer, tls_desk: DeskDatabase
) -> None:
    """Otherwise the proof above could not fail."""
    with pooler(tls_server, "transaction") as gate, pytest.raises(DBAPIError) as broken:
        await ask_often(gate, tls_desk, Mode.DIRECT)
    assert isinstance(broken.value.orig, pg.InvalidSqlStatementName)


async def test_what_another_client_sets_and_leaves_behind_changes_nothing_for_the_desk(
    tls_server: SecureServer, tls_desk: DeskDatabase
) -> None:
    async with tls_desk.sit_down() as seat:
        case = await seat.new_case()
    leaks = ("search_path = pg_temp", "default_transaction_isolation = 'serializable'", "work_mem = '64kB'",
             "intervalstyle = 'sql_standard'", "bytea_output = 'escape'", "extra_float_digits = 0")  # fmt: skip
    with pooler(tls_server, "transaction") as gate:
        with psycopg.connect(gate.conninfo(tls_desk.name, AGENT, password_of(AGENT)), autocommit=True) as other:
            for leak in leaks:
                other.execute(f"SET {leak}")
        with psycopg.connect(gate.conninfo(tls_desk.name, AGENT, password_of(AGENT)), autocommit=True) as another:
            assert another.execute("SHOW search_path").fetchall() == [("pg_temp",)], "the leak is real"
        async with seated(gate, tls_desk, Mode.TRANSACTION, AGENT) as (console, _):
            page = await console.queries.page(QueueFilter())
            assert [found.id for found in page.cases] == [case.id]
            await console.bus.execute(Claim(cases=(case.ref,)))
            assert (await console.queries.cases([case.id]))[0].assignee == AGENT


@pytest.mark.parametrize("mode", MODES)
def test_the_time_limits_of_a_login_hold_through_every_way_in(
    tls_server: SecureServer, tls_desk: DeskDatabase, mode: Mode
) -> None:
    with gate_of(tls_server, mode) as gate:
        conninfo = gate.conninfo(tls_desk.name, AGENT, password_of(AGENT))
        if mode is not Mode.TRANSACTION:  # there the worker's watch is for that, and sign-in refuses
            with psycopg.connect(conninfo, autocommit=True) as other:
                other.execute("SET statement_timeout = 0")
        with psycopg.connect(conninfo, autocommit=True) as conn:
            assert {name: conn.execute(f"SHOW {name}").fetchall()[0][0] for name in LIMITS} == LIMITS
            assert conn.execute("SELECT session_user").fetchall() == [(AGENT,)]


async def test_limits_that_somebody_switched_off_in_a_shared_session_are_not_worked_with(
    tls_server: SecureServer, tls_desk: DeskDatabase
) -> None:
    with pooler(tls_server, "transaction") as gate:
        with psycopg.connect(gate.conninfo(tls_desk.name, AGENT, password_of(AGENT)), autocommit=True) as other:
            other.execute("SET statement_timeout = 0")
        with pytest.raises(NotAllowed, match="time limits"):
            async with seated(gate, tls_desk, Mode.TRANSACTION, AGENT):
                pass


@pytest.mark.parametrize("mode", [Mode.SESSION, Mode.TRANSACTION])
async def test_a_pooler_that_goes_on_as_somebody_else_is_refused(
    tls_server: SecureServer, tls_desk: DeskDatabase, mode: Mode
) -> None:
    known, somebody = ((login, password_of(login)) for login in (AGENT, OTHER_AGENT))
    with (
        pooler(tls_server, str(mode), as_login=somebody, known=[known]) as gate,
        pytest.raises(NotAllowed, match=f"{AGENT}.*{OTHER_AGENT}"),
    ):
        async with seated(gate, tls_desk, mode, AGENT):
            pass
