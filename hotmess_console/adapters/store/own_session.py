"""Looking at one's own session before believing anything: whose it is, and whether its time limits stand."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.domain.connections import same_login
from hotmess_console.domain.errors import NotAllowed

LIMITS = (("statement_timeout", "15s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "3s"))
"""What every staff login is given; a role may switch off its own, so sign-in and `db check` look."""


async def check_session(conn: AsyncConnection) -> None:
    """Raise NotAllowed unless the server knows this person by the login that was typed, with its limits on."""
    raw = await conn.get_raw_connection()
    info = getattr(raw.driver_connection, "info", None)
    typed = str(getattr(info, "user", "") or "")
    row = (await conn.execute(_SESSION)).one()
    if typed and not same_login(typed, row.login):
        raise NotAllowed(
            f"You signed in as {typed}, but the server took you for {row.login}.",
            hint="Something between signs in as somebody else, so your deeds would not be yours. Connect directly.",
        )
    if row.off:
        raise NotAllowed(
            f"The time limits of this login were changed: {', '.join(row.off)}.",
            hint="Ask whoever installed the console to run db check; it names the line that puts them back.",
        )


_WANTED = ", ".join(f"('{name}', interval '{value}')" for name, value in LIMITS)
# a superuser comes here in tests and on a first look round, and was never given limits
_SESSION = text(
    "SELECT session_user::text AS login, ARRAY(SELECT l.name "  # noqa: S608 - constants
    f"FROM (VALUES {_WANTED}) l (name, at_most) "
    "WHERE pg_catalog.current_setting(l.name)::interval NOT BETWEEN '1ms' AND l.at_most "
    "AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user)) AS off"
)
