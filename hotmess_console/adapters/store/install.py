"""Install or upgrade the console's schemas on a Postgres that it may share with the platform."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.adapters.platform.install import check_platform, install_platform
from hotmess_console.adapters.platform.probe import acting_role
from hotmess_console.adapters.platform.public_reach import reached_through_public
from hotmess_console.adapters.store.dsn import secured
from hotmess_console.adapters.store.owner_check import owner_faults
from hotmess_console.adapters.store.roles import acting_for_owners, ensure_roles
from hotmess_console.adapters.store.seeds import seed
from hotmess_console.adapters.store.staff_check import Fault, staff_faults
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.platform import Binding
from hotmess_console.domain.policy.public_reach import Finding
from hotmess_console.models.migrations import NEWEST

Progress = Callable[[str], None]
MIGRATIONS = Path(__file__).parents[2] / "models" / "migrations"


@dataclass(frozen=True, slots=True)
class Installed:
    """What an install or upgrade left behind."""

    revision: str
    go_live: datetime
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What `db check` found, read only."""

    revision: str | None
    newest: str
    go_live: datetime | None
    server_version: int
    true_clock: bool
    bindings: tuple[Binding, ...]
    open_cases: int | None
    """At most 1,000 are counted; None where this login may not see them."""
    reached: tuple[Finding, ...] = ()
    """What every staff login reaches outside the console through PUBLIC, worst first."""
    staff_faults: tuple[Fault, ...] = ()
    """What is wrong with the owner roles and with staff logins, each with what to do."""


def install(conninfo: str, *, progress: Progress = lambda _: None, test_clock: bool = False) -> Installed:
    """Bring the database to this program's revision; running it again changes nothing.

    `test_clock` makes ``console.now()`` read a table that only a superuser writes; only test databases
    are made so. Raises SetupError or Unreachable, and leaves nothing half done: it is one transaction.
    """
    with _transaction(conninfo) as bound:
        raw = bound.connection.driver_connection
        if not isinstance(raw, psycopg.Connection):
            raise SetupError("The database driver is not psycopg.", hint="Install the locked requirements.")
        progress("Roles")
        ensure_roles(raw)
        with acting_for_owners(raw):
            _make_schemas(raw)
            trigrams = _ensure_trigrams(raw)
            progress("Tables, rules and audit")
            raw.execute("SET LOCAL ROLE console_owner")
            _upgrade(bound, trigrams)
            raw.execute("RESET ROLE")
            _choose_clock(raw, test_clock)
            _allow_installer(raw)
            progress("Templates and settings")
            go_live = _seed(raw)
            progress("Platform bindings")
            bindings = install_platform(raw)
            _remember(raw, bindings)
            raw.execute("SET LOCAL ROLE console_owner")
            revision = _revision(bound)
            raw.execute("RESET ROLE")
    return Installed(revision or "", go_live, bindings)


def check(conninfo: str) -> Checked:
    """Read what is installed without changing anything."""
    with _transaction(conninfo) as bound:
        raw: Any = bound.connection.driver_connection
        raw.execute("SET TRANSACTION READ ONLY")
        revision = _revision(bound)
        bindings = check_platform(raw)
        reached = reached_through_public(raw)
        go_live, cases, true_clock = None, None, False
        faults: tuple[Fault, ...] = ()
        if revision:
            faults = (*owner_faults(raw), *staff_faults(raw))
            row = raw.execute("SELECT value #>> '{}' FROM console.settings WHERE key = 'intake.go_live'").fetchone()
            go_live = datetime.fromisoformat(row[0]) if row else None
            cases = _open_cases(raw)
            source = raw.execute("SELECT prosrc FROM pg_proc WHERE oid = 'console.now()'::regprocedure").fetchone()[0]
            true_clock = source.strip() == "SELECT clock_timestamp()"
        version = raw.info.server_version
        return Checked(revision, newest_revision(), go_live, version, true_clock, bindings, cases, reached, faults)


def _open_cases(raw: psycopg.Connection[Any]) -> int | None:
    [(visible,)] = raw.execute("SELECT has_table_privilege('console.cases', 'SELECT')").fetchall()
    if not visible:
        return None
    [(count,)] = raw.execute("SELECT count(*) FROM (SELECT FROM console.cases WHERE queued LIMIT 1000) c").fetchall()
    return int(count)


def newest_revision() -> str:
    """Return the revision that this program brings."""
    return NEWEST


@contextmanager
def _transaction(conninfo: str) -> Iterator[Connection]:
    safe = secured(conninfo)
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(safe), poolclass=NullPool, hide_parameters=True
    )
    with speaking():
        try:
            with engine.begin() as bound:
                yield bound
        finally:
            engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _make_schemas(raw: psycopg.Connection[Any]) -> None:
    """Nothing on our own schemas is anybody's by default: revoking comes before the first table."""
    for schema, owner in (("console", "console_owner"), ("console_audit", "console_audit_owner")):
        _ensure_schema(raw, schema, owner)
        raw.execute(f"SET LOCAL ROLE {owner}")
        raw.execute(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")
        raw.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        raw.execute("RESET ROLE")


def _ensure_schema(raw: psycopg.Connection[Any], schema: str, owner: str) -> None:
    """Make a schema where there is none: to ask for one that is there needs a right that an upgrade does not."""
    if raw.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone() != (None,):
        return
    try:
        raw.execute(f"CREATE SCHEMA {schema} AUTHORIZATION {owner}")
    except psycopg.errors.InsufficientPrivilege as error:
        name, login = (sql.Identifier(words).as_string(raw) for words in (raw.info.dbname, raw.info.user))
        raise SetupError(
            f"This login may not make schemas in the database {raw.info.dbname}. Nothing was installed.",
            hint=f"Install as the database's owner, or let the owner run: GRANT CREATE ON DATABASE {name} TO {login};",
        ) from error


def _ensure_trigrams(raw: psycopg.Connection[Any]) -> str:
    """Return the trigram operator class, schema-qualified; create the extension where there is none."""
    find = (
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_trgm'"
    )
    row = raw.execute(find).fetchone()
    if row is None:
        raw.execute("CREATE EXTENSION pg_trgm")
        row = raw.execute(find).fetchone()
    schema = row[0] if row else "public"
    usable = raw.execute("SELECT has_schema_privilege('console_owner', %s, 'USAGE')", (schema,)).fetchone()
    if not usable or not usable[0]:
        raise SetupError(
            f"The extension pg_trgm lies in schema “{schema}”, which the console's owner role may not use.",
            hint=f'As that schema\'s owner run: GRANT USAGE ON SCHEMA "{schema}" TO console_owner;',
        )
    return f'"{schema}".gin_trgm_ops'


def _upgrade(bound: Connection, trigram_ops: str) -> None:
    from alembic import command

    installed, newest = _revision(bound), newest_revision()
    if installed == newest:
        return
    known = {s.revision for s in ScriptDirectory.from_config(_config()).walk_revisions()}
    if installed is not None and installed not in known:
        raise SetupError(
            f"This database is at revision {installed}, which is newer than this program ({newest}).",
            hint="Update the console on this machine. Nothing was changed.",
        )
    config = _config()
    config.attributes["connection"] = bound
    config.attributes["trigram_ops"] = trigram_ops
    command.upgrade(config, "head")


def _revision(bound: Connection) -> str | None:
    context = MigrationContext.configure(bound, opts={"version_table": "revision", "version_table_schema": "console"})
    return context.get_current_revision()


def _choose_clock(raw: psycopg.Connection[Any], test_clock: bool) -> None:
    """Swap the body of ``console.now()`` for tests; production keeps the migration's form."""
    if not test_clock:
        return
    raw.execute("CREATE TABLE IF NOT EXISTS console.test_clock (at timestamptz, set_at timestamptz)")
    raw.execute("GRANT SELECT ON console.test_clock TO PUBLIC")
    raw.execute("COMMENT ON TABLE console.test_clock IS 'Not audited: exists in test databases only.'")
    raw.execute("SET LOCAL ROLE console_owner")
    raw.execute(
        "CREATE OR REPLACE FUNCTION console.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS "
        "'SELECT coalesce((SELECT at + (clock_timestamp() - set_at) FROM console.test_clock), clock_timestamp())'"
    )
    raw.execute("RESET ROLE")


def _allow_installer(raw: psycopg.Connection[Any]) -> None:
    """The platform's effect functions run as the installing role and ask whether they may: recorded, and not guarded.

    Whoever owns them from an earlier install keeps owning them, so that role is allowed the same. `check` reads the
    revision and the go-live instant with that login; cases and people stay shut to it.
    """
    [(me,)] = raw.execute("SELECT current_user").fetchall()
    both = sql.SQL(", ").join(sql.Identifier(role) for role in sorted({me, acting_role(raw)}))
    asked = (
        "command_is_mine(uuid), console.refuses_ticket(uuid), console.effect_happened(uuid, uuid, jsonb), "
        "console.keep_effect(uuid, uuid, jsonb), console.effect_stands(uuid, uuid, jsonb)"
    )
    raw.execute("SET LOCAL ROLE console_owner")
    raw.execute(sql.SQL("GRANT USAGE ON SCHEMA console TO {}").format(both))
    raw.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION console.{asked} TO {{}}").format(both))
    raw.execute(sql.SQL("GRANT SELECT ON console.revision, console.settings TO {}").format(both))
    raw.execute("RESET ROLE")


def _seed(raw: psycopg.Connection[Any]) -> datetime:
    raw.execute("SET LOCAL ROLE console_owner")
    record_command(raw, "install.run", {"revision": newest_revision()})
    go_live = seed(raw)
    raw.execute("RESET ROLE")
    return go_live


def _remember(raw: psycopg.Connection[Any], bindings: tuple[Binding, ...]) -> None:
    raw.execute("SET LOCAL ROLE console_owner")
    for b in bindings:
        raw.execute(
            "INSERT INTO console.bindings (concept, variant, relations, enforceable, note) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (concept) DO UPDATE SET variant = excluded.variant, relations = excluded.relations, "
            "enforceable = excluded.enforceable, note = excluded.note, probed_at = console.now() "
            "WHERE (bindings.variant, bindings.relations, bindings.enforceable, bindings.note) IS DISTINCT FROM "
            "(excluded.variant, excluded.relations, excluded.enforceable, excluded.note)",
            (b.concept, b.variant, list(b.relations), str(b.enforceable), b.note),
        )
    raw.execute("RESET ROLE")


def record_command(raw: psycopg.Connection[Any], name: str, params: dict[str, object]) -> None:
    """Record a command of the installer in the open transaction."""
    digest = sha256(json.dumps([name, params], sort_keys=True, default=str).encode()).digest()
    raw.execute(
        "INSERT INTO console.commands (id, name, digest, params) VALUES (%s, %s, %s, %s)",
        (uuid4(), name, digest, Jsonb(params)),
    )
