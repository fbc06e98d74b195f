"""Adopting history: older tickets of the platform become cases, only when a manager says so (decision 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Protocol

from hotmess_console.domain.errors import StaleError
from hotmess_console.domain.events import CasesChanged
from hotmess_console.domain.values import Category, Offline, Permission
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.platform_rows import attachments_of, first_message, new_ticket, reply_message
from hotmess_console.services.ports import HistoryChoice, Work

MOST = 5000
"""Tickets that one command adopts; the words of its outcome say how many are left."""


@dataclass(frozen=True, slots=True)
class HistoryPreview:
    """What a choice would bring in: how many per category, and when the oldest was written."""

    by_category: Mapping[Category, int]
    oldest: datetime | None

    @property
    def total(self) -> int:
        """How many cases adopting would make."""
        return sum(self.by_category.values())


class History(Protocol):
    """The question that comes before adopting."""

    async def adoptable(self, wanted: HistoryChoice) -> HistoryPreview: ...


@dataclass(frozen=True, kw_only=True)
class AdoptHistory(Command):
    """Make cases of the chosen older tickets: their clocks start now, and nobody is written to.

    `expected` is the total of the preview; more than that raises StaleError: nobody adopts what they did not see.
    """

    name: ClassVar[str] = "history.adopt"
    permission: ClassVar[Permission] = Permission.HISTORY_ADOPT
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Adopted cases keep their numbers; resolve or merge those that are not wanted."

    choice: HistoryChoice
    expected: int

    async def run(self, work: Work) -> Outcome:
        go_live = datetime.fromisoformat(str(await work.desk.setting("intake.go_live")))
        found = await work.intake.history(go_live, self.choice, self.expected + 1)
        if found.taken > self.expected:
            raise StaleError("There are more such tickets than the preview showed.", hint="Look at the preview again.")
        now, targets = await work.now(), await work.desk.targets()
        chosen = found.tickets[:MOST]
        # the clock starts now, the case itself is as old as it is
        new = [new_ticket(t, now, targets, now) for t in chosen]
        new = [replace(n, ticket=replace(n.ticket, opened_at=t.created_at)) for n, t in zip(new, chosen, strict=True)]
        await work.tickets.open(new)
        case_of = {t.id: n.ticket.id for n, t in zip(new, chosen, strict=True)}
        replies = [r for r in found.replies if r.ticket_id in case_of]
        opening = [first_message(n.ticket, t) for n, t in zip(new, chosen, strict=True)]
        await work.threads.add(opening + [reply_message(r, case_of[r.ticket_id]) for r in replies], hold_seconds=0)
        await work.threads.attach([file for r in replies for file in attachments_of(r, case_of[r.ticket_id])])
        ids = tuple(case_of.values())
        left = found.taken - len(chosen)
        words = f"{left:,} more are left; adopt again to go on." if left else ""
        return Outcome(ids, (), (CasesChanged(ids, self.id),) if ids else (), words)
