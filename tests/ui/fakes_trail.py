"""An audit in memory: steps, the entries of each, and a case as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hotmess_console.domain.threads import Happening
from hotmess_console.domain.trail import Deed, Step, Then, TrailEntry, TrailFilter, TrailKey, TrailPage
from hotmess_console.domain.values import CaseId, CommandId, Login
from tests.ui.fakes_composer import JO, NOW, FakeQueries, make_detail

CASE, NUMBER = make_detail().case.id, make_detail().case.number


def entry(
    id: int, *, actor: Login = JO, command: int | None = None, case: CaseId | None = CASE, **more: Any
) -> TrailEntry:
    """One entry, as many hours ago as a hundred less its id."""
    given: dict[str, Any] = {
        "deed": Deed.UPDATE,
        "relation": "cases",
        "subject": str(case or "key"),
        "number": NUMBER if case else None,
        "detail": {"status": ["open", "in_progress"], "assignee": [None, actor], "rank_at": ["a", "b"]},
        **more,
    }
    of = None if command is None else CommandId(UUID(int=command))
    return TrailEntry(id, NOW - timedelta(hours=100 - id), actor, "", case=case, command=of, **given)


def step(id: int, name: str = "ticket.claim", **more: Any) -> Step:
    """A command's step."""
    of = entry(id, command=id, **more)
    assert of.command is not None
    return Step(of, Happening(of.command, name, of.actor, of.at), () if of.number is None else (of.number,))


class TrailQueries(FakeQueries):
    """The composer's questions, and those about the audit; `pages` are answered in turn."""

    def __init__(self, *pages: Sequence[Step]) -> None:
        super().__init__()
        self.pages = [tuple(page) for page in pages]
        self.wanted: list[tuple[TrailFilter, TrailKey | None]] = []
        self.looked_at: list[tuple[CaseId, int]] = []

    async def trail(self, wanted: TrailFilter, after: TrailKey | None = None, steps: int = 50) -> TrailPage:
        """Return the next page."""
        self.wanted.append((wanted, after))
        page = self.pages.pop(0) if self.pages else ()
        return TrailPage(page, TrailKey(page[-1].entry.id, None) if self.pages and page else None)

    async def entries_of(self, command: CommandId, most: int = 200) -> Sequence[TrailEntry]:
        """Return two entries of the command: its own row, and what it changed."""
        id = command.int
        given = {"name": "ticket.claim"}
        own = entry(id - 1, command=id, case=None, relation="commands", deed=Deed.INSERT, detail=given)
        return [own, entry(id, command=id)]

    async def case_then(self, case: CaseId, entry: int) -> Then:
        """Return the case in progress, before anything had been answered."""
        self.looked_at.append((case, entry))
        detail = make_detail()
        detail = replace(detail, messages=detail.messages[:1], notes=())
        return Then(detail, entry, NOW - timedelta(hours=3), {"status": "in_progress", "assignee": JO, "level": 1})
