"""Installing and upgrading by whoever may: a superuser, an owner with CREATEROLE, and another login than the first."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from hotmess_console.adapters.store.embedded import Server
from hotmess_console.adapters.store.install import check, install, newest_revision
from hotmess_console.domain.errors import SetupError
from tests.desks import Database, bare
from tests.integration.authority.grid import Combination, _install_first_revision, cluster_of

pytestmark = pytest.mark.authority
OWNERS = ("console_owner", "console_audit_owner", "console_intake")
FIRST, SECOND = "first_installer", "second_installer"


@pytest.fixture(scope="module", params=[15, 18])
def clean_cluster(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server on which nobody has installed: its roles are made by whoever comes first."""
    with cluster_of(Combination(request.param, False, "demo")) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as conn:
            for name in (FIRST, SECOND):
                conn.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEROLE NOBYPASSRLS PASSWORD 'only for tests'").format(
                        sql.Identifier(name)
                    )
                )
        yield server


@pytest.fixture
def theirs(clean_cluster: Server) -> Iterator[Database]:
    """A database that the first installer owns, as on Supabase."""
    with bare(clean_cluster) as database:
        with database.connect() as conn:
            who = sql.Identifier(FIRST)
            conn.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database.name), who))
            conn.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(who))
        yield database
        with database.connect() as conn:
            conn.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(sql.Identifier(database.name)))


def by(database: Database, login: str) -> str:
    """A connection string of one of the installers."""
    return database.server.conninfo(database.name, login, "only for tests")


def kept_ways_in(database: Database, login: str) -> list[str]:
    """Owner roles that a login may still act as or inherit from."""
    found = database.rows(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(%s, oid, 'USAGE')", list(OWNERS), login
    )
    return [name for (name,) in found]


def test_an_owner_with_createrole_upgrades_what_the_same_login_installed(theirs: Database) -> None:
    _install_first_revision(by(theirs, FIRST))
    assert install(by(theirs, FIRST)).revision == newest_revision()
    assert kept_ways_in(theirs, FIRST) == []
    assert check(by(theirs, FIRST)).revision == newest_revision()


def test_a_superuser_upgrades_what_an_owner_installed_and_the_owner_can_go_on(theirs: Database) -> None:
    _install_first_revision(by(theirs, FIRST))
    assert install(theirs.conninfo()).revision == newest_revision()


def first_revision(database: Database) -> None:
    """What the first installer left behind."""
    _install_first_revision(by(database, FIRST))
    with psycopg.connect(by(database, FIRST)) as conn:
        conn.execute("CREATE SCHEMA platform")


def test_the_line_that_lets_another_login_in_opens_no_way_past_the_rules(theirs: Database) -> None:
    first_revision(theirs)
    if theirs.one("SELECT current_setting('server_version_num')::int") < 160000:
        return  # there CREATEROLE is enough, and no line is said
    with pytest.raises(SetupError) as refused:
        install(by(theirs, SECOND))
    theirs.run(refused.value.hint.removeprefix("As a superuser run: "))
    assert kept_ways_in(theirs, SECOND) == []
    assert owner_faults_of(theirs) == []
    with pytest.raises(SetupError, match=f"belongs to {FIRST}"):
        install(by(theirs, SECOND))


@pytest.mark.parametrize("installed", [False, True])
def test_another_login_is_refused_in_words_with_the_line_to_run_and_changes_nothing(
    theirs: Database, installed: bool
) -> None:
    if installed:
        first_revision(theirs)
    with pytest.raises(SetupError) as refused:
        install(by(theirs, SECOND))
    assert "nstall as" in refused.value.hint or "superuser" in refused.value.hint
    assert check(theirs.conninfo()).revision == ("0001" if installed else None)
    assert kept_ways_in(theirs, SECOND) == []


def test_a_colleague_who_was_given_the_first_ones_role_upgrades_and_keeps_no_way_in(theirs: Database) -> None:
    """As when the first installer has left and a colleague was given that role."""
    first_revision(theirs)
    theirs.run(f"GRANT {FIRST} TO {SECOND}")
    try:
        assert install(by(theirs, SECOND)).revision == newest_revision()
        assert kept_ways_in(theirs, SECOND) == []
        assert owner_faults_of(theirs) == []
        owners = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'platform'::regnamespace"
        assert theirs.rows(owners) == [(FIRST,)]
    finally:
        theirs.run(f"REVOKE {FIRST} FROM {SECOND}")


def owner_faults_of(database: Database) -> list[str]:
    """What `db check` says about the roles that own the console."""
    found = check(database.conninfo()).staff_faults
    return [f"{words} {hint}" for words, hint in found if "console_" in words]


def test_db_check_names_owner_roles_that_could_do_more_than_own(theirs: Database) -> None:
    install(by(theirs, FIRST))
    assert owner_faults_of(theirs) == []
    theirs.run("ALTER ROLE console_owner BYPASSRLS LOGIN")
    theirs.run("CREATE ROLE somebody")
    theirs.run("GRANT console_audit_owner TO somebody")
    try:
        found = owner_faults_of(theirs)
        assert [word for word in ("row security", "sign in", "somebody can act as") if word in " ".join(found)] == [
            "row security", "sign in", "somebody can act as"
        ]  # fmt: skip
        for line in found:
            theirs.run(line.partition("As a superuser run: ")[2])
        assert owner_faults_of(theirs) == [], "the lines that it says put it right"
    finally:
        theirs.run("ALTER ROLE console_owner NOBYPASSRLS NOLOGIN")
        theirs.run("DROP ROLE somebody")
