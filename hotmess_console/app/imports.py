"""Importing a file of tickets from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.imports import BadRow, ImportedTicket, read_tickets

BATCH = 1000
"""Rows of one command: each batch is one transaction."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import ended."""

    rows: int
    added: int
    known: int
    bad: tuple[BadRow, ...]


def import_tickets(file: Path, *, dsn: str | None, folder: Path | None, tell: Callable[[str], None]) -> Imported:
    """Open a case for each good row of `file` and list the bad ones. Raises ConsoleError when nothing can be read.

    Without `dsn` the rows go into the demo, which is started if it is not running.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.", hint="Check the path and its rights.") from error
    good: list[ImportedTicket] = []
    bad: list[BadRow] = []
    with stream:
        for row in read_tickets(stream):
            (good if isinstance(row, ImportedTicket) else bad).append(row)  # type: ignore[arg-type]
    tell(f"{len(good)} rows read")
    added = asyncio.run(_add(good, dsn, folder, tell))
    return Imported(len(good) + len(bad), added, len(good) - added, tuple(bad))


async def _add(
    rows: Sequence[ImportedTicket], dsn: str | None, folder: Path | None, tell: Callable[[str], None]
) -> int:
    if dsn is not None:
        return await add_rows(dsn, rows, tell)
    from hotmess_console.adapters.store.demo import attach_demo, open_demo

    conninfo = attach_demo(folder)
    if conninfo is not None:
        return await add_rows(conninfo, rows, tell)
    world = await open_demo(folder, progress=tell)
    try:
        return await add_rows(world.agent_conninfo(), rows, tell)
    finally:
        await asyncio.to_thread(world.postgres.stop)


async def add_rows(conninfo: str, rows: Sequence[ImportedTicket], tell: Callable[[str], None]) -> int:
    """Run the import commands as the login of `conninfo`; return how many cases were opened."""
    from hotmess_console.adapters.store.engine import open_engine
    from hotmess_console.adapters.store.queries import PostgresQueries
    from hotmess_console.adapters.store.work import work_opener
    from hotmess_console.services.bus import Bus
    from hotmess_console.services.importing import ImportTickets

    engine = open_engine(conninfo, size=1)
    added = 0
    try:
        me = await PostgresQueries(engine).me()
        bus = Bus(me.roles, work_opener(engine, me.login))
        for start in range(0, len(rows), BATCH):
            outcome = await bus.execute(ImportTickets(rows=tuple(rows[start : start + BATCH])))
            added += len(outcome.changed)
            tell(f"{min(start + BATCH, len(rows))} of {len(rows)} rows")
    finally:
        await engine.dispose()
    return added
