"""Every table of the console is audited or says why not, so that a new one cannot be forgotten."""

from __future__ import annotations

import psycopg
import pytest

from hotmess_console.adapters.store.install import install
from tests.desks import MANAGER, DeskDatabase

pytestmark = pytest.mark.foundation

REASON = "Not audited: "
TABLES = """
    SELECT c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), ''),
           ARRAY(SELECT CASE WHEN t.tgtype & 4 > 0 THEN 'insert' WHEN t.tgtype & 8 > 0 THEN 'delete' ELSE 'update' END
                   FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'O'
                    AND t.tgfoid = 'console_audit.record()'::regprocedure AND t.tgqual IS NULL ORDER BY 1)
      FROM pg_class c WHERE c.relnamespace = 'console'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""


def forgotten(database: DeskDatabase) -> list[str]:
    """Tables with neither all three triggers nor a reason."""
    return [
        name
        for name, comment, triggers in database.rows(TABLES)
        if triggers != ["delete", "insert", "update"] and len(comment.removeprefix(REASON)) in (len(comment), 0)
    ]


def test_every_table_has_its_triggers_or_a_reason_in_its_comment(desk_database: DeskDatabase) -> None:
    assert forgotten(desk_database) == []


def test_a_table_has_triggers_or_a_reason_and_never_both(desk_database: DeskDatabase) -> None:
    assert [
        name for name, comment, triggers in desk_database.rows(TABLES) if triggers and comment.startswith(REASON)
    ] == []


def test_what_people_and_programs_decide_is_audited(desk_database: DeskDatabase) -> None:
    audited = {name for name, _comment, triggers in desk_database.rows(TABLES) if triggers}
    assert {
        "bindings",
        "cases",
        "commands",
        "deliveries",
        "messages",
        "notes",
        "settings",
        "staff",
        "tickets",
    } <= audited


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE console.refunds (id uuid PRIMARY KEY)",
        "CREATE TABLE console.refunds (id uuid PRIMARY KEY); COMMENT ON TABLE console.refunds IS 'Not audited: '",
        "CREATE TABLE console.refunds (id uuid PRIMARY KEY); "
        "CREATE TRIGGER audit_insert AFTER INSERT ON console.refunds "
        "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record('id', '')",
        "CREATE TABLE console.refunds (id uuid PRIMARY KEY); COMMENT ON TABLE console.refunds IS 'Money given back'",
    ],
)
def test_a_new_table_that_nobody_thought_about_is_noticed(desk_database: DeskDatabase, made: str) -> None:
    desk_database.run(made)
    assert forgotten(desk_database) == ["refunds"]


def test_a_binding_that_an_install_finds_changed_leaves_an_entry(desk_database: DeskDatabase) -> None:
    entries = (
        "SELECT action, subject, detail -> 'variant' ->> 1, command_id IS NOT NULL FROM console_audit.entries "
        "WHERE relation = 'bindings' AND action <> 'insert'"
    )
    concepts = desk_database.one("SELECT count(*) FROM console.bindings")
    made = "SELECT count(*) FROM console_audit.entries WHERE relation = 'bindings' AND action = 'insert'"
    assert desk_database.one(made) == concepts > 3
    assert desk_database.rows(entries) == []
    desk_database.run("ALTER TABLE public.memberships RENAME TO former_memberships")
    install(desk_database.conninfo(), test_clock=True)
    variant = desk_database.one("SELECT variant FROM console.bindings WHERE concept = 'memberships'")
    assert ("update", "memberships", variant, True) in desk_database.rows(entries)


def test_nobody_at_the_desk_writes_a_table_that_is_not_audited_by_hand(desk_database: DeskDatabase) -> None:
    """Except what they may: rows of the intake, and what their own command found."""
    unaudited = [name for name, _comment, triggers in desk_database.rows(TABLES) if not triggers]
    may_write = []
    with psycopg.connect(desk_database.conninfo(MANAGER)) as conn:
        for name in unaudited:
            rights = conn.execute(
                "SELECT has_any_column_privilege(%s, 'INSERT, UPDATE') OR has_table_privilege(%s, 'DELETE, TRUNCATE')",
                [f"console.{name}"] * 2,
            ).fetchone()
            if rights == (True,):
                may_write.append(name)
    assert may_write == ["command_cases", "intake"]
