"""What this person can still take back in this window, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.values import CaseId, CommandId

UNDO_S = 20.0
"""Seconds for which the bar offers the way back of a command that holds no message; the undo list has it longer."""
KEPT = 50


@dataclass(frozen=True, slots=True)
class Done:
    """A command that went through: its words for the bar, its cases, and until when (monotonic seconds) it is offered.

    After a reply that is when the message leaves; anything else can still be taken back later.
    """

    command: CommandId
    words: str
    cases: tuple[CaseId, ...]
    until: float


class UndoStack:
    """Commands of this window that nobody has taken back."""

    def __init__(self) -> None:
        self._done: list[Done] = []

    def __len__(self) -> int:
        return len(self._done)

    def push(self, done: Done) -> None:
        """Remember a command that went through."""
        self._done.append(done)
        del self._done[:-KEPT]

    def drop(self, command: CommandId) -> None:
        """Forget a command: it was taken back, or cannot be any more."""
        self._done = [one for one in self._done if one.command != command]

    def newest(self) -> Done | None:
        """Return what `Z` takes back. Never an older one instead: if a message has left, the person is told so."""
        return self._done[-1] if self._done else None

    def offered(self, now: float) -> Done | None:
        """Return the newest command whose time on the bar is not over."""
        return next((one for one in reversed(self._done) if one.until > now), None)
