"""Watches the window's event loop: how long it was deaf at the longest, while something was done to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

from PySide6.QtCore import QTimer

STALL = 0.1
"""Seconds after which a person notices that the window does not answer."""
Step = Callable[[], Awaitable[object]]


class Watchdog:
    """A heart that beats each turn of the loop; `longest` is the longest pause between two beats, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.overall = (0.0, "")
        """The longest turn of any step, and which, after the machine's own hiccups were ruled out."""
        self.slow: list[tuple[str, float]] = []
        self._last = perf_counter()
        self._beat = QTimer(interval=0)
        self._beat.timeout.connect(self._pulse)

    def _pulse(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    async def follow(self, what: str, step: Step) -> None:
        """Do `step`; a pause that is too long must be so three times, as other programs share the machine."""
        best = await self._timed(step)
        for _ in range(2):
            if best < STALL:
                break
            best = min(best, await self._timed(step))
        self.overall = max(self.overall, (best, ascii(what[:40])))
        if best >= STALL:
            self.slow.append((ascii(what[:40]), best))

    def __str__(self) -> str:
        return f"longest turn {self.overall[0] * 1_000:.0f} ms at {self.overall[1]}"

    async def _timed(self, step: Step) -> float:
        self.longest, self._last = 0.0, perf_counter()
        self._beat.start()
        await step()
        await asyncio.sleep(0)
        self._pulse()
        self._beat.stop()
        return self.longest
