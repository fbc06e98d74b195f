"""The audit as people read it: what somebody did, which rows that changed, and a case as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotmess_console.domain.threads import Happening
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, CommandId, Login


class Deed(StrEnum):
    """What an entry says was done to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    READ = "read"


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry of the audit. `number` is the case's, None where it belongs to none or to one that is out of sight."""

    id: int
    at: datetime
    actor: Login
    client: str
    """The address that the connection came from; empty for a local one."""
    deed: Deed
    relation: str
    subject: str
    case: CaseId | None
    number: int | None
    command: CommandId | None
    detail: Mapping[str, Any]
    """The row's columns; after an update ``[before, after]`` of each, or "changed" where the value is not kept."""
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did: the newest of its entries that match, and the command where there was one."""

    entry: TrailEntry
    did: Happening | None
    numbers: tuple[int, ...] = ()
    """The cases in its entries that were looked at, the first ones."""

    @property
    def key(self) -> CommandId | int:
        """What tells it from others."""
        return self.entry.command or self.entry.id


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries are wanted; None and empty narrow nothing. Moments are instants, `until` is not part of it."""

    actor: Login | None = None
    number: int | None = None
    did: str = ""
    """A command's name or its first part: ``ticket.claim``, ``ticket``."""
    deed: Deed | None = None
    subject: str = ""
    """A table, or what a key begins with."""
    since: datetime | None = None
    until: datetime | None = None
    command: CommandId | None = None


@dataclass(frozen=True, slots=True)
class TrailKey:
    """Where the next page begins: below this entry, without what is left of this command."""

    entry: int
    command: CommandId | None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Steps, the newest first; `after` when more follow."""

    steps: tuple[Step, ...]
    after: TrailKey | None


@dataclass(frozen=True, slots=True)
class Then:
    """A case as it was right after an entry. What the audit does not repeat (subject, names) is as it is now."""

    detail: TicketDetail
    """The case of today with the messages and notes of then."""
    entry: int
    at: datetime
    values: Mapping[str, Any]
    """Columns of the case and its ticket; what was null is missing."""


def values_after(entries: Iterable[tuple[Deed, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the columns of a row after these entries, the oldest first; a value that is not kept is not there."""
    values: dict[str, Any] = {}
    for deed, detail in entries:
        if deed is Deed.INSERT:
            values.update(detail)
        elif deed is Deed.DELETE:
            values.clear()
        elif deed is Deed.UPDATE:
            for column, change in detail.items():
                if isinstance(change, list) and len(change) == 2:
                    _put(values, column, change[1])
    return values


def _put(values: dict[str, Any], column: str, value: Any) -> None:
    if value is None:
        values.pop(column, None)
    else:
        values[column] = value
