"""Installing: once or again, beside a platform or alone, and never more than was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import psycopg
import pytest
from psycopg import sql

from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.store.install import check, install, newest_revision
from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.domain.errors import ConsoleError, SetupError
from hotmess_console.domain.platform import Enforceable
from tests.desks import AGENT, Database, DeskDatabase, staff

pytestmark = pytest.mark.foundation

CATALOG = {
    "relations": "SELECT c.oid::regclass::text, c.relkind::text, c.relowner::regrole::text, c.relacl::text, "
    "c.relrowsecurity, c.relforcerowsecurity FROM pg_class c",
    "columns": "SELECT a.attrelid::regclass::text, a.attname::text, format_type(a.atttypid, a.atttypmod), "
    "a.attnotnull, a.attacl::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid",
    "functions": "SELECT c.oid::regprocedure::text, c.proowner::regrole::text, c.prosrc, c.proconfig::text, "
    "c.proacl::text, c.prosecdef FROM pg_proc c",
    "triggers": "SELECT t.tgrelid::regclass::text, t.tgname::text, pg_get_triggerdef(t.oid), t.tgenabled::text "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid",
    "policies": "SELECT schemaname::text, tablename::text, policyname::text, roles::text, cmd, qual, with_check "
    "FROM pg_policies",
    "schemas": "SELECT nspname::text, nspowner::regrole::text, nspacl::text FROM pg_namespace",
    "members": "SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members",
}


def fingerprint(database: Database) -> dict[str, str]:
    """A digest of everything in the catalog that an install could change, part by part."""
    found = {}
    with database.connect() as conn:
        for part, query in CATALOG.items():
            rows = sorted(map(str, conn.execute(query).fetchall()))
            assert rows, part
            found[part] = sha256("\n".join(rows).encode()).hexdigest()
    return found


@pytest.fixture
def with_platform(bare_database: Database) -> Database:
    """A database with the demo's platform and no console."""
    with psycopg.connect(bare_database.conninfo()) as conn:
        create_demo_platform(conn)
    return bare_database


@pytest.fixture
def plain_installer(bare_database: Database) -> Iterator[str]:
    """A login that may create roles and owns the database, but is no superuser."""
    name = f"installer_{bare_database.name[-8:]}"
    with bare_database.connect() as conn:
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'only for tests'").format(sql.Identifier(name)))
        conn.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(bare_database.name), sql.Identifier(name))
        )
        if conn.info.server_version >= 160000:
            roles = ", ".join(("console_owner", "console_audit_owner", "console_intake"))
            conn.execute(
                sql.SQL(f"GRANT {roles} TO {{}} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE").format(
                    sql.Identifier(name)
                )
            )
    yield bare_database.server.conninfo(bare_database.name, name, "only for tests")
    with bare_database.connect() as conn:
        who = sql.Identifier(name)
        conn.execute("DROP SCHEMA IF EXISTS console, console_audit, platform CASCADE")
        conn.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(sql.Identifier(bare_database.name)))
        conn.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(who))
        conn.execute(sql.SQL("DROP ROLE {}").format(who))


def test_installing_again_changes_nothing_in_the_catalog_and_keeps_the_go_live(with_platform: Database) -> None:
    first = install(with_platform.conninfo())
    before = fingerprint(with_platform)
    settings = with_platform.rows("SELECT * FROM console.settings ORDER BY key")
    again = install(with_platform.conninfo())
    assert fingerprint(with_platform) == before
    assert with_platform.rows("SELECT * FROM console.settings ORDER BY key") == settings
    assert (again.go_live, again.revision, again.bindings) == (first.go_live, newest_revision(), first.bindings)


def test_what_a_manager_changed_survives_an_install(desk_database: DeskDatabase) -> None:
    with psycopg.connect(desk_database.conninfo("sunniva")) as conn:
        conn.execute(
            "INSERT INTO console.commands (id, name, digest) VALUES (gen_random_uuid(), 'a.b', sha256('x'::bytea))"
        )
        conn.execute("UPDATE console.settings SET value = '45' WHERE key = 'messages.hold_seconds'")
        conn.execute("UPDATE console.templates SET retired = true WHERE id = 'resolution'")
    install(desk_database.conninfo(), test_clock=True)
    assert desk_database.one("SELECT value FROM console.settings WHERE key = 'messages.hold_seconds'") == 45
    assert desk_database.one("SELECT retired FROM console.templates WHERE id = 'resolution'") is True


def test_a_database_without_a_platform_is_installed_and_says_so(bare_database: Database) -> None:
    installed = install(bare_database.conninfo())
    tickets = {binding.concept: binding for binding in installed.bindings}["tickets"]
    assert tickets.enforceable is Enforceable.NOT_HERE
    add_everyone(bare_database.conninfo(), staff())
    with psycopg.connect(bare_database.conninfo(AGENT)) as conn:
        assert conn.execute("SELECT count(*) FROM platform.tickets").fetchall() == [(0,)]


def test_somebody_who_is_no_superuser_can_install_and_keeps_no_way_in(
    bare_database: Database, plain_installer: str
) -> None:
    install(plain_installer)
    install(plain_installer)
    owner = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'console'::regnamespace"
    assert bare_database.rows(owner) == [("console_owner",)]
    with psycopg.connect(plain_installer) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM console.cases")
    with psycopg.connect(plain_installer) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SET ROLE console_owner")


def test_whoever_installed_can_check_without_seeing_a_case(plain_installer: str) -> None:
    installed = install(plain_installer)
    found = check(plain_installer)
    assert (found.revision, found.go_live, found.true_clock) == (installed.revision, installed.go_live, True)
    assert found.open_cases is None


def test_a_login_without_the_right_to_install_gets_words_and_leaves_nothing(desk_database: DeskDatabase) -> None:
    before = fingerprint(desk_database)
    with pytest.raises(ConsoleError) as refused:
        install(desk_database.conninfo(AGENT))
    assert refused.value.hint
    assert fingerprint(desk_database) == before


def test_a_newer_database_is_left_alone(desk_database: DeskDatabase) -> None:
    desk_database.run("UPDATE console.revision SET version_num = '9999'")
    before = fingerprint(desk_database)
    with pytest.raises(SetupError, match="newer than this program"):
        install(desk_database.conninfo())
    assert fingerprint(desk_database) == before


def test_a_failure_half_way_leaves_nothing_at_all(with_platform: Database) -> None:
    before = fingerprint(with_platform)

    def stop(step: str) -> None:
        if step == "Platform bindings":
            raise SetupError("Stopped.", hint="Nothing.")

    with pytest.raises(SetupError, match=r"Stopped\."):
        install(with_platform.conninfo(), progress=stop)
    assert fingerprint(with_platform) == before


def test_an_unreachable_server_is_told_in_words(bare_database: Database) -> None:
    wrong = bare_database.conninfo().replace("port='5432'", "port='1'").replace("port=5432", "port=1")
    with pytest.raises(ConsoleError, match="cannot be reached"):
        install(wrong)


def test_checking_reads_and_changes_nothing(desk_database: DeskDatabase) -> None:
    before = fingerprint(desk_database)
    entries = desk_database.one("SELECT count(*) FROM console_audit.entries")
    found = check(desk_database.conninfo())
    assert (found.revision, found.newest, found.open_cases) == (newest_revision(), newest_revision(), 0)
    assert found.go_live is not None
    assert not found.true_clock
    assert fingerprint(desk_database) == before
    assert desk_database.one("SELECT count(*) FROM console_audit.entries") == entries


def test_a_production_clock_is_the_servers_and_nobody_can_move_it(with_platform: Database) -> None:
    install(with_platform.conninfo())
    assert check(with_platform.conninfo()).true_clock
    assert with_platform.one("SELECT to_regclass('console.test_clock')") is None
    add_everyone(with_platform.conninfo(), staff())
    with psycopg.connect(with_platform.conninfo(AGENT), autocommit=True) as conn:
        conn.execute("SET timezone = 'Asia/Tokyo'")
        assert conn.execute("SELECT abs(extract(epoch FROM console.now() - clock_timestamp())) < 1").fetchall() == [
            (True,)
        ]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("CREATE OR REPLACE FUNCTION console.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'")


def test_staff_cannot_move_the_clock_of_a_test_database_either(desk_database: DeskDatabase) -> None:
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("INSERT INTO console.test_clock VALUES (now(), now())")


def test_the_templates_are_the_manuals_at_their_first_version(desk_database: DeskDatabase) -> None:
    assert desk_database.rows(
        "SELECT id, current FROM console.templates WHERE id NOT LIKE '%-currency' ORDER BY id"
    ) == [
        ("acknowledgment", 1),
        ("refund-confirmation", 1),
        ("report-acknowledgment", 1),
        ("resolution", 1),
        ("suspension-notice", 1),
    ]
