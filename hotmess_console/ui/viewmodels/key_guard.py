"""Keys that come too soon to be meant: bounces, held keys, and decisions on a case just swapped in."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

REPEAT_WITHIN_S = 0.060
SETTLE_S = 0.250


class Ignored(StrEnum):
    """Why a key did nothing, in the words that the status bar shows."""

    REPEATED = "That key came twice within 60 ms, so the second was ignored. Press it again if you meant it."
    HELD = "A key held down acts once. Release it and press it again."
    JUST_CHANGED = "The case changed as you pressed that key, so the key was ignored. Look, then press again."


class KeyGuard:
    """Remembers the last key and when the focused case last changed by itself.

    `clock` gives monotonic seconds. Ask `refusal` once per key press, in order; it returns None to go ahead.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: tuple[str, float] | None = None
        self._changed: float | None = None

    def case_changed(self) -> None:
        """Tell that another case came into focus without the person having moved there."""
        self._changed = self._clock()

    def refusal(self, key: str, *, decides: bool = False, travels: bool = False, held: bool = False) -> Ignored | None:
        """Why `key` must do nothing now, or None.

        `decides` marks a key that acts on the focused case, `travels` one that only moves; `held` a press
        sent by the keyboard's own repeat, which is how people travel with J, never how they decide or tick.
        """
        now = self._clock()
        last, self._last = self._last, (key, now)
        if held:
            return None if travels else Ignored.HELD
        if last is not None and last[0] == key and now - last[1] < REPEAT_WITHIN_S:
            return Ignored.REPEATED
        if decides and self._changed is not None and now - self._changed < SETTLE_S:
            return Ignored.JUST_CHANGED
        return None
