"""Drafts beside the open one: which are on their way, and which an undo would bring back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import monotonic
from uuid import UUID

from hotmess_console.domain.values import CaseId
from hotmess_console.services.drafts import Draft, DraftKind, Drafts
from hotmess_console.ui.viewmodels.connection import LATE_AFTER_S

_REMEMBERED = 200
"""Sent texts kept for an undo, which reaches no further than the undo list."""


def joined(first: Draft, then: Draft | None) -> Draft:
    """Return `first` with what was written after it below; neither loses a word or a file."""
    if not then:
        return first
    return replace(first, text=f"{first.text}\n\n{then.text}", files=first.files + then.files)


class Keeping:
    """Drafts with their way out and back. A draft on its way stays kept until it is certain to have arrived."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._returned: set[UUID] = set()
        self._sent: dict[UUID, tuple[CaseId, DraftKind, Draft]] = {}
        self._flying: dict[tuple[CaseId, DraftKind], Draft] = {}
        self._since: dict[tuple[CaseId, DraftKind], float] = {}
        self._kinds: dict[CaseId, DraftKind] = {}

    def kind(self, case: CaseId) -> DraftKind:
        """Return what was last written on this case."""
        return self._kinds.get(case, DraftKind.REPLY)

    def choose(self, case: CaseId, kind: DraftKind) -> None:
        """Remember what is being written on this case."""
        self._kinds[case] = kind

    def load(self, case: CaseId, kind: DraftKind) -> Draft:
        """Return the draft to show; one that is on its way is not shown again."""
        found = self._drafts.load(case, kind)
        return Draft() if found is None or found == self._flying.get((case, kind)) else found

    def keep(self, case: CaseId, kind: DraftKind, draft: Draft) -> None:
        """Keep what is there now; nothing at all is forgotten, unless a sent text still waits for its fate."""
        flying = self._flying.get((case, kind))
        if draft or flying:
            self._drafts.keep(case, kind, draft or flying or draft)
        else:
            self._drafts.forget(case, kind)

    def unsent(self) -> Mapping[tuple[CaseId, DraftKind], Draft]:
        """Return every draft in which there is anything, those on their way as well."""
        return {of: draft for of, draft in self._drafts.all().items() if draft}

    def waiting(self) -> Mapping[CaseId, frozenset[DraftKind]]:
        """Return what is written on which case and not on its way."""
        found: dict[CaseId, frozenset[DraftKind]] = {}
        for (case, kind), draft in self.unsent().items():
            if draft != self._flying.get((case, kind)):
                found[case] = found.get(case, frozenset()) | {kind}
        return found

    def let_fly(self, part: UUID, case: CaseId, kind: DraftKind, draft: Draft) -> None:
        """Note that `draft` is on its way as the message or note with id `part`."""
        self._flying[case, kind], self._since[case, kind] = draft, monotonic()
        self._sent[part] = (case, kind, draft)
        while len(self._sent) > _REMEMBERED:
            self._sent.pop(next(iter(self._sent)))

    def is_late(self, case: CaseId, kind: DraftKind) -> bool:
        """Return whether something is on its way for so long that the person must be told that it is."""
        return (case, kind) in self._flying and monotonic() - self._since[case, kind] > LATE_AFTER_S

    def arrived(self, case: CaseId, kind: DraftKind) -> None:
        """Drop a draft that is certain to have arrived; what was typed since stays."""
        draft = self._flying.pop((case, kind), None)
        self._kinds.pop(case, None)
        if draft is not None and self._drafts.load(case, kind) == draft:
            self._drafts.forget(case, kind)

    def refused(self, part: UUID) -> Draft:
        """Put a refused draft before whatever was typed since; return the whole."""
        case, kind, draft = self._sent.pop(part)
        since = self.load(case, kind)
        self._flying.pop((case, kind), None)
        whole = joined(draft, since)
        self._drafts.keep(case, kind, whole)
        return whole

    def undone(self, parts: Iterable[UUID]) -> tuple[CaseId, DraftKind] | None:
        """Put back what was sent as any of `parts`, which were taken back since; return whose draft changed."""
        changed = None
        for part in [part for part in parts if part in self._sent]:
            case, kind, draft = self._sent.pop(part)
            self._back(part, case, kind, draft)
            changed = case, kind
        return changed

    def put_back(self, part: UUID, case: CaseId, draft: Draft) -> None:
        """Put back a reply that was stopped, also one that another window sent; once is enough."""
        if part not in self._returned and self.undone([part]) is None:
            self._back(part, case, DraftKind.REPLY, draft)

    def _back(self, part: UUID, case: CaseId, kind: DraftKind, draft: Draft) -> None:
        self._returned.add(part)
        self._drafts.keep(case, kind, joined(draft, self.load(case, kind)))
        self._kinds[case] = kind
