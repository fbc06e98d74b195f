"""Reading at which revision a database stands, with nothing but a staff member's own rights."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.policy.revisions import why_read_only
from hotmess_console.models.migrations import NEWEST, OLDEST


async def read_only_because(engine: AsyncEngine) -> str:
    """Return why this program only reads the database, empty where it may write. Raises ConsoleError."""
    with speaking():
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
            installed: str = (await conn.execute(_REVISION)).scalar_one()
    return why_read_only(installed, OLDEST, NEWEST)


_REVISION = text("SELECT version_num FROM console.revision")
