"""What only managers and auditors ask of the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from hotmess_console.domain.trail import Then, TrailEntry, TrailFilter, TrailKey, TrailPage
from hotmess_console.domain.values import CaseId, CommandId
from hotmess_console.services.queries import Queries

STEPS = 50
"""Steps on one page."""
MOST_ENTRIES = 200
"""Entries of one step that are shown; a bulk action has thousands."""


class TrailQueries(Protocol):
    """Reading the audit, newest first, with the person's own rights."""

    async def trail(self, wanted: TrailFilter, after: TrailKey | None = None, steps: int = STEPS) -> TrailPage:
        """Return what was done, one line for each command. Raises NotAllowed for who may not read the audit."""
        ...

    async def entries_of(self, command: CommandId, most: int = MOST_ENTRIES) -> Sequence[TrailEntry]:
        """Return the entries of one command, the oldest first."""
        ...

    async def case_then(self, case: CaseId, entry: int) -> Then:
        """Return the case as it was right after an entry. Raises NotFound for one that is out of sight."""
        ...


def trail_queries(queries: Queries) -> TrailQueries:
    """Return the questions about the audit: every desk of somebody who may read it answers them."""
    return cast(TrailQueries, queries)
