"""What staff reach because everybody may: found on each shape of the platform, and ended by the lines given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import errors as pg

from hotmess_console.adapters.platform.install import install_platform
from hotmess_console.adapters.platform.public_reach import reached_through_public
from hotmess_console.adapters.store.embedded import Server
from hotmess_console.adapters.store.install import check
from hotmess_console.domain.policy.public_reach import Finding, Gravity
from tests.desks import DeskDatabase
from tests.platform_shapes.world import SHAPES, STAFF, World, make_world, one

pytestmark = pytest.mark.foundation

OPENED = """
  CREATE FUNCTION public.make_admin(who uuid) RETURNS text LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT current_user::text $$;
  CREATE FUNCTION public.open_trigger() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    AS $$ BEGIN RETURN NEW; END $$;
  CREATE FUNCTION public.plain_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE FUNCTION public.plain(a integer, VARIADIC b text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
  CREATE PROCEDURE public.tidy() LANGUAGE sql AS 'SELECT 1';
  CREATE TABLE public.open_writes (id integer, "Odd Name" text);
  GRANT SELECT, INSERT ON public.open_writes TO PUBLIC;
  CREATE TABLE public.open_reads (id integer); GRANT SELECT ON public.open_reads TO PUBLIC;
  CREATE TABLE public.behind_rows (id integer); GRANT SELECT, UPDATE ON public.behind_rows TO PUBLIC;
  ALTER TABLE public.behind_rows ENABLE ROW LEVEL SECURITY;
  CREATE POLICY mine ON public.behind_rows USING (false);
  CREATE TABLE public.cleared (id integer); GRANT SELECT, TRUNCATE ON public.cleared TO PUBLIC;
  ALTER TABLE public.cleared ENABLE ROW LEVEL SECURITY;
  CREATE TABLE public.some_columns (id integer, email text, secret text);
  GRANT SELECT (id, email), UPDATE (email) ON public.some_columns TO PUBLIC;
  CREATE VIEW public.open_view AS SELECT * FROM auth.users; GRANT SELECT ON public.open_view TO PUBLIC;
  CREATE SEQUENCE public.open_numbers; GRANT USAGE ON SEQUENCE public.open_numbers TO PUBLIC;
  CREATE SCHEMA open_place; GRANT ALL ON SCHEMA open_place TO PUBLIC;
  CREATE SCHEMA shut_place; CREATE TABLE shut_place.t (id integer); GRANT SELECT ON shut_place.t TO PUBLIC;
  CREATE FUNCTION shut_place.f() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
"""
EXPECTED = {
    "function public.make_admin(who uuid): EXECUTE": Gravity.RUN_AS_OWNER,
    "function public.open_trigger(): EXECUTE": Gravity.ATTACH,
    "function public.plain(a integer, VARIADIC b text[]): EXECUTE": Gravity.RUN_AS_SELF,
    "procedure public.tidy(): EXECUTE": Gravity.RUN_AS_SELF,
    "table public.open_writes: INSERT, SELECT": Gravity.WRITE,
    "table public.open_reads: SELECT": Gravity.READ,
    "table public.behind_rows: SELECT, UPDATE": Gravity.WRITE_BY_CLAIM,
    "table public.cleared: SELECT, TRUNCATE": Gravity.WRITE,
    "table public.some_columns (id, email): SELECT": Gravity.READ,
    "table public.some_columns (email): UPDATE": Gravity.WRITE,
    "view public.open_view: SELECT": Gravity.READ,
    "sequence public.open_numbers: USAGE": Gravity.COUNT,
    "schema open_place: CREATE": Gravity.PLANT,
    "schema open_place: USAGE": Gravity.ENTER,
    "tables that shape_owner makes from now on in schema public: SELECT": Gravity.FUTURE,
}


def listed(world: World, login: str | None = STAFF) -> tuple[Finding, ...]:
    with world.connect(login) as conn:
        return reached_through_public(conn)


@pytest.fixture(params=SHAPES)
def world(request: pytest.FixtureRequest, cluster: Server) -> Iterator[World]:
    with make_world(cluster, request.param) as made:
        with made.superuser() as conn:
            conn.execute(f'GRANT CREATE ON DATABASE "{made.dbname}" TO shape_owner')
        with made.installer() as conn:
            install_platform(conn)
        yield made


def test_what_everybody_may_is_listed_once_each_and_worst_first(world: World) -> None:
    before = {finding.what for finding in listed(world)}
    with world.installer() as conn:
        conn.execute(OPENED)
    found = [finding for finding in listed(world) if finding.what not in before]
    assert {finding.what: finding.gravity for finding in found} == EXPECTED
    assert len(found) == len(EXPECTED)
    everything = listed(world)
    assert [finding.gravity for finding in everything] == sorted(finding.gravity for finding in everything)
    assert all(finding.why.endswith(".") and finding.run.endswith(";") for finding in everything)
    assert listed(world, None) == everything, "whoever asks gets the same answer"


def test_the_lines_end_all_of_it_and_the_platforms_own_roles_keep_what_they_had(world: World) -> None:
    with world.installer() as conn:
        conn.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM anon, authenticated")
        conn.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon, authenticated")
        conn.execute(OPENED)
    call = "SELECT public.make_admin(gen_random_uuid())"
    with world.staff() as conn:
        assert one(conn, call) == "shape_owner", "what a staff login could do"
        assert one(conn, "SELECT count(*) FROM public.open_view") == 0
    with world.superuser() as conn:
        for finding in listed(world):
            conn.execute(finding.run)
    assert listed(world) == ()
    for statement in (call, "SELECT * FROM public.open_view", "INSERT INTO public.open_writes VALUES (1)"):
        with world.staff() as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute(statement)
        with world.platform("authenticated") as conn:
            conn.execute(statement)
    with world.staff() as conn:
        conn.execute("SELECT * FROM platform.tickets")
    with world.installer() as conn:
        install_platform(conn)


def test_a_member_of_the_platforms_roles_comes_first(world: World) -> None:
    with world.superuser() as conn:
        conn.execute(f"GRANT service_role TO {STAFF}")
        conn.execute("GRANT authenticated TO console_moderator")
        try:
            worst = listed(world)[:2]
            assert [finding.what for finding in worst] == [
                "role authenticated: console_moderator is a member",
                f"role service_role: {STAFF} is a member",
            ]
            for finding in worst:
                conn.execute(finding.run)
            assert listed(world)[:1] == () or listed(world)[0].gravity is not Gravity.BECOME
        finally:
            conn.execute(f"REVOKE service_role FROM {STAFF}")
            conn.execute("REVOKE authenticated FROM console_moderator")


def test_nothing_of_the_console_or_the_server_is_listed_and_nothing_is_changed(desk_database: DeskDatabase) -> None:
    acls = "SELECT oid::regclass::text, relacl::text FROM pg_class UNION ALL SELECT proname, proacl::text FROM pg_proc"
    before = sorted(map(str, desk_database.rows(acls)))
    found = check(desk_database.conninfo()).reached
    assert sorted(map(str, desk_database.rows(acls))) == before
    named = " ".join(finding.what for finding in found)
    for place in ("console.", "console_audit.", "pg_catalog.", "information_schema.", "similarity("):
        assert place not in named
    assert any(finding.what == "schema public: USAGE" for finding in found)


def test_a_view_that_asks_with_the_callers_rights_is_less_grave(desk_database: DeskDatabase) -> None:
    desk_database.run("CREATE VIEW public.careful WITH (security_invoker = on) AS SELECT 1 AS one")
    desk_database.run("CREATE MATERIALIZED VIEW public.kept AS SELECT 1 AS one")
    desk_database.run("GRANT SELECT ON public.careful, public.kept TO PUBLIC")
    gravity = {f.what: f.gravity for f in check(desk_database.conninfo()).reached}
    assert gravity["view public.careful: SELECT"] is Gravity.READ_BY_CLAIM
    assert gravity["view public.kept: SELECT"] is Gravity.READ


def test_an_extension_that_reaches_out_of_the_database_is_listed(desk_database: DeskDatabase) -> None:
    desk_database.run("CREATE EXTENSION dblink")
    named = [finding.what for finding in check(desk_database.conninfo()).reached]
    assert any("dblink_exec" in what for what in named)
