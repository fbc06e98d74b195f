"""Installs schema `platform` beside the shared platform, or only says what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from hotmess_console.adapters.platform import accounts, sensitive, ticket_effects, tickets
from hotmess_console.adapters.platform.bindings import TABLES as BOUND
from hotmess_console.adapters.platform.bindings import bindings
from hotmess_console.adapters.platform.intake import OWNER as INTAKE_OWNER
from hotmess_console.adapters.platform.intake import intake_in_place, put_intake
from hotmess_console.adapters.platform.objects import (
    Cursor,
    Installed,
    in_place,
    missing_roles,
    plain_cursor,
    put,
)
from hotmess_console.adapters.platform.probe import SCHEMA, Shape, acting_role, probe
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.platform import Binding
from hotmess_console.domain.values import Role

# Seniors and managers inherit from agents. console_owner has no members: the console's functions are its own.
_CONSOLE = "console_owner"
_TICKET_READERS = (Role.AGENT, Role.SAFETY, Role.WORKER, _CONSOLE)
_ACCOUNT_READERS = (Role.AGENT, Role.MODERATOR, Role.SAFETY, Role.AUDITOR, Role.WORKER, _CONSOLE)
_EFFECT_CALLERS = (Role.AGENT, Role.SAFETY)
_SCHEMA_USERS = (*Role, _CONSOLE)
_ROLES = (*Role, _CONSOLE, INTAKE_OWNER)
TABLES = (*BOUND, *sensitive.TABLES)


def install_platform(conn: psycopg.Connection) -> tuple[Binding, ...]:
    """Create or correct everything in schema `platform` and the intake triggers, in one transaction.

    Runs as the owner of the platform's tables (or a superuser) and may be repeated: what stands as it should
    is left alone. Returns what was bound. Raises SetupError where roles or rights are missing.
    """
    with _careful(conn) as cursor:
        cursor.execute("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('hotmess console platform'))")
        acting = acting_role(conn)
        _refuse_unless_ready(cursor, acting)
        shape = probe(conn, TABLES, acting)
        for item in _objects(shape):
            put(cursor, item, acting)
        put_intake(cursor, shape)
        return bindings(shape)


def check_platform(conn: psycopg.Connection) -> tuple[Binding, ...]:
    """Say what is bound and whether it stands as installed. Reads the catalog only; any role may call it."""
    with _careful(conn) as cursor:
        shape = probe(conn, TABLES, acting_role(conn))
        installed = all(in_place(cursor, item, shape.acting) for item in _objects(shape))
        return bindings(shape, installed=installed and intake_in_place(cursor, shape))


@contextmanager
def _careful(conn: psycopg.Connection) -> Iterator[Cursor]:
    """A transaction in which stored definitions read the same for all, and nobody waits long for a lock."""
    cursor = plain_cursor(conn)
    try:
        with conn.transaction():
            before = cursor.execute(
                "SELECT pg_catalog.current_setting('search_path'), pg_catalog.current_setting('lock_timeout')"
            ).fetchone() or ("", "")
            _settings(cursor, "pg_catalog, pg_temp", "5s")
            yield cursor
            # The caller may have a transaction of his own around this one.
            _settings(cursor, str(before[0]), str(before[1]))
    except psycopg.errors.LockNotAvailable as error:
        raise SetupError(
            "The platform's tables were in use for more than 5 seconds, so nothing was installed.",
            hint="Try again at a quieter moment.",
        ) from error


def _settings(cursor: Cursor, path: str, lock_timeout: str) -> None:
    cursor.execute(
        "SELECT pg_catalog.set_config('search_path', %s, true), pg_catalog.set_config('lock_timeout', %s, true)",
        [path, lock_timeout],
    )


def _refuse_unless_ready(cursor: Cursor, acting: str) -> None:
    if missing := missing_roles(cursor, _ROLES):
        raise SetupError(
            f"These roles are missing on this server: {', '.join(missing)}. Nothing was installed.",
            hint="Run hotmess-console db install, which creates them first.",
        )
    row = cursor.execute("SELECT pg_catalog.pg_has_role(current_user, %s, 'USAGE'), current_user", [acting]).fetchone()
    if row is not None and row[0] is not True:
        raise SetupError(
            f"Schema {SCHEMA} belongs to {acting}, and {row[1]} has no rights of that role.",
            hint=f"Install as {acting}, or as a superuser.",
        )


def _objects(shape: Shape) -> tuple[Installed, ...]:
    create_schema = sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA))
    return (
        Installed("SCHEMA", SCHEMA, "", create_schema, "", "USAGE", tuple(_SCHEMA_USERS)),
        _view("tickets", tickets.tickets_query(shape), "Support tickets in one shape.", _TICKET_READERS),
        _view(
            "ticket_responses",
            tickets.replies_query(shape),
            "Replies to tickets in one shape.",
            _TICKET_READERS,
        ),
        _view("accounts", accounts.accounts_query(shape), "Accounts in one shape.", _ACCOUNT_READERS),
        Installed(
            "FUNCTION",
            ticket_effects.APPLY,
            ticket_effects.APPLY_ARGUMENTS,
            ticket_effects.apply_function(shape),
            "Applies a recorded command to one ticket.",
            "EXECUTE",
            _EFFECT_CALLERS,
        ),
        Installed(
            "FUNCTION",
            ticket_effects.RESTORE,
            ticket_effects.RESTORE_ARGUMENTS,
            ticket_effects.restore_function(shape),
            "Takes an applied command back.",
            "EXECUTE",
            _EFFECT_CALLERS,
        ),
        Installed(
            "FUNCTION",
            sensitive.NAME,
            sensitive.ARGUMENTS,
            sensitive.read_function(shape),
            "Reads what nobody sees by default, for the console's reading function alone.",
            "EXECUTE",
            (_CONSOLE,),
        ),
    )


def _view(name: str, query: sql.Composable, about: str, readers: tuple[str, ...]) -> Installed:
    # With the owner's rights, not the caller's: row security would show staff no row at all.
    create = sql.SQL("CREATE OR REPLACE VIEW {} WITH (security_barrier = true) AS\n{}").format(
        sql.Identifier(SCHEMA, name), query
    )
    return Installed("VIEW", name, "", create, about, "SELECT", readers)
