"""Changes where nothing can tell of them: through a transaction pooler they are asked for every second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.events import CasesChanged, Event, MessagesMoved, Resync
from hotmess_console.domain.policy.connections import POLL_SECONDS, abilities
from hotmess_console.domain.values import CaseId
from hotmess_console.services.console import Contact

Moving = frozenset[tuple[str, str, str]]
"""Messages on their way, each with its case and state."""


class Polling:
    """Asks what was committed since it last asked, and hands events on; after every failure a `Resync`.

    Nothing changes outside a recorded command, so what is new are the commands that an earlier snapshot did not show:
    exact however late a transaction commits, and one look into an index. Only the dispatcher gives no commands; its
    steps show as messages that were on their way and no longer are. With `late` the first answer is a `Resync` too;
    `every` is in seconds.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        tell: Callable[[Event], None],
        contact: Callable[[Contact], None],
        late: bool = False,
        every: float = POLL_SECONDS,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._late = late
        self._every = every
        self._tell = tell
        self._contact = contact
        self._seen: str | None = None
        self._moving: Moving = frozenset()

    async def run(self) -> None:
        """Ask until cancelled."""
        missed, alive = self._late, Contact(True, abilities(Mode.TRANSACTION).words)
        while True:
            try:
                await self._look()
                if missed:
                    self._tell(Resync())
                missed = False
                self._contact(alive)
            except ConsoleError as error:
                missed = True
                self._contact(Contact(False, str(error)))
            await asyncio.sleep(self._every)

    async def _look(self) -> None:
        with speaking():
            async with self._engine.connect() as conn:
                row = (await conn.execute(_NEWS, {"seen": self._seen})).one()
        before, self._moving = self._moving, frozenset((m["message"], m["case"], m["state"]) for m in row.moving or ())
        if self._seen is not None:
            self._hand_on(row, before)
        self._seen = row.seen

    def _hand_on(self, row: Any, before: Moving) -> None:
        changed = tuple(CaseId(case) for case in row.cases)
        moved = {CaseId(UUID(case)) for _, case, _ in before ^ self._moving}
        if row.others:
            self._tell(Resync())
        if changed:
            self._tell(CasesChanged(changed))
        if threads := tuple(moved.union(changed)):
            self._tell(MessagesMoved(threads))


# One statement, so that all of it is of the snapshot that it returns.
_NEWS = text(
    "WITH news AS (SELECT c.id FROM console.commands c "
    "WHERE c.xact >= pg_snapshot_xmin(cast(:seen AS pg_snapshot)) "
    "AND NOT pg_visible_in_snapshot(c.xact, cast(:seen AS pg_snapshot))), "
    "moving AS ((SELECT message_id, case_id, state FROM console.deliveries WHERE state = 'held' LIMIT 1000) "
    "UNION ALL (SELECT message_id, case_id, state FROM console.deliveries WHERE state = 'sending' LIMIT 1000)) "
    "SELECT cast(pg_current_snapshot() AS text) AS seen, "
    "ARRAY(SELECT DISTINCT p.case_id FROM console.command_cases p WHERE p.command_id IN (SELECT id FROM news)) "
    "AS cases, "
    "EXISTS (SELECT FROM news WHERE NOT EXISTS (SELECT FROM console.command_cases p WHERE p.command_id = news.id)) "
    "AS others, "
    "(SELECT jsonb_agg(jsonb_build_object('message', message_id, 'case', case_id, 'state', state)) FROM moving) "
    "AS moving"
)
