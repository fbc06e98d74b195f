"""What is ticked for a bulk action: some cases by name, or all that match the filter but for some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hotmess_console.domain.values import CaseId

_NONE: frozenset[CaseId] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """Ticked cases as a value.

    `all_matching` False: `ids` are the ticked cases. True: every case that the filter matches is ticked,
    loaded or not, except `ids`. The second form is for the server to work out; the window never counts it.
    """

    ids: frozenset[CaseId] = _NONE
    all_matching: bool = False

    @classmethod
    def nothing(cls) -> Selection:
        """No case at all."""
        return cls()

    @classmethod
    def everything(cls) -> Selection:
        """Every case that the filter matches, also those not loaded yet."""
        return cls(all_matching=True)

    def __contains__(self, case: object) -> bool:
        return (case in self.ids) != self.all_matching

    def __bool__(self) -> bool:
        """Whether anything can be ticked; all-but-some counts as something."""
        return self.all_matching or bool(self.ids)

    def toggled(self, case: CaseId) -> Selection:
        """The same with `case` the other way round."""
        return Selection(self.ids ^ {case}, self.all_matching)

    def including(self, cases: Iterable[CaseId]) -> Selection:
        """The same with all of `cases` ticked."""
        more = frozenset(cases)
        return Selection(self.ids - more if self.all_matching else self.ids | more, self.all_matching)

    def excluding(self, cases: Iterable[CaseId]) -> Selection:
        """The same with none of `cases` ticked."""
        less = frozenset(cases)
        return Selection(self.ids | less if self.all_matching else self.ids - less, self.all_matching)

    def forgetting(self, cases: Iterable[CaseId]) -> Selection:
        """The same after `cases` left the queue: names are dropped, exceptions are kept.

        An exception outlives its row: a case that leaves the filter and returns was still unticked by hand.
        """
        return self if self.all_matching else Selection(self.ids - frozenset(cases))

    def count(self, matching: int | None) -> int | None:
        """How many are ticked, given how many match the filter; None when that is not known."""
        if not self.all_matching:
            return len(self.ids)
        return None if matching is None else max(0, matching - len(self.ids))

    def words(self) -> str:
        """Plain words for the bar: "3 ticked", "All that match, except 2"; empty when nothing is."""
        if self.all_matching:
            return f"All that match, except {len(self.ids)}" if self.ids else "All that match"
        return f"{len(self.ids)} ticked" if self.ids else ""
