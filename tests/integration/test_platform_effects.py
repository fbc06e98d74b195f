"""A recorded decision about a ticket reaches the platform's own row, once, and can be taken back while it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from hotmess_console.adapters.platform.install import install_platform
from hotmess_console.adapters.store.embedded import Server
from tests.platform_shapes.world import MODERATOR, OWNERS, WITH_TICKETS, World, make_world, one

pytestmark = pytest.mark.foundation


@pytest.fixture(scope="module", params=[(s, o) for s in WITH_TICKETS for o in OWNERS], ids=lambda p: f"{p[0]} {p[1]}")
def world(cluster: Server, request: pytest.FixtureRequest) -> Iterator[World]:
    shape, owner = request.param
    yield from installed(cluster, shape, owner)


@pytest.fixture(scope="module")
def live(cluster: Server) -> Iterator[World]:
    yield from installed(cluster, "D", "plain owner")


def installed(cluster: Server, shape: str, owner: str) -> Iterator[World]:
    with make_world(cluster, shape, owner) as made:
        with made.installer() as conn:
            install_platform(conn)
        yield made


def apply(world: World, ticket: UUID, command: UUID | None = None, **changes: object) -> dict[str, Any]:
    with world.staff() as conn:
        values = (command or uuid4(), ticket, json.dumps(changes, default=str))
        return dict(one(conn, "SELECT platform.ticket_apply(%s, %s, %s)", *values))


def restore(world: World, ticket: UUID, answer: dict[str, Any], reply: UUID | None = None) -> dict[str, Any]:
    with world.staff() as conn:
        values = (uuid4(), ticket, json.dumps(answer["was"]), reply)
        return dict(one(conn, "SELECT platform.ticket_restore(%s, %s, %s, %s)", *values))


def on_platform(world: World, ticket: UUID, columns: str) -> tuple[Any, ...]:
    with world.superuser() as conn:
        row = conn.execute(f"SELECT {columns} FROM public.support_tickets WHERE id = %s", [ticket]).fetchone()
    assert row is not None
    return row


def test_a_reply_that_resolves_is_one_change_on_the_platform(world: World) -> None:
    ticket, reply = world.ticket(world.person()), uuid4()
    answer = apply(world, ticket, reply="All done.", reply_id=reply, status="resolved", priority="high")
    assert answer["enforced"] == "applied"
    row = on_platform(
        world, ticket, "status, priority, admin_response, resolved_at IS NOT NULL, updated_at > created_at"
    )
    assert row == ("resolved", "high", "All done.", True, True)
    with world.superuser() as conn:
        stored = conn.execute(
            "SELECT id, responder_type, responder_id, message FROM public.ticket_responses WHERE ticket_id = %s",
            [ticket],
        ).fetchall()
    assert stored == [(reply, "admin", None, "All done.")]


def test_the_answer_tells_the_prior_values_and_the_new_compare_token(live: World) -> None:
    ticket = live.ticket()
    answer = apply(live, ticket, status="in_progress")
    assert (answer["was"]["status"], answer["was"]["priority"]) == ("open", "normal")
    with live.superuser() as conn:
        assert one(conn, "SELECT %s::timestamptz", answer["updated_at"]) == on_platform(live, ticket, "updated_at")[0]


def test_the_same_reply_is_never_stored_twice(live: World) -> None:
    ticket, reply = live.ticket(), uuid4()
    for _ in range(2):
        apply(live, ticket, reply="Once.", reply_id=reply)
    with live.superuser() as conn:
        assert one(conn, "SELECT count(*) FROM ticket_responses WHERE ticket_id = %s", ticket) == 1


def test_a_reply_id_cannot_be_used_for_other_words(live: World) -> None:
    ticket, reply = live.ticket(), uuid4()
    apply(live, ticket, reply="One.", reply_id=reply)
    with pytest.raises(psycopg.errors.UniqueViolation, match="already used"):
        apply(live, ticket, reply="Another.", reply_id=reply)


def test_a_reply_without_its_id_is_refused(live: World) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="reply_id"):
        apply(live, live.ticket(), reply="Hello")


def test_reopening_clears_the_moment_of_resolution(live: World) -> None:
    ticket = live.ticket()
    apply(live, ticket, status="resolved")
    apply(live, ticket, status="open")
    assert on_platform(live, ticket, "status, resolved_at") == ("open", None)


def test_closing_keeps_the_moment_of_resolution(live: World) -> None:
    ticket = live.ticket()
    apply(live, ticket, status="resolved")
    at = on_platform(live, ticket, "resolved_at")
    apply(live, ticket, status="closed")
    assert on_platform(live, ticket, "resolved_at") == at


def test_a_status_that_the_platform_does_not_know_is_refused_in_words_and_changes_nothing(world: World) -> None:
    ticket = world.ticket()
    with pytest.raises(psycopg.errors.CheckViolation, match=r'does not accept .*"status": "escalated"') as caught:
        apply(world, ticket, status="escalated", reply="x", reply_id=uuid4())
    assert caught.value.diag.constraint_name == "support_tickets_status_check"
    assert on_platform(world, ticket, "status, admin_response") == ("open", None)
    with world.superuser() as conn:
        assert one(conn, "SELECT count(*) FROM public.ticket_responses WHERE ticket_id = %s", ticket) == 0


def test_a_part_of_a_ticket_that_nobody_may_change_is_refused(live: World) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="Only these parts"):
        apply(live, live.ticket(), subject="Another")


def test_a_ticket_that_is_gone_is_an_error_and_not_a_silence(live: World) -> None:
    with pytest.raises(psycopg.errors.NoDataFound, match="no longer"):
        apply(live, uuid4(), status="open")


@pytest.mark.parametrize("function", ["ticket_apply(%s, %s, '{}')", "ticket_restore(%s, %s, '{\"ours\": {}}', NULL)"])
def test_a_command_that_the_console_did_not_record_touches_nothing(live: World, function: str) -> None:
    command, ticket = uuid4(), live.ticket()
    with live.superuser() as conn:
        conn.execute("INSERT INTO console.not_mine VALUES (%s)", [command])
    with live.staff() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege, match="not recorded"):
        conn.execute(f"SELECT platform.{function}", [command, ticket])


def test_only_agents_may_apply_anything(live: World) -> None:
    with live.staff(MODERATOR) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT platform.ticket_apply(%s, %s, '{}')", [uuid4(), uuid4()])


def test_a_hijacked_search_path_does_not_move_the_effect(live: World) -> None:
    ticket = live.ticket()
    with live.staff() as conn:
        conn.execute("CREATE TEMP TABLE support_tickets (id uuid, status text)")
        conn.execute("SET search_path = pg_temp, public")
        conn.execute('SELECT platform.ticket_apply(%s, %s, \'{"status": "closed"}\')', [uuid4(), ticket])
        assert conn.execute("SELECT current_setting('search_path')").fetchone() == ("pg_temp, public",)
    assert on_platform(live, ticket, "status") == ("closed",)


def test_undo_puts_everything_back_and_removes_our_reply(world: World) -> None:
    ticket, reply = world.ticket(), uuid4()
    answer = apply(world, ticket, reply="Oops.", reply_id=reply, status="resolved", category="billing")
    undone = restore(world, ticket, answer, reply)
    assert (undone["enforced"], undone["changed_meanwhile"], undone["reply_removed"]) == ("applied", [], True)
    row = on_platform(world, ticket, "status, category, admin_response, resolved_at")
    assert row == ("open", "general", None, None)
    with world.superuser() as conn:
        assert one(conn, "SELECT count(*) FROM public.ticket_responses WHERE id = %s", reply) == 0


def test_undo_works_from_a_session_in_another_time_zone(live: World) -> None:
    ticket = live.ticket()
    answer = apply(live, ticket, status="resolved")
    with live.staff() as conn:
        conn.execute("SET TimeZone = 'Asia/Kathmandu'")
        values = (uuid4(), ticket, json.dumps(answer["was"]))
        undone = one(conn, "SELECT platform.ticket_restore(%s, %s, %s, NULL)", *values)
    assert undone["changed_meanwhile"] == []
    assert on_platform(live, ticket, "resolved_at") == (None,)


def test_undo_leaves_what_the_web_admin_changed_meanwhile(live: World) -> None:
    ticket = live.ticket()
    answer = apply(live, ticket, status="resolved", priority="low")
    with live.platform("service_role") as conn:
        conn.execute("UPDATE support_tickets SET priority = 'urgent' WHERE id = %s", [ticket])
    undone = restore(live, ticket, answer)
    assert (undone["enforced"], undone["changed_meanwhile"]) == ("partial", ["priority"])
    assert on_platform(live, ticket, "status, priority") == ("open", "urgent")


def test_undo_never_removes_a_reply_that_is_not_ours(live: World) -> None:
    ticket, theirs = live.ticket(), uuid4()
    with live.platform("service_role") as conn:
        conn.execute("INSERT INTO ticket_responses (id, ticket_id, message) VALUES (%s, %s, 'Mine')", [theirs, ticket])
    undone = restore(live, ticket, {"was": {"ours": {"reply_id": str(theirs)}}}, theirs)
    assert (undone["reply_removed"], undone["changed_meanwhile"]) == (False, ["reply"])
    with live.superuser() as conn:
        assert one(conn, "SELECT count(*) FROM ticket_responses WHERE id = %s", theirs) == 1


def test_undo_without_what_apply_returned_is_refused(live: World) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="ticket_apply"):
        restore(live, live.ticket(), {"was": {"status": "open"}})


@pytest.mark.parametrize("owner", OWNERS)
def test_where_the_platform_has_no_tickets_both_functions_say_so(cluster: Server, owner: str) -> None:
    for world in installed(cluster, "C", owner):
        answer = apply(world, uuid4(), status="resolved")
        assert (answer["enforced"], answer["was"]) == ("not_here", {})
        assert restore(world, uuid4(), answer)["enforced"] == "not_here"


def test_a_missing_column_makes_the_effect_partial_and_is_named(cluster: Server) -> None:
    with make_world(cluster, "A") as world, world.installer() as conn:
        conn.execute("ALTER TABLE support_tickets DROP COLUMN priority, DROP COLUMN resolved_at, DROP COLUMN metadata")
        install_platform(conn)
        ticket = world.ticket()
        answer = apply(world, ticket, status="resolved", priority="high")
        assert (answer["enforced"], answer["missing"]) == ("partial", ["priority"])
        assert on_platform(world, ticket, "status") == ("resolved",)
