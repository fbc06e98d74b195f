"""The connection pool of one person's login."""

from __future__ import annotations

import asyncio
from typing import Any

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import QueuePool, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hotmess_console.adapters.store.dsn import secured
from hotmess_console.adapters.store.moments import EdgeLoader
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.policy.connections import abilities

Engine = AsyncEngine
"""The pool of one login, by the name that the composition uses."""
APPLICATION = "hotmess-console"
BACK_WITHIN_S = 1.0
"""Seconds that whoever still asks something at the end has to hand the connection back."""
_LOOK_S = 0.005


def open_engine(conninfo: str, *, size: int = 4, mode: Mode = Mode.DIRECT) -> AsyncEngine:
    """Return an engine for a libpq connection string. Nothing is connected until the first use.

    Reads and commands share the pool; each transaction takes one connection for its short life. Nothing here relies on
    what a session remembers (no SET, no session lock), since a pooler may hand the next transaction to another server
    process; statements are prepared there only in a `mode` that stays with one. Raises BadInput, see `secured`.
    """
    arguments: dict[str, Any] = {**conninfo_to_dict(secured(conninfo)), "application_name": APPLICATION}
    arguments.setdefault("connect_timeout", "5")
    if not abilities(mode).prepares:
        arguments["prepare_threshold"] = None
    engine = create_async_engine(
        "postgresql+psycopg://",
        connect_args=arguments,
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        hide_parameters=True,  # what people wrote belongs in no log and no traceback
    )
    event.listen(engine.sync_engine, "connect", _read_moments_of_strangers)
    return engine


def _read_moments_of_strangers(connection: Any, _record: object) -> None:
    connection.driver_connection.adapters.register_loader("timestamptz", EdgeLoader)


async def close_engine(engine: AsyncEngine, within: float = BACK_WITHIN_S) -> None:
    """Close every connection, each once it is handed back: one that is still out then would be left open.

    Those of a server that does not answer are given up after `within` seconds.
    """
    for _ in range(round(within / _LOOK_S)):
        if not _are_out(engine):
            break
        await asyncio.sleep(_LOOK_S)
    await engine.dispose()


def _are_out(engine: AsyncEngine) -> bool:
    return isinstance(engine.pool, QueuePool) and engine.pool.checkedout() > 0
