"""A case: anything that waits for a person, as one row of a queue shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotmess_console.domain.values import CaseId, CaseKind, Category, Level, Login, Priority, Status, Urgency


@dataclass(frozen=True, slots=True)
class CaseKey:
    """Position in the queue order (urgency, rank_at, id); the keyset cursor of a page."""

    urgency: int
    rank_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case as the person saw it: which one, and at which version."""

    id: CaseId
    version: int


@dataclass(frozen=True, slots=True)
class Case:
    """A snapshot of one case, as of `version`. Times are aware and come from the database."""

    id: CaseId
    number: int
    kind: CaseKind
    subject: str
    snippet: str
    status: Status
    category: Category
    priority: Priority
    urgency: Urgency
    level: Level
    assignee: Login | None
    opened_at: datetime
    due_at: datetime | None
    """When the next response, or after it the resolution, is due; None while the clock is paused or stopped."""
    rank_at: datetime
    paused_at: datetime | None
    snoozed_until: datetime | None
    language: str
    unread: bool
    version: int
    guarded: bool = False
    """Whether who read this may see no more of the case than this row (decision 7)."""
    asks_danger: bool = False
    """Whether its words may mean that somebody is in danger, and nobody has said yet whether they do."""

    @property
    def key(self) -> CaseKey:
        """Where this case stands in the queue order."""
        return CaseKey(self.urgency, self.rank_at, self.id)

    @property
    def ref(self) -> CaseRef:
        """This case at this version."""
        return CaseRef(self.id, self.version)

    @property
    def reference(self) -> str:
        """The short number that people say and type, such as ``HM-10482``."""
        return f"HM-{self.number}"
