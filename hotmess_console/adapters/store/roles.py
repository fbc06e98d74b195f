"""The group and owner roles that every rule in the database is written against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from hotmess_console.domain.errors import SetupError

OWNERS = ("console_owner", "console_audit_owner", "console_intake")
GROUPS = (
    "console_agent",
    "console_senior",
    "console_manager",
    "console_moderator",
    "console_safety",
    "console_auditor",
    "console_worker",
)
INCLUDES = (("console_agent", "console_senior"), ("console_senior", "console_manager"))


def ensure_roles(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    """Create whatever role is missing. Raises SetupError where this login may not create roles."""
    present = {row[0] for row in conn.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'console\\_%'")}
    missing = [name for name in (*OWNERS, *GROUPS) if name not in present]
    if missing and not _may_create(conn):
        raise SetupError(
            f"This login may not create roles, and these are missing: {', '.join(missing)}.",
            hint="Install with a superuser or a login that has CREATEROLE.",
        )
    for name in missing:
        conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    for lower, higher in INCLUDES:
        if higher in missing:
            conn.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(lower), sql.Identifier(higher)))


def _may_create(conn: psycopg.Connection[tuple[object, ...]]) -> bool:
    row = conn.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


@contextmanager
def acting_for_owners(conn: psycopg.Connection[tuple[object, ...]]) -> Iterator[None]:
    """Let a non-superuser installer act as the owner roles for the length of this block, and no longer."""
    row = conn.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row and row[0]:
        yield
        return
    modern = conn.info.server_version >= 160000
    take = " WITH INHERIT FALSE, SET TRUE" if modern else ""
    # before 16 nobody needs the line: there CREATEROLE is enough
    administer = "ADMIN TRUE, INHERIT FALSE, SET FALSE" if modern else "ADMIN OPTION"
    try:
        for owner in OWNERS:
            conn.execute(sql.SQL("GRANT {} TO CURRENT_USER" + take).format(sql.Identifier(owner)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise SetupError(
            "This login may not act as the console's owner roles, which somebody else created.",
            hint=f"As a superuser run: GRANT {', '.join(OWNERS)} TO {conn.info.user} WITH {administer};",
        ) from error
    yield
    for owner in OWNERS:
        back = "GRANT {} TO CURRENT_USER WITH INHERIT FALSE, SET FALSE" if modern else "REVOKE {} FROM CURRENT_USER"
        conn.execute(sql.SQL(back).format(sql.Identifier(owner)))
