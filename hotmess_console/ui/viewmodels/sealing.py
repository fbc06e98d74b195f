"""What the status bar says about the seals over the audit."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.events import SealsSeen
from hotmess_console.ui.viewmodels.connection import span

LATE_AFTER_S = 30.0
"""Seconds without word that all is sealed, after which that is said."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far sealing is, as far as it is known. `whole_at` is when nothing waited too long, in monotonic seconds."""

    seen: SealsSeen | None = None
    whole_at: float | None = None
    first_at: float = 0.0

    def heard(self, seen: SealsSeen, at: float) -> Sealing:
        """Return what is known after somebody looked at `at`."""
        whole = seen.answered and not seen.late and not seen.trouble
        first = at if self.seen is None else self.first_at
        return Sealing(seen, at if whole else self.whole_at, first)

    def words(self, at: float) -> tuple[str, bool]:
        """Return what to show at `at`, nothing before anything is known, and whether it is bad."""
        if self.seen is None:
            return "", False
        if self.seen.alarm:
            return "The audit was changed", True
        if self.seen.late and self.seen.waiting_since is not None:
            return f"Audit not sealed since {self.seen.waiting_since.astimezone():%H:%M}", True
        age = at - (self.whole_at if self.whole_at is not None else self.first_at)
        if age > LATE_AFTER_S:
            return f"Audit not sealed for {span(age)}", True
        return ("" if self.whole_at is None else f"Audit sealed {span(age)} ago"), False
