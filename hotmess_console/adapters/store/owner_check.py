"""Examining the roles that own the console: what stands there could act past every rule."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from hotmess_console.adapters.store.roles import OWNERS

Fault = tuple[str, str]
"""What is wrong and why it matters, then what to do."""
_RIGHTS = (
    ("rolsuper", "is a superuser", "NOSUPERUSER"),
    ("rolbypassrls", "passes by row security", "NOBYPASSRLS"),
    ("rolcanlogin", "can sign in", "NOLOGIN"),
    ("rolcreaterole", "can make roles", "NOCREATEROLE"),
)


def owner_faults(raw: psycopg.Connection[Any]) -> tuple[Fault, ...]:
    """Return what an install could not put right about the owner roles; reads only what everybody may."""
    return (*_too_mighty(raw), *_ways_in(raw))


def _too_mighty(raw: psycopg.Connection[Any]) -> list[Fault]:
    found = []
    for column, words, without in _RIGHTS:
        query = sql.SQL("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND {} ORDER BY 1")
        for (name,) in raw.execute(query.format(sql.Identifier(column)), [list(OWNERS)]).fetchall():
            line = sql.SQL(f"ALTER ROLE {{}} {without};").format(sql.Identifier(name)).as_string(raw)
            why = "so what is written in its name, or run by its functions, is checked by nothing"
            found.append(
                (f"The role {name} owns part of the console and {words}, {why}.", f"As a superuser run: {line}")
            )
    return found


def _ways_in(raw: psycopg.Connection[Any]) -> list[Fault]:
    modern = raw.info.server_version >= 160000
    found = []
    for owner, member, grantor in raw.execute(_MEMBERS if modern else _MEMBERS_BEFORE_16, [list(OWNERS)]).fetchall():
        line = sql.SQL("REVOKE {} FROM {} GRANTED BY {};" if modern else "REVOKE {} FROM {};").format(
            *map(sql.Identifier, (owner, member, grantor) if modern else (owner, member))
        )
        words = f"{member} can act as {owner}: read every case and change it without a record."
        found.append((words, f"As a superuser run: {line.as_string(raw)}"))
    return found


_MEMBERS = """
    SELECT o.rolname::text, m.rolname::text, g.rolname::text FROM pg_auth_members a JOIN pg_roles o ON o.oid = a.roleid
      JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.grantor
     WHERE o.rolname = ANY(%s) AND (a.inherit_option OR a.set_option) ORDER BY 1, 2, 3"""
_MEMBERS_BEFORE_16 = """
    SELECT o.rolname::text, m.rolname::text, NULL FROM pg_auth_members a JOIN pg_roles o ON o.oid = a.roleid
      JOIN pg_roles m ON m.oid = a.member WHERE o.rolname = ANY(%s) ORDER BY 1, 2"""
