"""A safety ticket cannot be kept from becoming one: tried before any console has taken it in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from hotmess_console.services.intake import Reconcile
from tests.desks import AGENT, MANAGER, MODERATOR, SAFETY, SENIOR, Connection, DeskDatabase
from tests.integration.authority.acting import as_owner, once, record, recorded, refused, signed_in
from tests.integration.authority.grid import WITH_TICKETS

pytestmark = pytest.mark.authority
SHAPES = WITH_TICKETS

OPEN_CASE = (
    "INSERT INTO console.cases (id, kind, source, subject, category, status, priority, due_at, rank_at) "
    "VALUES (%s, 'ticket', 'platform', 'Help', %s, %s, %s, {due}, console.now())"
)
OPEN_TICKET = "INSERT INTO console.tickets (case_id, platform_id, subject) VALUES (%s, %s, 'Help')"
IN_TIME = "console.now() + interval '50 minutes'"


@pytest.fixture
def waiting(desk_database: DeskDatabase) -> UUID:
    """A safety ticket that waits to be taken in."""
    return desk_database.ticket(category="safety", subject="Somebody follows me", message="He has a zebra tattoo")


def take_in(
    conn: Connection,
    ticket: UUID,
    category: str,
    *,
    status: str = "open",
    priority: str = "urgent",
    due: str = IN_TIME,
) -> None:
    """Make a case of a ticket by hand."""
    case = uuid4()
    conn.execute(OPEN_CASE.format(due=due), [case, category, status, priority])
    conn.execute(OPEN_TICKET, [case, ticket])


@pytest.mark.parametrize("login", [AGENT, SENIOR])
def test_it_is_not_taken_in_as_something_else(desk_database: DeskDatabase, waiting: UUID, login: str) -> None:
    for status in ("open", "closed"):
        with recorded(desk_database, login) as (conn, _), refused("42501", "taken in as one"):
            take_in(conn, waiting, "general", status=status)
    with recorded(desk_database, login) as (conn, _):
        take_in(conn, waiting, "safety")


def test_who_sees_safety_tickets_may_say_that_it_is_none(desk_database: DeskDatabase, waiting: UUID) -> None:
    for login in (SAFETY, MANAGER):
        with recorded(desk_database, login) as (conn, _):
            take_in(conn, waiting, "general")


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "closed"},
        {"status": "resolved"},
        {"status": "waiting_response"},
        {"priority": "low"},
        {"due": "console.now() + interval '3 hours'"},
        {"due": "NULL"},
    ],
)
def test_an_agent_does_not_open_it_where_nobody_looks(
    desk_database: DeskDatabase, waiting: UUID, hidden: dict[str, str]
) -> None:
    stands = (
        "SELECT status, priority, urgency, level, due_at <= console.now() + interval '1 hour', rank_at = due_at, "
        "queued FROM console.cases WHERE category = 'safety'"
    )
    with recorded(desk_database, AGENT) as (conn, _):
        take_in(conn, waiting, "safety", **hidden)
        assert conn.execute(stands).fetchall() == [("open", "urgent", 0, 2, True, True, True)]
    with recorded(desk_database, SAFETY) as (conn, _):
        take_in(conn, waiting, "safety", **hidden)
        assert conn.execute(stands).fetchall() != [("open", "urgent", 0, 2, True, True, True)]


def test_an_agent_does_not_make_it_a_safety_ticket_only_once_it_is_out_of_sight(
    desk_database: DeskDatabase, waiting: UUID
) -> None:
    """Opened as something else and closed, and about safety only then."""
    hide = "UPDATE console.cases SET category = 'safety', status = %s, due_at = NULL, snoozed_until = %s WHERE id = %s"
    for opened in ("open", "closed"):
        with recorded(desk_database, AGENT) as (conn, _):
            case = uuid4()
            conn.execute(OPEN_CASE.format(due="NULL"), [case, "general", opened, "low"])
            conn.execute(hide, ["resolved" if opened == "open" else "closed", "2150-01-01", case])
            conn.execute(OPEN_TICKET, [case, waiting])
            stands = (
                "SELECT status, queued, guarded, due_at IS NOT NULL, snoozed_until FROM console.cases WHERE id = %s"
            )
            assert conn.execute(stands, [case]).fetchall() == [("open", True, True, True, None)]
    with recorded(desk_database, AGENT) as (conn, _):
        other, case = uuid4(), uuid4()
        for id in (other, case):
            conn.execute(OPEN_CASE.format(due="NULL"), [id, "general", "open", "low"])
        with refused("23514", "merged is not handed over"):
            conn.execute("UPDATE console.cases SET category = 'safety', merged_into = %s WHERE id = %s", [other, case])


FAR = ("infinity", "-infinity", "20000-01-01", "0001-01-01 BC")


@pytest.mark.parametrize("moment", FAR)
async def test_a_row_with_an_impossible_time_keeps_nothing_else_from_being_taken_in(
    desk_database: DeskDatabase, moment: str
) -> None:
    ticket = desk_database.ticket(category="safety", created_at=moment, updated_at=moment)
    desk_database.answer(ticket, created_at=moment)
    desk_database.ticket(subject="After it")
    async with desk_database.sit_down(AGENT) as seat:
        await seat.drain()
        await seat.do(Reconcile())
        assert (await seat.drain()).idle
    assert "After it" in {subject for (subject,) in desk_database.rows("SELECT subject FROM console.cases")}


async def test_a_ticket_without_a_time_is_taken_in_as_written_now(desk_database: DeskDatabase) -> None:
    for table in ("support_tickets", "ticket_responses"):
        desk_database.run(f"ALTER TABLE public.{table} ALTER COLUMN created_at DROP NOT NULL")
    ticket = desk_database.ticket(category="safety", created_at=None)
    desk_database.answer(ticket, created_at=None)
    async with desk_database.sit_down(AGENT) as seat:
        await seat.drain()
    said = "SELECT count(*), bool_and(m.at > now() - interval '1 hour'), "
    said += "bool_and(c.opened_at > now() - interval '1 hour') FROM console.messages m "
    said += "JOIN console.cases c ON c.id = m.case_id WHERE m.direction = 'in' AND c.guarded"
    assert desk_database.rows(said) == [(2, True, True)]


@pytest.mark.parametrize("size", ["true", "-1", "1e30", '"9"', "null", "[]", "1.5"])
async def test_a_file_of_an_impossible_size_keeps_nothing_from_being_taken_in(
    desk_database: DeskDatabase, size: str
) -> None:
    ticket = desk_database.ticket()
    desk_database.answer(ticket, attachments=f'[{{"url": "https://example.org/a.png", "size": {size}}}]')
    async with desk_database.sit_down(AGENT) as seat:
        await seat.drain()
    assert desk_database.rows("SELECT size FROM console.attachments") == [(0,)]


def test_a_drain_is_not_taken_back(desk_database: DeskDatabase, waiting: UUID) -> None:
    drain = uuid4()
    record = "INSERT INTO console.commands (id, name, digest, undoes) VALUES (%s, %s, sha256('x'), %s)"
    with signed_in(desk_database, AGENT) as conn:
        conn.execute(record, [drain, "intake.drain", None])
        conn.commit()
    for login in (AGENT, MANAGER):
        with signed_in(desk_database, login) as conn, refused("42501", "cannot be unwritten"):
            conn.execute(record, [uuid4(), "command.undo", drain])


def test_nothing_is_taken_from_the_platform_but_what_the_undone_command_put_there(desk_database: DeskDatabase) -> None:
    ticket = desk_database.ticket()
    reply = desk_database.answer(ticket, "From the web admin", responder_type="admin")
    restore = "SELECT platform.ticket_restore(%s, %s, %s, %s)"
    forged = json.dumps({"ours": {"reply_id": str(reply)}})
    with recorded(desk_database, AGENT) as (conn, command), refused("42501", "did not do this"):
        conn.execute(restore, [command, ticket, forged, reply])
    with signed_in(desk_database, AGENT) as conn:
        mine = record(conn)
        apply = "SELECT platform.ticket_apply(%s, %s, %s) -> 'was'"
        [was] = conn.execute(apply, [mine, ticket, '{"status": "closed"}']).fetchone() or [None]
        conn.commit()
    with signed_in(desk_database, AGENT) as conn, refused("42501", "did not do this"):
        conn.execute(restore, [record(conn, undoes=mine), ticket, forged, reply])
    with signed_in(desk_database, AGENT) as conn:
        conn.execute(restore, [record(conn, undoes=mine), ticket, json.dumps(was), None])
        assert conn.execute("SELECT status FROM platform.tickets WHERE id = %s", [ticket]).fetchone() == ("open",)


def test_an_agent_does_not_call_it_something_else_on_the_platform_first(
    desk_database: DeskDatabase, waiting: UUID
) -> None:
    apply = "SELECT platform.ticket_apply(%s, %s, %s)"
    for change in ('{"category": "general"}', '{"status": "closed"}'):
        with recorded(desk_database, AGENT) as (conn, command), refused("42501", "safety ticket"):
            conn.execute(apply, [command, waiting, change])
    plain = desk_database.ticket(category="general")
    with recorded(desk_database, AGENT) as (conn, command):
        conn.execute(apply, [command, plain, '{"category": "technical"}'])


def test_nothing_leaves_the_intake_but_by_a_recorded_command(desk_database: DeskDatabase, waiting: UUID) -> None:
    for login in (AGENT, SENIOR, SAFETY, MANAGER):
        with recorded(desk_database, login) as (conn, _), refused("42501", "permission denied"):
            conn.execute("DELETE FROM console.intake")
        with signed_in(desk_database, login) as conn, refused("42501", "inside a recorded command"):
            conn.execute("SELECT console.take_intake(10)")
    with signed_in(desk_database, MODERATOR) as conn, refused("42501"):
        record(conn)
        conn.execute("SELECT console.take_intake(10)")
    assert once(desk_database, AGENT, "SELECT source, key FROM console.take_intake(10)") == [("ticket", str(waiting))]


async def test_a_key_that_was_taken_away_is_filed_again_and_becomes_a_case(
    desk_database: DeskDatabase, waiting: UUID
) -> None:
    once(desk_database, AGENT, "SELECT console.take_intake(10)")
    async with desk_database.sit_down() as seat:
        await seat.do(Reconcile())
        await seat.drain()
    assert desk_database.rows(
        "SELECT c.guarded FROM console.cases c JOIN console.tickets t ON t.case_id = c.id WHERE t.platform_id = %s",
        waiting,
    ) == [(True,)]


def seen(desk_database: DeskDatabase, login: str, ticket: UUID) -> Sequence[object]:
    """What `login` reads of a ticket and of what was written on to it."""
    with signed_in(desk_database, login) as conn:
        return [
            *conn.execute("SELECT message FROM platform.tickets WHERE id = %s", [ticket]).fetchall(),
            *conn.execute("SELECT message FROM platform.ticket_responses WHERE ticket_id = %s", [ticket]).fetchall(),
        ]


def test_agents_do_not_read_safety_tickets_that_were_there_before_the_console(
    desk_database: DeskDatabase, waiting: UUID
) -> None:
    other = desk_database.ticket(category="general", message="The badge")
    assert seen(desk_database, AGENT, waiting)  # somebody's console has to take it in
    as_owner(
        desk_database,
        "UPDATE console.settings SET value = to_jsonb(now() + interval '1 day') WHERE key = 'intake.go_live'",
    )
    desk_database.answer(waiting, "The zebra again")
    for login, reads in ((AGENT, False), (SENIOR, False), (SAFETY, True), (MANAGER, True)):
        assert bool(seen(desk_database, login, waiting)) is reads, login
        assert seen(desk_database, login, other)


async def test_who_writes_on_to_an_old_safety_ticket_is_heard_whoever_is_at_the_desk(
    desk_database: DeskDatabase,
) -> None:
    old = desk_database.ticket(category="safety", message="He has a zebra tattoo")
    desk_database.run("UPDATE public.support_tickets SET created_at = created_at - interval '1 year'")
    desk_database.run("DELETE FROM console.intake")
    assert not seen(desk_database, AGENT, old)
    desk_database.answer(old, "The zebra again")
    async with desk_database.sit_down(AGENT) as seat:
        assert not (await seat.drain()).idle
    assert desk_database.rows("SELECT guarded FROM console.cases") == [(True,)]
    assert not seen(desk_database, AGENT, old)
