"""Views that a person saves for themselves, and notices that they have seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Offline, Permission
from hotmess_console.domain.views import BUILT_IN, QueueFilter
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import Work

LONGEST_NAME = 40
"""Characters of a view's name."""


@dataclass(frozen=True, kw_only=True)
class SaveView(Command):
    """Keep a filter under a name, for this person alone; the same name again replaces it."""

    name: ClassVar[str] = "view.save"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Delete the view instead."

    title: str
    filter: QueueFilter
    position: int = 0

    async def run(self, work: Work) -> Outcome:
        title = " ".join(self.title.split())
        if not title or len(title) > LONGEST_NAME:
            raise BadInput(f"A view needs a name of at most {LONGEST_NAME} characters.", hint="Type a short one.")
        if title.casefold() in {view.name.casefold() for view in BUILT_IN}:
            raise BadInput(f"“{title}” is a view that everybody has.", hint="Choose another name.")
        await work.desk.save_view(part_of(self.id, "view"), title, self.filter.to_json(), self.position)
        return Outcome(words=f"Saved as “{title}”.")


@dataclass(frozen=True, kw_only=True)
class DropView(Command):
    """Delete one of this person's saved views."""

    name: ClassVar[str] = "view.drop"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Save the view again instead."

    view: UUID

    async def run(self, work: Work) -> Outcome:
        await work.desk.drop_view(self.view)
        return Outcome()


@dataclass(frozen=True, kw_only=True)
class SeeNotices(Command):
    """Mark notices as seen."""

    name: ClassVar[str] = "notice.see"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.FREE
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What was seen stays seen."

    notices: tuple[UUID, ...]

    async def run(self, work: Work) -> Outcome:
        await work.desk.see_notices(self.notices)
        return Outcome()
