"""Whether somebody still has a place at the desk: asked now and then, because rights can end while a window is open."""

from __future__ import annotations

import asyncio
from typing import Protocol

from hotmess_console.domain.errors import ConsoleError, NotAllowed, NotFound

EVERY_SECONDS = 15.0
"""Whoever is disabled is out within a minute, also where the server may not end their connections by itself."""
DISABLED = "This login was disabled. Nothing can be read or changed from here any more."


class Place(Protocol):
    """The place of whoever is signed in, as the database sees it."""

    async def still_mine(self) -> bool:
        """Return whether the directory still has this login as active. Raises ConsoleError."""
        ...

    async def end_left(self) -> None:
        """Have the server end connections of people who were disabled. Raises ConsoleError."""
        ...


class Presence:
    """Looks every so many seconds until the place is gone, and helps to put out who was disabled."""

    def __init__(self, place: Place, every: float | None = None) -> None:
        self._place, self._every = place, EVERY_SECONDS if every is None else every

    async def run(self) -> None:
        """Return once this person was disabled; trouble with the line is no reason and is tried again."""
        while True:
            await asyncio.sleep(self._every)
            try:
                if not await self._place.still_mine():
                    return
                await self._place.end_left()
            except (NotAllowed, NotFound):
                return
            except ConsoleError:
                continue  # the listener tells that the line is broken
