"""Adding, disabling and naming people, by commands and by the command line, seen over a second connection."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event

from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import check
from hotmess_console.adapters.store.own_session import LIMITS
from hotmess_console.adapters.store.presence import PostgresPlace
from hotmess_console.adapters.store.queries import PostgresQueries
from hotmess_console.app.desk import desk as open_desk
from hotmess_console.cli import main
from hotmess_console.domain.errors import NotAllowed, StateError
from hotmess_console.domain.events import Event
from hotmess_console.domain.staff import ChangeKind, ChangeState, NewPerson
from hotmess_console.domain.values import Login, Role
from hotmess_console.services.console import Contact
from hotmess_console.services.presence import DISABLED, Presence
from hotmess_console.services.staff import (
    AddColleague,
    ChangeGuarded,
    ConfirmChange,
    DeclineChange,
    Disable,
    GiveRole,
    NewPassword,
    TakeRole,
    new_login,
    new_password,
    staff_queries,
)
from tests.desks import password_of
from tests.integration.authority.staff_desk import StaffDesk

pytestmark = pytest.mark.authority
INES = NewPerson("Ines Marlow", "ines", "IM", "ines@example.org")


def signs_in(desk: StaffDesk, login: str, password: str) -> bool:
    try:
        psycopg.connect(desk.db.server.conninfo(desk.db.name, login, password)).close()
    except psycopg.OperationalError:
        return False
    return True


async def test_a_colleague_is_added_by_two_managers_and_can_then_sign_in(desk: StaffDesk) -> None:
    login, password = Login("s_new" + new_login()[2:]), new_password()
    async with desk.db.sit_down(desk.manager) as seat:
        asked = await seat.do(
            AddColleague(login=login, person=INES, roles=(Role.AGENT, Role.SAFETY), password=password)
        )
        assert "second manager" in asked.words
        [change] = await staff_queries(seat.queries).manager_changes()
        assert (change.kind, change.state, change.person_name) == (ChangeKind.ADD, ChangeState.WAITING, "Ines Marlow")
        with pytest.raises(NotAllowed, match="yourself"):
            await seat.do(ConfirmChange(change=change.id))
    assert not signs_in(desk, login, password)
    async with desk.db.sit_down(desk.second) as seat:
        done = await seat.do(ConfirmChange(change=change.id))
        assert "Ines Marlow as agent and safety" in done.words
        with pytest.raises(StateError):
            await seat.do(ConfirmChange(change=change.id))
    async with desk.db.sit_down(desk.manager) as seat:
        ines = (await seat.queries.staff()).get(login)
        assert ines is not None
        assert (ines.name, set(ines.roles)) == ("Ines Marlow", {Role.AGENT, Role.SAFETY})
    assert signs_in(desk, login, password)
    with psycopg.connect(desk.db.server.conninfo(desk.db.name, login, password)) as conn:
        assert [conn.execute(f"SHOW {name}").fetchall()[0][0] for name, _value in LIMITS] == [v for _n, v in LIMITS]


async def test_a_password_lies_nowhere_in_the_database(desk: StaffDesk) -> None:
    login, password = Login("s_new" + new_login()[2:]), new_password()
    async with desk.db.sit_down(desk.manager) as seat:
        await seat.do(AddColleague(login=login, person=INES, roles=(), password=password))
    tables = desk.db.rows("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relname !~ '^pg_toast'")
    for (table,) in tables:
        if table != "pg_authid":
            assert desk.db.one(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, %s) > 0", password) == 0
    assert "ines@example.org" not in str(desk.db.rows("SELECT detail FROM console_audit.entries"))
    assert password not in repr(AddColleague(login=login, person=INES, roles=(), password=password))


async def test_disabling_ends_open_connections_and_lets_nobody_back_in(desk: StaffDesk) -> None:
    with psycopg.connect(desk.db.conninfo(desk.agent), autocommit=True) as theirs:
        assert theirs.execute("SELECT console.works_tickets()").fetchall() == [(True,)]
        began = time.monotonic()
        async with desk.db.sit_down(desk.manager) as seat:
            await seat.do(Disable(login=Login(desk.agent), reason="Left the company"))
        with pytest.raises(psycopg.OperationalError):
            theirs.execute("SELECT 1")
    assert time.monotonic() - began < 60
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(desk.db.conninfo(desk.agent))
    assert not desk.holds(desk.agent, "console_agent")
    assert desk.db.one("SELECT active FROM console.staff WHERE login = %s", desk.agent) is False


async def test_who_slips_back_in_while_being_disabled_has_no_rights_and_is_put_out_by_any_console(
    desk: StaffDesk,
) -> None:
    desk.ask(desk.manager, "staff.disable", desk.agent)
    desk.db.run(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(desk.agent)).as_string())
    with psycopg.connect(desk.db.conninfo(desk.agent), autocommit=True) as theirs:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            theirs.execute("SELECT * FROM console.cases")
        with desk.db.connect("imani") as anybody:
            assert anybody.execute("SELECT console.end_left_connections()").fetchall() == [(1,)]
        with pytest.raises(psycopg.OperationalError):
            theirs.execute("SELECT 1")
    with desk.db.connect("imani") as anybody:
        assert anybody.execute("SELECT console.end_left_connections()").fetchall() == [(0,)]


async def test_a_disabled_colleague_comes_back_with_two_managers_a_new_password_and_the_named_roles(
    desk: StaffDesk,
) -> None:
    password = new_password()
    async with desk.db.sit_down(desk.manager) as seat:
        await seat.do(Disable(login=Login(desk.agent)))
        await seat.do(NewPassword(login=Login(desk.agent), password=password, back_as=(Role.AGENT,)))
        [change] = [c for c in await seat.queries.manager_changes() if c.state is ChangeState.WAITING]
    assert not signs_in(desk, desk.agent, password)
    async with desk.db.sit_down(desk.second) as seat:
        await seat.do(ConfirmChange(change=change.id))
    assert signs_in(desk, desk.agent, password)
    assert desk.holds(desk.agent, "console_agent")


async def test_roles_are_given_by_two_and_taken_by_one_with_all_that_include_them(desk: StaffDesk) -> None:
    async with desk.db.sit_down(desk.manager) as seat:
        await seat.do(GiveRole(login=Login(desk.agent), role=Role.SENIOR))
        await seat.do(ChangeGuarded(key="limits.refund", value=5))
        changes = await seat.queries.manager_changes()
    async with desk.db.sit_down(desk.second) as seat:
        for change in changes:
            await seat.do(ConfirmChange(change=change.id))
        assert (await seat.queries.settings())["limits.refund"] == 5
        assert desk.holds(desk.agent, "console_senior")
        await seat.do(TakeRole(login=Login(desk.agent), role=Role.AGENT))
    assert not desk.holds(desk.agent, "console_senior")
    assert not desk.holds(desk.agent, "console_agent")


async def test_a_declined_wish_leaves_everything_as_it_was(desk: StaffDesk) -> None:
    async with desk.db.sit_down(desk.manager) as seat:
        await seat.do(GiveRole(login=Login(desk.agent), role=Role.SENIOR))
        [change] = await seat.queries.manager_changes()
        assert "Withdrawn" in (await seat.do(DeclineChange(change=change.id))).words
        [change] = await seat.queries.manager_changes()
    assert (change.state, change.declined_by) == (ChangeState.DECLINED, desk.manager)
    assert not desk.holds(desk.agent, "console_senior")


# ── one's own session ──


async def test_a_session_of_another_login_is_refused_in_words(desk: StaffDesk) -> None:
    """As behind a pooler that signs in as somebody else: one login is typed, the server sees another."""
    honest, substituted = open_engine(desk.db.conninfo(desk.agent), size=1), open_engine(desk.db.conninfo(), size=1)

    @event.listens_for(substituted.sync_engine, "connect")
    def become_another(made: Any, _record: object) -> None:
        made.cursor().execute(f"SET SESSION AUTHORIZATION {desk.agent}")
        made.commit()

    try:
        assert (await PostgresQueries(honest).me()).login == desk.agent
        with pytest.raises(NotAllowed, match=f"the server took you for {desk.agent}"):
            await PostgresQueries(substituted).me()
    finally:
        await honest.dispose()
        await substituted.dispose()


@pytest.mark.parametrize("setting", [name for name, _value in LIMITS])
async def test_who_switched_off_a_time_limit_cannot_sign_in(desk: StaffDesk, setting: str) -> None:
    with desk.db.connect(desk.agent) as conn:
        conn.execute(sql.SQL("ALTER ROLE {} SET {} = 0").format(sql.Identifier(desk.agent), sql.Identifier(setting)))
    with pytest.raises(NotAllowed, match=setting):
        async with desk.db.sit_down(desk.agent):
            pass


# ── what notices by itself ──


async def test_a_console_whose_person_was_disabled_leaves_by_itself_where_the_server_cannot_end_it(
    desk: StaffDesk,
) -> None:
    engine = open_engine(desk.db.conninfo(desk.agent))
    connections = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
    presence = asyncio.ensure_future(Presence(PostgresPlace(engine), every=0.02).run())
    await asyncio.sleep(0.2)
    assert not presence.done()
    assert desk.db.one(connections, desk.agent) > 0
    desk.db.run("UPDATE console.staff SET active = false WHERE login = %s", desk.agent)
    await asyncio.wait_for(presence, 5)
    await engine.dispose()


async def test_a_disabled_persons_open_desk_ends_its_connections_and_says_why(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotmess_console.app.desk.FIRST_PAGE_FIRST", 0.0)
    monkeypatch.setattr("hotmess_console.services.presence.EVERY_SECONDS", 0.05)
    told = Told()
    console = await open_desk(desk.db.conninfo(desk.agent), profile="")(told)
    connections = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
    try:
        assert desk.db.one(connections, desk.agent) > 0
        desk.db.run("UPDATE console.staff SET active = false WHERE login = %s", desk.agent)
        for _ in range(200):
            if DISABLED in told.contacts:
                break
            await asyncio.sleep(0.02)
        assert told.contacts[-1] == DISABLED
        assert desk.db.one(connections, desk.agent) == 0
    finally:
        await console.close()


@dataclass
class Told:
    """A window that only remembers what it was told of the line."""

    contacts: list[str] = field(default_factory=list)

    def on_event(self, event: Event) -> None:
        """Something happened."""

    def on_contact(self, contact: Contact) -> None:
        """Remember what was said."""
        self.contacts.append(contact.words)

    def on_sending(self, trouble: str) -> None:
        """Nobody sends in this test."""


def test_db_check_names_a_limit_that_was_switched_off_and_the_line_that_mends_it(desk: StaffDesk) -> None:
    assert check(desk.installer()).staff_faults == ()
    with desk.db.connect(desk.agent) as conn:
        conn.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = 0").format(sql.Identifier(desk.agent)))
        conn.execute(sql.SQL("ALTER ROLE {} RESET lock_timeout").format(sql.Identifier(desk.agent)))
    faults = check(desk.installer()).staff_faults
    assert [words.split()[4] for words, _run in faults] == ["statement_timeout", "lock_timeout"]
    for _words, run in faults:
        desk.db.run(run.removeprefix("Run: "))
    assert check(desk.installer()).staff_faults == ()


# ── the command line ──


@contextmanager
def terminal() -> Iterator[Callable[[], str]]:
    """Standard output as a terminal; what is called gives back what was shown there."""
    ours, theirs = pty.openpty()
    kept = sys.stdout
    with open(theirs, "w", encoding="utf-8") as sys.stdout:

        def shown() -> str:
            sys.stdout.flush()
            return os.read(ours, 65536).decode()

        try:
            yield shown
        finally:
            sys.stdout = kept
            os.close(ours)


def test_the_first_manager_comes_from_the_installers_command_line(desk: StaffDesk, tmp_path: Path) -> None:
    kept = tmp_path / "password"
    words = ["staff", "add", "Ines Marlow", "--role", "manager", "--password-file", str(kept)]
    assert main([*words, "--dsn", desk.installer()]) == 0
    login, password = kept.read_text().split()
    try:
        assert re.fullmatch(r"s_[a-z0-9]{12}", login)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert signs_in(desk, login, password)
        assert desk.holds(login, "console_manager")
        assert desk.db.rows("SELECT display_name, handle FROM console.staff WHERE login = %s", login) == [
            ("Ines Marlow", "ines")
        ]
        assert main([*words, "--dsn", desk.installer()]) == 1  # the file is there, so nothing is made
        assert desk.db.one("SELECT count(*) FROM console.staff WHERE display_name = 'Ines Marlow'") == 1
    finally:
        desk.db.run(f"DROP ROLE {login}")


def test_a_password_is_shown_on_a_terminal_and_never_goes_into_a_pipe(
    desk: StaffDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["staff", "reset-password", f"@{desk.agent}", "--dsn", desk.installer()]
    assert main(words) == 1
    assert "--password-file" in capsys.readouterr().err
    assert signs_in(desk, desk.agent, password_of(desk.agent))
    with terminal() as shown:
        assert main(words) == 0
        found = re.search(r"Password: (\S+)", shown())
    assert found is not None
    assert signs_in(desk, desk.agent, found[1])
    assert not signs_in(desk, desk.agent, password_of(desk.agent))


def test_the_installer_grants_revokes_and_disables_at_once(desk: StaffDesk, capsys: pytest.CaptureFixture[str]) -> None:
    dsn = ["--dsn", desk.installer()]
    assert main(["staff", "grant", desk.agent, "safety", *dsn]) == 0
    assert desk.holds(desk.agent, "console_safety")
    assert main(["staff", "revoke", desk.agent, "agent", *dsn]) == 0
    assert not desk.holds(desk.agent, "console_agent")
    assert main(["staff", "disable", desk.agent, *dsn]) == 0
    assert not desk.holds(desk.agent, "console_safety")
    capsys.readouterr()
    assert main(["staff", "list", "--json", *dsn]) == 0
    [row] = [row for row in json.loads(capsys.readouterr().out) if row["login"] == desk.agent]
    assert (row["active"], row["roles"]) == (False, [])
    assert main(["staff", "grant", desk.agent, "agent", *dsn]) == 1
    names = desk.db.rows("SELECT name FROM console.commands WHERE name ~ '^staff' ORDER BY at")
    assert [name for (name,) in names][-3:] == ["staff.grant", "staff.revoke", "staff.disable"]


def test_a_manager_at_the_command_line_asks_like_in_the_window(
    desk: StaffDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    dsn = ["--dsn", desk.db.conninfo(desk.manager)]
    assert main(["staff", "grant", desk.agent, "senior", *dsn]) == 0
    assert "second manager" in capsys.readouterr().out
    assert not desk.holds(desk.agent, "console_senior")
    assert main(["staff", "disable", desk.agent, *dsn]) == 0
    assert desk.db.one("SELECT active FROM console.staff WHERE login = %s", desk.agent) is False
    assert main(["staff", "grant", desk.second, "safety", "--dsn", desk.db.conninfo("imani")]) == 1
