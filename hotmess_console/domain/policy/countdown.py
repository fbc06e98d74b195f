"""How a due time is said.

Source: manual, "Ticket Categories & Response Times", and the queue's design. A ticket is calm until three quarters of
its promised time are used, then due soon, then overdue. Words are the shortest that still matter: minutes below half a
day, hours below a week, then days; what is left is rounded down, so that nothing is promised that is not there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from hotmess_console.domain.policy.sla import Clock

SOON_FRACTION = 0.75
"""From this share of the promised time on, a ticket is due soon."""
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TICK = timedelta(microseconds=1)
_EXACT_BELOW = 12 * _HOUR
_HOURS_BELOW = 7 * _DAY


class DueState(StrEnum):
    """How pressing a clock is."""

    CALM = "calm"
    SOON = "soon"
    OVER = "over"
    PAUSED = "paused"
    DONE = "done"


def due_state(clock: Clock, now: datetime, promised: timedelta) -> DueState:
    """Return how pressing `clock` is at `now`; `promised` is the running time it had from its start."""
    if clock.due_at is None:
        return DueState.PAUSED if clock.paused_at is not None else DueState.DONE
    if now >= clock.due_at:
        return DueState.OVER
    return DueState.SOON if now >= _soon_at(clock.due_at, promised) else DueState.CALM


def due_words(clock: Clock, now: datetime) -> str:
    """Return the countdown: "48 min", "1 h 36", "14 h", "1 d 14 h", "Overdue 6 min", "Paused" or "Done"."""
    if clock.due_at is None:
        return "Paused" if clock.paused_at is not None else "Done"
    if now < clock.due_at:
        left = clock.due_at - now
        return "under 1 min" if left < _MINUTE else span_words(left)
    late = now - clock.due_at
    return "Overdue" if late < _MINUTE else f"Overdue {span_words(late)}"


def span_words(span: timedelta) -> str:
    """Return a span of at least nothing, rounded down: "48 min", "6 h 02", "14 h", "1 d 14 h", "9 d"."""
    hours, minutes = divmod(span // _MINUTE, 60)
    if not hours:
        return f"{minutes} min"
    if span < _EXACT_BELOW:
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    if not days:
        return f"{hours} h"
    return f"{days} d {hours} h" if hours and span < _HOURS_BELOW else f"{days} d"


def next_change(clock: Clock, now: datetime, promised: timedelta) -> datetime | None:
    """Return the first moment after `now` at which the words or the state differ; None for a clock at rest."""
    if clock.due_at is None:
        return None
    if now >= clock.due_at:
        late = now - clock.due_at
        return clock.due_at + (late // _step(late) + 1) * _step(late)
    left = clock.due_at - now
    word = left // _step(left) * _step(left)
    changes = [clock.due_at - word + _TICK if word else clock.due_at, _soon_at(clock.due_at, promised)]
    return min(change for change in changes if change > now)


def _soon_at(due_at: datetime, promised: timedelta) -> datetime:
    return due_at - promised * (1 - SOON_FRACTION)


def _step(span: timedelta) -> timedelta:
    if span < _EXACT_BELOW:
        return _MINUTE
    return _HOUR if span < _HOURS_BELOW else _DAY
