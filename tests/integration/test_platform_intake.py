"""New and changed tickets reach the intake, and nothing on the console's side stops the platform's own write."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from hotmess_console.adapters.platform.install import install_platform
from hotmess_console.adapters.store.embedded import Server
from tests.platform_shapes.world import OWNERS, WITH_TICKETS, World, make_world, one

pytestmark = pytest.mark.foundation


@pytest.fixture(scope="module", params=[(s, o) for s in WITH_TICKETS for o in OWNERS], ids=lambda p: f"{p[0]} {p[1]}")
def world(cluster: Server, request: pytest.FixtureRequest) -> Iterator[World]:
    shape, owner = request.param
    with make_world(cluster, shape, owner) as made:
        with made.installer() as conn:
            install_platform(conn)
        yield made


@pytest.fixture
def own(cluster: Server) -> Iterator[World]:
    """A world that the test may break."""
    with make_world(cluster, "D") as made:
        with made.installer() as conn:
            install_platform(conn)
        yield made


def intake(world: World, key: UUID) -> list[str]:
    with world.superuser() as conn:
        rows = conn.execute("SELECT source FROM console.intake WHERE key = %s ORDER BY id", [str(key)]).fetchall()
    return [str(row[0]) for row in rows]


def test_a_new_ticket_a_changed_ticket_and_a_new_reply_each_leave_a_line(world: World) -> None:
    ticket = world.ticket()
    assert intake(world, ticket) == ["ticket"]
    with world.platform("service_role") as conn:
        conn.execute("UPDATE support_tickets SET priority = 'high' WHERE id = %s", [ticket])
        assert intake(world, ticket) == ["ticket", "ticket"]
        reply = one(conn, "INSERT INTO ticket_responses (ticket_id, message) VALUES (%s, 'x') RETURNING id", ticket)
    assert intake(world, reply) == ["ticket_response"]


def test_many_rows_of_one_statement_all_leave_a_line(world: World) -> None:
    with world.platform("service_role") as conn:
        rows = conn.execute(
            "INSERT INTO support_tickets (user_email, subject, message) "
            "SELECT 'many@example.org', 'n' || n, 'm' FROM generate_series(1, 500) n RETURNING id"
        ).fetchall()
    with world.superuser() as conn:
        keys = [str(row[0]) for row in rows]
        assert one(conn, "SELECT count(*) FROM console.intake WHERE key = ANY (%s)", keys) == 500


def test_a_statement_that_changes_no_row_leaves_no_line(world: World) -> None:
    with world.superuser() as conn:
        before = one(conn, "SELECT count(*) FROM console.intake")
        conn.execute("UPDATE public.support_tickets SET priority = 'low' WHERE subject = 'there is none such'")
        assert one(conn, "SELECT count(*) FROM console.intake") == before


def test_a_signed_in_user_opens_a_ticket_while_every_case_is_locked(world: World) -> None:
    person = world.person()
    with world.superuser() as locker, world.platform("authenticated", person) as conn:
        locker.execute("INSERT INTO console.cases (id) VALUES (1)")
        with locker.transaction():
            locker.execute("LOCK TABLE console.cases IN ACCESS EXCLUSIVE MODE")
            conn.execute("SET statement_timeout = '1s'")
            conn.execute(
                "INSERT INTO support_tickets (user_id, user_email, subject, message) "
                "VALUES (%s, 'r@example.org', 'now', 'm')",
                [person],
            )
    query = "SELECT count(*) FROM support_tickets t, console.intake i WHERE t.user_id = %s AND i.key = t.id::text"
    with world.superuser() as conn:
        assert one(conn, query, person) == 1


def test_an_intake_that_is_being_upgraded_does_not_use_up_a_second_of_the_platforms_insert(own: World) -> None:
    with own.superuser() as locker, own.platform("service_role") as conn, locker.transaction():
        locker.execute("LOCK TABLE console.intake IN ACCESS EXCLUSIVE MODE")
        # the limit is the server's own: were the trigger's wait longer, the platform's insert would be cancelled here
        conn.execute("SET statement_timeout = '1s'")
        conn.execute("INSERT INTO support_tickets (user_email, subject, message) VALUES ('r@example.org', 's', 'm')")
    with own.superuser() as conn:
        assert one(conn, "SELECT count(*) FROM support_tickets") == 1
        assert one(conn, "SELECT count(*) FROM console.intake") == 0


@pytest.mark.parametrize(
    "damage",
    [
        "DROP SCHEMA console CASCADE",
        "DROP TABLE console.intake",
        "REVOKE ALL ON console.intake FROM console_intake",
        "ALTER TABLE console.intake ADD CHECK (false) NOT VALID",
    ],
)
def test_whatever_happens_to_the_console_the_platforms_insert_succeeds(own: World, damage: str) -> None:
    own.ticket(subject="before")
    with own.superuser() as conn:
        conn.execute(damage)
        own.ticket(subject="after")
        assert one(conn, "SELECT count(*) FROM support_tickets") == 2


def test_the_trigger_function_belongs_to_a_role_that_can_only_add_to_the_intake(world: World) -> None:
    with world.superuser() as conn:
        owner = one(
            conn, "SELECT proowner::regrole::text FROM pg_proc WHERE oid = 'platform.intake_changed()'::regprocedure"
        )
        reached = conn.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname IN ('public', 'auth', 'console', 'platform') AND c.relkind IN ('r', 'v') "
            "AND has_any_column_privilege('console_intake', c.oid, 'SELECT, INSERT, UPDATE')"
        ).fetchall()
        creates = one(conn, "SELECT has_schema_privilege('console_intake', 'platform', 'CREATE')")
    assert (owner, reached, creates) == ("console_intake", [("console.intake",)], False)


def test_the_installer_keeps_no_way_to_act_as_the_owner_of_the_triggers(world: World) -> None:
    with world.superuser() as conn:
        right = "SET" if conn.info.server_version >= 160000 else "MEMBER"
        for what in {right, "USAGE"}:
            assert one(conn, "SELECT pg_has_role('shape_owner', 'console_intake', %s)", what) is False


def test_a_caller_cannot_run_the_trigger_function_himself(own: World) -> None:
    with own.staff() as conn, pytest.raises(psycopg.errors.Error) as caught:
        conn.execute("SELECT platform.intake_changed()")
    assert caught.value.sqlstate in ("42501", "0A000")
