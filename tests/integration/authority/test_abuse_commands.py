"""Commands, versions, transitions and platform effects typed by hand."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import AGENT, MANAGER, MODERATOR, OTHER_AGENT, SAFETY, Connection, DeskDatabase
from tests.integration.authority.acting import a_case, as_superuser, once, record, recorded, refused, signed_in

pytestmark = pytest.mark.authority

RECORD = "INSERT INTO console.commands (id, name, digest, params) VALUES (%s, %s, sha256(%s), %s)"
DID = (
    "INSERT INTO console.command_cases (command_id, case_id, prior, version_before, version_after) "
    "VALUES (%s, %s, jsonb_build_object('status', %s::text), %s, %s)"
)
CHANGE = "UPDATE console.cases SET status = %s WHERE id = %s"
UNDO = "INSERT INTO console.commands (id, name, digest, undoes) VALUES (%s, 'command.undo', sha256('u'), %s)"


def test_one_command_id_takes_effect_once_and_for_nothing_else(desk_database: DeskDatabase) -> None:
    command, case = uuid4(), a_case(desk_database)
    original = [command, "case.claim", b"a", '{"of": 1}']
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        conn.execute(RECORD, original)
        conn.execute("UPDATE console.cases SET unread = false WHERE id = %s", [case])
    for at, other in ((1, "case.close"), (2, b"b"), (3, '{"of": 2}')):
        changed: list[object] = [*original]
        changed[at] = other
        with signed_in(desk_database, AGENT) as conn, refused("22023", "already used"):
            conn.execute(RECORD, changed)
    with signed_in(desk_database, OTHER_AGENT) as conn, refused("22023", "already used"):
        conn.execute(RECORD, original)
    with signed_in(desk_database, AGENT) as conn:
        assert conn.execute(RECORD, original).rowcount == 0
        with refused("42501", "recorded command"):
            conn.execute("UPDATE console.cases SET unread = true WHERE id = %s", [case])
    assert desk_database.rows("SELECT version FROM console.cases WHERE id = %s", case) == [(2,)]


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", MANAGER), ("at", "2020-01-01"), ("xact", "3")],
    ids=["actor", "clock", "transaction"],
)
def test_who_when_and_where_a_command_was_given_is_not_for_the_client(
    desk_database: DeskDatabase, column: str, value: str
) -> None:
    with signed_in(desk_database, AGENT) as conn, refused("42501"):
        conn.execute(
            f"INSERT INTO console.commands (id, name, digest, {column}) VALUES (%s, 'a.b', sha256('x'), %s)",
            [uuid4(), value],
        )
    with recorded(desk_database, AGENT) as (conn, command), refused("42501"):
        conn.execute(f"UPDATE console.commands SET {column} = %s WHERE id = %s", [value, command])
    with recorded(desk_database, AGENT) as (conn, command):
        conn.execute("SET ROLE console_agent")  # another role is still the same person
        kept = conn.execute("SELECT actor = session_user FROM console.commands WHERE id = %s", [command]).fetchall()
        conn.execute("RESET ROLE")
    assert kept == [(True,)]


def test_the_version_is_the_databases(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    for assignment in ("version = 9", "version = version", "changed_by = 'sunniva'", "changed_at = now()"):
        with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
            conn.execute(f"UPDATE console.cases SET {assignment} WHERE id = %s", [case])
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute(
            "INSERT INTO console.cases (id, kind, source, subject, rank_at, version) "
            "VALUES (%s, 'ticket', 'manual', 'x', now(), 9)",
            [uuid4()],
        )
    with pytest.raises(psycopg.errors.CheckViolation, match="version is set by the database"):
        as_superuser(desk_database, "UPDATE console.cases SET version = 9")
    stale = "UPDATE console.cases SET priority = 'low' WHERE id = %s AND version = 1"
    with recorded(desk_database, AGENT) as (conn, _):
        conn.execute(stale, [case])
        assert conn.execute(stale, [case]).rowcount == 0, "a version is true once"
        found = conn.execute("SELECT version, changed_by FROM console.cases WHERE id = %s", [case]).fetchall()
    assert found == [(2, AGENT)]


def test_a_case_takes_no_way_that_there_is_not(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    for start, to in (("open", "closed"), ("in_progress", "closed")):
        with recorded(desk_database, AGENT) as (conn, _):
            conn.execute(CHANGE, [start, case])
            with refused("23514", "cannot go from"):
                conn.execute(CHANGE, [to, case])
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute("INSERT INTO console.case_edges VALUES ('open', 'closed')")
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute("INSERT INTO console.state_edges VALUES ('cases', 'open', 'closed')")
    once(desk_database, AGENT, CHANGE, "resolved", case)
    once(desk_database, AGENT, CHANGE, "closed", case)


def reopened(database: DeskDatabase) -> tuple[UUID, UUID]:
    """A case that was closed and reopened by the agent; the case and the command that reopened it."""
    case = a_case(database)
    for status in ("resolved", "closed"):
        once(database, AGENT, CHANGE, status, case)
    with psycopg.connect(database.conninfo(AGENT)) as conn:
        command = record(conn)
        conn.execute(CHANGE, ["in_progress", case])
    return case, command


def undoing(conn: Connection, command: UUID) -> None:
    """Record an undo of `command` in the open transaction."""
    conn.execute(UNDO, [uuid4(), command])


def test_an_undo_walks_back_only_what_its_command_really_did(desk_database: DeskDatabase) -> None:
    case, reopening = reopened(desk_database)
    other = a_case(desk_database)
    with signed_in(desk_database, AGENT) as conn:
        undoing(conn, reopening)
        with refused("23514", "cannot go from"):
            conn.execute(CHANGE, ["closed", other])
    with signed_in(desk_database, OTHER_AGENT) as conn, refused("42501"):
        undoing(conn, reopening)
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute("INSERT INTO console.case_moves VALUES (%s, %s, 1, 'closed', 'open')", [uuid4(), other])
    with signed_in(desk_database, AGENT) as conn:
        undoing(conn, reopening)
        assert conn.execute(CHANGE, ["closed", case]).rowcount == 1


def test_an_undo_goes_to_where_the_case_was_and_nowhere_else(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        claim = record(conn)
        conn.execute(CHANGE, ["in_progress", case])
    with signed_in(desk_database, AGENT) as conn:
        undoing(conn, claim)
        with refused("23514", "cannot go from in_progress to closed"):
            conn.execute(CHANGE, ["closed", case])
    with signed_in(desk_database, AGENT) as conn:
        undoing(conn, claim)
        assert conn.execute(CHANGE, ["open", case]).rowcount == 1


def test_a_made_up_memory_opens_no_way_back(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        command = record(conn)
        conn.execute("UPDATE console.cases SET unread = false WHERE id = %s", [case])
        with refused("23514", "recorded as it happened"), conn.transaction():
            conn.execute(DID, [command, case, "closed", 1, 2])
    with signed_in(desk_database, AGENT) as conn:
        undoing(conn, command)
        with refused("23514", "cannot go from"):
            conn.execute(CHANGE, ["closed", case])


def test_where_a_case_went_on_since_an_undo_does_not_jump(desk_database: DeskDatabase) -> None:
    case, reopening = reopened(desk_database)
    once(desk_database, OTHER_AGENT, CHANGE, "open", case)
    with signed_in(desk_database, AGENT) as conn:
        undoing(conn, reopening)
        with refused("23514", "cannot go from open to closed"):
            conn.execute(CHANGE, ["closed", case])


def test_what_a_command_did_is_recorded_as_it_happened(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    once(desk_database, OTHER_AGENT, "UPDATE console.cases SET priority = 'high' WHERE id = %s", case)
    with recorded(desk_database, AGENT) as (conn, command), refused("23514"):
        conn.execute(DID, [command, case, "open", 1, 2])  # a colleague did that
    for status, before, after in (("closed", 2, 3), ("resolved", 2, 3), ("open", 2, 99), ("open", 3, 3)):
        with recorded(desk_database, AGENT) as (conn, command):
            conn.execute(CHANGE, ["resolved", case])
            with refused("23514", "as it happened"):
                conn.execute(DID, [command, case, status, before, after])
    with recorded(desk_database, AGENT) as (conn, command):
        conn.execute(CHANGE, ["resolved", case])
        conn.execute(DID, [command, case, "open", 2, 3])


@pytest.mark.parametrize("function", ["ticket_apply(%s, %s, '{}')", "ticket_restore(%s, %s, '{}', NULL)"])
def test_a_platform_effect_happens_only_for_a_recorded_command(desk_database: DeskDatabase, function: str) -> None:
    call = f"SELECT platform.{function}"
    [(former,)] = once(desk_database, AGENT, "SELECT %(command)s::uuid")
    [(others,)] = once(desk_database, OTHER_AGENT, "SELECT %(command)s::uuid")
    for command in (uuid4(), former, others, None):
        with recorded(desk_database, AGENT) as (conn, _), refused("42501", "was not recorded by"):
            conn.execute(call, [command, uuid4()])
    with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
        conn.execute(call, [command, uuid4()])
    for table in ("public.profiles", "auth.users"):
        with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
            conn.execute(f"DELETE FROM {table}")


def test_an_effect_called_by_hand_is_on_record_with_what_it_changed(desk_database: DeskDatabase) -> None:
    if desk_database.one("SELECT to_regclass('public.support_tickets')") is None:  # shape C has none to change
        with recorded(desk_database, AGENT) as (conn, command):
            [(answer,)] = conn.execute("SELECT platform.ticket_apply(%s, %s, '{}')", [command, uuid4()]).fetchall()
        assert answer["enforced"] == "not_here"
        return
    ticket = desk_database.ticket()
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        command = record(conn)
        changes = f'{{"status": "resolved", "reply": "Sesame", "reply_id": "{uuid4()}"}}'
        conn.execute("SELECT platform.ticket_apply(%s, %s, %s)", [command, ticket, changes])
    entries = desk_database.rows(
        "SELECT actor, action, relation, detail ->> 'status', detail::text ~ 'Sesame' FROM console_audit.entries "
        "WHERE command_id = %s AND subject = %s",
        command,
        str(ticket),
    )
    assert entries == [(AGENT, "update", "platform.tickets", "resolved", False)]
    for call in ("console.effect_happened(%s, %s, '{}')", "console_audit.record_effect(%s, %s, NULL, '{}')"):
        with recorded(desk_database, AGENT) as (conn, mine), refused("42501"):
            conn.execute(f"SELECT {call}", [mine, ticket])


@pytest.mark.parametrize("login", [AGENT, MODERATOR, SAFETY, MANAGER])
def test_claims_settings_and_search_paths_are_believed_by_nobody(desk_database: DeskDatabase, login: str) -> None:
    a_case(desk_database)
    with signed_in(desk_database, login) as conn:
        for setting, value in (
            ("request.jwt.claims", '{"role": "service_role", "sub": "x"}'),
            ("console.actor", MANAGER),
            ("role_claim", "console_manager"),
        ):
            conn.execute("SELECT set_config(%s, %s, false)", [setting if "." in setting else f"x.{setting}", value])
        conn.execute(
            "CREATE FUNCTION pg_temp.has_role(name) RETURNS boolean LANGUAGE sql AS 'SELECT true'; "
            "CREATE FUNCTION pg_temp.pg_has_role(name, name, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
        )
        conn.execute("SET search_path = pg_temp, console, pg_catalog")
        believed = conn.execute(
            "SELECT console.has_role('console_manager'), console.has_role('console_auditor'), session_user"
        ).fetchall()
        assert believed == [(login == MANAGER, False, login)]
        conn.commit()
        for role in ("service_role", "authenticated", "console_owner", "console_audit_owner", "console_intake"):
            with refused("42501"):
                conn.execute(f"SET ROLE {role}")
            conn.rollback()
        [(superuser,)] = desk_database.rows("SELECT rolname::text FROM pg_roles WHERE rolsuper LIMIT 1")
        with refused("42501"):
            conn.execute(f'SET SESSION AUTHORIZATION "{superuser}"')
