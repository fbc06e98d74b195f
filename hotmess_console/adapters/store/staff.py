"""Adding people to the desk: a database login each, its rights by role, its password only as a verifier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from hotmess_console.adapters.store.install import record_command
from hotmess_console.adapters.store.own_session import LIMITS
from hotmess_console.adapters.store.roles import acting_for_owners
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
    verifier = raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
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
    with psycopg.connect(conninfo) as raw:
        for person, password in people:
            add_staff(raw, person, password)
