"""People, roles and limits, attacked as somebody with a SQL client and their own login."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors as pg
from psycopg import sql

from tests.desks import AGENT, AUDITOR, MANAGER, DeskDatabase, staff
from tests.integration.authority.staff_desk import StaffDesk, ask, record

pytestmark = pytest.mark.authority

EVERYONE = [person.login for person, _ in staff()]
OUT_OF_REACH = (
    "console_owner", "console_audit_owner", "console_intake", "authenticated", "anon", "service_role", "postgres",
    "pg_signal_backend", "pg_read_all_data",
)  # fmt: skip


# ── granting to oneself ──

GRANTS = {
    "by GRANT": "GRANT console_manager TO {me}",
    "by GRANT of an owner": "GRANT console_owner TO {me}",
    "by ALTER ROLE": "ALTER ROLE {me} CREATEROLE",
    "by the installer's function": "SELECT console.login_give({me_text}, 'console_manager')",
    "by the owner's function": "SELECT console.carry_out(NULL::console.manager_changes)",
    "by writing the catalog": "INSERT INTO pg_auth_members (roleid, member, grantor, admin_option) "
    "VALUES ('console_manager'::regrole, {me_text}::regrole, 10, true)",
    "by a line in the directory": "UPDATE console.staff SET active = true, email = 'x@example.org'",
    "by making a login": "SELECT console.login_make('s_newnewnew1', 'x')",
    "by shutting others out": "SELECT console.login_shut('sunniva')",
    "by another's password": "SELECT console.login_open('sunniva', 'SCRAM-SHA-256$1:x$y:z')",
    "by ALTER ROLE of another": "ALTER ROLE sunniva PASSWORD 'mine now'",
    "by ending connections": "SELECT console.end_connections('sunniva')",
}


@pytest.mark.parametrize("who", ["agent", "manager"])
def test_nobody_gives_themselves_a_role(desk: StaffDesk, who: str) -> None:
    login = getattr(desk, who)
    before = desk.db.rows("SELECT roleid, member FROM pg_auth_members ORDER BY 1, 2")
    with desk.acting(login) as conn:
        for words in GRANTS.values():
            statement = sql.SQL(words).format(me=sql.Identifier(login), me_text=sql.Literal(login))
            with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
                conn.execute(statement)
    assert desk.db.rows("SELECT roleid, member FROM pg_auth_members ORDER BY 1, 2") == before


def test_only_managers_ask_and_only_managers_confirm(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted={"role": "console_senior"})
    asking = "INSERT INTO console.manager_changes (id, kind, subject, command_id) VALUES (%s, 'staff.disable', %s, %s)"
    for login in (AGENT, "mehreen", "pascal", "noor", AUDITOR):
        with psycopg.connect(desk.db.conninfo(login)) as conn:
            command = uuid4() if login == AUDITOR else record(conn)
            with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
                conn.execute(asking, [uuid4(), desk.agent, command])
            with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
                conn.execute("UPDATE console.manager_changes SET state = 'done' WHERE id = %s", [change])
    assert desk.decide(desk.second, change) == 1
    assert desk.holds(desk.agent, "console_senior")


# ── confirming oneself ──


def test_who_asked_cannot_confirm_and_another_manager_can(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted={"role": "console_senior"})
    with pytest.raises(pg.CheckViolation, match="not_confirmed_by_who_asked"):
        desk.decide(desk.manager, change)
    assert (desk.state(change), desk.holds(desk.agent, "console_senior")) == ("waiting", False)
    assert desk.decide(desk.second, change) == 1
    assert (desk.state(change), desk.holds(desk.agent, "console_senior")) == ("done", True)


def test_whom_it_concerns_cannot_confirm(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.second, wanted={"role": "console_safety"})
    with pytest.raises(pg.CheckViolation, match="not_confirmed_by_whom_it_concerns"):
        desk.decide(desk.second, change)
    assert not desk.holds(desk.second, "console_safety")
    assert desk.decide(MANAGER, change) == 1
    assert desk.holds(desk.second, "console_safety")


def test_even_without_its_triggers_the_table_keeps_nobody_confirming_themselves(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted={"role": "console_senior"})
    desk.db.run("ALTER TABLE console.manager_changes DISABLE TRIGGER USER")
    with pytest.raises(pg.CheckViolation, match="not_confirmed_by_who_asked"):
        desk.db.run(
            "UPDATE console.manager_changes SET state = 'done', confirmed_by = requested_by, decided_at = now(), "
            "verifier = NULL WHERE id = %s",
            change,
        )


FORGED = {
    "requested by another": {"requested_by": "sunniva"},
    "confirmed from the start": {"confirmed_by": "sunniva"},
    "done from the start": {"state": "done"},
    "decided in the past": {"decided_at": "2020-01-01"},
    "asked in the past": {"requested_at": "2020-01-01"},
}
REWRITTEN = (
    "confirmed_by = 'sunniva'", "requested_by = 'sunniva'", "wanted = '{}'", "kind = 'role.revoke'",
    "subject = 'imani'", "verifier = NULL",
)  # fmt: skip


def test_a_wish_can_be_neither_forged_nor_rewritten(desk: StaffDesk) -> None:
    wanted = {"role": "console_senior"}
    with desk.acting(desk.manager) as conn:
        for forged in FORGED.values():
            with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
                ask(conn, "role.grant", desk.agent, wanted=wanted, **forged)
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted=wanted)
    for login in (desk.manager, desk.second):
        with desk.acting(login) as conn:
            for assignment in REWRITTEN:
                with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
                    conn.execute(f"UPDATE console.manager_changes SET {assignment} WHERE id = %s", [change])
    assert desk.decide(desk.second, change) == 1
    assert desk.db.rows("SELECT requested_by, confirmed_by FROM console.manager_changes WHERE id = %s", change) == [
        (desk.manager, desk.second)
    ]


def test_a_command_of_somebody_else_carries_no_wish(desk: StaffDesk) -> None:
    with desk.acting(desk.second) as conn:
        theirs = record(conn)
    with desk.acting(desk.manager) as conn, pytest.raises(pg.InsufficientPrivilege):
        ask(conn, "staff.disable", desk.agent, command_id=theirs)
    with psycopg.connect(desk.db.conninfo(desk.manager)) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute(
            "INSERT INTO console.commands (id, name, digest, actor) VALUES (%s, 'a.b', sha256('x'::bytea), 'sunniva')",
            [uuid4()],
        )
    desk.ask(desk.manager, "staff.disable", desk.agent)


def test_a_decision_is_made_once(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted={"role": "console_senior"})
    desk.decide(desk.manager, change, "declined")
    for login in (desk.manager, desk.second):
        with pytest.raises(pg.SerializationFailure):
            desk.decide(login, change)
    with desk.acting(desk.manager) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute("DELETE FROM console.manager_changes")
    assert not desk.holds(desk.agent, "console_senior")


def test_the_wish_of_somebody_who_is_no_manager_any_more_is_not_confirmed(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted={"role": "console_manager"})
    desk.ask(desk.second, "role.revoke", desk.manager, wanted={"role": "console_manager"})
    with pytest.raises(pg.InsufficientPrivilege, match="no manager any more"):
        desk.decide(desk.second, change)
    assert desk.decide(desk.second, change, "declined") == 1


ILLEGAL: dict[str, tuple[str, dict[str, Any], type[psycopg.Error]]] = {
    "an owner": ("role.grant", {"wanted": {"role": "console_owner"}}, pg.InsufficientPrivilege),
    "the automation": ("role.grant", {"wanted": {"role": "console_worker"}}, pg.InsufficientPrivilege),
    "a role of the platform": ("role.grant", {"wanted": {"role": "service_role"}}, pg.InsufficientPrivilege),
    "no role": ("role.grant", {}, pg.InsufficientPrivilege),
    "a plain password": ("password.reset", {"verifier": "hunter2"}, pg.CheckViolation),
    "no password": ("password.reset", {}, pg.CheckViolation),
    "somebody at the desk": ("staff.enable", {"wanted": {"roles": []}}, pg.CheckViolation),
}


def test_what_no_manager_may_give_is_refused_when_it_is_asked_for(desk: StaffDesk) -> None:
    with desk.acting(desk.manager) as conn:
        for kind, values, error in ILLEGAL.values():
            with pytest.raises(error), conn.transaction():
                ask(conn, kind, desk.agent, **values)
    desk.ask(desk.manager, "password.reset", desk.agent, verifier=desk.verifier(desk.agent))


def test_only_people_of_the_desk_are_changed(desk: StaffDesk) -> None:
    with desk.acting(desk.manager) as conn:
        for subject in ("postgres", "console_owner", "authenticated", "nobody_at_all"):
            wishes: dict[str, dict[str, Any]] = {
                "staff.disable": {},
                "password.reset": {"verifier": desk.verifier(subject)},
                "role.grant": {"wanted": {"role": "console_agent"}},
            }
            for kind, values in wishes.items():
                with pytest.raises(pg.CheckViolation, match="nobody at this desk"), conn.transaction():
                    ask(conn, kind, subject, **values)
    desk.ask(desk.manager, "staff.disable", desk.agent)


def test_nobody_takes_their_own_place_away_so_that_a_manager_is_always_left(desk: StaffDesk) -> None:
    for kind, values in (("staff.disable", {}), ("role.revoke", {"wanted": {"role": "console_manager"}})):
        with pytest.raises(pg.CheckViolation, match="nobody_shuts_themselves_out"):
            desk.ask(desk.manager, kind, desk.manager, **values)
    assert desk.holds(desk.manager, "console_manager")
    desk.ask(desk.second, "role.revoke", desk.manager, wanted={"role": "console_manager"})
    assert not desk.holds(desk.manager, "console_manager")


def test_nobody_reads_what_the_server_stores_of_a_password(desk: StaffDesk) -> None:
    desk.ask(desk.manager, "password.reset", desk.agent, verifier=desk.verifier(desk.agent))
    for login in (desk.manager, desk.second, AUDITOR, desk.agent):
        with psycopg.connect(desk.db.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute("SELECT verifier FROM console.manager_changes")
    with psycopg.connect(desk.db.conninfo(AUDITOR)) as conn:
        entries = conn.execute("SELECT detail::text FROM console_audit.entries WHERE relation = 'manager_changes'")
        said = " ".join(text for (text,) in entries)
    assert "password.reset" in said
    assert "SCRAM" not in said


def test_who_is_disabled_loses_open_connections_rights_and_login_whoever_installed(desk: StaffDesk) -> None:
    with psycopg.connect(desk.db.conninfo(desk.agent), autocommit=True) as theirs:
        assert theirs.execute("SELECT console.works_tickets()").fetchall() == [(True,)]
        desk.ask(desk.manager, "staff.disable", desk.agent)
        with pytest.raises(psycopg.OperationalError):
            theirs.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(desk.db.conninfo(desk.agent))
    # whoever had to lend themselves the login has given it back
    assert (
        desk.db.rows(
            "SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles p ON p.oid = m.member "
            "WHERE r.rolname = %s AND pg_has_role(p.oid, r.oid, 'USAGE') AND NOT p.rolsuper",
            desk.agent,
        )
        == []
    )


# ── becoming somebody else ──


@pytest.mark.parametrize("login", [AGENT, MANAGER, "noor", AUDITOR])
def test_set_role_to_an_owner_or_a_role_of_the_platform_is_refused(desk_database: DeskDatabase, login: str) -> None:
    known = {name for (name,) in desk_database.rows("SELECT rolname FROM pg_roles")} & set(OUT_OF_REACH)
    assert {"console_owner", "authenticated", "service_role"} <= known
    with psycopg.connect(desk_database.conninfo(login), autocommit=True) as conn:
        for role in known:
            for statement in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}"):
                with pytest.raises(pg.InsufficientPrivilege):
                    conn.execute(sql.SQL(statement).format(sql.Identifier(role)))
        conn.execute("SET ROLE NONE")
        assert conn.execute("SELECT current_user, session_user").fetchall() == [(login, login)]


def test_a_role_that_one_has_changes_nobodys_name(desk_database: DeskDatabase) -> None:
    with psycopg.connect(desk_database.conninfo(MANAGER), autocommit=True) as conn:
        for role in ("console_agent", "console_senior", "console_manager"):
            conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            assert conn.execute("SELECT current_user, session_user").fetchall() == [(role, MANAGER)]


# ── hijacked search paths ──

TRAPS = (
    "CREATE FUNCTION pg_temp.has_role(name) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION pg_temp.pg_has_role(name, name, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION pg_temp.format(text, VARIADIC \"any\") RETURNS text LANGUAGE internal AS 'text_format'",
    "CREATE TEMP TABLE pg_roles AS SELECT 'postgres'::name AS rolname, false AS rolsuper, false AS rolcreaterole, "
    "false AS rolbypassrls, false AS rolreplication",
    "CREATE TEMP TABLE staff AS SELECT 'postgres'::name AS login, true AS active",
    "CREATE TEMP TABLE manager_changes (id uuid)",
    "CREATE TEMP TABLE guarded_settings (key text)",
)


@pytest.mark.parametrize("path", ["pg_temp, console, pg_catalog", "public, pg_temp, pg_catalog"])
def test_a_hijacked_search_path_changes_nothing(desk: StaffDesk, path: str) -> None:
    with psycopg.connect(desk.db.conninfo(desk.manager)) as conn:
        for trap in TRAPS:
            try:
                with conn.transaction():
                    conn.execute(trap)
            except psycopg.Error:  # what cannot even be set up harms nobody
                continue
        conn.execute(f"SET search_path = {path}")
        record(conn)
        change = ask(conn, "role.grant", desk.agent, wanted={"role": "console_senior"})
        with pytest.raises(pg.CheckViolation), conn.transaction():
            ask(conn, "staff.disable", "postgres")
        with pytest.raises(pg.CheckViolation), conn.transaction():
            conn.execute("UPDATE console.manager_changes SET state = 'done' WHERE id = %s", [change])
        with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
            conn.execute("INSERT INTO console.settings (key, value) VALUES ('limits.x', '1')")
    assert desk.decide(desk.second, change) == 1


def test_every_definer_function_fixes_its_search_path(desk_database: DeskDatabase) -> None:
    loose = "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
    fixed = "ARRAY['search_path=pg_catalog, pg_temp']"
    where = f"WHERE n.nspname ~ '^console' AND p.prosecdef AND NOT coalesce(p.proconfig @> {fixed}, false)"
    assert desk_database.rows(loose + where) == []


def test_the_installers_functions_are_for_the_owner_alone(desk_database: DeskDatabase) -> None:
    reachable = (
        "SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'console'::regnamespace "
        "AND p.proname IN ('check_person', 'login_give', 'login_take', 'login_make', 'login_open', 'login_shut', "
        "'end_connections', 'carry_out') AND (has_function_privilege(%s, p.oid, 'EXECUTE') "
        "OR has_function_privilege('public', p.oid, 'EXECUTE'))"
    )
    for login in EVERYONE:
        assert desk_database.rows(reachable, login) == []
    assert desk_database.rows(reachable, "console_owner") != []


# ── guarded settings ──

PAST_THE_SECOND = {
    "a new key": "INSERT INTO console.settings (key, value) VALUES ('limits.mine', '99')",
    "an update": "UPDATE console.settings SET value = '99' WHERE key = 'limits.refund'",
    "the alarm": "UPDATE console.settings SET value = '999' WHERE key = 'reads.alarm_per_hour'",
    "bans alone": "UPDATE console.settings SET value = 'false' WHERE key = 'moderation.ban_second_person'",
    "an upsert": "INSERT INTO console.settings (key, value) VALUES ('limits.refund', '99') "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    "another key renamed": "UPDATE console.settings SET key = 'limits.other' WHERE key = 'undo.list'",
    "no guard any more": "DELETE FROM console.guarded_settings",
    "no setting any more": "DELETE FROM console.settings WHERE key = 'limits.refund'",
    "a merge": "MERGE INTO console.settings s USING (SELECT 'limits.refund' AS key) n ON n.key = s.key "
    "WHEN MATCHED THEN UPDATE SET value = '99'",
}


def test_a_limit_is_not_raised_past_the_second_manager(desk: StaffDesk) -> None:
    first = desk.ask(desk.manager, "setting.change", "limits.refund", wanted={"value": 10})
    desk.decide(desk.second, first)
    with desk.acting(desk.manager) as conn:
        for statement in PAST_THE_SECOND.values():
            with pytest.raises(pg.InsufficientPrivilege), conn.transaction():
                conn.execute(statement)
    value = "SELECT value FROM console.settings WHERE key = 'limits.refund'"
    assert desk.db.one(value) == 10
    second = desk.ask(desk.manager, "setting.change", "limits.refund", wanted={"value": 20})
    with pytest.raises(pg.CheckViolation):
        desk.decide(desk.manager, second)
    desk.decide(desk.second, second)
    assert desk.db.one(value) == 20
    assert desk.db.one("SELECT changed_by FROM console.settings WHERE key = 'limits.refund'") == desk.second


def test_what_is_not_guarded_is_still_changed_by_one_manager(desk: StaffDesk) -> None:
    with desk.acting(desk.manager) as conn:
        conn.execute("UPDATE console.settings SET value = '30' WHERE key = 'messages.hold_seconds'")
    with pytest.raises(pg.CheckViolation, match="no setting that needs a second manager"):
        desk.ask(desk.manager, "setting.change", "messages.hold_seconds", wanted={"value": 1})


def test_nothing_is_asked_without_a_recorded_command(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "role.grant", desk.agent, wanted={"role": "console_senior"})
    with (
        psycopg.connect(desk.db.conninfo(desk.second)) as conn,
        pytest.raises(pg.InsufficientPrivilege, match="recorded"),
    ):
        conn.execute("UPDATE console.manager_changes SET state = 'done' WHERE id = %s", [change])
    assert desk.decide(desk.second, change) == 1
