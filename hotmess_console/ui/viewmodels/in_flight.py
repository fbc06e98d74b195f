"""Commands that the database has not answered yet: on each case one after another, as they were given."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields, replace
from typing import TypeVar
from uuid import UUID

from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.values import CaseId
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.ui.bridge import Bridge

C = TypeVar("C", bound=Command)


def refs_of(command: Command) -> tuple[CaseRef, ...]:
    """Return the cases that a command names together with the version they were seen at."""
    found: list[CaseRef] = []
    for name in (field.name for field in fields(command)):
        value = getattr(command, name)
        found += [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, CaseRef)]
    return tuple(found)


def cases_of(command: Command) -> tuple[CaseId, ...]:
    """Return every case that a command acts on, with or without a version."""
    case = getattr(command, "case", None)
    alone = (CaseId(case),) if isinstance(case, UUID) else ()
    return (*(ref.id for ref in refs_of(command)), *alone)


def moved_on(command: C, own: dict[CaseRef, CaseRef]) -> C:
    """Return the command with each version that this window itself has replaced since, so that keys may outrun answers.

    A version that somebody else replaced stays as it was seen, and is refused.
    """
    changes: dict[str, object] = {}
    for name in (field.name for field in fields(command)):
        value = getattr(command, name)
        if isinstance(value, CaseRef):
            changes[name] = _latest(value, own)
        elif isinstance(value, tuple) and any(isinstance(one, CaseRef) for one in value):
            changes[name] = tuple(_latest(one, own) if isinstance(one, CaseRef) else one for one in value)
    return replace(command, **changes) if changes else command  # type: ignore[arg-type]


def _latest(ref: CaseRef, own: dict[CaseRef, CaseRef]) -> CaseRef:
    while ref in own:
        ref = own[ref]
    return ref


class InFlight:
    """Sends commands; two of them on the same case never overtake each other."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._locks: dict[CaseId, asyncio.Lock] = {}
        self._given: Counter[CaseId] = Counter()
        self._own: dict[CaseRef, CaseRef] = {}

    def __len__(self) -> int:
        """How many cases wait for an answer."""
        return len(self._given)

    async def send(self, command: Command, cases: Iterable[CaseId] = ()) -> Outcome:
        """Send after whatever was given before on the cases it names and on `cases`. Raises what the bus raises."""
        ids = sorted({*cases_of(command), *cases})
        async with self._in_turn(ids):
            sent = moved_on(command, self._own)
            outcome = await self._bridge.send(sent)
            await self._follow(refs_of(sent))
            return outcome

    async def _follow(self, refs: tuple[CaseRef, ...]) -> None:
        """Learn which versions our own command left, where another command is waiting to build on them."""
        waited_for = [ref for ref in refs if self._given[ref.id] > 1]
        if not waited_for:
            return
        now = {case.id: case for case in await self._bridge.ask(lambda q: q.cases([ref.id for ref in waited_for]))}
        for ref in waited_for:
            case = now.get(ref.id)
            if case is not None and case.version == ref.version + 1:
                self._own[ref] = case.ref

    @asynccontextmanager
    async def _in_turn(self, ids: list[CaseId]) -> AsyncIterator[None]:
        self._given.update(ids)
        try:
            async with AsyncExitStack() as turns:
                # always in the same order, so that two bulk commands never wait for each other
                for case in ids:
                    await turns.enter_async_context(self._locks.setdefault(case, asyncio.Lock()))
                yield
        finally:
            self._done(ids)

    def _done(self, ids: list[CaseId]) -> None:
        for case in ids:
            self._given[case] -= 1
            if not self._given[case]:
                del self._given[case], self._locks[case]
                self._own = {was: now for was, now in self._own.items() if was.id != case}
