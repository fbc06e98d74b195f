"""The audit attacked by hand: nobody edits, forges, skips or hides an entry or a seal, whoever they are."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import AGENT, AUDITOR, MANAGER, MODERATOR, SAFETY, SENIOR, DeskDatabase
from tests.integration.authority.acting import a_case, record, refused, signed_in
from tests.integration.authority.sealing import seal_all

pytestmark = pytest.mark.authority

ENTRIES, SEALS = "console_audit.entries", "console_audit.seals"
ENTRY = "(action, relation, subject, detail) VALUES ('update', 'cases', 'x', '{}')"
FORGED_SEAL = "VALUES (99999, 99999, 0, now(), sha256('x'), sha256('x'))"
EVERYBODY = (AGENT, SENIOR, MANAGER, MODERATOR, SAFETY, AUDITOR)


def contents(database: DeskDatabase) -> list[tuple[object, ...]]:
    """All entries and seals as they stand."""
    return [
        *database.rows("SELECT e::text FROM console_audit.entries e ORDER BY id"),
        *database.rows("SELECT s::text FROM console_audit.seals s ORDER BY seq"),
    ]


# ── the audit is append-only ──


@pytest.mark.parametrize("table", [ENTRIES, SEALS])
def test_nobody_changes_removes_or_writes_entries_or_seals(desk_database: DeskDatabase, table: str) -> None:
    seal_all(desk_database)
    before = contents(desk_database)
    hidden = "actor = 'nobody'" if table == ENTRIES else "hash = sha256('x')"
    forged = f"INSERT INTO {ENTRIES} {ENTRY}" if table == ENTRIES else f"INSERT INTO {SEALS} {FORGED_SEAL}"
    for login in EVERYBODY:
        for abuse in (
            f"UPDATE {table} SET {hidden}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            forged,
            f"SELECT FROM {table} FOR UPDATE",
            f"MERGE INTO {table} USING (VALUES (1)) v ON false WHEN NOT MATCHED THEN DO NOTHING "
            f"WHEN MATCHED THEN DELETE",
            f"COPY {table} FROM STDIN",
        ):
            with signed_in(desk_database, login) as conn, refused("42501"):
                conn.execute(abuse.encode())
    assert contents(desk_database) == before


def test_nobody_takes_the_guards_away(desk_database: DeskDatabase) -> None:
    for login in (AGENT, MANAGER, AUDITOR):
        for abuse in (
            f"ALTER TABLE {ENTRIES} DISABLE TRIGGER ALL",
            f"DROP TRIGGER append_only ON {SEALS}",
            f"ALTER TABLE {SEALS} NO FORCE ROW LEVEL SECURITY",
            f"DROP TABLE {SEALS}",
            "SET session_replication_role = replica",
            "SET ROLE console_audit_owner",
            "SET SESSION AUTHORIZATION console_audit_owner",
            "ALTER TABLE console.cases DISABLE TRIGGER audit_update",
            "DROP FUNCTION console_audit.seal(integer)",
        ):
            with signed_in(desk_database, login) as conn, refused("42501"):
                conn.execute(abuse.encode())


def test_not_even_the_installer_edits_without_taking_the_guard_away_first(desk_database: DeskDatabase) -> None:
    seal_all(desk_database)
    for abuse in (
        f"UPDATE {ENTRIES} SET actor = 'nobody'",
        f"DELETE FROM {SEALS}",
        f"TRUNCATE {SEALS}",
        f"TRUNCATE {ENTRIES} CASCADE",
    ):
        with psycopg.connect(desk_database.conninfo()) as conn, refused("42501", "append-only"):
            conn.execute(abuse.encode())


def test_a_sealer_who_hijacks_names_and_settings_still_seals_what_is_true(desk_database: DeskDatabase) -> None:
    with signed_in(desk_database, AGENT) as conn:
        record(conn)
        conn.commit()
        for hijack in (
            "SET search_path = pg_temp, public",
            "SET timezone = 'Pacific/Auckland'",
            "SET datestyle = 'SQL, DMY'",
            "SET bytea_output = 'escape'",
            "SET extra_float_digits = -15",
            "CREATE TEMP TABLE seals (seq bigint, hash bytea)",
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT int8send(0)'",
        ):
            try:
                conn.execute(hijack.encode())
                conn.commit()
            except psycopg.errors.InsufficientPrivilege:
                conn.rollback()
        while conn.execute("SELECT console_audit.seal(10000)").fetchone() != (0,):
            conn.commit()
        conn.commit()
    wrong = desk_database.one(
        "SELECT count(*) FROM console_audit.seals s JOIN console_audit.entries e ON e.id = s.entry_id "
        "WHERE s.hash <> sha256(console_audit.canonical(s, e))"
    )
    unsealed = desk_database.one(
        "SELECT count(*) FROM console_audit.entries e WHERE id NOT IN (SELECT entry_id FROM console_audit.seals)"
    )
    assert (wrong, unsealed) == (0, 0)


def test_nobody_keeps_the_audit_unsealed_by_holding_a_lock(desk_database: DeskDatabase) -> None:
    for abuse in (
        "SELECT FROM console_audit.sealer FOR UPDATE",
        "LOCK TABLE console_audit.sealer",
        f"LOCK TABLE {SEALS} IN SHARE MODE",
        f"LOCK TABLE {ENTRIES} IN SHARE MODE",
    ):
        with signed_in(desk_database, AUDITOR) as conn, refused("42501"):
            conn.execute(abuse.encode())
    with signed_in(desk_database, MODERATOR) as holder:
        holder.execute("SELECT pg_advisory_lock(n) FROM generate_series(1, 200) n")
        assert seal_all(desk_database) > 0


def test_who_may_read_entries_and_seals(desk_database: DeskDatabase) -> None:
    head = seal_all(desk_database)
    for login in (MANAGER, AUDITOR):
        with signed_in(desk_database, login) as conn:
            assert conn.execute(f"SELECT count(*) FROM {SEALS}".encode()).fetchone() == (head,)
    for login in (AGENT, SENIOR, MODERATOR, SAFETY):
        for table in (ENTRIES, SEALS):
            with signed_in(desk_database, login) as conn, refused("42501"):
                conn.execute(f"SELECT count(*) FROM {table}".encode())


# ── every change leaves an entry in its own transaction ──

PRIORITY = "UPDATE console.cases SET priority = 'low' WHERE id = %s"


def entries_of(database: DeskDatabase, case: UUID) -> list[tuple[object, ...]]:
    """Who changed this case, by which command, and what."""
    return database.rows(
        "SELECT actor, command_id, detail -> 'priority' FROM console_audit.entries "
        "WHERE relation = 'cases' AND action = 'update' AND subject = %s::text ORDER BY id",
        case,
    )


def test_a_change_leaves_one_entry_with_the_name_of_whoever_made_it(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        command = record(conn)
        conn.execute("SAVEPOINT s")
        conn.execute(PRIORITY, [case])
        conn.execute("RELEASE s")
    assert entries_of(desk_database, case) == [(AGENT, command, ["normal", "low"])]
    same = desk_database.one("SELECT count(DISTINCT xact) FROM console_audit.entries WHERE command_id = %s", command)
    assert same == 1


def test_nothing_changes_without_a_command_of_ones_own_in_the_same_transaction(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as earlier:
        record(earlier)
    with signed_in(desk_database, AGENT) as conn, refused("42501", "only inside a recorded command"):
        conn.execute(PRIORITY, [case])
    with signed_in(desk_database, AGENT) as conn:
        conn.execute("SAVEPOINT s")
        record(conn)
        conn.execute("ROLLBACK TO s")
        with refused("42501", "only inside a recorded command"):
            conn.execute(PRIORITY, [case])
    with signed_in(desk_database, MANAGER) as other:
        record(other)
        with signed_in(desk_database, AGENT) as conn, refused("42501", "only inside a recorded command"):
            conn.execute(PRIORITY, [case])
    assert entries_of(desk_database, case) == []


def test_nobody_records_a_command_in_another_name_or_transaction(desk_database: DeskDatabase) -> None:
    for column, value in (
        ("actor", f"'{MANAGER}'"),
        ("at", "now() - interval '1 day'"),
        ("xact", "'3'"),
    ):
        with signed_in(desk_database, AGENT) as conn, refused("42501"):
            conn.execute(
                f"INSERT INTO console.commands (id, name, digest, {column}) "
                f"VALUES (%s, 'a.b', sha256('x'), {value})".encode(),
                [uuid4()],
            )
    for abuse in (f"SET SESSION AUTHORIZATION {MANAGER}", f"SET ROLE {MANAGER}", "RESET SESSION AUTHORIZATION"):
        with signed_in(desk_database, AGENT) as conn:
            if abuse.startswith("RESET"):
                conn.execute(abuse.encode())  # allowed, and changes nothing
                assert conn.execute("SELECT session_user").fetchone() == (AGENT,)
            else:
                with refused("42501"):
                    conn.execute(abuse.encode())


def test_nobody_edits_or_forgets_a_recorded_command(desk_database: DeskDatabase) -> None:
    for login in (AGENT, MANAGER, SAFETY):
        for abuse in (
            "UPDATE console.commands SET name = 'a.b'",
            "DELETE FROM console.commands",
            "TRUNCATE console.commands CASCADE",
            "UPDATE console.command_cases SET version_after = 0",
        ):
            with signed_in(desk_database, login) as conn, refused("42501"):
                conn.execute(abuse.encode())


def test_an_entry_goes_with_its_change_and_comes_with_it(desk_database: DeskDatabase) -> None:
    case = a_case(desk_database)
    with signed_in(desk_database, AGENT) as conn:
        record(conn)
        conn.execute(PRIORITY, [case])
        assert entries_of(desk_database, case) == []
        conn.rollback()
    assert entries_of(desk_database, case) == []
    assert desk_database.one("SELECT priority FROM console.cases WHERE id = %s", case) == "normal"
