"""When a demo ticket came in and how far it has got, so that a demo looks like the middle of a shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from hotmess_console.domain.values import Category, Level, Status
from hotmess_console.services.demo.situations import ScriptedTurn, Situation

_HOUR = 60.0
_GOLDEN = 0.6180339887  # multiples fall evenly over 0 to 1, so that a small demo has its share of each
_TARGET_HOURS = {
    Category.SAFETY: 1,
    Category.BILLING: 4,
    Category.TECHNICAL: 24,
    Category.GENERAL: 24,
    Category.FEEDBACK: 48,
    Category.BUSINESS: 24,
    Category.OTHER: 24,
}
"""Only to spread arrivals around the manual's targets; the clocks themselves follow the policy."""

_IDLE_MINUTES = {
    Status.IN_PROGRESS: (4.0, 5 * _HOUR),
    Status.WAITING: (30.0, 144 * _HOUR),
    Status.RESOLVED: (20.0, 156 * _HOUR),
    Status.CLOSED: (172 * _HOUR, 480 * _HOUR),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """When the ticket came in, when each turn so far was written, and where that leaves it."""

    created_at: datetime
    turns_at: tuple[datetime, ...]
    status: Status
    level: Level
    claimed: bool


def plan(situation: Situation, index: int, rng: Random, now: datetime) -> Plan:
    """A moment in the story of the ticket in place `index`: only the first message, some of it, or all."""
    done = situation.thread[: _turns_done(situation, rng)]
    claimed = bool(done) or rng.random() < 0.2
    status = _status(done, claimed)
    if status is Status.RESOLVED and rng.random() < 0.2:
        status = Status.CLOSED
    if any(turn.by != "note" for turn in done):
        idle = rng.uniform(*_IDLE_MINUTES[status])
    else:
        idle = _minutes_waiting(situation.category, index, rng)
    gaps = [turn.after * rng.uniform(0.7, 1.4) for turn in done]
    at = (now - timedelta(minutes=idle + sum(gaps))).replace(microsecond=0)
    return Plan(at, _moments(at, gaps), status, _level(situation, done), claimed)


def _turns_done(situation: Situation, rng: Random) -> int:
    if not situation.thread or rng.random() < 0.3:
        return 0
    return rng.randint(1, len(situation.thread))


def _status(done: tuple[ScriptedTurn, ...], claimed: bool) -> Status:
    spoken = [turn for turn in done if turn.by != "note"]
    if spoken and spoken[-1].then:
        return spoken[-1].then
    return Status.IN_PROGRESS if claimed else Status.OPEN


def _level(situation: Situation, done: tuple[ScriptedTurn, ...]) -> Level:
    lowest = Level.SENIOR if situation.category is Category.SAFETY else Level.SUPPORT
    return max([lowest, *(turn.level for turn in done if turn.level)])


def _minutes_waiting(category: Category, index: int, rng: Random) -> float:
    """How long nobody has answered: one in eight past the target, one in six close to it, the rest calm."""
    target = _TARGET_HOURS[category] * _HOUR
    draw = index * _GOLDEN % 1
    if draw < 1 / 8:
        return target * rng.uniform(1.02, 1.6)
    if draw < 1 / 8 + 1 / 6:
        return target * rng.uniform(0.82, 0.98)
    return target * rng.uniform(0.02, 0.75)


def _moments(start: datetime, gaps: list[float]) -> tuple[datetime, ...]:
    moments, at = [], start
    for gap in gaps:
        at += timedelta(seconds=int(gap * 60))
        moments.append(at)
    return tuple(moments)
