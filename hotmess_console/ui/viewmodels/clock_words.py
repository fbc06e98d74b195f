"""The clock of a ticket in words and shares: what is due, when, and how the time so far was used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotmess_console.domain.policy.countdown import DueState, due_state, due_words, span_words
from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.threads import Pause
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import Priority, Status
from hotmess_console.ui.viewmodels import when

USED, PAUSED = "used", "paused"
_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClockWords:
    """What the clock block shows; `spans` are (``used`` or ``paused``, share of 1) from the left.

    `tone` is neutral, warn or danger; danger only for the immediate band. `at_rest` when no time is running.
    """

    words: str
    due: str = ""
    tone: str = "neutral"
    target: str = ""
    started: str = ""
    paused: str = ""
    ends: str = ""
    spans: tuple[tuple[str, float], ...] = ()
    at_rest: bool = False


def clock_words(ticket: Ticket, pauses: Iterable[Pause], now: datetime, zone: ZoneInfo, waits_for: str) -> ClockWords:
    """Return the clock of `ticket` as of `now`; `waits_for` is who the desk waits for while it stands still."""
    clock = ticket.clock
    if clock is None:
        return ClockWords("No clock", target="Older than this desk: nothing is promised until a manager adopts it.")
    stretches = [_clipped(p, clock.started_at, now) for p in pauses if (p.until_at or now) > clock.started_at]
    stood = sum((end - start for start, end in stretches), _NOTHING)
    end = clock.due_at or _end_at_rest(clock, ticket, now, stood)
    promised = max(end - clock.started_at - stood, _NOTHING) if end else _NOTHING
    started = f"Started {when.short(clock.started_at, now, zone)}"
    shown_end = min(max(end, clock.started_at), now) if end else now
    spans = _spans(clock.started_at, shown_end, end, stretches)
    target = f"{ticket.priority.value.capitalize()}, {span_words(promised)}" if promised else ""
    if clock.due_at is not None:
        return _running(ticket, clock, now, zone, promised, started, target, spans, _stood_words(stood, waits_for))
    return _resting(ticket, clock, now, zone, started, target, spans, waits_for)


def _running(
    ticket: Ticket,
    clock: Clock,
    now: datetime,
    zone: ZoneInfo,
    promised: timedelta,
    started: str,
    target: str,
    spans: tuple[tuple[str, float], ...],
    stood: str,
) -> ClockWords:
    assert clock.due_at is not None
    state = due_state(clock, now, promised)
    left = due_words(clock, now)
    what = "Resolution" if ticket.first_response_at else "Reply"
    over = state is DueState.OVER
    words = f"{what} {left[0].lower()}{left[1:]}" if over else f"{what} due in {left}"
    ends = f"Due {when.short(clock.due_at, now, zone)}"
    if clock.breach_at is not None and clock.breach_at != clock.due_at:
        breached = clock.breached(now)
        ends += f" · {'breached' if breached else 'breach'} {when.short(clock.breach_at, now, zone)}"
    if clock.breached(now):
        words += " · target missed"
    tone = "neutral" if state is DueState.CALM else "warn"
    if over and ticket.priority is Priority.URGENT:
        tone = "danger"
    return ClockWords(words, when.short(clock.due_at, now, zone), tone, target, started, stood, ends, spans)


def _resting(
    ticket: Ticket,
    clock: Clock,
    now: datetime,
    zone: ZoneInfo,
    started: str,
    target: str,
    spans: tuple[tuple[str, float], ...],
    waits_for: str,
) -> ClockWords:
    left = _left_words(clock)
    if clock.paused_at is not None:
        since = f"Paused since {when.short(clock.paused_at, now, zone)}, waiting on {waits_for}"
        return ClockWords(f"Paused, {left}", "", "neutral", target, started, since, "", spans, True)
    finished = ticket.resolved_at
    done = "Closed" if ticket.status is Status.CLOSED else "Resolved"
    ends = f"{done} {when.short(finished, now, zone)}" if finished else done
    return ClockWords(f"Stopped, {left}", "", "neutral", target, started, "", ends, spans, True)


def _left_words(clock: Clock) -> str:
    left = clock.left or _NOTHING
    if left >= _MINUTE:
        return f"{span_words(left)} left"
    return "under 1 min left" if left > _NOTHING else f"overdue by {span_words(-left)}"


def _end_at_rest(clock: Clock, ticket: Ticket, now: datetime, stood: timedelta) -> datetime | None:
    """Return where the bar would end, had the clock run on when it came to rest."""
    rested = clock.paused_at or ticket.resolved_at or now
    # An open pause is part of what stood; the bar must have room for it.
    since = now if clock.paused_at is not None else rested
    return since + clock.left if clock.left is not None else None


def _clipped(pause: Pause, start: datetime, now: datetime) -> tuple[datetime, datetime]:
    return max(pause.from_at, start), min(pause.until_at or now, now)


def _stood_words(stood: timedelta, waits_for: str) -> str:
    return f"{span_words(stood)} paused, waiting on {waits_for}" if stood >= _MINUTE else ""


def _spans(
    start: datetime, shown_end: datetime, end: datetime | None, stretches: Iterable[tuple[datetime, datetime]]
) -> tuple[tuple[str, float], ...]:
    whole = (max(end, shown_end) if end else shown_end) - start
    if whole <= _NOTHING:
        return ((USED, 1.0),)
    spans: list[tuple[str, float]] = []
    at = start
    for first, last in sorted(stretches):
        first, last = min(first, shown_end), min(last, shown_end)
        if first > at:
            spans.append((USED, (first - at) / whole))
        if last > max(first, at):
            spans.append((PAUSED, (last - max(first, at)) / whole))
        at = max(at, last)
    if shown_end > at:
        spans.append((USED, (shown_end - at) / whole))
    return tuple(spans)
