"""Whatever shape the platform has, staff read the same columns, and see rows that row security hides from others."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest

from hotmess_console.adapters.platform.install import install_platform
from hotmess_console.adapters.store.embedded import Server
from tests.platform_shapes.world import MODERATOR, OWNERS, SHAPES, WITH_TICKETS, WORKER, World, make_world, one

pytestmark = pytest.mark.foundation

COLUMNS = {
    "tickets": "id uuid, user_id uuid, email text, name text, subject text, message text, category text, status text, "
    "priority text, admin_response text, source text, created_at timestamptz, updated_at timestamptz, "
    "resolved_at timestamptz",
    "ticket_responses": "id uuid, ticket_id uuid, responder_id uuid, responder_type text, message text, "
    "attachments jsonb, created_at timestamptz",
    "accounts": "id uuid, email text, display_name text, handle text, pronouns text, tier text, tier_status text, "
    "tier_ends_at timestamptz, joined_at timestamptz, last_seen_at timestamptz, verified bool, "
    "verification_level text, city text, platform_role text",
}


@pytest.fixture(scope="module", params=[(s, o) for s in SHAPES for o in OWNERS], ids=lambda p: f"{p[0]} {p[1]}")
def world(cluster: Server, request: pytest.FixtureRequest) -> Iterator[World]:
    shape, owner = request.param
    with make_world(cluster, shape, owner) as made:
        with made.installer() as conn:
            install_platform(conn)
        yield made


@pytest.fixture(scope="module")
def live(cluster: Server) -> Iterator[World]:
    with make_world(cluster, "D") as made:
        with made.installer() as conn:
            install_platform(conn)
        yield made


def test_every_view_has_the_same_columns_in_every_shape(world: World) -> None:
    with world.superuser() as conn:
        rows = conn.execute(
            "SELECT table_name, string_agg(column_name || ' ' || udt_name, ', ' ORDER BY ordinal_position) "
            "FROM information_schema.columns WHERE table_schema = 'platform' GROUP BY 1"
        ).fetchall()
    assert dict(rows) == COLUMNS


def test_staff_see_tickets_that_row_security_hides_from_all_others(world: World) -> None:
    if world.shape not in WITH_TICKETS:
        with world.staff() as conn:
            assert conn.execute("SELECT id FROM platform.tickets").fetchall() == []
            assert conn.execute("SELECT id FROM platform.ticket_responses").fetchall() == []
        return
    person = world.person("Sam")
    ticket = world.ticket(person, metadata=json.dumps({"source": "contact_form"}))
    with world.platform("service_role") as conn:
        conn.execute("INSERT INTO ticket_responses (ticket_id, message) VALUES (%s, 'More')", [ticket])
    with world.staff() as conn:
        row = conn.execute("SELECT name, email, source FROM platform.tickets WHERE id = %s", [ticket]).fetchone()
        reply = one(conn, "SELECT message FROM platform.ticket_responses WHERE ticket_id = %s", ticket)
    assert row == ("Sam", "robin@example.org", "contact_form")
    assert reply == "More"


def test_a_name_given_with_the_ticket_goes_before_that_of_the_account(live: World) -> None:
    ticket = live.ticket(live.person("Sam"), metadata=json.dumps({"name": "Sammy"}))
    with live.staff() as conn:
        assert one(conn, "SELECT name FROM platform.tickets WHERE id = %s", ticket) == "Sammy"


def test_a_ticket_without_an_account_or_metadata_is_still_shown(live: World) -> None:
    ticket = live.ticket(None, metadata=None)
    with live.staff() as conn:
        assert one(conn, "SELECT name FROM platform.tickets WHERE id = %s", ticket) is None


def test_staff_see_accounts_though_nobody_signed_in_may_read_auth_users(world: World) -> None:
    person = world.person("Kim", "kim@example.org")
    with world.staff(MODERATOR) as conn:
        row = conn.execute("SELECT email, display_name FROM platform.accounts WHERE id = %s", [person]).fetchone()
    assert row == ("kim@example.org", "Kim")


def test_two_user_rows_of_one_account_show_the_person_once(live: World) -> None:
    person = live.person()
    with live.superuser() as conn:
        conn.execute(
            'INSERT INTO "User" (auth_user_id, full_name) VALUES (%s, $$One$$), (%s, $$Two$$)', [person, person]
        )
    with live.staff() as conn:
        assert one(conn, "SELECT count(*) FROM platform.accounts WHERE id = %s", person) == 1


@pytest.mark.parametrize(
    ("membership", "profile", "shown"),
    [
        (("hotmess", "active"), ("FREE", None), ("hotmess", "active")),
        (("hotmess", "expired"), ("PLUS", "active"), ("PLUS", "active")),
        (("mess", "active"), ("CHROME", "canceling"), ("CHROME", "canceling")),
        (("mess", "active"), ("FREE", None), ("mess", "active")),
    ],
)
def test_tier_and_status_come_from_the_same_store_and_a_paid_one_wins(
    live: World, membership: tuple[str, str], profile: tuple[str, str | None], shown: tuple[str, str]
) -> None:
    person = live.person()
    with live.superuser() as conn:
        conn.execute("INSERT INTO memberships (user_id, tier, status) VALUES (%s, %s, %s)", [person, *membership])
        conn.execute(
            "UPDATE profiles SET subscription_tier = %s, subscription_status = %s WHERE id = %s", [*profile, person]
        )
    with live.staff() as conn:
        row = conn.execute("SELECT tier, tier_status FROM platform.accounts WHERE id = %s", [person]).fetchone()
    assert row == shown


@pytest.mark.parametrize("table", ["public.profiles", "auth.users", "public.notification_outbox"])
def test_a_staff_login_has_no_right_on_the_platforms_own_tables(world: World, table: str) -> None:
    with world.staff() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(f"SELECT * FROM {table}")


def test_a_staff_login_has_no_right_on_any_platform_table_in_the_catalog(world: World) -> None:
    with world.superuser() as conn:
        reached = conn.execute(
            "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'v', 'p') "
            "AND c.relnamespace IN ('public'::regnamespace, 'auth'::regnamespace) "
            "AND has_any_column_privilege('shape_staff', c.oid, 'SELECT, INSERT, UPDATE')"
        ).fetchall()
    assert reached == []


def test_only_agents_and_the_worker_read_tickets(world: World) -> None:
    with world.staff(WORKER) as conn:
        conn.execute("SELECT count(*) FROM platform.tickets, platform.ticket_responses")
    for view in ("tickets", "ticket_responses"):
        with world.staff(MODERATOR) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(f"SELECT 1 FROM platform.{view}")


def test_the_platforms_own_users_cannot_reach_the_consoles_views(world: World) -> None:
    for role in ("anon", "authenticated", "service_role"):
        with world.platform(role) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("SELECT 1 FROM platform.accounts")


def test_views_keep_the_leaks_of_cheap_functions_out_and_run_with_their_owners_rights(world: World) -> None:
    with world.superuser() as conn:
        options = conn.execute(
            "SELECT DISTINCT reloptions FROM pg_class WHERE relnamespace = 'platform'::regnamespace"
        ).fetchall()
    assert options == [(["security_barrier=true"],)]


@pytest.mark.parametrize("condition", ["id = gen_random_uuid()", "created_at > now() - interval '1 minute'"])
def test_a_filter_on_id_or_time_uses_the_platforms_own_index(live: World, condition: str) -> None:
    with live.staff() as conn:
        conn.execute("SET enable_seqscan = off")
        value = condition.replace("gen_random_uuid()", "'00000000-0000-4000-8000-000000000000'")
        plan = "\n".join(str(r[0]) for r in conn.execute(f"EXPLAIN SELECT subject FROM platform.tickets WHERE {value}"))
    assert "Index" in plan
    assert "Seq Scan on support_tickets" not in plan


def test_an_account_is_found_by_its_key_without_reading_everybody(live: World) -> None:
    with live.staff() as conn:
        conn.execute("SET enable_seqscan = off")
        query = "EXPLAIN SELECT * FROM platform.accounts WHERE id = '00000000-0000-4000-8000-000000000000'"
        plan = "\n".join(str(r[0]) for r in conn.execute(query))
    assert "Seq Scan on users" not in plan
    assert "Seq Scan on profiles" not in plan
