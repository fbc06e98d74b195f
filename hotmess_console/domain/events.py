"""Things that have happened, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

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
