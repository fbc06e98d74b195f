"""The read side: what a window may ask for. Everything is read with the person's own rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.people import Account, Person, Staff
from hotmess_console.domain.values import CaseId, CommandId, Login, Role, TemplateId
from hotmess_console.domain.views import QueueFilter, SavedView

if TYPE_CHECKING:
    from hotmess_console.domain.platform import Binding
    from hotmess_console.domain.policy.sla import Targets
    from hotmess_console.domain.templates import Template, TemplateVersion
    from hotmess_console.domain.tickets import TicketDetail

PAGE = 50
COUNT_CAP = 1000
"""A count stops here; the window shows "999+"."""


@dataclass(frozen=True, slots=True)
class Page:
    """One stretch of a queue in its order; `more` when another one follows."""

    cases: tuple[Case, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, as the database says it."""

    login: Login
    roles: frozenset[Role]
    name: str


@dataclass(frozen=True, slots=True)
class DeskNotice:
    """Something a colleague wants this person to see."""

    id: str
    kind: str
    case: CaseId
    number: int
    subject: str
    sender: Login
    at: datetime


@dataclass(frozen=True, slots=True)
class Undoable:
    """A command of mine that may still be taken back, newest first in the undo list."""

    command: CommandId
    name: str
    at: datetime
    cases: tuple[CaseId, ...]
    numbers: tuple[int, ...]
    hold_until: datetime | None
    """Until when a message of it is held; None when it sent none."""


class Queries(Protocol):
    """Questions a window asks. Raises Unreachable without a connection, NotFound for what is not there."""

    async def me(self) -> Me: ...
    async def now(self) -> datetime: ...
    async def staff(self) -> Staff: ...
    async def page(self, wanted: QueueFilter, after: CaseKey | None = None, limit: int = PAGE) -> Page: ...
    async def count(self, wanted: QueueFilter, cap: int = COUNT_CAP) -> int: ...
    async def matching(self, wanted: QueueFilter) -> Sequence[Case]:
        """Return all that match, for a bulk preview, in queue order."""
        ...

    async def cases(self, ids: Sequence[CaseId]) -> Sequence[Case]:
        """Return those of `ids` that still exist and wait in a queue or are finished, newest version."""
        ...

    async def by_number(self, number: int) -> Case: ...
    async def ticket(self, case: CaseId) -> TicketDetail: ...
    async def person(self, case: CaseId) -> Person: ...
    async def find_people(self, text: str, limit: int = 20) -> Sequence[Account]: ...
    async def templates(self) -> Sequence[Template]: ...
    async def template_versions(self, id: TemplateId, language: str) -> Sequence[TemplateVersion]:
        """Return every version of a template, the oldest first; nothing when there is no such template."""
        ...

    async def saved_views(self) -> Sequence[SavedView]: ...
    async def targets(self) -> Targets: ...
    async def settings(self) -> Mapping[str, object]: ...
    async def notices(self) -> Sequence[DeskNotice]: ...
    async def undoable(self) -> Sequence[Undoable]: ...
    async def attachment(self, id: str) -> bytes: ...
    async def bindings(self) -> Sequence[Binding]: ...
    async def sending_state(self) -> SendingState: ...


@dataclass(frozen=True, slots=True)
class SendingState:
    """The delivery ledger in three numbers, for the status bar (each capped at 1,000)."""

    held: int
    failed: int
    unknown: int
