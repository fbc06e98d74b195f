"""Sealing the audit behind the window, and remembering on this computer how far it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from hotmess_console.domain.audit import Head, SealState, alarm
from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.events import SealsSeen

EVERY_S = 4.0
"""Seconds between rounds: an entry is sealed within five."""
BATCH = 500
"""Entries that one transaction seals: some 20 ms, so that no lock is held for long."""


class Seals(Protocol):
    """The chain in the database. Raises ConsoleError."""

    async def seal(self, most: int) -> int: ...
    async def state(self, known: int) -> SealState: ...


class Memory(Protocol):
    """The newest head that this computer saw. Raises SetupError when it cannot be kept or read."""

    def newest(self) -> Head | None: ...
    def remember(self, head: Head) -> None: ...


class Sealer:
    """Seals until cancelled and tells after each round how far it is. Any number may run: one seals, nobody waits."""

    def __init__(self, seals: Seals, told: Callable[[SealsSeen], None], memory: Memory | None = None) -> None:
        self._seals = seals
        self._told = told
        self._memory = memory

    async def run(self) -> None:
        """Go on until cancelled; what goes wrong is told and tried again a round later."""
        while True:
            self._told(await self.round())
            await asyncio.sleep(EVERY_S)

    async def round(self) -> SealsSeen:
        """Seal what waits, then compare the head with the one remembered here."""
        try:
            sealed = BATCH
            while sealed == BATCH:
                sealed = await self._seals.seal(BATCH)
        except ConsoleError as error:
            return await self._looked(str(error))
        return await self._looked("")

    async def _looked(self, trouble: str) -> SealsSeen:
        try:
            remembered = await asyncio.to_thread(self._memory.newest) if self._memory else None
            state = await self._seals.state(remembered.seq if remembered else 0)
            words = alarm(remembered, state)
            newer = remembered is None or state.head.seq > remembered.seq
            if self._memory and not words and newer:
                await asyncio.to_thread(self._memory.remember, state.head)
        except ConsoleError as error:
            return SealsSeen(False, trouble=trouble or str(error))
        return SealsSeen(True, state.waiting_since, state.late, words, trouble)
