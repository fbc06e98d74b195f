"""Looks at the platform's catalog: which tables and columns there are, and what the installer may do there.

Only catalog rows are read, never a platform row, so a staff login may probe as well as the installer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

SCHEMA = "platform"


@dataclass(frozen=True, slots=True)
class Relation:
    """One table or view of the platform as the acting role meets it."""

    schema: str
    name: str
    is_table: bool
    owned: bool
    """The acting role owns it, or inherits from its owner: it may attach triggers and is not blinded."""
    readable: bool
    """The acting role may select from it and row security would not hide rows from it."""
    columns: Mapping[str, str]
    """Column name → type name, such as ``timestamptz``."""
    unique: frozenset[str]
    """Columns that are unique by themselves, for every row."""

    @property
    def words(self) -> str:
        """The name as people write it."""
        return f"{self.schema}.{self.name}"

    @property
    def identifier(self) -> sql.Identifier:
        """The name, quoted for a statement."""
        return sql.Identifier(self.schema, self.name)

    def has(self, *names: str) -> bool:
        """Whether every one of these columns exists."""
        return all(name in self.columns for name in names)


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that was found, and the role on whose behalf it was judged."""

    acting: str
    relations: Mapping[str, Relation]
    schemas: frozenset[str]

    def get(self, words: str) -> Relation | None:
        """The relation called ``schema.name``, or None if there is none."""
        return self.relations.get(words)

    def readable(self, words: str, *columns: str) -> Relation | None:
        """That relation if its rows can be seen and all these columns exist."""
        found = self.get(words)
        return found if found is not None and found.readable and found.has(*columns) else None


_RELATIONS = """
    WITH acting AS (
      SELECT oid, rolsuper OR rolbypassrls AS sees_all FROM pg_catalog.pg_roles WHERE rolname = %(acting)s)
    SELECT n.nspname, c.relname, c.relkind IN ('r', 'p'),
           pg_catalog.pg_has_role(a.oid, c.relowner, 'USAGE'),
           pg_catalog.has_schema_privilege(a.oid, n.oid, 'USAGE')
             AND pg_catalog.has_table_privilege(a.oid, c.oid, 'SELECT')
             AND (a.sees_all OR NOT c.relrowsecurity
                  OR (NOT c.relforcerowsecurity AND pg_catalog.pg_has_role(a.oid, c.relowner, 'USAGE'))),
           (SELECT pg_catalog.jsonb_object_agg(t.attname, y.typname)
              FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_type y ON y.oid = t.atttypid
             WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped),
           ARRAY(SELECT t.attname::text
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_attribute t ON t.attrelid = i.indrelid AND t.attnum = i.indkey[0]
             WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1
               AND i.indpred IS NULL AND i.indexprs IS NULL)
      FROM acting a, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname || '.' || c.relname = ANY (%(names)s)
"""


def acting_role(conn: psycopg.Connection) -> str:
    """The role that owns what was installed, or the current one where nothing was installed yet."""
    cursor = conn.cursor(row_factory=tuple_row)
    row = cursor.execute(
        "SELECT pg_catalog.pg_get_userbyid(nspowner) FROM pg_catalog.pg_namespace WHERE nspname = %s",
        [SCHEMA],
    ).fetchone()
    row = row or cursor.execute("SELECT current_user").fetchone()
    return str(row[0]) if row else ""


def probe(conn: psycopg.Connection, names: Iterable[str], acting: str) -> Shape:
    """Look up the relations called `names` (``schema.name``) as the role `acting` would meet them."""
    cursor = conn.cursor(row_factory=tuple_row)
    cursor.execute(_RELATIONS, {"acting": acting, "names": sorted(set(names))})
    found = [
        Relation(schema, name, is_table, owned, readable, columns or {}, frozenset(unique))
        for schema, name, is_table, owned, readable, columns, unique in cursor
    ]
    cursor.execute("SELECT nspname FROM pg_catalog.pg_namespace")
    schemas = frozenset(str(row[0]) for row in cursor)
    return Shape(acting, {relation.words: relation for relation in found}, schemas)
