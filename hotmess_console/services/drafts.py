"""What somebody is writing and has not sent: kept per case, apart for the reply and for the note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from hotmess_console.domain.values import CaseId

if TYPE_CHECKING:
    from hotmess_console.services.replies import File


class DraftKind(StrEnum):
    """Whom a draft is for. The two never share a text, so that a note cannot be sent by a slip."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FilledSlot:
    """A placeholder that has its value, at ``[start, end)`` of the text, counted in UTF-16 units as editors do."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in the making, with the template it began as and the files that go with it."""

    text: str = ""
    slots: tuple[FilledSlot, ...] = ()
    template: str = ""
    template_name: str = ""
    template_version: int | None = None
    files: tuple[File, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything would be lost."""
        return bool(self.text.strip() or self.files)


class Drafts(Protocol):
    """Where drafts are kept. Keeping must be quick: it happens at each key."""

    def load(self, case: CaseId, kind: DraftKind) -> Draft | None: ...
    def keep(self, case: CaseId, kind: DraftKind, draft: Draft) -> None: ...
    def forget(self, case: CaseId, kind: DraftKind) -> None: ...
    def all(self) -> Mapping[tuple[CaseId, DraftKind], Draft]:
        """Return everything that is kept, in the order in which it was begun."""
        ...


class DraftsInMemory:
    """`Drafts` for as long as the program runs."""

    def __init__(self) -> None:
        self._kept: dict[tuple[CaseId, DraftKind], Draft] = {}

    def load(self, case: CaseId, kind: DraftKind) -> Draft | None:
        """Return what was kept, or None."""
        return self._kept.get((case, kind))

    def keep(self, case: CaseId, kind: DraftKind, draft: Draft) -> None:
        """Keep `draft` in place of what was kept before."""
        self._kept[case, kind] = draft

    def forget(self, case: CaseId, kind: DraftKind) -> None:
        """Drop what was kept, if anything was."""
        self._kept.pop((case, kind), None)

    def all(self) -> Mapping[tuple[CaseId, DraftKind], Draft]:
        """Return everything that is kept, in the order in which it was begun."""
        return dict(self._kept)
