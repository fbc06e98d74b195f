"""Decisions typed by hand: without clause or reason, of the wrong length, about something else, in another's name."""

from __future__ import annotations

from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import AGENT, MANAGER, MODERATOR, SAFETY, DeskDatabase
from tests.integration.authority.acting import (
    DECIDE,
    OTHER,
    SEEN,
    a_case,
    a_clause,
    as_owner,
    as_superuser,
    captured,
    decide,
    decided,
    once,
    recorded,
    refused,
    signed_in,
)

pytestmark = pytest.mark.authority


@pytest.mark.parametrize("verdict", ["take_down", "warn", "suspend", "ban"])
def test_what_hurts_somebody_needs_a_clause_and_a_reason(desk_database: DeskDatabase, verdict: str) -> None:
    a_clause(desk_database)
    a_clause(desk_database, "no-default", None)
    case = captured(desk_database)
    length = "2 days" if verdict == "suspend" else None
    abuses: tuple[tuple[str | None, str | None], ...] = (
        (None, "There is a reason, but no clause."),
        ("no-default", None),
        ("no-default", "          "),
        ("harassment", "short"),
    )
    for clause, reason in abuses:
        with recorded(desk_database, MODERATOR) as (conn, command), refused("23514", "clause_and_reason"):
            decide(conn, case, command, verdict=verdict, clause=clause, reason=reason, length=length)
    with recorded(desk_database, MODERATOR) as (conn, command), refused("23503"):
        decide(conn, case, command, verdict=verdict, clause="made-up", reason="A long enough reason.", length=length)
    with recorded(desk_database, MODERATOR) as (conn, command):
        honest = decide(conn, case, command, verdict=verdict, length=length)
        kept = conn.execute("SELECT reason FROM console.decisions WHERE id = %s", [honest]).fetchall()
    assert kept == [("Harassment is not allowed.",)], "the clause's default counts"


def test_a_suspension_lasts_a_day_to_a_week_and_nothing_else_lasts(desk_database: DeskDatabase) -> None:
    a_clause(desk_database)
    case = captured(desk_database)
    for length in ("23:59:59", "7 days 1 second", "-2 days", "1 month", None, "0"):
        with recorded(desk_database, MODERATOR) as (conn, command), refused("23514", "length_of_suspension"):
            decide(conn, case, command, verdict="suspend", length=length)
    with recorded(desk_database, MODERATOR) as (conn, command), refused("23514", "length_of_suspension"):
        decide(conn, case, command, verdict="ban", length="2 days")
    with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
        conn.execute("INSERT INTO console.decisions (suspended_until) VALUES ('2999-01-01')")
    for length in ("24 hours", "7 days"):
        with recorded(desk_database, MODERATOR) as (conn, command):
            decide(conn, case, command, verdict="suspend", length=length)


def test_a_day_has_24_hours_whatever_time_zone_the_client_chooses(desk_database: DeskDatabase) -> None:
    a_clause(desk_database)
    case = captured(desk_database)
    [(spring,)] = desk_database.rows("SELECT timestamptz '2026-03-28 12:00:00+00'")
    desk_database.set_clock(spring)  # the night in which London loses an hour
    with recorded(desk_database, MODERATOR) as (conn, command):
        conn.execute("SET timezone = 'Europe/London'")
        id = decide(conn, case, command, verdict="suspend", length="1 day")
        [(hours,)] = conn.execute(
            "SELECT extract(epoch FROM suspended_until - decided_at)::int / 3600 FROM console.decisions WHERE id = %s",
            [id],
        ).fetchall()
    assert hours == 24


def test_a_decision_is_about_the_content_that_was_seen(desk_database: DeskDatabase) -> None:
    a_clause(desk_database)
    case = captured(desk_database)
    with recorded(desk_database, MODERATOR) as (conn, command), refused("40001", "changed since it was seen"):
        decide(conn, case, command, seen=OTHER)
    with recorded(desk_database, MODERATOR) as (conn, command), refused("23514", "nothing was captured"):
        decide(conn, a_case(desk_database), command)
    with recorded(desk_database, MODERATOR) as (conn, command), refused("40001"):
        conn.execute(DECIDE, [uuid4(), case, command, b"", "approve", None, None, None])
    for column, value in (("content_hash", OTHER), ("subject", "user:somebody-else")):
        with recorded(desk_database, MODERATOR) as (conn, _), refused("42501"):
            conn.execute(f"UPDATE console.case_contents SET {column} = %s", [value])
    with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
        conn.execute("INSERT INTO console.decisions (subject) VALUES ('user:somebody-else')")
    with recorded(desk_database, MODERATOR) as (conn, command):
        id = decide(conn, case, command)
        [(subject,)] = conn.execute("SELECT subject FROM console.decisions WHERE id = %s", [id]).fetchall()
    assert subject == "user:5e0c8f0e-0000-4000-8000-000000000001", "the database says what the case is about"


def test_content_captured_anew_at_the_same_moment_is_not_decided_about(desk_database: DeskDatabase) -> None:
    a_clause(desk_database)
    case = captured(desk_database)
    answers: list[str | None] = []

    def moderate() -> None:
        with recorded(desk_database, MODERATOR) as (conn, command):
            try:
                decide(conn, case, command)
                answers.append(None)
            except psycopg.Error as error:
                answers.append(error.sqlstate)

    with psycopg.connect(desk_database.conninfo()) as capturing:
        capturing.execute(
            "INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.run', sha256(''))", [uuid4()]
        )
        capturing.execute("UPDATE console.case_contents SET content_hash = %s", [OTHER])
        deciding = Thread(target=moderate)
        deciding.start()
        deciding.join(0.3)
        assert deciding.is_alive(), "the decision waits for the capture"
        capturing.commit()
        deciding.join()
    assert answers == ["40001"]


def test_nobody_decides_in_another_name_or_at_another_time(desk_database: DeskDatabase) -> None:
    a_clause(desk_database)
    case = captured(desk_database)
    for column, value in (
        ("decided_by", SAFETY),
        ("decided_at", "2020-01-01"),
        ("version", 7),
        ("state", "final"),
        ("approved_by", MANAGER),
        ("needs_second", False),
    ):
        with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
            conn.execute(
                "INSERT INTO console.decisions (id, case_id, command_id, content_hash, verdict, " + column + ") "
                "VALUES (%s, %s, %s, %s, 'approve', %s)",
                [uuid4(), case, command, SEEN, value],
            )
    with signed_in(desk_database, MODERATOR) as conn, refused("42501"):
        decide(conn, case, uuid4())
    other = once(desk_database, SAFETY, "SELECT %(command)s::uuid")[0][0]
    with recorded(desk_database, MODERATOR) as (conn, _), refused("42501"):
        decide(conn, case, other)
    with recorded(desk_database, MODERATOR) as (conn, command):
        decide(conn, case, command)
        assert conn.execute("SELECT decided_by FROM console.decisions").fetchall() == [(MODERATOR,)]


@pytest.mark.parametrize("login", [AGENT, MANAGER, "gideon"])
def test_only_moderators_and_safety_decide(desk_database: DeskDatabase, login: str) -> None:
    a_clause(desk_database)
    case = captured(desk_database)
    with signed_in(desk_database, login) as conn, refused("42501"):
        decide(conn, case, uuid4())
    if login == AGENT:
        with signed_in(desk_database, login) as conn, refused("42501"):
            conn.execute("SELECT * FROM console.decisions")


def test_a_decision_stays_as_it_was_decided(desk_database: DeskDatabase) -> None:
    id, _ = decided(desk_database, MODERATOR)
    for change in ("verdict = 'approve'", "reason = 'Another reason.'", "decided_by = 'noor'", "version = 1"):
        with recorded(desk_database, MODERATOR) as (conn, _), refused("42501"):
            conn.execute(f"UPDATE console.decisions SET {change}")
    with recorded(desk_database, MODERATOR) as (conn, _), refused("42501"):
        conn.execute("DELETE FROM console.decisions")
    with pytest.raises(psycopg.errors.CheckViolation, match="stays as it was decided"):
        as_superuser(desk_database, "UPDATE console.decisions SET reason = 'Another reason.'")
    for state in ("proposed", "withdrawn"):
        with recorded(desk_database, MODERATOR) as (conn, _), refused("23514", "nothing goes from final"):
            conn.execute("UPDATE console.decisions SET state = %s", [state])
    with signed_in(desk_database, MODERATOR) as conn, refused("42501", "recorded command"):
        conn.execute("UPDATE console.decisions SET state = 'lifted'")
    once(desk_database, SAFETY, "UPDATE console.decisions SET state = 'lifted'")
    row = desk_database.rows("SELECT state, lifted_by, version FROM console.decisions WHERE id = %s", id)
    assert row == [("lifted", SAFETY, 2)]


def test_a_ban_waits_for_a_second_person_where_managers_want_it(desk_database: DeskDatabase) -> None:
    setting = "INSERT INTO console.settings (key, value) VALUES ('moderation.ban_second_person', 'true') "
    as_owner(desk_database, setting + "ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    id, case = decided(desk_database, MODERATOR, verdict="ban")
    stands = "SELECT console.decision_stands(%s, 'user:5e0c8f0e-0000-4000-8000-000000000001', 'ban')"
    assert desk_database.rows("SELECT state FROM console.decisions") == [("proposed",)]
    assert desk_database.one(stands, id) is False
    with recorded(desk_database, MODERATOR) as (conn, _), refused("23514", "second_person"):
        conn.execute("UPDATE console.decisions SET state = 'final'")
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute("UPDATE console.decisions SET state = 'final'")
    with recorded(desk_database, SAFETY) as (conn, _), refused("42501"):
        conn.execute("UPDATE console.decisions SET needs_second = false, state = 'final'")
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "nothing goes from proposed to lifted"):
        conn.execute("UPDATE console.decisions SET state = 'lifted'")
    once(desk_database, SAFETY, "UPDATE console.decisions SET state = 'final' WHERE id = %s AND version = 1", id)
    assert desk_database.rows("SELECT state, approved_by FROM console.decisions") == [("final", SAFETY)]
    assert desk_database.one(stands, id) is True
    with recorded(desk_database, MODERATOR) as (conn, command):  # the others never wait
        other: UUID = decide(conn, case, command, verdict="warn")
        assert conn.execute("SELECT state FROM console.decisions WHERE id = %s", [other]).fetchall() == [("final",)]


def test_reasons_are_in_no_entry_and_every_decision_has_one(desk_database: DeskDatabase) -> None:
    id, _ = decided(desk_database, MODERATOR, reason="Zarquon wrote this on the wall.")
    entries = desk_database.rows(
        "SELECT actor, action, detail::text FROM console_audit.entries WHERE relation = 'decisions' AND subject = %s",
        str(id),
    )
    assert [(actor, action) for actor, action, _ in entries] == [(MODERATOR, "insert")]
    assert "Zarquon" not in entries[0][2]
    assert '"take_down"' in entries[0][2]
