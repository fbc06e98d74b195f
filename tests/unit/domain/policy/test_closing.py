"""Closing by age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotmess_console.domain.policy.closing import closes_at
from hotmess_console.domain.values import Status

pytestmark = pytest.mark.foundation

SENT = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the clocks go back the night after
DAY = timedelta(days=1)


@pytest.mark.parametrize("status", [Status.WAITING, Status.RESOLVED])
def test_a_ticket_that_waits_for_the_user_closes_7_days_after_our_last_message(status: Status) -> None:
    assert closes_at(status, SENT) == datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", [Status.OPEN, Status.IN_PROGRESS])
def test_a_ticket_that_waits_for_us_never_closes_however_old(status: Status) -> None:
    assert closes_at(status, SENT, resolved_at=SENT) is None


def test_a_closed_ticket_does_not_close_again() -> None:
    assert closes_at(Status.CLOSED, SENT, resolved_at=SENT) is None


def test_the_days_are_a_setting() -> None:
    assert closes_at(Status.RESOLVED, SENT, 2 * DAY) == SENT + 2 * DAY


def test_the_days_count_from_the_message_and_not_from_the_mark() -> None:
    assert closes_at(Status.RESOLVED, SENT, resolved_at=SENT + 3 * DAY) == SENT + 7 * DAY


def test_a_ticket_resolved_without_a_word_counts_from_then() -> None:
    assert closes_at(Status.RESOLVED, None, resolved_at=SENT) == SENT + 7 * DAY


def test_a_ticket_to_which_nothing_was_ever_sent_does_not_close_while_waiting() -> None:
    assert closes_at(Status.WAITING, None, resolved_at=SENT) is None
