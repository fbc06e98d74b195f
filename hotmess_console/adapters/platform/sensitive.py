"""The one function that reads what nobody sees by default: exact location, who reported, private messages.

Only the console's own reading function may call it, which first demands a reason that is recorded (see
docs/adr/0011). What a shape of the platform does not have, it answers with no rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from hotmess_console.adapters.platform.probe import SCHEMA, Relation, Shape

NAME, ARGUMENTS = "sensitive_rows", "text, text"
LIMIT = 500
"""Rows of one kind that are ever handed out together, the newest where the platform tells."""


@dataclass(frozen=True, slots=True)
class _Source:
    kind: str
    table: str
    keys: tuple[str, ...]
    """Columns by which the subject is found, the first that is there."""
    shown: tuple[str, ...]
    """Columns that are handed out, those that are there."""
    moments: tuple[str, ...] = ("created_at",)


_SOURCES = (
    _Source(
        "location",
        "public.safety_incidents",
        ("user_id",),
        ("id", "lat", "lng", "status", "created_at", "resolved_at"),
    ),
    _Source("location", "public.safety_events", ("user_id",), ("id", "type", "metadata", "created_at")),
    _Source(
        "location",
        "public.safety_checkins",
        ("user_id", "user_email"),
        ("id", "location", "status", "check_in_time", "expected_check_out", "expires_at", "created_at"),
        ("created_at", "check_in_time"),
    ),
    _Source(
        "location",
        "public.safety_alerts",
        ("user_id",),
        ("id", "alert_type", "location_data", "created_at"),
    ),
    _Source("reporter", "public.reports", ("id",), ("id", "reporter_id", "reporter_email", "created_at")),
    _Source("reporter", "public.preloved_listing_reports", ("id",), ("id", "reporter_id", "created_at")),
    _Source(
        "messages",
        "public.messages",
        ("conversation_id", "thread_id"),
        ("id", "sender_id", "sender_email", "content", "attachments", "created_at"),
    ),
)
TABLES = (*dict.fromkeys(source.table for source in _SOURCES), "auth.users")

_FUNCTION = """CREATE OR REPLACE FUNCTION {schema}.{name}(p_kind pg_catalog.text, p_subject pg_catalog.text)
RETURNS SETOF pg_catalog.jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100 AS $read$
BEGIN{branches}
  RETURN;
END $read$"""

_BRANCH = """
  IF p_kind = {kind} THEN
    RETURN QUERY SELECT pg_catalog.jsonb_build_object('source', {source}::pg_catalog.text, {shown})
      FROM {table} AS t WHERE {condition}{order} LIMIT {limit};
  END IF;"""


def read_function(shape: Shape) -> sql.Composed:
    """CREATE FUNCTION platform.sensitive_rows for this shape: (kind, subject) → one jsonb a row."""
    branches = [_branch(shape, source) for source in _SOURCES]
    return sql.SQL(_FUNCTION).format(
        schema=sql.Identifier(SCHEMA),
        name=sql.Identifier(NAME),
        branches=sql.SQL("").join(branch for branch in branches if branch is not None),
    )


def _branch(shape: Shape, source: _Source) -> sql.Composable | None:
    table = shape.readable(source.table)
    key = next((name for name in source.keys if table is not None and table.has(name)), None)
    if table is None or key is None:
        return None
    condition = _condition(shape, table, key)
    if condition is None:
        return None
    shown = [sql.SQL("{}, t.{}").format(sql.Literal(c), sql.Identifier(c)) for c in source.shown if table.has(c)]
    moment = next((name for name in source.moments if table.has(name)), None)
    order = sql.SQL(" ORDER BY t.{} DESC NULLS LAST").format(sql.Identifier(moment)) if moment else sql.SQL("")
    return sql.SQL(_BRANCH).format(
        kind=sql.Literal(source.kind),
        source=sql.Literal(table.name),
        shown=sql.SQL(", ").join(shown),
        table=table.identifier,
        condition=condition,
        order=order,
        limit=sql.Literal(LIMIT),
    )


def _condition(shape: Shape, table: Relation, key: str) -> sql.Composable | None:
    """How the subject finds its rows; a person is always named by the account's id, never by an address."""
    if key == "user_email":
        if shape.readable("auth.users", "id", "email") is None:
            return None
        return sql.SQL(
            "pg_catalog.lower(t.user_email) = (SELECT pg_catalog.lower(u.email) FROM auth.users AS u "
            "WHERE u.id::pg_catalog.text = p_subject)"
        )
    if table.columns[key] != "uuid":
        return sql.SQL("t.{}::pg_catalog.text = p_subject").format(sql.Identifier(key))
    # compared as uuid, so that the platform's own index is used; what is none finds nothing
    return sql.SQL("t.{} = CASE WHEN p_subject ~ '^[0-9a-fA-F-]{{36}}$' THEN p_subject::pg_catalog.uuid END").format(
        sql.Identifier(key)
    )
