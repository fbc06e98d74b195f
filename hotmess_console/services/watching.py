"""Watching the intake: draining every second is the guarantee, a hint only hastens it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.services.bus import Bus
from hotmess_console.services.intake import DrainIntake, Reconcile

POLL_SECONDS = 1.0
RECONCILE_SECONDS = 60.0
STANDSTILL_SECONDS = 30.0
"""How long the same row may wait while somebody else is taking: a batch takes less than a second."""
HELD_UP = (
    "What people write is not taken in: another console has begun to and does not finish. New tickets and answers are "
    "missing here until it does. Ask your colleagues to close the console, or an operator to end the open transaction."
)


def reconciling(bus: Bus) -> Callable[[], Awaitable[int]]:
    """Return what files missed rows by a command on `bus` and says how many it filed."""

    async def reconcile() -> int:
        return int((await bus.execute(Reconcile())).words or 0)

    return reconcile


class Watch:
    """Drains and reconciles until cancelled. Any console may run one: drains never overlap.

    `told` hears of trouble once, in words, and an empty text once it is over.
    """

    def __init__(
        self,
        bus: Bus,
        reconcile: Callable[[], Awaitable[int]] | None = None,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._bus = bus
        self._reconcile = reconcile or reconciling(bus)
        self._told = told
        self._trouble = ""
        self._hint = asyncio.Event()
        self._longest, self._since = "", 0.0

    def hasten(self) -> None:
        """Drain at the next opportunity; to be called on the loop that runs `run`."""
        self._hint.set()

    async def run(self) -> None:
        """Go on until cancelled; whatever goes wrong is told and tried again a second later."""
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            self._hint.clear()
            try:
                left = await self._drain()
                if clock() >= due:
                    due = clock() + RECONCILE_SECONDS
                    if await self._reconcile():
                        left = await self._drain()
                self._say(HELD_UP if self._stands(left, clock()) else "")
            except ConsoleError as error:
                self._say(str(error))
                await asyncio.sleep(POLL_SECONDS)  # a hint does not hasten what has just failed
                continue
            await self._pause()

    async def _drain(self) -> str:
        """Take all there is; return what waits longest while somebody else is at it."""
        while not (outcome := await self._bus.execute(DrainIntake())).idle:
            pass
        return outcome.words

    def _stands(self, longest: str, now: float) -> bool:
        if longest != self._longest:
            self._longest, self._since = longest, now
        return bool(longest) and now - self._since > STANDSTILL_SECONDS

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._hint.wait()
        except TimeoutError:
            return

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._told(trouble)
