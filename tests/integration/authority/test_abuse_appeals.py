"""Appeals typed by hand: one's own, with a swapped decider, the verdict after the reveal."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import AGENT, MANAGER, MODERATOR, SAFETY, DeskDatabase
from tests.integration.authority.acting import (
    UNSEEN,
    as_owner,
    as_superuser,
    decided,
    once,
    recorded,
    refused,
    signed_in,
)

pytestmark = pytest.mark.authority

BRING = "INSERT INTO console.appeals (id, case_id, command_id, decision_id, decided_by) VALUES (%s, %s, %s, %s, %s)"
JUDGE = "UPDATE console.appeals SET blind_verdict = 'approve'"
OUTCOME = "UPDATE console.appeals SET outcome = 'overturn', reason = 'There was nothing wrong with it.'"


def appealed(database: DeskDatabase, decider: str = MODERATOR) -> tuple[UUID, UUID]:
    """A decision of `decider` and the appeal against it."""
    decision, case = decided(database, decider)
    appeal = uuid4()
    with psycopg.connect(database.conninfo(SAFETY)) as conn:
        command = uuid4()
        conn.execute(
            "INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.run', sha256('x'::bytea))", [command]
        )
        conn.execute(BRING, [appeal, case, command, decision, decider])
    return decision, appeal


def test_nobody_reviews_their_own_decision(desk_database: DeskDatabase) -> None:
    decision, appeal = appealed(desk_database)
    with recorded(desk_database, MODERATOR) as (conn, _), refused("23514", "reviewer_is_not_the_decider"):
        conn.execute(JUDGE)
    for swap in (f"decided_by = '{SAFETY}'", f"reviewer = '{SAFETY}'", "state = 'decided'"):
        with recorded(desk_database, MODERATOR) as (conn, _), refused("42501"):
            conn.execute(f"UPDATE console.appeals SET {swap}")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        as_superuser(desk_database, "UPDATE console.appeals SET decided_by = 'noor'")
    once(desk_database, SAFETY, JUDGE)
    with recorded(desk_database, MODERATOR) as (conn, _), refused("42501", "began to review"):
        conn.execute(OUTCOME)
    once(desk_database, SAFETY, OUTCOME)
    row = desk_database.rows("SELECT reviewer, outcome, state, version FROM console.appeals WHERE id = %s", appeal)
    assert row == [(SAFETY, "overturn", "decided", 3)]
    assert desk_database.one("SELECT decided_by FROM console.decisions WHERE id = %s", decision) == MODERATOR


def test_an_appeal_cannot_be_brought_with_a_swapped_decider(desk_database: DeskDatabase) -> None:
    decision, case = decided(desk_database, MODERATOR)
    for other in (SAFETY, MANAGER, "nobody"):
        with recorded(desk_database, MODERATOR) as (conn, command), refused("23503"):
            conn.execute(BRING, [uuid4(), case, command, decision, other])
    with recorded(desk_database, MODERATOR) as (conn, command), refused("23502"):
        conn.execute(BRING, [uuid4(), case, command, decision, None])
    with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
        conn.execute(
            "INSERT INTO console.appeals (id, case_id, command_id, decision_id, decided_by, reviewer) "
            "VALUES (%s, %s, %s, %s, %s, 'noor')",
            [uuid4(), case, command, decision, MODERATOR],
        )
    with recorded(desk_database, MODERATOR) as (conn, command):
        conn.execute(BRING, [uuid4(), case, command, decision, MODERATOR])
        with refused("23505"):
            conn.execute(BRING, [uuid4(), case, command, decision, MODERATOR])


def test_the_decider_of_a_decision_cannot_be_rewritten_underneath(desk_database: DeskDatabase) -> None:
    decision, _ = appealed(desk_database)
    with pytest.raises(psycopg.errors.CheckViolation, match="stays as it was decided"):
        as_superuser(desk_database, "UPDATE console.decisions SET decided_by = 'noor' WHERE id = %s", decision)


def test_the_blind_verdict_comes_first_and_stays(desk_database: DeskDatabase) -> None:
    appealed(desk_database)
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "first a verdict"):
        conn.execute(OUTCOME)
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "first a verdict"):
        conn.execute(OUTCOME.replace("SET ", "SET blind_verdict = 'ban', "))
    for login in (MODERATOR, SAFETY):
        with recorded(desk_database, login) as (conn, _), refused("23514", "first a verdict"):
            conn.execute("UPDATE console.appeals SET reason = 'Written before anybody judged it.'")
    once(desk_database, SAFETY, JUDGE)
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "neither changes"):
        conn.execute("UPDATE console.appeals SET blind_verdict = 'ban'")
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "decided_with_reasons"):
        conn.execute("UPDATE console.appeals SET outcome = 'uphold'")
    once(desk_database, SAFETY, OUTCOME)
    for change in (JUDGE, "UPDATE console.appeals SET outcome = 'uphold'"):
        with recorded(desk_database, SAFETY) as (conn, _), refused("23514"):
            conn.execute(change)


@pytest.mark.parametrize("made_of", UNSEEN)
def test_an_outcome_is_not_reasoned_with_what_nobody_sees(desk_database: DeskDatabase, made_of: str) -> None:
    appealed(desk_database)
    once(desk_database, SAFETY, JUDGE)
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "decided_with_reasons"):
        conn.execute("UPDATE console.appeals SET outcome = 'uphold', reason = %s", [UNSEEN[made_of]])


def test_who_confirmed_a_ban_does_not_review_its_appeal(desk_database: DeskDatabase) -> None:
    as_owner(
        desk_database,
        "INSERT INTO console.settings (key, value) VALUES ('moderation.ban_second_person', 'true') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    decision, case = decided(desk_database, MODERATOR, verdict="ban")
    once(desk_database, SAFETY, "UPDATE console.decisions SET state = 'final' WHERE id = %s", decision)
    once(
        desk_database,
        SAFETY,
        "INSERT INTO console.appeals (id, case_id, command_id, decision_id, decided_by) "
        "VALUES (gen_random_uuid(), %s, %(command)s, %s, %s)",
        case,
        decision,
        MODERATOR,
    )
    with recorded(desk_database, SAFETY) as (conn, _), refused("23514", "whoever confirmed"):
        conn.execute(JUDGE)
    once(desk_database, MANAGER, JUDGE)


def test_with_a_single_moderator_a_manager_reviews_and_agents_do_not(desk_database: DeskDatabase) -> None:
    appealed(desk_database)
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute(JUDGE)
    with signed_in(desk_database, AGENT) as conn, refused("42501"):
        conn.execute("SELECT * FROM console.appeals")
    with signed_in(desk_database, MANAGER) as conn, refused("42501", "recorded command"):
        conn.execute(JUDGE)
    once(desk_database, MANAGER, JUDGE)
    once(desk_database, MANAGER, OUTCOME)
