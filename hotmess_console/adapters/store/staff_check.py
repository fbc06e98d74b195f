"""What `db check` finds about staff logins: limits that were switched off, and logins that nobody here can shut."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from hotmess_console.adapters.store.own_session import LIMITS

Fault = tuple[str, str]
"""What is wrong, and the line that mends it."""


def staff_faults(raw: psycopg.Connection[Any]) -> tuple[Fault, ...]:
    """Return what is wrong with staff logins, each with what to run; reads only."""
    row = raw.execute("SELECT has_column_privilege('console.staff', 'login', 'SELECT')").fetchone()
    if (
        not row
        or not row[0]
        or raw.execute("SELECT to_regprocedure('console.login_give(name, name)')").fetchone() == (None,)
    ):
        return ()
    return (*_limits(raw), *_out_of_reach(raw))


def _limits(raw: psycopg.Connection[Any]) -> list[Fault]:
    found = []
    for name, value in LIMITS:
        for (login,) in raw.execute(_LOOSE, {"name": name, "value": value}).fetchall():
            run = sql.SQL("ALTER ROLE {} SET {} = {};").format(sql.Identifier(login), sql.SQL(name), sql.Literal(value))
            words = f"The login {login} has {name} switched off or raised, so one statement can hold up the desk."
            found.append((words, f"Run: {run.as_string(raw)}"))
    return found


def _out_of_reach(raw: psycopg.Connection[Any]) -> list[Fault]:
    modern = raw.info.server_version >= 160000
    found = []
    for login, installer in raw.execute(_UNADMINISTERED if modern else _UNADMINISTERED_BEFORE_16).fetchall():
        grant = sql.SQL("GRANT {} TO {} WITH ADMIN OPTION;" if modern else "ALTER ROLE {1} CREATEROLE;").format(
            sql.Identifier(login), sql.Identifier(installer)
        )
        words = f"Managers cannot disable {login}: {installer}, as whom roles are changed, may not change this login."
        found.append((f"{words} Its open connections end only where its own console is running.", grant.as_string(raw)))
    return [(words, f"As a superuser run: {line}") for words, line in found]


# a setting for one database counts before the one for all
_LOOSE = """
    SELECT s.login::text FROM console.staff s JOIN pg_roles r ON r.rolname = s.login WHERE s.active AND NOT r.rolsuper
       AND coalesce((SELECT split_part(c, '=', 2)::interval NOT BETWEEN '1ms' AND %(value)s::interval
             FROM pg_db_role_setting d CROSS JOIN unnest(d.setconfig) c JOIN pg_database b ON true
            WHERE d.setrole = r.oid AND split_part(c, '=', 1) = %(name)s AND b.datname = current_database()
              AND d.setdatabase IN (0, b.oid) ORDER BY d.setdatabase DESC LIMIT 1), true)
     ORDER BY 1"""
_OWNER = "(SELECT proowner FROM pg_proc WHERE oid = to_regprocedure('console.login_give(name, name)'))"
_UNADMINISTERED = f"""
    SELECT s.login::text, o.rolname::text FROM console.staff s JOIN pg_roles r ON r.rolname = s.login
      JOIN pg_roles o ON o.oid = {_OWNER}
     WHERE s.active AND NOT o.rolsuper
       AND NOT (o.rolcreaterole AND pg_has_role(o.oid, r.oid, 'MEMBER WITH ADMIN OPTION'))
     ORDER BY 1"""  # noqa: S608 - constants
_UNADMINISTERED_BEFORE_16 = f"""
    SELECT s.login::text, o.rolname::text FROM console.staff s JOIN pg_roles o ON o.oid = {_OWNER}
     WHERE s.active AND NOT o.rolsuper AND NOT o.rolcreaterole ORDER BY 1"""  # noqa: S608 - constants
