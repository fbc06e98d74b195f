"""The clock of a ticket: started, paused, resumed, stopped, moved to another category."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.policy.sla import (
    MANUAL,
    Clock,
    lifts_breach,
    retargeted,
    start_resolution,
    start_response,
)
from hotmess_console.domain.values import Category

pytestmark = pytest.mark.foundation

START = datetime(2026, 11, 22, 22, 53, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9))
CATEGORIES = st.sampled_from(Category)


def test_a_billing_ticket_is_due_and_breached_four_hours_after_it_was_opened() -> None:
    clock = start_response(Category.BILLING, START, MANUAL)
    assert clock.due_at == clock.breach_at == START + 4 * HOUR


def test_a_range_is_due_at_its_lower_end_and_breached_at_its_upper() -> None:
    clock = start_response(Category.FEEDBACK, START, MANUAL)
    assert (clock.due_at, clock.breach_at) == (START + 48 * HOUR, START + 72 * HOUR)
    assert not clock.breached(START + 72 * HOUR - timedelta(microseconds=1))
    assert clock.breached(START + 72 * HOUR)


def test_the_resolution_counts_the_same_figures_again_from_the_first_reply() -> None:
    replied = START + 3 * HOUR
    assert start_resolution(Category.BILLING, replied, MANUAL).due_at == replied + 4 * HOUR


def test_the_clock_runs_at_night_and_on_sundays() -> None:
    sunday_night = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert start_response(Category.SAFETY, sunday_night, MANUAL).due_at == sunday_night + HOUR


def test_26_minutes_of_waiting_move_the_due_time_by_26_minutes() -> None:
    clock = start_response(Category.BILLING, START, MANUAL)
    paused = clock.paused(START + 3 * HOUR)
    assert (paused.due_at, paused.breach_at, paused.left) == (None, None, HOUR)
    assert paused.paused_at == START + 3 * HOUR
    resumed = paused.resumed(START + 3 * HOUR + timedelta(minutes=26))
    assert resumed.due_at == START + 4 * HOUR + timedelta(minutes=26)
    assert resumed.paused_at is None


def test_what_was_overdue_before_a_pause_is_as_overdue_after_it() -> None:
    clock = start_response(Category.SAFETY, START, MANUAL)
    resumed = clock.paused(START + 2 * HOUR).resumed(START + 50 * HOUR)
    assert resumed.due_at == START + 49 * HOUR
    assert resumed.breached(START + 50 * HOUR)


def test_pausing_and_resuming_twice_is_like_once() -> None:
    clock = start_response(Category.BILLING, START, MANUAL)
    paused = clock.paused(START + HOUR)
    assert paused.paused(START + 2 * HOUR) == paused
    resumed = paused.resumed(START + 3 * HOUR)
    assert resumed.resumed(START + 4 * HOUR) == resumed


def test_a_stopped_clock_is_neither_running_nor_paused_and_can_run_again() -> None:
    stopped = start_response(Category.BILLING, START, MANUAL).stopped(START + HOUR)
    assert (stopped.due_at, stopped.paused_at, stopped.left) == (None, None, 3 * HOUR)
    assert stopped.resumed(START + 9 * HOUR).due_at == START + 12 * HOUR


def test_a_paused_clock_that_is_stopped_keeps_what_was_left_at_the_pause() -> None:
    paused = start_response(Category.BILLING, START, MANUAL).paused(START + HOUR)
    assert paused.stopped(START + 3 * HOUR).left == 3 * HOUR


@given(CATEGORIES, st.lists(st.tuples(st.sampled_from(["pause", "resume", "stop"]), SPANS), max_size=12), SPANS)
@settings(max_examples=150)
def test_no_sequence_of_pauses_makes_or_loses_running_time(
    category: Category, steps: list[tuple[str, timedelta]], rest: timedelta
) -> None:
    """An own count of the running time, span by span, is the oracle."""
    clock, now, used, running = start_response(category, START, MANUAL), START, timedelta(0), True
    for step, after in [*steps, ("resume", rest)]:
        now += after
        used += after if running else timedelta(0)
        running = step == "resume"
        clock = {"pause": clock.paused, "resume": clock.resumed, "stop": clock.stopped}[step](now)
    assert clock.left_at(now) == MANUAL.of(category).due - used
    assert clock.breach_at == now + MANUAL.of(category).breach - used


@given(CATEGORIES, CATEGORIES, SPANS, SPANS, SPANS)
@settings(max_examples=100)
def test_another_category_counts_as_if_it_had_been_that_from_the_start(
    was: Category, becomes: Category, before: timedelta, pause: timedelta, after: timedelta
) -> None:
    def lived(clock: Clock) -> Clock:
        return clock.paused(START + before).resumed(START + before + pause)

    moved = retargeted(lived(start_response(was, START, MANUAL)), was, becomes, MANUAL, first_response=True)
    assert moved == lived(start_response(becomes, START, MANUAL))
    assert retargeted(moved, becomes, was, MANUAL, first_response=True) == lived(start_response(was, START, MANUAL))


def test_another_category_reaches_a_paused_clock_too() -> None:
    paused = start_response(Category.GENERAL, START, MANUAL).paused(START + HOUR)
    moved = retargeted(paused, Category.GENERAL, Category.BILLING, MANUAL, first_response=True)
    assert (moved.left, moved.breach_left) == (3 * HOUR, 3 * HOUR)
    assert moved.paused_at == paused.paused_at


def test_a_change_of_category_that_lifts_a_breach_says_so() -> None:
    late = START + 5 * HOUR
    billing = start_response(Category.BILLING, START, MANUAL)
    general = retargeted(billing, Category.BILLING, Category.GENERAL, MANUAL, first_response=True)
    assert lifts_breach(billing, general, late)
    assert not lifts_breach(billing, general, START + HOUR)
    assert not lifts_breach(general, billing, late)


def test_a_general_ticket_found_to_be_about_safety_after_a_day_is_overdue_at_once() -> None:
    general = start_response(Category.GENERAL, START, MANUAL)
    safety = retargeted(general, Category.GENERAL, Category.SAFETY, MANUAL, first_response=True)
    assert safety.left_at(START + 20 * HOUR) == -19 * HOUR
