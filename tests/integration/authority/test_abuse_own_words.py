"""Names and moments are the server's, and words are taken back by whom they belong to."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from tests.desks import AGENT, MANAGER, SENIOR, Connection, DeskDatabase
from tests.integration.authority.acting import a_case, as_superuser, once, record, recorded, refused, signed_in

pytestmark = pytest.mark.authority

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WRITE = (
    "INSERT INTO console.messages (id, case_id, direction, kind, channel, author, body, at, command_id) "
    "VALUES (%s, %s, 'out', 'reply', 'console', %s, 'I promise', %s, %s)"
)
NOTE = "INSERT INTO console.notes (id, case_id, body, command_id) VALUES (%s, %s, 'Mind this', %s)"


def written(database: DeskDatabase, login: str, case: UUID) -> tuple[UUID, UUID]:
    """An answer and a note of `login`, by one command: the answer's id and the command's."""
    message = uuid4()
    with signed_in(database, login) as conn:
        command = record(conn)
        conn.execute(WRITE, [message, case, login, LONG_AGO, command])
        conn.execute(NOTE, [uuid4(), case, command])
        conn.commit()
    return message, command


def held(database: DeskDatabase, login: str, case: UUID) -> UUID:
    """An answer of `login` that is due to be sent."""
    message, _ = written(database, login, case)
    once(
        database,
        login,
        "INSERT INTO console.deliveries (message_id, case_id, to_address, subject, hold_until) "
        "VALUES (%s, %s, 'robin@example.org', 'x', console.now())",
        message,
        case,
    )
    return message


def test_nobody_answers_in_anothers_name_or_in_none(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    for login, author in ((AGENT, MANAGER), (MANAGER, AGENT), (AGENT, None)):
        with recorded(desk_database, login) as (conn, command), refused("42501", "signed by who is signed in"):
            conn.execute(WRITE, [uuid4(), case, author, None, command])


def test_an_answer_is_written_when_it_is_written(desk_database: DeskDatabase) -> None:
    message, _ = written(desk_database, AGENT, a_case(desk_database))
    assert desk_database.one("SELECT at > now() - interval '1 hour' FROM console.messages WHERE id = %s", message)


def test_words_belong_to_the_command_that_writes_them(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    _, before = written(desk_database, MANAGER, case)
    for foreign in (before, uuid4()):
        with recorded(desk_database, AGENT) as (conn, _), refused("42501", "belong to the command"):
            conn.execute(NOTE, [uuid4(), case, foreign])
        with recorded(desk_database, AGENT) as (conn, _), refused("42501", "belong to the command"):
            conn.execute(WRITE, [uuid4(), case, AGENT, None, foreign])


RETRACT = {
    "note": "UPDATE console.notes SET retracted_at = %s",
    "message": "UPDATE console.messages SET retracted_at = %s",
}


@pytest.mark.parametrize("what", RETRACT)
def test_words_are_taken_back_by_undoing_their_command_and_by_nothing_else(
    desk_database: DeskDatabase, what: str
) -> None:
    _, command = written(desk_database, MANAGER, a_case(desk_database))
    for login in (AGENT, MANAGER):
        with recorded(desk_database, login) as (conn, _), refused("42501", "undoing the command"):
            conn.execute(RETRACT[what], [LONG_AGO])
    with signed_in(desk_database, SENIOR) as conn, refused("42501", "only its author or a manager"):
        record(conn, undoes=command)
    with signed_in(desk_database, MANAGER) as conn:
        record(conn, undoes=command)
        conn.execute(RETRACT[what], [LONG_AGO])
        conn.commit()
    moment = f"SELECT retracted_at > now() - interval '1 hour' FROM console.{what}s"
    assert desk_database.rows(moment) == [(True,)]
    for login in (AGENT, MANAGER):
        with recorded(desk_database, login) as (conn, _), refused("23514", "stays taken back"):
            conn.execute(RETRACT[what], [None])


SEND = (
    "UPDATE console.deliveries SET state = 'sending', claimed_by = %s, claimed_at = %s, attempts = 9, provider_id = 'x'"
)
ENDED = "UPDATE console.deliveries SET state = %s, sent_at = %s, claimed_by = %s, provider_id = 'y'"


def ledger(conn: Connection) -> tuple[object, ...] | None:
    """Who is said to send, and whether the moments are of now."""
    return conn.execute(
        "SELECT state, claimed_by, attempts, provider_id, claimed_at > now() - interval '1 hour', "
        "sent_at > now() - interval '1 hour' FROM console.deliveries"
    ).fetchone()


def test_who_sends_and_when_is_not_said_by_who_sends(desk_database: DeskDatabase) -> None:
    held(desk_database, AGENT, a_case(desk_database))
    with signed_in(desk_database, AGENT) as conn:
        conn.execute(SEND, [MANAGER, LONG_AGO])
        assert ledger(conn) == ("sending", AGENT, 1, None, True, None)
        conn.execute(ENDED, ["sent", LONG_AGO, MANAGER])
        assert ledger(conn) == ("sent", AGENT, 1, "y", True, True)


def test_how_an_attempt_ended_is_said_by_who_makes_it(desk_database: DeskDatabase) -> None:
    held(desk_database, AGENT, a_case(desk_database))
    with signed_in(desk_database, AGENT) as conn:
        conn.execute(SEND, [AGENT, None])
        conn.commit()
    for state in ("sent", "failed", "held", "unknown"):
        with signed_in(desk_database, SENIOR) as conn, refused("42501", "whoever sends"):
            conn.execute(ENDED, [state, None, SENIOR])
    as_superuser(desk_database, "ALTER TABLE console.deliveries DISABLE TRIGGER USER")
    as_superuser(desk_database, "UPDATE console.deliveries SET claimed_at = claimed_at - interval '5 minutes'")
    as_superuser(desk_database, "ALTER TABLE console.deliveries ENABLE TRIGGER USER")
    with signed_in(desk_database, SENIOR) as conn, refused("42501", "whoever sends"):
        conn.execute(ENDED, ["sent", None, SENIOR])
    with signed_in(desk_database, SENIOR) as conn:
        conn.execute(ENDED, ["unknown", None, SENIOR])


def test_a_letter_is_stopped_by_undoing_the_command_that_wrote_it(desk_database: DeskDatabase) -> None:
    held(desk_database, MANAGER, a_case(desk_database))
    stop = "UPDATE console.deliveries SET state = 'cancelled'"
    for login in (AGENT, MANAGER):
        with recorded(desk_database, login) as (conn, _), refused("42501", "undoing the command"):
            conn.execute(stop)
    wrote = desk_database.one("SELECT command_id FROM console.messages")
    with signed_in(desk_database, MANAGER) as conn:
        record(conn, undoes=UUID(str(wrote)))
        assert conn.execute(stop).rowcount == 1


FAR = ("infinity", "-infinity", "20000-01-01", "0001-01-01 BC")


@pytest.mark.parametrize("moment", FAR)
def test_no_moment_lies_where_no_program_can_read_it(desk_database: DeskDatabase, moment: str) -> None:
    case = a_case(desk_database)
    for column in ("due_at", "breach_at", "snoozed_until", "started_at", "resolved_at"):
        with recorded(desk_database, AGENT) as (conn, _), refused("23514"):
            conn.execute(f"UPDATE console.cases SET {column} = %s WHERE id = %s", [moment, case])
    with recorded(desk_database, AGENT) as (conn, _), refused("23514"):
        conn.execute(
            "INSERT INTO console.cases (id, kind, source, subject, opened_at, rank_at) "
            "VALUES (gen_random_uuid(), 'ticket', 'manual', 'x', %s, console.now())",
            [moment],
        )


def test_nobody_says_that_mail_came_in(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    with recorded(desk_database, AGENT) as (conn, _), refused("42501", "takes mail in"):
        conn.execute(
            "INSERT INTO console.messages (id, case_id, direction, kind, channel, body) "
            "VALUES (gen_random_uuid(), %s, 'in', 'message', 'email', 'I did it')",
            [case],
        )


@pytest.mark.parametrize("params", ["[]", '"x"', "7", "null"])
def test_what_a_command_asked_for_has_the_form_that_everybody_reads_it_in(
    desk_database: DeskDatabase, params: str
) -> None:
    with signed_in(desk_database, AGENT) as conn, refused("23514", "params_are_named"):
        conn.execute(
            "INSERT INTO console.commands (id, name, digest, params) VALUES (%s, 'test.run', sha256('x'), %s)",
            [uuid4(), params],
        )


MOMENTS = ("started_at", "paused_at", "first_response_at", "last_outbound_at", "resolved_at")


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_moments_of_a_case_are_those_of_the_command(desk_database: DeskDatabase, moment: str) -> None:
    case = a_case(desk_database)
    change = f"UPDATE console.cases SET {moment} = %s WHERE id = %s"
    for said in (LONG_AGO, datetime(2099, 1, 1, tzinfo=UTC)):
        with recorded(desk_database, AGENT) as (conn, _), refused("23514", "moments are those of the command"):
            conn.execute(change, [said, case])
    with recorded(desk_database, AGENT) as (conn, _):
        conn.execute(change.replace("%s", "console.now()", 1), [case])
    with recorded(desk_database, AGENT) as (conn, _):
        conn.execute(change, [None, case])


def test_an_undo_puts_back_the_moment_that_was_found_and_no_other(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    change = "UPDATE console.cases SET first_response_at = %s WHERE id = %s"
    once(desk_database, AGENT, change.replace("%s", "console.now()", 1), case)
    answered = desk_database.one("SELECT first_response_at FROM console.cases WHERE id = %s", case)
    with signed_in(desk_database, AGENT) as conn:
        forgotten = record(conn)
        conn.execute(change, [None, case])
        conn.commit()
    with signed_in(desk_database, AGENT) as conn, refused("23514", "moments are those"):
        record(conn, undoes=forgotten)
        conn.execute(change, [LONG_AGO, case])
    with signed_in(desk_database, AGENT) as conn:
        record(conn, undoes=forgotten)
        conn.execute(change, [answered, case])


def test_who_changed_a_setting_and_when_is_not_said_by_who_changes_it(desk_database: DeskDatabase) -> None:
    for column, value in (("changed_by", AGENT), ("changed_at", "2001-01-01")):
        with recorded(desk_database, MANAGER) as (conn, _), refused("42501", "permission denied"):
            conn.execute(f"UPDATE console.settings SET value = '9', {column} = %s WHERE key = 'undo.list'", [value])
    with recorded(desk_database, MANAGER) as (conn, _):
        conn.execute("UPDATE console.settings SET value = '9' WHERE key = 'undo.list'")
        assert conn.execute(
            "SELECT changed_by, changed_at > now() - interval '1 hour' FROM console.settings WHERE key = 'undo.list'"
        ).fetchone() == (MANAGER, True)
