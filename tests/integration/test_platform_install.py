"""Installing beside the platform says what it found, may be repeated, and follows the platform's changes of shape."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.platform.install import check_platform, install_platform
from hotmess_console.adapters.store.embedded import Server
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.platform import Binding, Enforceable
from tests.platform_shapes.world import OWNERS, SHAPES, WITH_TICKETS, World, make_world, one

pytestmark = pytest.mark.foundation

CATALOGS = {
    "pg_class": "relnamespace IN ('platform'::regnamespace, 'public'::regnamespace, 'auth'::regnamespace)",
    "pg_proc": "pronamespace IN ('platform'::regnamespace, 'public'::regnamespace)",
    "pg_trigger": "true",
    "pg_rewrite": "ev_class IN (SELECT oid FROM pg_class WHERE relnamespace = 'platform'::regnamespace)",
    "pg_namespace": "nspname !~ '^pg_(toast_)?temp'",
    "pg_description": "classoid <> 'pg_largeobject'::regclass AND objoid > 16383",
    "pg_auth_members": "true",
    "pg_policy": "true",
}


def snapshot(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the catalog that an install could touch, with the transaction that last wrote it."""
    with world.superuser() as conn:
        return {
            name: conn.execute(f"SELECT x.xmin::text, x::text FROM {name} x WHERE {where} ORDER BY 2").fetchall()
            for name, where in CATALOGS.items()
        }


def named(bindings: tuple[Binding, ...]) -> dict[str, Binding]:
    return {binding.concept: binding for binding in bindings}


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_installing_again_writes_nothing_at_all(cluster: Server, shape: str, owner: str) -> None:
    with make_world(cluster, shape, owner) as world, world.installer() as conn:
        first = install_platform(conn)
        before = snapshot(world)
        assert install_platform(conn) == first
        assert snapshot(world) == before


@pytest.mark.parametrize("shape", SHAPES)
def test_checking_agrees_with_what_was_installed_and_writes_nothing(cluster: Server, shape: str) -> None:
    with make_world(cluster, shape) as world:
        with world.installer() as conn:
            bound = install_platform(conn)
        before = snapshot(world)
        with world.staff() as conn:
            conn.execute("SET default_transaction_read_only = on")
            assert check_platform(conn) == bound
        assert snapshot(world) == before


@pytest.mark.parametrize(
    ("shape", "concept", "variant"),
    [
        ("A", "tickets", "support_tickets (migrations)"),
        ("A", "accounts", 'auth.users + profiles + "User"'),
        ("A", "reports", "reports (old: reported_item_type and reporter_email)"),
        ("A", "in-app outbox", "notification_outbox (first migrations)"),
        ("A", "beacons", "beacons (migrations: visibility only)"),
        ("A", "messages", "messages (old: thread_id)"),
        ("A", "safety events", "absent"),
        ("B", "memberships", 'profiles (membership_tier only) + "User"'),
        ("B", "in-app outbox", "notification_outbox (retry columns)"),
        ("B", "photos", "profile_photos"),
        ("B", "check-ins", "safety_checkins (migrations)"),
        ("C", "tickets", "absent: the console keeps its own"),
        ("C", "ticket replies", "absent: the console keeps its own"),
        ("C", "accounts", "auth.users + profiles"),
        ("C", "reports", "absent"),
        ("C", "in-app outbox", "notification_outbox (stub: type and payload)"),
        ("C", "beacons", "beacons (stub: is_active)"),
        ("D", "memberships", 'memberships + profiles (live columns) + "User"'),
        ("D", "reports", "reports (live: target_type and target_id)"),
        ("D", "beacons", "beacons (live: status and active)"),
        ("D", "listings", "market_listings"),
        ("D", "safety events", "safety_events"),
    ],
)
def test_each_shape_is_recognised_for_what_it_is(cluster: Server, shape: str, concept: str, variant: str) -> None:
    with make_world(cluster, shape) as world, world.installer() as conn:
        assert named(install_platform(conn))[concept].variant == variant


def test_nothing_counts_as_enforceable_before_it_is_installed(cluster: Server) -> None:
    with make_world(cluster, "D") as world, world.installer() as conn:
        found = named(check_platform(conn))["tickets"]
    assert found.enforceable is Enforceable.NOT_HERE
    assert "db install" in found.note


def test_tickets_that_appear_later_are_bound_by_the_next_install(cluster: Server) -> None:
    with make_world(cluster, "C") as world, world.installer() as conn:
        assert named(install_platform(conn))["tickets"].enforceable is Enforceable.NOT_HERE
        world.run("support", "d")
        assert named(check_platform(conn))["tickets"].enforceable is Enforceable.NOT_HERE
        assert named(install_platform(conn))["tickets"].enforceable is Enforceable.APPLIED
        ticket = world.ticket()
        with world.staff() as staff:
            assert one(staff, "SELECT id FROM platform.tickets") == ticket
        with world.superuser() as su:
            assert one(su, "SELECT key FROM console.intake") == str(ticket)


def test_tickets_that_vanish_leave_empty_views_behind(cluster: Server) -> None:
    with make_world(cluster, "D") as world, world.installer() as conn:
        install_platform(conn)
        conn.execute("DROP TABLE public.ticket_responses, public.support_tickets CASCADE")
        assert named(install_platform(conn))["tickets"].enforceable is Enforceable.NOT_HERE
        with world.staff() as staff:
            assert staff.execute("SELECT * FROM platform.tickets").fetchall() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "CREATE OR REPLACE VIEW platform.accounts AS "
        "SELECT id, email, display_name, handle, pronouns, tier, tier_status, "
        "tier_ends_at, joined_at, last_seen_at, true AS verified, verification_level, city, platform_role "
        "FROM platform.accounts WHERE false",
        "GRANT SELECT ON platform.tickets TO PUBLIC",
        "GRANT EXECUTE ON FUNCTION platform.ticket_apply(uuid, uuid, jsonb) TO authenticated",
        "REVOKE SELECT ON platform.accounts FROM console_agent",
        "ALTER FUNCTION platform.ticket_apply(uuid, uuid, jsonb) RESET search_path",
        "ALTER FUNCTION platform.ticket_restore(uuid, uuid, jsonb, uuid) SECURITY INVOKER",
        "ALTER VIEW platform.tickets SET (security_invoker = true)",
        "DROP TRIGGER hotmess_console_intake_insert ON public.support_tickets",
        "ALTER TABLE public.support_tickets DISABLE TRIGGER hotmess_console_intake_update",
        "ALTER FUNCTION platform.intake_changed() SECURITY INVOKER",
        "GRANT CREATE ON SCHEMA platform TO PUBLIC",
    ],
)
def test_what_somebody_changed_by_hand_is_noticed_and_put_right(cluster: Server, tampering: str) -> None:
    with make_world(cluster, "D") as world, world.installer() as conn:
        install_platform(conn)
        with world.superuser() as su:
            su.execute(tampering.replace("FROM platform.accounts", "FROM (SELECT (NULL::platform.accounts).*) a"))
        assert named(check_platform(conn))["tickets"].enforceable is Enforceable.NOT_HERE
        install_platform(conn)
        assert named(check_platform(conn))["tickets"].enforceable is Enforceable.APPLIED


def test_tables_of_another_owner_are_read_where_granted_but_never_called_enforceable(cluster: Server) -> None:
    with make_world(cluster, "D", "superuser") as world:
        with world.superuser() as su:
            su.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO shape_owner")
            su.execute("ALTER TABLE public.support_tickets DISABLE ROW LEVEL SECURITY")
        world.ticket()
        with world.connect("shape_owner") as conn:
            bound = named(install_platform(conn))
        with world.staff() as staff:
            assert one(staff, "SELECT count(*) FROM platform.tickets") == 1
    assert bound["tickets"].enforceable is Enforceable.NOT_HERE
    assert bound["ticket replies"].variant == "found, but not usable"
    assert "row security" in bound["ticket replies"].note


def test_forced_row_security_is_noticed_rather_than_shown_as_an_empty_queue(cluster: Server) -> None:
    with make_world(cluster, "D") as world, world.installer() as conn:
        conn.execute("ALTER TABLE public.support_tickets FORCE ROW LEVEL SECURITY")
        found = named(install_platform(conn))["tickets"]
    assert (found.variant, found.enforceable) == ("found, but not usable", Enforceable.NOT_HERE)


@pytest.mark.parametrize("change", ["DROP COLUMN message", "ALTER COLUMN subject TYPE varchar(200)"])
def test_a_changed_table_of_tickets_breaks_no_install(cluster: Server, change: str) -> None:
    with make_world(cluster, "D") as world, world.installer() as conn:
        conn.execute(f"ALTER TABLE public.support_tickets {change}")
        install_platform(conn)
        with world.staff() as staff:
            staff.execute("SELECT * FROM platform.tickets")


def test_an_install_that_fails_half_way_leaves_nothing_behind(cluster: Server) -> None:
    with make_world(cluster, "D", "superuser") as world, world.connect("shape_staff") as conn:
        with world.superuser() as su:
            su.execute(f'GRANT CREATE ON DATABASE "{world.dbname}" TO shape_staff')
        with pytest.raises(SetupError, match="console_intake"):
            install_platform(conn)
        assert one(conn, "SELECT to_regnamespace('platform')") is None


def test_a_schema_that_belongs_to_somebody_else_is_left_alone(cluster: Server) -> None:
    with make_world(cluster, "D") as world:
        with world.superuser() as su:
            su.execute("CREATE SCHEMA platform")
        with world.installer() as conn, pytest.raises(SetupError, match="belongs to"):
            install_platform(conn)


def test_a_superuser_may_upgrade_what_the_owner_installed_and_leaves_it_with_the_owner(cluster: Server) -> None:
    with make_world(cluster, "C") as world:
        with world.installer() as conn:
            install_platform(conn)
        world.run("support", "d")
        with world.superuser() as su:
            install_platform(su)
            owners = su.execute(
                "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'platform'::regnamespace"
            ).fetchall()
        world.ticket()
        with world.staff() as staff:
            assert one(staff, "SELECT count(*) FROM platform.tickets") == 1
    assert owners == [("shape_owner",)]


def test_the_callers_own_settings_survive_an_install_inside_his_transaction(cluster: Server) -> None:
    with make_world(cluster, "D") as world, world.installer() as conn, conn.transaction():
        conn.execute("SET LOCAL search_path = public, auth")
        install_platform(conn)
        assert one(conn, "SHOW search_path") == "public, auth"


@pytest.mark.parametrize("shape", WITH_TICKETS)
def test_the_known_fault_stands_that_a_signed_in_user_cannot_read_his_tickets(cluster: Server, shape: str) -> None:
    with make_world(cluster, shape) as world:
        person = world.person()
        world.ticket(person)
        with world.platform("authenticated", person) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("SELECT * FROM support_tickets")


@pytest.mark.parametrize(
    "insert", ["auth.users (email) VALUES ('x@example.org')", "notifications (message) VALUES ('x')"]
)
def test_the_known_fault_stands_that_shape_b_refuses_sign_ups_and_notices(cluster: Server, insert: str) -> None:
    with make_world(cluster, "B") as world, world.superuser() as conn, pytest.raises(psycopg.errors.UndefinedColumn):
        conn.execute(f"INSERT INTO {insert}")


def test_the_demo_platform_is_bound_in_full_and_has_row_security_and_a_plain_owner(cluster: Server) -> None:
    with make_world(cluster, "D") as world, world.superuser() as conn:
        conn.execute("DROP SCHEMA public CASCADE; DROP SCHEMA auth CASCADE; CREATE SCHEMA public")
        create_demo_platform(conn)
        bound = named(install_platform(conn))
        open_tables = conn.execute(
            "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace IN "
            "('public'::regnamespace, 'auth'::regnamespace) "
            "AND (NOT relrowsecurity OR relowner <> 'platform_owner'::regrole)"
        ).fetchall()
        plain = one(conn, "SELECT NOT rolsuper AND NOT rolbypassrls FROM pg_roles WHERE rolname = 'platform_owner'")
        with pytest.raises(SetupError, match="already holds a platform"):
            create_demo_platform(conn)
    assert {concept for concept, b in bound.items() if not b.relations} == {"safety incidents"}
    assert bound["tickets"].enforceable is Enforceable.APPLIED
    assert (open_tables, plain) == ([], True)
