"""How long a ticket may wait, and when the clock stands still.

Source: manual, "Ticket Categories & Response Times" and "Ticket Workflow". The clock runs around the clock, every day.
Until the first reply `due_at` means the first response, afterwards the resolution (decision 10). While we wait for the
user it stands still and keeps what was left; in resolved and closed it is stopped. A changed category counts from the
ticket's own start, so the new time may have passed already. Priority orders the queue and moves no due time: the
manual promises times to categories.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotmess_console.domain.policy.targets import MANUAL as MANUAL
from hotmess_console.domain.policy.targets import Target as Target
from hotmess_console.domain.policy.targets import Targets as Targets
from hotmess_console.domain.values import Category


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock. Running: `due_at` is set. Paused: `paused_at` and `left` are set. Stopped: only `left` is.

    `left` and `breach_left` are negative when the moment had passed before the clock stood still.
    """

    started_at: datetime
    due_at: datetime | None
    breach_at: datetime | None
    paused_at: datetime | None = None
    left: timedelta | None = None
    breach_left: timedelta | None = None

    @property
    def running(self) -> bool:
        """Whether time is being used."""
        return self.due_at is not None

    def left_at(self, now: datetime) -> timedelta | None:
        """Return the time left until due, negative when overdue; None for a clock that never had any."""
        return self.left if self.due_at is None else self.due_at - now

    def breached(self, now: datetime) -> bool:
        """Return whether the promise was broken: the upper end of the manual's range has passed."""
        left = self.breach_left if self.breach_at is None else self.breach_at - now
        return left is not None and left <= timedelta(0)

    def paused(self, now: datetime) -> Clock:
        """Return the clock standing still since `now`, keeping what was left; a paused one is unchanged."""
        if self.due_at is None or self.breach_at is None:
            return self if self.paused_at is not None or self.left is None else replace(self, paused_at=now)
        return Clock(self.started_at, None, None, now, self.due_at - now, self.breach_at - now)

    def resumed(self, now: datetime) -> Clock:
        """Return the clock running again with what was left; a running one is unchanged."""
        if self.due_at is not None or self.left is None or self.breach_left is None:
            return self
        return Clock(self.started_at, now + self.left, now + self.breach_left)

    def stopped(self, now: datetime) -> Clock:
        """Return the clock stopped, keeping what was left so that an undo can let it run again."""
        return replace(self.paused(now), paused_at=None)


def start_response(category: Category, at: datetime, targets: Targets) -> Clock:
    """Return the clock of a first response, running since `at`."""
    return _started(targets.of(category), at)


def start_resolution(category: Category, at: datetime, targets: Targets) -> Clock:
    """Return the clock of a resolution, running since `at`."""
    return _started(targets.resolving(category), at)


def _started(target: Target, at: datetime) -> Clock:
    return Clock(at, at + target.due, at + target.breach)


def retargeted(clock: Clock, was: Category, category: Category, targets: Targets, *, first_response: bool) -> Clock:
    """Return the clock under another category's promise, as if it had been that from the start.

    Pauses stay credited. `lifts_breach` tells whether a broken promise stops being one: that is never done silently.
    """
    promise = targets.of if first_response else targets.resolving
    due_by = promise(category).due - promise(was).due
    breach_by = promise(category).breach - promise(was).breach
    return replace(
        clock,
        due_at=None if clock.due_at is None else clock.due_at + due_by,
        breach_at=None if clock.breach_at is None else clock.breach_at + breach_by,
        left=None if clock.left is None else clock.left + due_by,
        breach_left=None if clock.breach_left is None else clock.breach_left + breach_by,
    )


def lifts_breach(before: Clock, after: Clock, now: datetime) -> bool:
    """Return whether `before` was breached at `now` and `after` is not, so that the person must be told."""
    return before.breached(now) and not after.breached(now)
