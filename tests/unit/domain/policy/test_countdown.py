"""The words of a due time, and the moments at which they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.policy.countdown import DueState, due_state, due_words, next_change
from hotmess_console.domain.policy.sla import MANUAL, Clock, start_response
from hotmess_console.domain.values import Category

pytestmark = pytest.mark.foundation

NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def due_in(left: timedelta) -> Clock:
    return Clock(NOW - DAY, NOW + left, NOW + left)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (48 * MINUTE, "48 min"),
        (49 * MINUTE - timedelta(seconds=1), "48 min"),
        (HOUR + 36 * MINUTE, "1 h 36"),
        (6 * HOUR + 2 * MINUTE, "6 h 02"),
        (11 * HOUR + 30 * MINUTE, "11 h 30"),
        (2 * HOUR, "2 h"),
        (14 * HOUR, "14 h"),
        (14 * HOUR + 59 * MINUTE, "14 h"),
        (DAY + 14 * HOUR, "1 d 14 h"),
        (2 * DAY, "2 d"),
        (8 * DAY + 5 * HOUR, "8 d"),
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(0), "Overdue"),
        (-6 * MINUTE, "Overdue 6 min"),
        (-(DAY + 2 * HOUR), "Overdue 1 d 2 h"),
    ],
)
def test_time_is_said_in_the_shortest_words_that_matter(left: timedelta, words: str) -> None:
    assert due_words(due_in(left), NOW) == words


def test_a_clock_at_rest_says_so_and_never_changes() -> None:
    paused, stopped = due_in(HOUR).paused(NOW), due_in(-HOUR).stopped(NOW)
    assert (due_words(paused, NOW + DAY), due_words(stopped, NOW + DAY)) == ("Paused", "Done")
    assert due_state(paused, NOW + DAY, HOUR) is DueState.PAUSED
    assert due_state(stopped, NOW + DAY, HOUR) is DueState.DONE
    assert next_change(paused, NOW, HOUR) is next_change(stopped, NOW, HOUR) is None


def test_a_billing_ticket_is_due_soon_when_three_of_its_four_hours_are_used() -> None:
    clock, promised = start_response(Category.BILLING, NOW, MANUAL), MANUAL.of(Category.BILLING).due
    assert due_state(clock, NOW + 3 * HOUR - timedelta(microseconds=1), promised) is DueState.CALM
    assert due_state(clock, NOW + 3 * HOUR, promised) is DueState.SOON
    assert due_state(clock, NOW + 4 * HOUR, promised) is DueState.OVER


def test_days_of_waiting_for_the_user_are_not_used_time() -> None:
    clock = start_response(Category.BILLING, NOW, MANUAL).paused(NOW + MINUTE).resumed(NOW + 5 * DAY)
    assert due_state(clock, NOW + 5 * DAY, 4 * HOUR) is DueState.CALM


SECONDS = st.integers(-20 * 86_400_000_000, 20 * 86_400_000_000).map(lambda us: timedelta(microseconds=us))


@given(SECONDS, st.timedeltas(min_value=MINUTE, max_value=9 * DAY), st.floats(0, 1, exclude_max=True))
@settings(max_examples=300)
def test_words_and_state_hold_until_the_next_change_and_differ_at_it(
    left: timedelta, promised: timedelta, share: float
) -> None:
    clock = due_in(left)
    change = next_change(clock, NOW, promised)
    assert change is not None
    assert change > NOW

    def shown(at: datetime) -> tuple[str, DueState]:
        return due_words(clock, at), due_state(clock, at, promised)

    last = change - timedelta(microseconds=1)
    assert shown(change) != shown(NOW)
    assert shown(last) == shown(NOW) == shown(NOW + (last - NOW) * share)
