"""What the catalog itself must say: no function without a path, no view past row security, no right by accident."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.desks import DeskDatabase

pytestmark = pytest.mark.authority

GOLDEN = Path(__file__).parents[2] / "goldens" / "privileges.txt"
OURS = "('console', 'console_audit', 'platform')"
OWNERS = ("console_owner", "console_audit_owner", "console_intake")

# Over the platform's tables, with their owner's rights: nothing else may be there.
OVER_PLATFORM = {
    "view platform.accounts",
    "view platform.ticket_responses",
    "view platform.tickets",
    "function platform.intake_changed()",
    "function platform.sensitive_rows(text,text)",
    "function platform.ticket_apply(uuid,uuid,jsonb)",
    "function platform.ticket_restore(uuid,uuid,jsonb,uuid)",
}

# Without FORCE ROW LEVEL SECURITY, each for the reason that stands beside it.
NOT_FORCED = {
    "console.case_search": "only the owner's own functions read it, and they need its trigram index",
    "console.revision": "Alembic's own; nobody at the desk has a right on it but to read the number",
    "console.test_clock": "exists in test databases only",
}

DEFINERS_WITHOUT_PATH = f"""
    SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname IN {OURS} AND p.prosecdef AND NOT coalesce(
           EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~ '^search_path=pg_catalog, pg_temp$'), false)
     ORDER BY 1"""

VIEWS_WITH_ANOTHERS_RIGHTS = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('console', 'console_audit') AND c.relkind IN ('v', 'm')
       AND NOT coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'],
                        false) ORDER BY 1"""

PUBLIC_RIGHTS = f"""
    SELECT 'function ' || p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
           aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     WHERE n.nspname IN {OURS} AND a.grantee = 0
    UNION ALL
    SELECT 'relation ' || c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
           aclexplode(c.relacl) a WHERE n.nspname IN {OURS} AND a.grantee = 0 AND c.relname <> 'test_clock'
    UNION ALL
    SELECT 'schema ' || n.nspname FROM pg_namespace n, aclexplode(n.nspacl) a
     WHERE n.nspname IN {OURS} AND a.grantee = 0 ORDER BY 1"""

TABLES_NOT_FORCED = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('console', 'console_audit') AND c.relkind IN ('r', 'p')
       AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"""

FOUND_OVER_PLATFORM = """
    SELECT 'function ' || p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'platform'::regnamespace
    UNION
    SELECT CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'relation ' END || c.oid::regclass::text
      FROM pg_class c WHERE c.relnamespace = 'platform'::regnamespace
    UNION
    SELECT DISTINCT 'view ' || r.ev_class::regclass::text FROM pg_rewrite r
      JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
      JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE n.nspname IN ('public', 'auth', 'storage')
       AND v.relnamespace IN ('console'::regnamespace, 'console_audit'::regnamespace)"""

SPEAKS_OF_PLATFORM = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
     WHERE p.pronamespace IN ('console'::regnamespace, 'console_audit'::regnamespace)
       AND p.prosrc ~ '\\m(public|auth|storage)\\.'"""

MATRIX = f"""
    WITH objects AS (
      SELECT n.nspname || '.' || c.relname AS object, a.grantee, a.privilege_type AS verb, NULL::text AS part
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
       WHERE n.nspname IN {OURS} AND a.grantee <> c.relowner AND c.relname <> 'test_clock'
      UNION ALL
      SELECT n.nspname || '.' || c.relname, a.grantee, a.privilege_type, t.attname::text
        FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
             aclexplode(t.attacl) a
       WHERE n.nspname IN {OURS} AND a.grantee <> c.relowner AND NOT t.attisdropped
      UNION ALL
      SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', a.grantee,
             a.privilege_type, NULL
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
             aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       WHERE n.nspname IN {OURS} AND a.grantee <> p.proowner
      UNION ALL
      SELECT n.nspname || '.*', a.grantee, a.privilege_type, NULL FROM pg_namespace n, aclexplode(n.nspacl) a
       WHERE n.nspname IN {OURS} AND a.grantee <> n.nspowner)
    SELECT o.object, CASE WHEN o.grantee = 0 THEN 'PUBLIC' WHEN r.rolsuper THEN '(installer)' ELSE r.rolname END,
           o.verb, coalesce('(' || string_agg(o.part, ', ' ORDER BY o.part) || ')', '')
      FROM objects o LEFT JOIN pg_roles r ON r.oid = o.grantee
     GROUP BY 1, 2, 3"""


def matrix(database: DeskDatabase) -> str:
    """Role × object × verb, one object and role a line, columns in brackets where only they are granted."""
    rights: dict[tuple[str, str], list[str]] = {}
    for object, role, verb, columns in sorted(database.rows(MATRIX)):
        rights.setdefault((object, role), []).append(f"{verb}{columns}")
    return "".join(f"{object}  {role}  {' '.join(verbs)}\n" for (object, role), verbs in rights.items())


def test_the_privilege_matrix_is_the_one_that_was_agreed(desk_database: DeskDatabase) -> None:
    found = matrix(desk_database)
    if os.environ.get("UPDATE_GOLDENS"):
        GOLDEN.write_text(found, encoding="utf-8")
    agreed = GOLDEN.read_text(encoding="utf-8").splitlines()
    more = sorted(set(found.splitlines()) - set(agreed))
    fewer = sorted(set(agreed) - set(found.splitlines()))
    assert (more, fewer) == ([], []), "look at each line, then run again with UPDATE_GOLDENS=1"


def test_a_right_that_somebody_adds_shows_in_the_matrix(desk_database: DeskDatabase) -> None:
    before = matrix(desk_database)
    desk_database.run("GRANT UPDATE (version) ON console.cases TO console_agent")
    assert set(matrix(desk_database).splitlines()) - set(before.splitlines()) != set()
    assert "version" in matrix(desk_database).replace(before, "")


def test_every_definer_function_has_the_one_search_path(desk_database: DeskDatabase) -> None:
    assert desk_database.rows(DEFINERS_WITHOUT_PATH) == []
    desk_database.run("ALTER FUNCTION console.read_sensitive(uuid) RESET search_path")
    desk_database.run("ALTER FUNCTION console.require_command() SET search_path = public, pg_catalog")
    assert len(desk_database.rows(DEFINERS_WITHOUT_PATH)) == 2


def test_every_view_of_the_console_asks_with_the_rights_of_whoever_looks(desk_database: DeskDatabase) -> None:
    assert desk_database.rows(VIEWS_WITH_ANOTHERS_RIGHTS) == []
    desk_database.run("ALTER VIEW console.queue SET (security_invoker = false)")
    assert desk_database.rows(VIEWS_WITH_ANOTHERS_RIGHTS) == [("console.queue",)]


def test_nothing_stands_over_the_platform_but_what_is_listed(desk_database: DeskDatabase) -> None:
    assert {name for (name,) in desk_database.rows(FOUND_OVER_PLATFORM)} == OVER_PLATFORM
    assert desk_database.rows(SPEAKS_OF_PLATFORM) == []
    desk_database.run("CREATE VIEW console.people WITH (security_invoker) AS SELECT id FROM public.profiles")
    desk_database.run("CREATE FUNCTION platform.everybody() RETURNS bigint LANGUAGE sql AS 'SELECT 1'")
    more = {name for (name,) in desk_database.rows(FOUND_OVER_PLATFORM)} - OVER_PLATFORM
    assert more == {"view console.people", "function platform.everybody()"}


def test_public_has_no_right_in_our_schemas(desk_database: DeskDatabase) -> None:
    assert desk_database.rows(PUBLIC_RIGHTS) == []
    desk_database.run("CREATE FUNCTION console.open_to_all() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    desk_database.run("GRANT SELECT ON console.queue TO PUBLIC")
    assert desk_database.rows(PUBLIC_RIGHTS) == [("function console.open_to_all()",), ("relation console.queue",)]


def test_every_table_forces_row_security_or_says_here_why_not(desk_database: DeskDatabase) -> None:
    assert {name for (name,) in desk_database.rows(TABLES_NOT_FORCED)} == set(NOT_FORCED)
    desk_database.run("ALTER TABLE console.decisions NO FORCE ROW LEVEL SECURITY")
    assert ("console.decisions",) in desk_database.rows(TABLES_NOT_FORCED)


def members(database: DeskDatabase) -> list[tuple[str, str]]:
    """Who can use the rights of an owner role, or become it."""
    modern = database.one("SELECT current_setting('server_version_num')::int >= 160000")
    usable = "AND (m.inherit_option OR m.set_option)" if modern else ""
    return [
        (str(owner), str(member))
        for owner, member in database.rows(
            "SELECT m.roleid::regrole::text, m.member::regrole::text FROM pg_auth_members m "
            f"WHERE m.roleid::regrole::text = ANY (%s) {usable}",
            list(OWNERS),
        )
    ]


def test_no_owner_has_a_member_that_could_use_it(desk_database: DeskDatabase) -> None:
    assert members(desk_database) == []
    flags = "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR rolcanlogin)"
    assert desk_database.rows(flags, list(OWNERS)) == []


LOCKABLE = f"""
    SELECT r.rolname::text, c.oid::regclass::text FROM pg_class c, pg_roles r
     WHERE c.relnamespace::regnamespace::text IN {OURS} AND c.relkind IN ('r', 'v', 'p')
       AND r.rolname ~ '^console_(agent|senior|manager|moderator|safety|auditor|worker)$'
       AND has_table_privilege(r.oid, c.oid, 'UPDATE, DELETE, TRUNCATE') ORDER BY 1, 2"""

SHARED_LOCKS = f"""
    SELECT p.oid::regprocedure::text FROM pg_proc p
     WHERE p.pronamespace::regnamespace::text IN {OURS} AND p.prosrc ~ 'advisory'"""


def test_no_login_of_the_desk_can_lock_a_table_of_the_console_and_keep_everybody_out(
    desk_database: DeskDatabase,
) -> None:
    assert desk_database.rows(LOCKABLE) == []
    desk_database.run("GRANT DELETE ON console.case_links TO console_agent")
    assert ("console_agent", "console.case_links") in desk_database.rows(LOCKABLE)


def test_nothing_waits_for_a_lock_that_any_login_may_take(desk_database: DeskDatabase) -> None:
    assert desk_database.rows(SHARED_LOCKS) == []
    desk_database.run(
        "CREATE FUNCTION console.one_at_a_time() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_xact_lock(1)'"
    )
    assert desk_database.rows(SHARED_LOCKS) == [("console.one_at_a_time()",)]


def test_every_table_that_staff_write_is_guarded_by_a_recorded_command(desk_database: DeskDatabase) -> None:
    unguarded = desk_database.rows(
        "SELECT DISTINCT c.relname::text FROM pg_class c, pg_roles r WHERE c.relnamespace = 'console'::regnamespace "
        "AND c.relkind = 'r' AND r.rolname ~ '^console_(agent|senior|manager|moderator|safety|auditor)$' "
        "AND (has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE') OR has_table_privilege(r.oid, c.oid, 'DELETE')) "
        "AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'O' "
        "AND t.tgfoid = 'console.require_command()'::regprocedure) ORDER BY 1"
    )
    # a command itself, what hangs on one by its policy, and the keys that a drain takes away
    assert unguarded == [("command_cases",), ("commands",), ("intake",)]
