"""Things that have happened, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotmess_console.domain.values import CaseId, CommandId


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is now true."""


@dataclass(frozen=True, slots=True)
class CasesChanged(Event):
    """These cases have new versions, from here or from elsewhere; read them again."""

    ids: tuple[CaseId, ...]
    command: CommandId | None = None


@dataclass(frozen=True, slots=True)
class Resync(Event):
    """Changes may have been missed: read again whatever is shown."""


@dataclass(frozen=True, slots=True)
class MessagesMoved(Event):
    """Messages of these cases changed their state in the delivery ledger."""

    cases: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True)
class SealsSeen(Event):
    """Somebody looked how far the audit is sealed; `answered` is False where that could not be learned.

    `waiting_since` is when the oldest entry without a seal was written, `late` whether that is too long ago; `alarm`
    says in words what must not be, `trouble` why nothing was sealed.
    """

    answered: bool
    waiting_since: datetime | None = None
    late: bool = False
    alarm: str = ""
    trouble: str = ""
