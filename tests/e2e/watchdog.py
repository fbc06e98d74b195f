"""Watches the window's event loop: how long it was deaf at the longest, while something was done to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter, thread_time

from PySide6.QtCore import QTimer

STALL = 0.1
"""Seconds of a turn's own work after which a person notices that the window does not answer."""
HANGING = 1.0
"""Seconds by the wall clock: no work at all, but a wait for something, which no turn may do."""
Step = Callable[[], Awaitable[object]]


class Watchdog:
    """A heart that beats each turn of the loop; `longest` is the longest work between two beats, in seconds.

    Work is the thread's own time: other programs share the machine, and their turns are not the window's.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.overall = (0.0, "")
        """The longest turn of any step, and which, after the machine's own hiccups were ruled out."""
        self.slow: list[tuple[str, float]] = []
        self._last, self._seen = thread_time(), perf_counter()
        self._beat = QTimer(interval=0)
        self._beat.timeout.connect(self._pulse)

    def _pulse(self) -> None:
        now, seen = thread_time(), perf_counter()
        waited = seen - self._seen
        self.longest = max(self.longest, now - self._last, waited if waited > HANGING else 0.0)
        self._last, self._seen = now, seen

    async def follow(self, what: str, step: Step) -> None:
        """Do `step`; a turn that is too long must be so three times, as a busy machine slows all work down."""
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
        self.longest, self._last, self._seen = 0.0, thread_time(), perf_counter()
        self._beat.start()
        await step()
        await asyncio.sleep(0)
        self._pulse()
        self._beat.stop()
        return self.longest
