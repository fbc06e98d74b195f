"""The desk's own furniture, changed like anything else: saved views, notices, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.values import Offline, Permission
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.bus import Command, Outcome, digest_of
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import Work

LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class SaveView(Command):
    """Keep a filter under a name; the same name again replaces it."""

    name: ClassVar[str] = "view.save"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Delete the view, or save it again with another filter."

    title: str
    filter: QueueFilter
    position: int = 0

    def params(self) -> dict[str, object]:
        """Return the view as JSON values; what it is called and searches for may be a person's name."""
        return {"view": digest_of([self.title, self.filter.to_json()]), "position": self.position}

    async def run(self, work: Work) -> Outcome:
        title = " ".join(self.title.split())
        if not 1 <= len(title) <= LONGEST_NAME:
            raise BadInput("A view needs a name of 1 to 40 characters.", hint="Choose a short one.")
        await work.desk.save_view(part_of(self.id, "view"), title, self.filter.to_json(), self.position)
        return Outcome(words=f"View “{title}” is saved.")


@dataclass(frozen=True, kw_only=True)
class RenameView(Command):
    """Give one of the person's saved views another name."""

    name: ClassVar[str] = "view.rename"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Rename the view once more."

    view: UUID
    title: str
    filter: QueueFilter

    def params(self) -> dict[str, object]:
        """Return the view as JSON values, with its name and words as a digest."""
        return {"view": str(self.view), "becomes": digest_of([self.title, self.filter.to_json()])}

    async def run(self, work: Work) -> Outcome:
        await work.desk.drop_view(self.view)
        kept = await SaveView(id=self.id, title=self.title, filter=self.filter).run(work)
        return Outcome(words=kept.words.replace(" is saved.", " has its new name."))


@dataclass(frozen=True, kw_only=True)
class DropView(Command):
    """Delete one of the person's saved views."""

    name: ClassVar[str] = "view.drop"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Set the filter once more and save it under the same name."

    view: UUID

    async def run(self, work: Work) -> Outcome:
        await work.desk.drop_view(self.view)
        return Outcome(words="The view is deleted.")


@dataclass(frozen=True, kw_only=True)
class SeeNotices(Command):
    """Mark notices as seen."""

    name: ClassVar[str] = "notice.see"
    permission: ClassVar[Permission] = Permission.TICKET_READ
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What was seen was seen; the case itself says what happened."

    notices: tuple[UUID, ...]

    async def run(self, work: Work) -> Outcome:
        await work.desk.see_notices(self.notices)
        return Outcome()


CHECKS: Mapping[str, type[int] | type[str]] = {
    "messages.hold_seconds": int,
    "tickets.close_after_days": int,
    "mail.from_address": str,
    "mail.from_name": str,
    "undo.list": int,
}
"""What a simple setting must be; the targets are checked by their own policy."""
_RANGES = {"messages.hold_seconds": (0, 3_600), "tickets.close_after_days": (1, 365), "undo.list": (1, 500)}


@dataclass(frozen=True, kw_only=True)
class ChangeSetting(Command):
    """Change one setting of the desk; the audit keeps what it was before."""

    name: ClassVar[str] = "setting.change"
    permission: ClassVar[Permission] = Permission.SETTINGS_EDIT
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Set it back to its former value; the history shows it."

    key: str
    value: object

    async def run(self, work: Work) -> Outcome:
        check_setting(self.key, self.value)
        before = await work.desk.change_setting(self.key, self.value)
        return Outcome(words=f"{self.key} was {before}.")


def check_setting(key: str, value: object) -> None:
    """Raise BadInput when `value` is not fit for this setting, or nobody may change it by hand."""
    if key == "sla.targets":
        Targets.from_json(value)
        return
    wanted = CHECKS.get(key)
    if wanted is None:
        raise BadInput(f"There is no setting called {key} to change here.", hint=f"Known ones: {', '.join(CHECKS)}.")
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise BadInput(f"{key} must be {'a number' if wanted is int else 'words'}.", hint="Write it again.")
    low, high = _RANGES.get(key, (0, 0))
    if isinstance(value, int) and not low <= value <= high:
        raise BadInput(f"{key} must lie between {low} and {high}.", hint="Write another number.")
    if isinstance(value, str) and (not value.strip() or len(value) > 200 or not value.isprintable()):
        raise BadInput(f"{key} must be one line of 1 to 200 characters.", hint="Write it again.")
