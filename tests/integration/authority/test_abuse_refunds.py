"""Refunds typed by hand: above a limit, approved by oneself, twice, in two sessions at once, by an older snapshot."""

from __future__ import annotations

from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import AGENT, AUDITOR, MANAGER, MODERATOR, OTHER_AGENT, SENIOR, Connection, DeskDatabase
from tests.integration.authority.acting import UNSEEN, as_superuser, once, record, recorded, refused, signed_in

pytestmark = pytest.mark.authority

ASK = (
    "INSERT INTO console.refund_intents (id, command_id, charge, amount_minor, currency, reason) "
    "VALUES (%s, %s, %s, %s, %s, 'Within 14 days')"
)
EACH, DAY = 2_000, 20_000  # an agent's limits in pence
STATES = "SELECT state FROM console.refund_intents WHERE id = %s"
APPROVE = "UPDATE console.refund_intents SET state = 'ready' WHERE id = %s AND state = 'waiting'"


def ask(conn: Connection, amount: int, *, id: UUID | None = None, charge: str = "ch_1", currency: str = "gbp") -> UUID:
    """Ask for a refund in the open transaction, under a command of its own."""
    intent = id or uuid4()
    conn.execute(ASK, [intent, record(conn), charge, amount, currency])
    return intent


def asked(database: DeskDatabase, login: str, amount: int, *, id: UUID | None = None, currency: str = "gbp") -> UUID:
    """The same, committed."""
    with psycopg.connect(database.conninfo(login)) as conn:
        return ask(conn, amount, id=id, currency=currency)


def test_above_ones_limit_nothing_is_ready_without_somebody_else(desk_database: DeskDatabase) -> None:
    assert desk_database.rows(STATES, asked(desk_database, AGENT, EACH)) == [("ready",)]
    above = asked(desk_database, AGENT, EACH + 1)
    foreign = asked(desk_database, AGENT, 1, currency="eur")
    for intent in (above, foreign):
        assert desk_database.rows(STATES, intent) == [("waiting",)]
        with recorded(desk_database, AGENT) as (conn, _), refused("23514", "approver_is_not_the_requester"):
            conn.execute(APPROVE, [intent])
    with recorded(desk_database, OTHER_AGENT) as (conn, _), refused("42501", "above the limits of whoever approves"):
        conn.execute(APPROVE, [above])
    with recorded(desk_database, MANAGER) as (conn, _), refused("42501", "above the limits of whoever approves"):
        conn.execute(APPROVE, [foreign])
    once(desk_database, SENIOR, APPROVE, above)
    row = desk_database.rows("SELECT state, approved_by FROM console.refund_intents WHERE id = %s", above)
    assert row == [("ready", SENIOR)]


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", "ready"), ("within_limits", True), ("approved_by", MANAGER), ("requested_by", OTHER_AGENT),
     ("requested_at", "2020-01-01")],
)  # fmt: skip
def test_what_the_database_decides_about_a_refund_cannot_be_sent(
    desk_database: DeskDatabase, column: str, value: object
) -> None:
    intent = asked(desk_database, AGENT, EACH + 1)
    with recorded(desk_database, AGENT) as (conn, command), refused("42501"):
        conn.execute(
            f"INSERT INTO console.refund_intents (id, command_id, charge, amount_minor, currency, reason, {column}) "
            "VALUES (%s, %s, 'ch_1', 999999, 'gbp', 'Please', %s)",
            [uuid4(), command, value],
        )
    if column != "state":
        with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
            conn.execute(f"UPDATE console.refund_intents SET {column} = %s WHERE id = %s", [value, intent])


@pytest.mark.parametrize("made_of", UNSEEN)
def test_a_refund_is_not_reasoned_with_what_nobody_sees(desk_database: DeskDatabase, made_of: str) -> None:
    with signed_in(desk_database, AGENT) as conn, refused("23514", "refund_intents_reason_check"):
        conn.execute(ASK.replace("'Within 14 days'", "%s"), [uuid4(), record(conn), "ch_1", 1, "gbp", UNSEEN[made_of]])


def test_nobody_keeps_a_colleague_from_giving_money_back(desk_database: DeskDatabase) -> None:
    with signed_in(desk_database, OTHER_AGENT) as holder:
        for name in (f"console.refunds of {AGENT}", f"refunds of {AGENT}"):
            holder.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        ask(holder, 1)  # and holds their own turn
        assert desk_database.rows(STATES, asked(desk_database, AGENT, 1)) == [("ready",)]


def test_the_sum_of_24_hours_counts_however_it_is_split(desk_database: DeskDatabase) -> None:
    for _ in range(DAY // EACH):
        assert desk_database.rows(STATES, asked(desk_database, AGENT, EACH)) == [("ready",)]
    assert desk_database.rows(STATES, asked(desk_database, AGENT, 1)) == [("waiting",)]
    desk_database.pass_time(hours=23)
    assert desk_database.rows(STATES, asked(desk_database, AGENT, 1)) == [("waiting",)]
    assert desk_database.rows(STATES, asked(desk_database, OTHER_AGENT, 1)) == [("ready",)]
    desk_database.pass_time(hours=1, minutes=1)
    assert desk_database.rows(STATES, asked(desk_database, AGENT, 1)) == [("ready",)]


def test_what_one_approves_counts_as_ones_own(desk_database: DeskDatabase) -> None:
    as_superuser(desk_database, "INSERT INTO console.refund_limits VALUES ('mehreen', 'gbp', 5000, 8000)")
    first, second = asked(desk_database, AGENT, 5_000), asked(desk_database, OTHER_AGENT, 4_000)
    once(desk_database, SENIOR, APPROVE, first)
    with recorded(desk_database, SENIOR) as (conn, _), refused("42501", "above the limits"):
        conn.execute(APPROVE, [second])
    assert desk_database.rows(STATES, asked(desk_database, SENIOR, 4_000)) == [("waiting",)]
    once(desk_database, MANAGER, APPROVE, second)


def test_two_sessions_of_one_person_do_not_each_get_the_whole_day(desk_database: DeskDatabase) -> None:
    as_superuser(desk_database, "INSERT INTO console.refund_limits VALUES ('imani', 'gbp', 6000, 10000)")
    found: list[str] = []

    def other_session() -> None:
        found.extend(s for (s,) in desk_database.rows(STATES, asked(desk_database, AGENT, 6_000)))

    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        ask(conn, 6_000)
        waiting = Thread(target=other_session)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive(), "the second session waits for the first"
        conn.commit()
        waiting.join()
    assert found == ["waiting"]


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_snapshot_from_before_does_not_hide_what_was_given_since(desk_database: DeskDatabase, isolation: str) -> None:
    with psycopg.connect(desk_database.conninfo(AGENT), autocommit=True) as conn:
        conn.execute(f"BEGIN ISOLATION LEVEL {isolation}")
        with refused("42501", "read committed"):
            ask(conn, 1)
        conn.execute("ROLLBACK")


def test_one_id_takes_effect_once_and_for_nothing_else(desk_database: DeskDatabase) -> None:
    intent = asked(desk_database, AGENT, 1_500)
    for amount, charge, currency in ((1_501, "ch_1", "gbp"), (1_500, "ch_2", "gbp"), (1_500, "ch_1", "eur")):
        with signed_in(desk_database, AGENT) as conn, refused("22023", "already used"):
            ask(conn, amount, id=intent, charge=charge, currency=currency)
    with signed_in(desk_database, OTHER_AGENT) as conn, refused("22023"):
        ask(conn, 1_500, id=intent)
    asked(desk_database, AGENT, 1_500, id=intent)
    assert desk_database.rows("SELECT count(*), max(version) FROM console.refund_intents") == [(1, 1)]


def test_a_refund_needs_the_persons_own_command_of_this_transaction(desk_database: DeskDatabase) -> None:
    [(former,)] = once(desk_database, AGENT, "SELECT %(command)s::uuid")
    [(others,)] = once(desk_database, OTHER_AGENT, "SELECT %(command)s::uuid")
    with signed_in(desk_database, AGENT) as conn, refused("42501", "recorded command"):
        conn.execute(ASK, [uuid4(), former, "ch_1", 1, "gbp"])
    for command in (former, others):
        with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
            conn.execute(ASK, [uuid4(), command, "ch_1", 1, "gbp"])
    for amount in (0, -5_000):
        with recorded(desk_database, AGENT) as (conn, command), refused("23514"):
            conn.execute(ASK, [uuid4(), command, "ch_1", amount, "gbp"])


def test_what_was_asked_for_stays_and_goes_only_its_way(desk_database: DeskDatabase) -> None:
    ready, waiting = asked(desk_database, AGENT, 100), asked(desk_database, AGENT, EACH + 1)
    for change in ("amount_minor = 1", "charge = 'ch_9'", "version = 9", "provider_id = 're_1'"):
        with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
            conn.execute(f"UPDATE console.refund_intents SET {change}")
    with recorded(desk_database, MANAGER) as (conn, _), refused("42501", "only the automation"):
        conn.execute("UPDATE console.refund_intents SET state = 'running' WHERE id = %s", [ready])
    for state in ("running", "done", "parked"):
        with recorded(desk_database, MANAGER) as (conn, _), refused("42501"):
            conn.execute("UPDATE console.refund_intents SET state = %s WHERE id = %s", [state, waiting])
    with recorded(desk_database, OTHER_AGENT) as (conn, _), refused("42501", "only whoever asked"):
        conn.execute("UPDATE console.refund_intents SET state = 'withdrawn' WHERE id = %s", [ready])
    once(desk_database, AGENT, "UPDATE console.refund_intents SET state = 'withdrawn' WHERE id = %s", ready)
    with recorded(desk_database, AGENT) as (conn, _), refused("42501", "only the automation"):
        conn.execute("UPDATE console.refund_intents SET state = 'ready' WHERE id = %s", [ready])
    with recorded(desk_database, AGENT) as (conn, _), refused("42501"):
        conn.execute("DELETE FROM console.refund_intents")


@pytest.mark.parametrize("login", [AGENT, SENIOR, MANAGER, MODERATOR, AUDITOR])
def test_nobody_raises_a_limit_alone(desk_database: DeskDatabase, login: str) -> None:
    for statement in (
        "UPDATE console.refund_limits SET each_minor = 1000000, day_minor = 1000000",
        "INSERT INTO console.refund_limits VALUES (session_user, 'gbp', 1000000, 1000000)",
        "DELETE FROM console.refund_limits",
        "TRUNCATE console.refund_limits",
    ):
        with signed_in(desk_database, login) as conn:
            if login != AUDITOR:
                record(conn)
            with refused("42501"):
                conn.execute(statement)
    before = desk_database.rows("SELECT * FROM console.refund_limits ORDER BY 1")
    assert before == [
        ("console_agent", "gbp", EACH, DAY),
        ("console_manager", "gbp", 50_000, 300_000),
        ("console_senior", "gbp", 10_000, 100_000),
    ]


@pytest.mark.parametrize("login", [MODERATOR, AUDITOR])
def test_only_who_works_tickets_gives_money_back(desk_database: DeskDatabase, login: str) -> None:
    with signed_in(desk_database, login) as conn, refused("42501"):
        conn.execute(ASK, [uuid4(), uuid4(), "ch_1", 1, "gbp"])
