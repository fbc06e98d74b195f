"""Run a command for a person, once, then tell everyone what happened."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.errors import NotAllowed
from hotmess_console.domain.events import Event
from hotmess_console.domain.policy import permissions, undoing
from hotmess_console.domain.staff import ROLE_WORDS
from hotmess_console.domain.values import CaseId, CommandId, Offline, Permission, Role
from hotmess_console.services.ids import new_id

if TYPE_CHECKING:
    from hotmess_console.services.ports import OpenWork, Work


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that a command left alone, and why in words."""

    case: CaseId
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: how many cases it changed, which it left alone, and what to tell the windows."""

    changed: tuple[CaseId, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    events: tuple[Event, ...] = ()
    words: str = ""
    repeated: bool = False
    idle: bool = False
    """Nothing was there to do: the command is not even recorded."""
    hold_until: datetime | None = None
    """When the message that it wrote leaves, by the database's time."""


QUIET = {"quiet": True}
"""Metadata of a field whose value somebody wrote for somebody else: only its digest is ever recorded."""
WHOLE = {"whole": True}
"""Metadata of a field that is recorded in full however long, such as the reason of an escalation."""


@dataclass(frozen=True, kw_only=True)
class Command(ABC):
    """One thing that a person does.

    Its `id`, minted at the key press, is the de-duplication key in the database and the audit id, so a
    command can be retried and can never take effect twice.
    """

    name: ClassVar[str]
    permission: ClassVar[Permission]
    offline: ClassVar[Offline]
    undoable: ClassVar[bool] = True
    why_final: ClassVar[str] = ""

    id: CommandId = field(default_factory=lambda: CommandId(new_id()))

    @abstractmethod
    async def run(self, work: Work) -> Outcome:
        """Do it inside the open transaction. Raises ConsoleError; nothing is kept then."""

    async def needless(self, work: Work) -> bool:
        """Return whether nothing waits to be done, asked before the command is recorded."""
        return False

    @property
    def undoes(self) -> CommandId | None:
        """The command that this one takes back, if it does."""
        return None

    def params(self) -> dict[str, object]:
        """Return what was asked for, as JSON values; long texts and `QUIET` ones are kept as their digest only."""
        return {f.name: _recorded(getattr(self, f.name), f.metadata) for f in fields(self) if f.name != "id"}

    def digest(self) -> bytes:
        """Return the fingerprint by which the same id with other parameters is refused (32 bytes)."""
        text = json.dumps([self.name, self.params()], sort_keys=True, ensure_ascii=False)
        return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _recorded(value: object, metadata: Mapping[str, object]) -> object:
    if metadata.get("whole"):
        return value
    return digest_of(value) if metadata.get("quiet") else as_json(value)


def digest_of(value: object) -> str:
    """Return what is recorded in place of `value` where it may name a person."""
    return _digested(json.dumps(as_json(value), sort_keys=True))


def _digested(text: str) -> str:
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def as_json(value: object) -> object:
    """Return `value` as something that JSON can say; texts over 200 characters become their digest."""
    match value:
        case Enum():
            return as_json(value.value)
        case str():
            return value if len(value) <= 200 else _digested(value)
        case bytes():
            return f"sha256:{sha256(value).hexdigest()}"
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat()
        case CaseRef():
            return [str(value.id), value.version]
        case tuple() | list() | frozenset() | set():
            return [as_json(item) for item in value]
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case None | bool() | int() | float():
            return value
        case _:
            return {f.name: as_json(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]


def command_named(name: str) -> type[Command] | None:
    """Return the kind of command that is recorded under `name`, None where this program has none."""
    return next((kind for kind in command_kinds() if kind.name == name), None)


def command_kinds() -> Iterator[type[Command]]:
    """Return every kind of command that this program has loaded; abstract ones have no name."""
    waiting = list(Command.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if hasattr(kind, "name"):
            yield kind


class Bus:
    """The only door for writes: every key, menu, macro and retry comes through `execute`."""

    def __init__(self, roles: Iterable[Role], open_work: OpenWork) -> None:
        self._roles = frozenset(roles)
        self._open_work = open_work
        self._listeners: list[Callable[[Event], None]] = []

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Call `listener` on the I/O thread for every event from now on."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        """Tell every listener."""
        for listener in self._listeners:
            listener(event)

    def allows(self, permission: Permission) -> bool:
        """Return whether the person at this desk may do what needs `permission`."""
        return permissions.allows(self._roles, permission)

    async def execute(self, command: Command) -> Outcome:
        """Run `command` if the person may, in one transaction. A repeated id changes nothing again.

        Raises NotAllowed, StaleError, StateError, BadInput or Unreachable; nothing was changed then.
        """
        if not self.allows(command.permission):
            able = ", ".join(ROLE_WORDS[role] for role in permissions.holders(command.permission))
            raise NotAllowed("Your role cannot do this.", hint=f"Ask somebody whose role can: {able}.")
        async with self._open_work() as work:
            await self._check_undo(command, work)
            if await command.needless(work):
                return Outcome(idle=True)
            if not await work.begin(command.id, command.name, command.digest(), command.params(), command.undoes):
                return Outcome(repeated=True, words="This was already done.")
            outcome = await command.run(work)
            if not outcome.idle:
                await work.commit()
        for event in outcome.events:
            self.publish(event)
        return outcome

    async def _check_undo(self, command: Command, work: Work) -> None:
        """Raise NotAllowed when `command` takes back what somebody else did and this person may not."""
        author = await work.author_of(command.undoes) if command.undoes is not None else None
        if author is not None:
            undoing.check(work.me, self._roles, author)
