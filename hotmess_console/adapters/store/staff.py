"""Adding people to the desk: a database login each, its rights by role, its password only as a verifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.adapters.store.dsn import secured
from hotmess_console.adapters.store.install import record_command
from hotmess_console.adapters.store.own_session import LIMITS
from hotmess_console.adapters.store.roles import acting_for_owners
from hotmess_console.adapters.store.staff_changes import verifier_of
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.people import Colleague
from hotmess_console.domain.values import Login, Role


def add_staff(raw: psycopg.Connection[Any], person: Colleague, password: str) -> None:
    """Create or correct one login with its roles and its line in the directory, in the open transaction.

    The password leaves this process only as a SCRAM verifier: statements reach server logs.
    """
    if not person.login.isascii() or not person.login.replace("_", "").isalnum():
        raise BadInput(f"“{person.login}” cannot be a login.", hint="Use letters, digits and underscores.")
    _login(raw, person.login, password)
    for role in Role:
        wanted = role in person.roles
        verb, towards = ("GRANT", "TO") if wanted else ("REVOKE", "FROM")
        if wanted or _holds(raw, person.login, role):
            raw.execute(
                sql.SQL(f"{verb} {{}} {towards} {{}}").format(sql.Identifier(role), sql.Identifier(person.login))
            )
    _directory(raw, person)


def _login(raw: psycopg.Connection[Any], login: Login, password: str) -> None:
    verifier = verifier_of(raw, login, password)
    exists = raw.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
    verb = "ALTER" if exists is not None else "CREATE"
    raw.execute(sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}").format(sql.Identifier(login), sql.Literal(verifier)))
    for setting, value in LIMITS:
        raw.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(login), sql.SQL(setting), sql.Literal(value))
        )


def _holds(raw: psycopg.Connection[Any], login: Login, role: Role) -> bool:
    row = raw.execute(
        "SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles l ON l.oid = m.member "
        "WHERE r.rolname = %s AND l.rolname = %s",
        (role, login),
    ).fetchone()
    return row is not None


def _directory(raw: psycopg.Connection[Any], person: Colleague) -> None:
    with acting_for_owners(raw):
        raw.execute("SET LOCAL ROLE console_owner")
        record_command(raw, "staff.add", {"login": person.login, "roles": sorted(person.roles)})
        raw.execute(
            "INSERT INTO console.staff (login, display_name, handle, initials, email, active) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (login) DO UPDATE "
            "SET display_name = excluded.display_name, "
            "handle = excluded.handle, initials = excluded.initials, email = excluded.email, "
            "active = excluded.active",
            (
                person.login,
                person.name,
                person.handle,
                person.initials,
                person.email or None,
                person.active,
            ),
        )
        raw.execute("RESET ROLE")


def add_everyone(conninfo: str, people: Iterable[tuple[Colleague, str]]) -> None:
    """Add several people, each with a password, in one transaction of the installing login."""
    with speaking(), psycopg.connect(secured(conninfo)) as raw:
        for person, password in people:
            add_staff(raw, person, password)


def list_staff(conninfo: str) -> tuple[Colleague, ...]:
    """Return everybody in the directory with their roles, as the installer or a member of staff may read it."""
    with speaking(), psycopg.connect(secured(conninfo)) as raw:
        if not is_installer(raw):
            return _read(raw)
        with acting_for_owners(raw):
            raw.execute("SET LOCAL ROLE console_owner")
            found = _read(raw)
            raw.execute("RESET ROLE")
        return found


def is_installer(raw: psycopg.Connection[Any]) -> bool:
    """Return whether this login administers roles alone: the one that installed the console, or a superuser."""
    row = raw.execute(
        "SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = session_user AND (r.rolsuper OR r.oid = "
        "(SELECT p.proowner FROM pg_proc p WHERE p.oid = to_regprocedure('console.login_give(name, name)'))))"
    ).fetchone()
    return bool(row and row[0])


def administers(conninfo: str) -> bool:
    """Return whether `conninfo` is the installer's; anybody else asks, and another manager confirms."""
    with speaking(), psycopg.connect(secured(conninfo)) as raw:
        return is_installer(raw)


def give_role(conninfo: str, login: Login, role: Role) -> None:
    """Grant a role at once, as the installer."""
    with _administering(conninfo, "staff.grant", {"login": login, "role": role}) as raw:
        raw.execute("SELECT console.login_give(%s, %s)", (login, role))


def take_role(conninfo: str, login: Login, role: Role) -> None:
    """Take a role, and every role that includes it, at once, as the installer."""
    with _administering(conninfo, "staff.revoke", {"login": login, "role": role}) as raw:
        raw.execute("SELECT console.login_take(%s, %s)", (login, role))


def disable(conninfo: str, login: Login) -> None:
    """Shut somebody out at once, as the installer: no role, no login, no open connection."""
    with _administering(conninfo, "staff.disable", {"login": login}, active=False) as raw:
        raw.execute("SELECT console.login_shut(%s)", (login,))


def set_password(conninfo: str, login: Login, password: str) -> None:
    """Give somebody a new password, as the installer; who was disabled may sign in again, with no role yet."""
    with _administering(conninfo, "staff.reset_password", {"login": login}, active=True) as raw:
        raw.execute("SELECT console.login_open(%s, %s)", (login, verifier_of(raw, login, password)))


@contextmanager
def _administering(
    conninfo: str, name: str, params: dict[str, object], *, active: bool | None = None
) -> Iterator[psycopg.Connection[Any]]:
    """One transaction of the installer with a recorded command; the directory follows."""
    with speaking(), psycopg.connect(secured(conninfo)) as raw:
        with acting_for_owners(raw):
            raw.execute("SET LOCAL ROLE console_owner")
            record_command(raw, name, params)
            if active is not None:
                raw.execute(
                    "UPDATE console.staff SET active = %s WHERE login = %s AND active <> %s",
                    (active, params["login"], active),
                )
            raw.execute("RESET ROLE")
        yield raw


def _read(raw: psycopg.Connection[Any]) -> tuple[Colleague, ...]:
    rows = raw.execute(
        "SELECT login, display_name, handle, initials, roles, email, active FROM console.staff_directory "
        "ORDER BY active DESC, display_name"
    ).fetchall()
    return tuple(
        Colleague(Login(r[0]), r[1], r[2], r[3], frozenset(Role(x) for x in r[4]), r[5] or "", r[6]) for r in rows
    )
