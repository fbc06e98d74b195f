"""One's own place at the desk, in Postgres."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.failures import speaking


class PostgresPlace:
    """`Place`, from one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def still_mine(self) -> bool:
        """Return whether the directory still has this login as active. Raises NotAllowed without any role."""
        with speaking():
            async with self._engine.connect() as conn:
                return bool((await conn.execute(_MINE)).scalar_one_or_none())

    async def end_left(self) -> None:
        """Have the server end connections of people who were disabled."""
        with speaking():
            async with self._engine.connect() as conn:
                await conn.execute(_END)


_MINE = text("SELECT active FROM console.staff WHERE login = session_user")
_END = text("SELECT console.end_left_connections()")
