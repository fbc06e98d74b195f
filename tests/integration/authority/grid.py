"""How a desk of the grid is made: on which version, by whom, beside which platform, at once or by an upgrade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.adapters.store.install import install
from hotmess_console.adapters.store.roles import acting_for_owners, ensure_roles
from hotmess_console.adapters.store.staff import add_everyone
from tests import platform_shapes
from tests.clusters import short_folder
from tests.desks import Database, bare, staff
from tests.platform_shapes.world import _FILES as SHAPE_FILES

OLD_VERSION = Path("/usr/lib/postgresql/15/bin")
INSTALLER = "desk_installer"
_PASSWORD = "only for tests"


_Test = TypeVar("_Test", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Combination:
    """One cell of the grid."""

    version: int
    superuser: bool
    shape: str
    """A to D, or "demo"."""
    upgraded: bool = False
    """Whether revision 0001 was installed first."""

    @property
    def words(self) -> str:
        """How the cell is called in a test's id."""
        who = "superuser" if self.superuser else "CREATEROLE"
        return f"{self.version}-{who}-{self.shape}" + ("-upgraded" if self.upgraded else "")


EVERY_SHAPE = ("A", "B", "C", "D", "demo")
WITH_TICKETS = ("A", "B", "D", "demo")
"""Shape C keeps no tickets of its own: what is tried about the platform's rows has nothing to be tried on there."""


def where_tickets_are(test: _Test) -> _Test:
    """Try this only beside platforms that keep tickets."""
    test.shapes = WITH_TICKETS  # type: ignore[attr-defined]
    return test


STANDARD = Combination(18, True, "demo")
"""The desk that every other test has; on the version that CONSOLE_TEST_PG_BIN names where it does."""
DEFAULT = (STANDARD, Combination(15, False, "D"))
ALL = (
    *DEFAULT,
    *(
        cell
        for version in (15, 18)
        for who in (True, False)
        for shape in "ABCD"
        for cell in (Combination(version, who, shape), Combination(version, who, shape, upgraded=True))
        if cell not in DEFAULT and (shape == "D" or not cell.upgraded)
    ),
)


@contextmanager
def cluster_of(combination: Combination) -> Iterator[Server]:
    """A throw-away server of that version in a folder of its own."""
    bin_dir = OLD_VERSION if combination.version == 15 else None
    with (
        short_folder() as folder,
        EmbeddedPostgres(folder / "pg", bin_dir=bin_dir, durable=False) as server,
    ):
        yield server


def make_combination(server: Server, combination: Combination) -> str:
    """Install one desk of this combination to copy from; returns the database's name."""
    name = "grid_" + combination.words.lower().replace("-", "_")
    with bare(server, name, keep=True) as database:
        conninfo = _prepare(database, combination)
        if combination.upgraded:
            _install_first_revision(conninfo)
        install(conninfo)
        _take_test_clock(database)
        add_everyone(conninfo, staff())
    return name


def _prepare(database: Database, combination: Combination) -> str:
    """Make the platform of that shape, owned by whoever installs; returns the installer's connection string."""
    with database.connect() as conn:
        for role, options in {"anon": "", "authenticated": "", "service_role": "BYPASSRLS"}.items():
            _role(conn, role, f"NOLOGIN {options}")
        if not combination.superuser:
            _role(conn, INSTALLER, f"LOGIN CREATEROLE NOBYPASSRLS PASSWORD '{_PASSWORD}'")
            owner = sql.Identifier(INSTALLER)
            conn.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database.name), owner))
            conn.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
    conninfo = (
        database.conninfo() if combination.superuser else database.server.conninfo(database.name, INSTALLER, _PASSWORD)
    )
    folder = Path(platform_shapes.__path__[0])
    with psycopg.connect(conninfo, autocommit=True) as conn:
        for part in SHAPE_FILES[combination.shape]:
            conn.execute(sql.SQL((folder / f"{part}.sql").read_text("utf-8")))
    return conninfo


def _role(conn: psycopg.Connection[tuple[object, ...]], name: str, options: str) -> None:
    if conn.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        conn.execute(sql.SQL("CREATE ROLE {} ").format(sql.Identifier(name)) + sql.SQL(options))


def _install_first_revision(conninfo: str) -> None:
    """Bring the database to revision 0001 by hand, as a program of that time left it."""
    from hotmess_console.adapters.store import install as installing

    folder = files("hotmess_console.models.migrations") / "sql" / "0001"
    with psycopg.connect(conninfo) as conn:
        ensure_roles(conn)
        with acting_for_owners(conn):
            installing._make_schemas(conn)
            trigrams = installing._ensure_trigrams(conn)
            conn.execute("SET LOCAL ROLE console_owner")
            # the audited tables are listed by name, this one among them
            conn.execute("CREATE TABLE console.revision (version_num varchar(32) PRIMARY KEY)")
            conn.execute("INSERT INTO console.revision VALUES ('0001')")
            for step in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql")):
                owner = "console_audit_owner" if step.startswith("06") else "console_owner"
                conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))
                text = (folder / step).read_text(encoding="utf-8").replace("{{trigram_ops}}", trigrams)
                conn.execute(sql.SQL(text))
            conn.execute("RESET ROLE")


def _take_test_clock(database: Database) -> None:
    """What `install(test_clock=True)` does, by the superuser: the installer of the grid may not."""
    with database.connect() as conn:
        conn.execute("CREATE TABLE console.test_clock (at timestamptz, set_at timestamptz)")
        conn.execute("GRANT SELECT ON console.test_clock TO PUBLIC")
        conn.execute("COMMENT ON TABLE console.test_clock IS 'Not audited: exists in test databases only.'")
        conn.execute("SET ROLE console_owner")
        conn.execute(
            "CREATE OR REPLACE FUNCTION console.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS "
            "'SELECT coalesce((SELECT at + (clock_timestamp() - set_at) FROM console.test_clock), clock_timestamp())'"
        )
