"""Reads from the catalog what a staff login reaches outside the console because everybody may.

Only catalog rows are read; any role may ask. The server's own schemas are left out, and so are an extension's parts
that run with the caller's rights, unless the extension reaches out of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from hotmess_console.adapters.platform import public_reach_catalog as catalog
from hotmess_console.domain.policy.public_reach import Finding, Kind, Reach, findings
from hotmess_console.domain.values import Role

_VALUES = {
    "ours": ["console", "console_audit", "jobs"],
    "groups": [str(role) for role in Role],
    # roles that a platform's own API acts as, and that often have what they have through PUBLIC
    "api": ["anon", "authenticated", "service_role", "authenticator", "supabase_auth_admin"],
    # extensions whose functions reach other servers, files or programs
    "outward": ["dblink", "postgres_fdw", "file_fdw", "http", "pg_net", "adminpack", "plpython3u", "plperlu"],
    "enter": ["console_owner"],
    "owners": ["console_owner", "console_audit_owner", "console_intake"],
}


def reached_through_public(conn: psycopg.Connection[Any]) -> tuple[Finding, ...]:
    """Return what every staff login reaches outside the console only because PUBLIC does, worst first.

    Also what single people reach because they, or the desk's groups, are members of a role that is not the console's.
    """
    with _plain_names(conn) as cursor:
        return findings(
            Reach(
                Kind(row.kind),
                row.name,
                tuple(row.rights),
                row.owner,
                tuple(row.columns),
                as_owner=row.as_owner,
                for_triggers=row.for_triggers,
                guarded=row.guarded,
                keep=tuple(row.keep),
                schema=row.schema,
                staff=row.staff,
            )
            for query in (*catalog.QUERIES, catalog.memberships(conn.info.server_version))
            for row in cursor.execute(query, _VALUES).fetchall()
        )


@contextmanager
def _plain_names(conn: psycopg.Connection[Any]) -> Iterator[psycopg.Cursor[Any]]:
    """A transaction in which the server writes every name with its schema, so that a line means the same to all."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    with conn.transaction():
        [(before,)] = cursor.execute("SELECT pg_catalog.current_setting('search_path')").fetchall()
        cursor.execute("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)")
        yield cursor
        cursor.execute("SELECT pg_catalog.set_config('search_path', %s, true)", [before])
