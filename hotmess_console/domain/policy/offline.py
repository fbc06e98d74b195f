"""What may happen to a command that was given without a connection.

Source: decision 28. Free ones (draft, note, claim) are kept and done when the connection is back. Re-checked ones (a
reply, resolving) are done by themselves only if they are at most 15 minutes old and what they rest on has kept its
meaning; otherwise the person looks once more. The rest (money, merging, settings, anything unknown) is never kept:
the person is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from hotmess_console.domain.values import Offline

FRESH = timedelta(minutes=15)

CLASS_OF: Mapping[str, Offline] = {
    "note.add": Offline.FREE,
    "ticket.claim": Offline.FREE,
    "ticket.snooze": Offline.FREE,
    "ticket.wake": Offline.FREE,
    "ticket.link": Offline.FREE,
    "ticket.reply": Offline.RE_CHECKED,
    "ticket.assign": Offline.RE_CHECKED,
    "ticket.set_category": Offline.RE_CHECKED,
    "ticket.set_priority": Offline.RE_CHECKED,
    "ticket.escalate": Offline.RE_CHECKED,
    "ticket.return_to_level": Offline.RE_CHECKED,
    "ticket.wait": Offline.RE_CHECKED,
    "ticket.resume": Offline.RE_CHECKED,
    "ticket.resolve": Offline.RE_CHECKED,
    "ticket.reopen": Offline.RE_CHECKED,
    "ticket.close": Offline.RE_CHECKED,
    "command.undo": Offline.RE_CHECKED,
}
"""The class of each command by its name; what is not listed is never kept."""


class Replay(StrEnum):
    """What to do with a kept command once the connection is back."""

    APPLY = "apply"
    ASK = "ask"
    REFUSE = "refuse"


def class_of(command: str) -> Offline:
    """Return the offline class of a command by its name, such as ``ticket.reply``."""
    return CLASS_OF.get(command, Offline.NEVER)


def replay(kind: Offline, age: timedelta, *, same_meaning: bool) -> Replay:
    """Return what becomes of a command given `age` ago; `same_meaning`: the case is as the person saw it."""
    if kind is Offline.NEVER:
        return Replay.REFUSE
    if kind is Offline.FREE:
        return Replay.APPLY
    # A negative age means that the workstation's clock was moved: nobody knows how old the command is.
    return Replay.APPLY if same_meaning and timedelta(0) <= age <= FRESH else Replay.ASK
