"""The clock of a ticket in words: running, late, broken, paused, stopped, absent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.threads import Pause
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import Priority, Status
from hotmess_console.ui.viewmodels.clock_words import ClockWords, clock_words
from tests.ui.fakes_details import LONDON, NOW, ago, ticket

pytestmark = pytest.mark.foundation


def shown(of: Ticket, *pauses: Pause) -> ClockWords:
    return clock_words(of, pauses, NOW, LONDON, "Rowan")


def clock(started: float, left: float, breach: float | None = None) -> Clock:
    due = NOW + timedelta(minutes=left)
    return Clock(ago(started), due, due if breach is None else NOW + timedelta(minutes=breach))


def test_a_pause_is_named_and_takes_nothing_from_the_promise() -> None:
    words = shown(ticket(), Pause(ago(38), ago(12)))
    assert words.words == "Reply due in 48 min"
    assert (words.due, words.started, words.ends) == ("03:19", "Started Sun 22:53", "Due 03:19")
    assert words.paused == "26 min paused, waiting on Rowan"
    assert words.target == "High, 4 h"
    assert [kind for kind, _ in words.spans] == ["used", "paused", "used"]
    assert words.tone == "warn"


def test_after_the_first_reply_it_is_the_resolution_that_is_due() -> None:
    assert shown(ticket(first_response_at=ago(100))).words == "Resolution due in 48 min"


def test_a_calm_clock_has_no_colour() -> None:
    assert shown(ticket(clock=clock(10, 230))).tone == "neutral"


def test_late_is_a_word_and_amber_outside_the_immediate_band() -> None:
    late = shown(ticket(clock=clock(246, -6, 60)))
    assert late.words == "Reply overdue 6 min"
    assert late.tone == "warn"
    assert late.ends == "Due 02:25 · breach 03:31"


def test_late_is_red_only_in_the_immediate_band() -> None:
    assert shown(ticket(priority=Priority.URGENT, clock=clock(66, -6))).tone == "danger"


def test_a_broken_promise_is_said() -> None:
    assert shown(ticket(clock=clock(600, -120, -60))).words == "Reply overdue 2 h · target missed"


def test_a_paused_clock_says_since_when_for_whom_and_what_is_left() -> None:
    still = clock(100, 60).paused(ago(30))
    words = shown(ticket(status=Status.WAITING, clock=still), Pause(ago(30), None))
    assert words.words == "Paused, 1 h 30 left"
    assert words.paused == "Paused since 02:01, waiting on Rowan"
    assert [kind for kind, _ in words.spans] == ["used", "paused"]
    assert words.at_rest


def test_a_clock_paused_too_late_says_by_how_much() -> None:
    still = clock(100, -10).paused(NOW)
    assert shown(ticket(status=Status.WAITING, clock=still)).words == "Paused, overdue by 10 min"


def test_a_finished_ticket_has_a_stopped_clock() -> None:
    done = ticket(status=Status.RESOLVED, clock=clock(100, 60).stopped(ago(5)), resolved_at=ago(5))
    words = shown(done)
    assert words.words == "Stopped, 1 h 05 left"
    assert words.ends == "Resolved 02:26"


def test_history_without_a_clock_promises_nothing() -> None:
    assert shown(ticket(clock=None)).words == "No clock"


def test_pauses_before_a_new_clock_started_do_not_count() -> None:
    assert shown(ticket(clock=clock(10, 60)), Pause(ago(300), ago(200))).paused == ""


minutes = st.integers(0, 5_000)


@given(minutes, st.integers(-5_000, 5_000), st.lists(st.tuples(minutes, minutes), max_size=6))
def test_the_bar_is_never_longer_than_itself(started: int, left: int, pauses: list[tuple[int, int]]) -> None:
    stretches = [Pause(ago(max(pair)), ago(min(pair))) for pair in pauses]
    words = shown(ticket(clock=clock(started, left)), *stretches)
    assert all(share >= 0 for _, share in words.spans)
    assert sum(share for _, share in words.spans) <= 1.000001
