"""Finding out at which revision a database stands, and reading an older one in words that it knows."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.policy.revisions import why_read_only
from hotmess_console.models.migrations import NEWEST, OLDEST

_SINCE = (
    ("0002", re.compile(r"(?:\w+\.)?guarded AND NOT console\.sees_guarded\(\)"), "false"),
    ("0002", re.compile(r"\w+\.guarded AS under_guard"), "false AS under_guard"),
    ("0002", re.compile(r"danger = 'asked'"), "false"),
    ("0002", re.compile(r"\bc\.danger\b"), "'' AS danger"),
)
"""What a revision brought that the read side asks for, and what to ask a database that is older instead."""


async def meet(engine: AsyncEngine) -> str:
    """Return why this program only reads the database, empty where it may write. Raises ConsoleError.

    To be called before anything else is asked on `engine`: from then on it asks an older database for what is there.
    """
    with speaking():
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
            installed: str = (await conn.execute(_REVISION)).scalar_one()
    missing = [(found, instead) for since, found, instead in _SINCE if installed < since]
    if missing:
        _put_in_older_words(engine, missing)
    return why_read_only(installed, OLDEST, NEWEST)


def _put_in_older_words(engine: AsyncEngine, missing: list[tuple[re.Pattern[str], str]]) -> None:
    def reworded(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:
        for found, instead in missing:
            statement = found.sub(instead, statement)
        return statement, parameters

    event.listen(engine.sync_engine, "before_cursor_execute", reworded, retval=True)


_REVISION = text("SELECT version_num FROM console.revision")
