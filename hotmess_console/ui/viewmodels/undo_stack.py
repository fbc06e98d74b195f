"""What this person can still take back in this window, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from hotmess_console.domain.values import CaseId, CommandId

UNDO_S = 20.0
"""Seconds for which the bar offers the way back of a command that holds no message; the undo list has it longer."""
KEPT = 50


@dataclass(frozen=True, slots=True)
class Done:
    """One deed that went through: its words for the bar, its cases, and until when (monotonic seconds) it is offered.

    After a reply that is when the message leaves; anything else can still be taken back later.
    """

    commands: tuple[CommandId, ...]
    """What it took, in the order of doing: several for more cases than one command changes."""
    words: str
    cases: tuple[CaseId, ...]
    until: float
    held_until: datetime | None = None
    """When its message leaves, by the database's time."""


class UndoStack:
    """Deeds of this window that nobody has taken back."""

    def __init__(self) -> None:
        self._done: list[Done] = []

    def __len__(self) -> int:
        return len(self._done)

    def push(self, done: Done) -> None:
        """Remember a deed that went through; it stands for whatever was remembered of its commands."""
        self._done = [one for one in self._done if not set(one.commands) & set(done.commands)]
        self._done.append(done)
        del self._done[:-KEPT]

    def put(self, done: Done) -> None:
        """Let a deed stand for what was remembered of it, at its place among the others."""
        self._done = [done if set(one.commands) & set(done.commands) else one for one in self._done]

    def drop(self, commands: Collection[CommandId]) -> None:
        """Forget commands, which were taken back or cannot be any more; a deed goes with the last of its own."""
        left = (replace(one, commands=tuple(c for c in one.commands if c not in commands)) for one in self._done)
        self._done = [one for one in left if one.commands]

    def of(self, command: CommandId) -> Done | None:
        """Return the deed that a command belongs to."""
        return next((one for one in self._done if command in one.commands), None)

    def newest(self) -> Done | None:
        """Return what `Z` takes back. Never an older one instead: if a message has left, the person is told so."""
        return self._done[-1] if self._done else None

    def offered(self, now: float) -> Done | None:
        """Return the newest deed whose time on the bar is not over."""
        return next((one for one in reversed(self._done) if one.until > now), None)
