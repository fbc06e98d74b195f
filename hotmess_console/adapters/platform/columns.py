"""Turns "the column, if there is one" into an expression of a promised type: no view assumes a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg import sql

from hotmess_console.adapters.platform.probe import Relation

# Only casts that cannot fail on any stored value: a view must not break on one odd row.
_SAFE: Mapping[str, frozenset[str] | None] = {
    "text": None,
    "uuid": frozenset({"uuid"}),
    "bool": frozenset({"bool"}),
    "jsonb": frozenset({"jsonb", "json"}),
    "timestamptz": frozenset({"timestamptz", "timestamp", "date"}),
}


def null(kind: str) -> sql.Composable:
    """A null of type `kind`, which holds the place of a column that this platform lacks."""
    return sql.SQL("NULL::pg_catalog.{}").format(sql.Identifier(kind))


def column(alias: str, relation: Relation | None, name: str, kind: str) -> sql.Composable | None:
    """``alias.name`` as type `kind`; None if the column is missing or could not be cast for every row."""
    stored = relation.columns.get(name) if relation is not None else None
    if stored is None:
        return None
    safe = _SAFE[kind]
    if safe is not None and stored not in safe:
        return None
    plain = sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(name))
    # Left bare where the type is right already, so that the platform's own indexes stay usable.
    return plain if stored == kind else sql.SQL("{}::pg_catalog.{}").format(plain, sql.Identifier(kind))


def key(alias: str, relation: Relation, names: str, *keys: str) -> list[sql.Composable]:
    """Text values under `keys` of the json column `names`; empty strings count as missing."""
    stored = column(alias, relation, names, "jsonb")
    if stored is None:
        return []
    return [sql.SQL("NULLIF({} ->> {}, '')").format(stored, sql.Literal(name)) for name in keys]


def first(options: Sequence[sql.Composable | None], kind: str) -> sql.Composable:
    """The first of `options` that is not null; a typed null where there is none at all."""
    there = [option for option in options if option is not None]
    if not there:
        return null(kind)
    if len(there) == 1:
        return there[0]
    return sql.SQL("COALESCE({})").format(sql.SQL(", ").join(there))


def latest(options: Sequence[sql.Composable | None]) -> sql.Composable:
    """The latest of these instants, ignoring nulls."""
    there = [option for option in options if option is not None]
    return sql.SQL("GREATEST({})").format(sql.SQL(", ").join(there)) if there else null("timestamptz")


def select_list(shape: Mapping[str, str], values: Mapping[str, sql.Composable | None]) -> sql.Composable:
    """The columns of `shape` (name → type) in order, from `values`, with typed nulls where it has none."""
    return sql.SQL(",\n       ").join(
        sql.SQL("{} AS {}").format(values.get(name) or null(kind), sql.Identifier(name)) for name, kind in shape.items()
    )


def nothing(shape: Mapping[str, str]) -> sql.Composable:
    """A query of the same shape that never has a row."""
    return sql.SQL("SELECT {}\n WHERE false").format(select_list(shape, {}))
