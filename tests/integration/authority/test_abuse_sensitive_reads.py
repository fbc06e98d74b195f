"""Sensitive rows asked for by hand: without a reason, in one transaction, rolled back, twice, late, as another."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from tests.desks import AGENT, AUDITOR, MANAGER, MODERATOR, SAFETY, Connection, DeskDatabase
from tests.integration.authority.acting import UNSEEN, as_owner, once, record, recorded, refused, signed_in

pytestmark = pytest.mark.authority

REASON = "Police asked where the person was last seen."
ASK = "INSERT INTO console.sensitive_reads (id, kind, subject, reason, command_id) VALUES (%s, %s, %s, %s, %s)"
READ = "SELECT * FROM console.read_sensitive(%s)"
READS = "SELECT actor, relation, subject, detail ->> 'rows' FROM console_audit.entries WHERE action = 'read'"


def ask(conn: Connection, kind: str, subject: str, reason: str = REASON) -> UUID:
    """Ask in the open transaction."""
    request = uuid4()
    conn.execute(ASK, [request, kind, subject, reason, record(conn)])
    return request


def asked(database: DeskDatabase, kind: str, subject: str, login: str = SAFETY) -> UUID:
    """Ask and commit."""
    with psycopg.connect(database.conninfo(login)) as conn:
        return ask(conn, kind, subject)


@pytest.fixture
def conversation(desk_database: DeskDatabase) -> str:
    """Two private messages of one conversation, in whichever shape this platform keeps them."""
    id = str(uuid4())
    key = desk_database.one(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'public.messages'::regclass "
        "AND attname IN ('conversation_id', 'thread_id') AND NOT attisdropped"
    )
    insert = sql.SQL("INSERT INTO public.messages ({}, content) VALUES (%s, 'Meet me'), (%s, 'No')").format(
        sql.Identifier(key)
    )
    with desk_database.connect() as conn:
        conn.execute(insert, [id, id])
    return id


@pytest.mark.parametrize("made_of", UNSEEN)
def test_a_reason_is_made_of_what_can_be_seen(desk_database: DeskDatabase, made_of: str) -> None:
    with signed_in(desk_database, SAFETY) as conn, refused("23514", "reason_check"):
        ask(conn, "messages", "c1", UNSEEN[made_of])


@pytest.mark.parametrize("subject", ["robin@example.org", "Robin Quill", "a\nb", ""])
def test_what_is_read_is_named_by_an_id_since_the_name_stands_in_the_audit_for_good(
    desk_database: DeskDatabase, subject: str
) -> None:
    with signed_in(desk_database, SAFETY) as conn, refused("23514", "subject_check"):
        ask(conn, "location", subject)


def test_nobody_keeps_a_colleague_from_a_sensitive_read(desk_database: DeskDatabase) -> None:
    with signed_in(desk_database, MODERATOR) as holder:
        for name in (f"console.reads of {SAFETY}", f"reads of {SAFETY}"):
            holder.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        ask(holder, "messages", "c1")  # and holds their own turn
        asked(desk_database, "location", str(uuid4()))


def test_nothing_is_shown_before_its_reason_is_committed(desk_database: DeskDatabase, conversation: str) -> None:
    with signed_in(desk_database, SAFETY) as conn:
        request = ask(conn, "messages", conversation)
        with refused("42501", "committed before"):
            conn.execute(READ, [request])
    with signed_in(desk_database, SAFETY) as conn:
        request = ask(conn, "messages", conversation)
        conn.execute("SAVEPOINT here")
        with refused("42501", "committed before"):
            conn.execute(READ, [request])
    with signed_in(desk_database, SAFETY) as conn, refused("42501", "did not ask"):
        conn.execute(READ, [request])  # it was rolled back
    with signed_in(desk_database, SAFETY) as conn, refused("42501", "did not ask"):
        conn.execute(READ, [uuid4()])
    with signed_in(desk_database, SAFETY) as conn:
        rows = conn.execute(READ, [asked(desk_database, "messages", conversation)]).fetchall()
    assert sorted(row["content"] for (row,) in rows) == ["Meet me", "No"]


def test_whoever_rolls_the_read_back_is_on_record_all_the_same(desk_database: DeskDatabase, conversation: str) -> None:
    request = asked(desk_database, "messages", conversation)
    with signed_in(desk_database, SAFETY) as conn:
        assert len(conn.execute(READ, [request]).fetchall()) == 2
    assert desk_database.rows(READS) == []
    kept = desk_database.rows(
        "SELECT e.actor, r.subject, r.reason FROM console_audit.entries e JOIN console.sensitive_reads r "
        "ON r.id::text = e.subject WHERE e.relation = 'sensitive_reads' AND e.action = 'insert'"
    )
    assert kept == [(SAFETY, conversation, REASON)]


def test_a_read_leaves_an_entry_in_its_own_transaction_without_the_words(
    desk_database: DeskDatabase, conversation: str
) -> None:
    request = asked(desk_database, "messages", conversation)
    with psycopg.connect(desk_database.conninfo(SAFETY)) as conn:
        conn.execute(READ, [request])
    assert desk_database.rows(READS) == [(SAFETY, "messages", conversation, "2")]
    everything = str(desk_database.rows("SELECT detail::text FROM console_audit.entries"))
    assert "Police" not in everything
    assert "Meet me" not in everything
    digest = desk_database.one("SELECT encode(sha256(convert_to(%s, 'UTF8')), 'hex')", REASON)
    assert digest in everything, "a reason that is changed later no longer fits its entry"


@pytest.mark.parametrize("reason", ["", "short", " " * 40, "a         b         c", None])
def test_a_reason_has_words_in_it(desk_database: DeskDatabase, reason: str | None) -> None:
    with recorded(desk_database, SAFETY) as (conn, command), refused("23502" if reason is None else "23514"):
        conn.execute(ASK, [uuid4(), "messages", "x", reason, command])


def test_a_request_is_used_once_soon_and_by_whoever_made_it(desk_database: DeskDatabase, conversation: str) -> None:
    request = asked(desk_database, "messages", conversation)
    with signed_in(desk_database, MODERATOR) as conn, refused("42501", "did not ask"):
        conn.execute(READ, [request])
    for login in (AGENT, MANAGER, AUDITOR):
        with signed_in(desk_database, login) as conn, refused("42501"):
            conn.execute(READ, [request])
    with psycopg.connect(desk_database.conninfo(SAFETY)) as conn:
        conn.execute(READ, [request])
    with signed_in(desk_database, SAFETY) as conn, refused("42501", "was used"):
        conn.execute(READ, [request])
    late = asked(desk_database, "messages", conversation)
    desk_database.pass_time(minutes=2, seconds=1)
    with signed_in(desk_database, SAFETY) as conn, refused("42501", "older than two minutes"):
        conn.execute(READ, [late])


@pytest.mark.parametrize(
    ("login", "kind"),
    [
        (MODERATOR, "location"),
        (MODERATOR, "reporter"),
        (AGENT, "messages"),
        (MANAGER, "reporter"),
        (AUDITOR, "location"),
    ],
)
def test_a_role_reads_only_the_kinds_that_are_its_own(desk_database: DeskDatabase, login: str, kind: str) -> None:
    with signed_in(desk_database, login) as conn, refused("42501"):
        command = uuid4() if login == AUDITOR else record(conn)
        conn.execute(ASK, [uuid4(), kind, "x", REASON, command])
    with signed_in(desk_database, login) as conn, refused("42501"):
        conn.execute("SELECT * FROM platform.sensitive_rows(%s, 'x')", [kind])


def test_a_request_cannot_be_forged_moved_or_taken_back(desk_database: DeskDatabase, conversation: str) -> None:
    with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
        conn.execute(
            "INSERT INTO console.sensitive_reads (id, kind, subject, reason, command_id, asked_by) "
            "VALUES (%s, 'messages', %s, %s, %s, 'noor')",
            [uuid4(), conversation, REASON, command],
        )
    with recorded(desk_database, MODERATOR) as (conn, command), refused("42501"):
        conn.execute(
            "INSERT INTO console.sensitive_reads (id, kind, subject, reason, command_id, xact) "
            "VALUES (%s, 'messages', %s, %s, %s, '3')",
            [uuid4(), conversation, REASON, command],
        )
    asked(desk_database, "messages", conversation, MODERATOR)
    for change in ("UPDATE console.sensitive_reads SET shown_at = NULL", "DELETE FROM console.sensitive_reads"):
        with recorded(desk_database, MODERATOR) as (conn, _), refused("42501"):
            conn.execute(change)
    with signed_in(desk_database, MODERATOR) as conn, refused("42501", "recorded command"):
        conn.execute(ASK, [uuid4(), "messages", conversation, REASON, uuid4()])
    with signed_in(desk_database, MODERATOR) as conn, refused("42501"):
        conn.execute("SELECT console_audit.record_read(NULL, 'x', 'x', '{}')")


def test_where_the_exact_place_and_the_reporter_are_kept_safety_reads_them(desk_database: DeskDatabase) -> None:
    person, report = uuid4(), uuid4()
    there = desk_database.one("SELECT to_regclass('public.safety_incidents') IS NOT NULL")
    with desk_database.connect() as conn:
        conn.execute("SET session_replication_role = replica")
        if there:
            conn.execute("INSERT INTO public.safety_incidents (user_id, lat, lng) VALUES (%s, 51.5, -0.1)", [person])
        reports = desk_database.rows(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('public.reports') "
            "AND attname IN ('reporter_id', 'reporter_email')"
        )
        for (column,) in reports:
            extra = ", reported_item_type, reported_item_id, reason" if column == "reporter_email" else ""
            conn.execute(
                f"INSERT INTO public.reports (id, {column}{extra}) VALUES (%s, %s{', $$a$$' * extra.count(',')})",
                [report, "robin@example.org" if extra else person],
            )
    with signed_in(desk_database, SAFETY) as conn:
        places = conn.execute(READ, [asked(desk_database, "location", str(person))]).fetchall()
        reporters = conn.execute(READ, [asked(desk_database, "reporter", str(report))]).fetchall()
        nobody = conn.execute(READ, [asked(desk_database, "location", "no-uuid-at-all")]).fetchall()
    assert [(row["source"], row["lat"]) for (row,) in places] == ([("safety_incidents", 51.5)] if there else [])
    assert len(reporters) == len(reports)
    assert nobody == []
    with signed_in(desk_database, SAFETY) as conn, refused("0A000", "no evidence is kept yet"):
        conn.execute(READ, [asked(desk_database, "evidence", "x")])


def test_more_than_the_set_number_an_hour_tells_the_managers_once(desk_database: DeskDatabase) -> None:
    as_owner(
        desk_database,
        "INSERT INTO console.settings (key, value) VALUES ('reads.alarm_per_hour', '3') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    for _ in range(3):
        asked(desk_database, "messages", "x")
    assert desk_database.rows("SELECT * FROM console.alarms") == []
    for _ in range(2):
        asked(desk_database, "messages", "x")
    alarms = "SELECT kind, about, detail, seen_by FROM console.alarms"
    told = ("sensitive_reads", SAFETY, {"within_an_hour": 4})
    with signed_in(desk_database, MANAGER) as conn:
        assert conn.execute(alarms).fetchall() == [(*told, None)]
    for login in (SAFETY, AGENT):
        with signed_in(desk_database, login) as conn, refused("42501"):
            conn.execute(alarms)
    for statement in ("UPDATE console.alarms SET seen_by = 'noor'", "DELETE FROM console.alarms"):
        with recorded(desk_database, MANAGER) as (conn, _), refused("42501"):
            conn.execute(statement)
    once(desk_database, MANAGER, "UPDATE console.alarms SET seen_at = NULL")
    assert desk_database.rows(alarms) == [(*told, MANAGER)]
    with psycopg.connect(desk_database.conninfo(SAFETY), autocommit=True) as conn:
        conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        with refused("42501", "read committed"):
            ask(conn, "messages", "x")
        conn.execute("ROLLBACK")
