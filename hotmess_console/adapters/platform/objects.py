"""Puts one view or function of schema `platform` in place, and touches nothing when it is in place already.

Every object carries a fingerprint in its comment: a digest of our source and of what the server stored.
One that somebody changed by hand, or that follows a renamed column, is therefore noticed and put right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from hotmess_console.adapters.platform.probe import SCHEMA

Cursor = psycopg.Cursor[tuple[object, ...]]

_STORED = {
    "VIEW": """SELECT pg_catalog.pg_get_viewdef(o.oid) || coalesce(o.reloptions::text, '') AS stored,
                      pg_catalog.obj_description(o.oid, 'pg_class'), pg_catalog.pg_get_userbyid(o.relowner)
                 FROM pg_catalog.pg_class o WHERE o.oid = pg_catalog.to_regclass(%s) AND o.relkind = 'v'""",
    "FUNCTION": """SELECT pg_catalog.pg_get_functiondef(o.oid),
                          pg_catalog.obj_description(o.oid, 'pg_proc'), pg_catalog.pg_get_userbyid(o.proowner)
                     FROM pg_catalog.pg_proc o WHERE o.oid = pg_catalog.to_regprocedure(%s)""",
    "SCHEMA": """SELECT '', '', pg_catalog.pg_get_userbyid(o.nspowner)
                   FROM pg_catalog.pg_namespace o WHERE o.oid = pg_catalog.to_regnamespace(%s)""",
}
_ACL = {
    "VIEW": """SELECT coalesce(pg_catalog.pg_get_userbyid(nullif(a.grantee, 0)), 'public'), a.privilege_type
                 FROM pg_catalog.pg_class o,
                      pg_catalog.aclexplode(coalesce(o.relacl, pg_catalog.acldefault('r', o.relowner))) a
                WHERE o.oid = pg_catalog.to_regclass(%s) AND a.grantee <> o.relowner""",
    "FUNCTION": """SELECT coalesce(pg_catalog.pg_get_userbyid(nullif(a.grantee, 0)), 'public'),
                          a.privilege_type
                     FROM pg_catalog.pg_proc o,
                          pg_catalog.aclexplode(coalesce(o.proacl, pg_catalog.acldefault('f', o.proowner))) a
                    WHERE o.oid = pg_catalog.to_regprocedure(%s) AND a.grantee <> o.proowner""",
    "SCHEMA": """SELECT coalesce(pg_catalog.pg_get_userbyid(nullif(a.grantee, 0)), 'public'), a.privilege_type
                   FROM pg_catalog.pg_namespace o,
                        pg_catalog.aclexplode(coalesce(o.nspacl, pg_catalog.acldefault('n', o.nspowner))) a
                  WHERE o.oid = pg_catalog.to_regnamespace(%s) AND a.grantee <> o.nspowner""",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """One object that schema `platform` is to hold, and who may use it."""

    kind: Literal["VIEW", "FUNCTION", "SCHEMA"]
    name: str
    arguments: str
    """Argument types of a function, such as ``uuid, jsonb``; empty for anything else."""
    create: sql.Composed
    """One idempotent statement: CREATE OR REPLACE, or CREATE … IF NOT EXISTS."""
    about: str
    right: str
    grantees: tuple[str, ...]

    @property
    def lookup(self) -> str:
        """What `to_regclass` and its like find it by."""
        if self.kind == "SCHEMA":
            return self.name
        return f"{SCHEMA}.{self.name}({self.arguments})" if self.kind == "FUNCTION" else f"{SCHEMA}.{self.name}"

    @property
    def target(self) -> sql.Composable:
        """What GRANT and COMMENT call it."""
        if self.kind == "SCHEMA":
            return sql.SQL("SCHEMA {}").format(sql.Identifier(self.name))
        named = sql.Identifier(SCHEMA, self.name)
        if self.kind == "VIEW":
            return sql.SQL("VIEW {}").format(named)
        return sql.SQL("FUNCTION {}({})").format(named, sql.SQL(self.arguments))


def in_place(cursor: Cursor, item: Installed, owner: str) -> bool:
    """Whether `item` stands exactly as it should, with exactly these rights. Reads the catalog only."""
    return _defined(cursor, item) and _owner(cursor, item) == owner and _rights(cursor, item) == _wanted(item)


def put(cursor: Cursor, item: Installed, owner: str) -> None:
    """Create or replace `item` where it differs, give it to `owner`, grant what is listed and no more."""
    if not _defined(cursor, item):
        cursor.execute(item.create)
        text = sql.Literal(f"{item.about} {_fingerprint(cursor, item)}")
        cursor.execute(sql.SQL("COMMENT ON {} IS {}").format(item.target, text))
    if _owner(cursor, item) != owner:
        cursor.execute(sql.SQL("ALTER {} OWNER TO {}").format(item.target, sql.Identifier(owner)))
    _grant(cursor, item)


def _grant(cursor: Cursor, item: Installed) -> None:
    has, wanted = _rights(cursor, item), _wanted(item)
    on = sql.SQL("ON {}").format(_grantable(item))
    for grantee, right in sorted(has - wanted):
        cursor.execute(sql.SQL("REVOKE {} {} FROM {}").format(sql.SQL(right), on, _role(grantee)))
    for grantee, right in sorted(wanted - has):
        cursor.execute(sql.SQL("GRANT {} {} TO {}").format(sql.SQL(right), on, _role(grantee)))


def _grantable(item: Installed) -> sql.Composable:
    # A view is granted on as a TABLE.
    if item.kind == "VIEW":
        return sql.SQL("TABLE {}").format(sql.Identifier(SCHEMA, item.name))
    return item.target


def _role(name: str) -> sql.Composable:
    return sql.SQL("PUBLIC") if name == "public" else sql.Identifier(name)


def _wanted(item: Installed) -> set[tuple[str, str]]:
    return {(grantee, item.right) for grantee in item.grantees}


def _rights(cursor: Cursor, item: Installed) -> set[tuple[str, str]]:
    cursor.execute(_ACL[item.kind], [item.lookup])
    return {(str(grantee), str(right)) for grantee, right in cursor}


def _owner(cursor: Cursor, item: Installed) -> str | None:
    row = cursor.execute(_STORED[item.kind], [item.lookup]).fetchone()
    return str(row[2]) if row else None


def _defined(cursor: Cursor, item: Installed) -> bool:
    row = cursor.execute(_STORED[item.kind], [item.lookup]).fetchone()
    if row is None or item.kind == "SCHEMA":
        return row is not None
    return row[1] == f"{item.about} {_fingerprint(cursor, item)}"


def _fingerprint(cursor: Cursor, item: Installed) -> str:
    row = cursor.execute(_STORED[item.kind], [item.lookup]).fetchone()
    parts = (item.create.as_string(cursor), str(row[0]) if row else "")
    return "[" + "-".join(hashlib.sha256(part.encode()).hexdigest()[:12] for part in parts) + "]"


def missing_roles(cursor: Cursor, names: Iterable[str]) -> list[str]:
    """Those of `names` that are no roles of this server."""
    wanted = sorted(set(names))
    cursor.execute("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY (%s)", [wanted])
    there = {str(row[0]) for row in cursor}
    return [name for name in wanted if name not in there]


def plain_cursor(conn: psycopg.Connection) -> Cursor:
    """A cursor whose rows are tuples, whatever row factory the connection was given."""
    return conn.cursor(row_factory=tuple_row)
