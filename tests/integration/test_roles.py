"""What the database itself enforces, asked with plain SQL as somebody who does not use our window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors as pg

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotAllowed
from hotmess_console.domain.policy import workflow
from hotmess_console.domain.values import Level, Status
from hotmess_console.services.replies import AddNote
from hotmess_console.services.support import Claim, Close, Escalate, Reopen, Resolve
from hotmess_console.services.undo import Undo
from tests.desks import (
    AGENT,
    AUDITOR,
    MANAGER,
    MODERATOR,
    OTHER_AGENT,
    SAFETY,
    Connection,
    DeskDatabase,
    Seat,
    password_of,
    staff,
)

pytestmark = pytest.mark.foundation

EVERYONE = [person.login for person, _ in staff()]


@contextmanager
def recorded(database: DeskDatabase, login: str = AGENT) -> Iterator[Connection]:
    """A transaction of `login` in which a command is recorded; rolled back at the end."""
    with psycopg.connect(database.conninfo(login)) as conn:
        record(conn)
        yield conn
        conn.rollback()


def record(conn: Connection, id: UUID | None = None) -> UUID:
    """Record a command in the open transaction."""
    command = id or uuid4()
    conn.execute(
        "INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.run', sha256('x'::bytea))", [command]
    )
    return command


async def a_case(database: DeskDatabase, **values: object) -> Case:
    """A case from a new ticket."""
    async with database.sit_down() as seat:
        return await seat.new_case(**values)


async def close(seat: Seat, case: Case) -> None:
    """Resolve and close a case."""
    await seat.do(Resolve(cases=(case.ref,)))
    await seat.do(Close(cases=((await seat.case(case.id)).ref,)))


@pytest.mark.parametrize("login", EVERYONE)
def test_a_staff_login_owns_nothing_and_is_no_superuser(desk_database: DeskDatabase, login: str) -> None:
    assert desk_database.rows(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = %s",
        login,
    ) == [(False,) * 5]
    owned = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = %s::regrole"
    assert desk_database.one(owned, login) == 0


@pytest.mark.parametrize("login", EVERYONE)
def test_a_staff_login_can_become_no_owner_of_anything(desk_database: DeskDatabase, login: str) -> None:
    reachable = "SELECT rolname FROM pg_roles WHERE pg_has_role(%s, oid, 'MEMBER') AND rolname <> %s"
    roles = {name for (name,) in desk_database.rows(reachable, login, login)}
    assert roles.isdisjoint({"console_owner", "console_audit_owner", "console_intake", "platform_owner", "postgres"})


WRITES = {
    "a case": "UPDATE console.cases SET unread = false",
    "a new case": "INSERT INTO console.cases (id, kind, source, subject, rank_at) VALUES (gen_random_uuid(), 'ticket', "
    "'manual', 'x', now())",
    "a ticket": "UPDATE console.tickets SET requester_name = 'x'",
    "a message": "INSERT INTO console.messages (id, case_id, direction, kind, channel, body) "
    "SELECT gen_random_uuid(), id, 'in', 'message', 'console', 'x' FROM console.cases",
    "a note": "INSERT INTO console.notes (id, case_id, body) SELECT gen_random_uuid(), id, 'x' FROM console.cases",
    "a hastened letter": "UPDATE console.deliveries SET hold_until = now()",
    "a link": "SELECT console.unlink_cases(id, gen_random_uuid()) FROM console.cases",
    "a view": "INSERT INTO console.saved_views (id, name, filter) VALUES (gen_random_uuid(), 'x', '{}')",
    "a notice": "INSERT INTO console.notices (id, recipient, case_id, kind) SELECT gen_random_uuid(), 'rowan', id, "
    "'mention' FROM console.cases",
    "a setting": "UPDATE console.settings SET value = '1' WHERE key = 'undo.list'",
    "a template": "UPDATE console.templates SET retired = true",
}


@pytest.mark.parametrize("what", WRITES)
async def test_nothing_is_written_without_a_recorded_command(desk_database: DeskDatabase, what: str) -> None:
    await a_case(desk_database)
    refused = pytest.raises(pg.InsufficientPrivilege, match="recorded command")
    with psycopg.connect(desk_database.conninfo(MANAGER)) as conn, refused:
        conn.execute(WRITES[what])
    with recorded(desk_database, MANAGER) as conn:
        conn.execute(WRITES[what])


@pytest.mark.parametrize(
    "assignment", ["version = 9", "urgency = 0", "rank_at = now()", "number = 1", "queued = false"]
)
async def test_what_the_server_decides_cannot_be_set(desk_database: DeskDatabase, assignment: str) -> None:
    await a_case(desk_database)
    with recorded(desk_database) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute(f"UPDATE console.cases SET {assignment}")


async def test_even_the_owner_cannot_choose_version_urgency_or_rank(desk_database: DeskDatabase) -> None:
    case = await a_case(desk_database, category="general")
    with psycopg.connect(desk_database.conninfo()) as conn:
        record(conn)
        conn.execute("UPDATE console.cases SET urgency = 0, rank_at = '1999-01-01', queued = false")
        found = conn.execute("SELECT urgency, rank_at = due_at, queued, version FROM console.cases").fetchall()
        assert found == [(2, True, True, case.version + 1)]
        with pytest.raises(pg.CheckViolation, match="version"):
            conn.execute("UPDATE console.cases SET version = 99")


@pytest.mark.parametrize("start", ["open", "in_progress"])
async def test_a_transition_that_the_manual_does_not_know_is_refused(desk_database: DeskDatabase, start: str) -> None:
    await a_case(desk_database)
    with recorded(desk_database) as conn:
        conn.execute("UPDATE console.cases SET status = %s", [start])
        with pytest.raises(pg.CheckViolation, match=f"from {start} to closed"):
            conn.execute("UPDATE console.cases SET status = 'closed'")


async def test_the_database_knows_the_same_edges_as_the_policy(desk_database: DeskDatabase) -> None:
    edges = desk_database.rows("SELECT from_status, to_status FROM console.case_edges")
    assert {(Status(start), Status(to)) for start, to in edges} == workflow.EDGES


async def test_an_undo_may_go_back_over_an_edge_that_only_leads_forward(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        await close(seat, case)
        reopen = Reopen(cases=((await seat.case(case.id)).ref,))
        await seat.do(reopen)
        with recorded(desk_database) as conn, pytest.raises(pg.CheckViolation):
            conn.execute("UPDATE console.cases SET status = 'closed'")
        await seat.do(Undo(taken_back=reopen.id))
        assert (await seat.case(case.id)).status is Status.CLOSED


async def test_an_undo_of_one_case_opens_no_way_back_for_another(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        one, other = await seat.new_cases([{}, {}])
        await close(seat, one)
        reopen = Reopen(cases=((await seat.case(one.id)).ref,))
        await seat.do(reopen)
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        conn.execute(
            "INSERT INTO console.commands (id, name, digest, undoes) VALUES (%s, 'test.run', sha256('x'::bytea), %s)",
            [uuid4(), reopen.id],
        )
        with pytest.raises(pg.CheckViolation):
            conn.execute("UPDATE console.cases SET status = 'closed' WHERE id = %s", [other.id])


async def test_only_its_author_or_a_manager_takes_a_command_back(desk_database: DeskDatabase) -> None:
    case = await a_case(desk_database)
    claim = Claim(cases=(case.ref,))
    async with desk_database.sit_down(OTHER_AGENT) as seat:
        await seat.do(claim)
    undo = "INSERT INTO console.commands (id, name, digest, undoes) VALUES (%s, 'command.undo', sha256('x'::bytea), %s)"
    for login in (AGENT, "mehreen"):
        with psycopg.connect(desk_database.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute(undo, [uuid4(), claim.id])
    for login in (OTHER_AGENT, MANAGER):
        with psycopg.connect(desk_database.conninfo(login)) as conn:
            conn.execute(undo, [uuid4(), claim.id])
            conn.rollback()


async def test_a_colleagues_deed_is_not_undone_through_the_window_either(desk_database: DeskDatabase) -> None:
    case = await a_case(desk_database)
    claim = Claim(cases=(case.ref,))
    async with desk_database.sit_down(OTHER_AGENT) as seat:
        await seat.do(claim)
    async with desk_database.sit_down() as seat:
        with pytest.raises(NotAllowed, match="A colleague did this"):
            await seat.do(Undo(taken_back=claim.id))
    async with desk_database.sit_down(MANAGER) as seat:
        await seat.do(Undo(taken_back=claim.id))
        assert (await seat.case(case.id)).assignee is None


@pytest.mark.parametrize("login", [MODERATOR, AUDITOR])
async def test_moderators_and_auditors_read_tickets_and_write_none(desk_database: DeskDatabase, login: str) -> None:
    await a_case(desk_database)
    with psycopg.connect(desk_database.conninfo(login), autocommit=True) as conn:
        assert conn.execute("SELECT count(*) FROM console.queue").fetchall() == [(1,)]
        assert conn.execute("SELECT count(*) FROM console.messages").fetchall() == [(2,)]
        for statement in WRITES.values():
            with pytest.raises(pg.InsufficientPrivilege):
                conn.execute(statement)


def test_an_auditor_cannot_even_record_a_command(desk_database: DeskDatabase) -> None:
    with psycopg.connect(desk_database.conninfo(AUDITOR)) as conn, pytest.raises(pg.InsufficientPrivilege):
        record(conn)


@pytest.mark.parametrize("login", EVERYONE)
async def test_nobody_at_the_desk_reads_the_search_texts(desk_database: DeskDatabase, login: str) -> None:
    await a_case(desk_database)
    with psycopg.connect(desk_database.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute("SELECT words FROM console.case_search")


async def test_views_and_notices_are_their_owners_alone(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        await seat.do(AddNote(case=case.id, body="@mehreen please look"))
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        record(conn)
        conn.execute("INSERT INTO console.saved_views (id, name, filter) VALUES (gen_random_uuid(), 'Mine', '{}')")
    for login, views, notices in ((AGENT, 1, 1), (OTHER_AGENT, 0, 0), ("mehreen", 0, 1)):
        with psycopg.connect(desk_database.conninfo(login)) as conn:
            assert conn.execute("SELECT count(*) FROM console.saved_views").fetchall() == [(views,)]
            assert conn.execute("SELECT count(*) FROM console.notices").fetchall() == [(notices,)]


def test_a_command_in_somebody_elses_name_is_refused(desk_database: DeskDatabase) -> None:
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute(
            "INSERT INTO console.commands (id, name, digest, actor) "
            "VALUES (gen_random_uuid(), 'test.run', sha256('x'::bytea), 'sunniva')"
        )


async def test_an_effect_needs_a_command_of_the_same_person_and_transaction(desk_database: DeskDatabase) -> None:
    case = await a_case(desk_database)
    async with desk_database.sit_down(OTHER_AGENT) as seat:
        ticket, claim = seat.platform_id(case), Claim(cases=(case.ref,))
        await seat.do(claim)
    for login in (AGENT, OTHER_AGENT):
        with psycopg.connect(desk_database.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute('SELECT platform.ticket_apply(%s, %s, \'{"status": "closed"}\')', [claim.id, ticket])


async def test_what_a_command_did_cannot_be_recorded_for_another_command(desk_database: DeskDatabase) -> None:
    case = await a_case(desk_database)
    async with desk_database.sit_down(OTHER_AGENT) as seat:
        escalate = Escalate(cases=(case.ref,), to=Level.SENIOR, criterion="billing-dispute", reason="Twice")
        await seat.do(escalate)
    statement = 'INSERT INTO console.command_cases VALUES (%s, %s, \'{"status": "closed"}\', 1, 2)'
    with recorded(desk_database) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute(statement, [escalate.id, (await a_case(desk_database)).id])


@pytest.mark.parametrize("login", EVERYONE)
def test_a_staff_login_reaches_no_table_of_the_platform(desk_database: DeskDatabase, login: str) -> None:
    reachable = (
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'auth') AND c.relkind = 'r' "
        "AND has_table_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
    )
    assert desk_database.rows(reachable, login) == []


def test_a_password_reaches_the_server_only_as_a_verifier(desk_database: DeskDatabase) -> None:
    stored = desk_database.one("SELECT rolpassword FROM pg_authid WHERE rolname = %s", AGENT)
    assert stored.startswith("SCRAM-SHA-256$")
    assert password_of(AGENT) not in stored


@pytest.mark.parametrize("login", [AGENT, SAFETY])
def test_a_staff_session_has_limits_of_its_own(desk_database: DeskDatabase, login: str) -> None:
    with psycopg.connect(desk_database.conninfo(login)) as conn:
        limits = [
            conn.execute(f"SHOW {name}").fetchall()[0][0]
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert limits == ["15s", "2s", "3s"]
