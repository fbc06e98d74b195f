"""Times read as people say them, across midnight, the change of the clocks and the end of the year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotmess_console.ui.viewmodels import when

pytestmark = pytest.mark.foundation

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T02:19", "02:19"),
        ("2026-11-23T23:59", "23:59"),
        ("2026-11-22T22:53", "Sun 22:53"),
        ("2026-11-17T00:00", "Tue 00:00"),
        ("2026-11-16T23:59", "16 Nov"),
        ("2026-11-29T09:00", "Sun 09:00"),
        ("2026-01-01T00:00", "1 Jan"),
        ("2025-11-03T12:00", "3 Nov 2025"),
        ("2027-01-02T12:00", "2 Jan 2027"),
    ],
)
def test_a_moment_is_as_short_as_is_clear(moment: str, words: str) -> None:
    assert when.short(at(moment), NOW, LONDON) == words


def test_the_year_is_left_out_and_the_weekday_kept_across_new_year() -> None:
    after_new_year = at("2027-01-02T10:00")
    assert when.short(at("2026-12-31T23:30"), after_new_year, LONDON) == "Thu 23:30"
    assert when.short(at("2026-12-20T23:30"), after_new_year, LONDON) == "20 Dec 2026"


def test_midnight_is_that_of_the_zone_and_not_of_utc() -> None:
    summer = at("2026-07-01T12:00")
    assert when.short(at("2026-06-30T23:30"), summer, LONDON) == "00:30"
    assert when.short(at("2026-06-30T22:30"), summer, LONDON) == "Tue 23:30"


def test_the_hour_that_comes_twice_in_october_is_told_apart_in_full() -> None:
    first, second = at("2026-10-25T00:30"), at("2026-10-25T01:30")
    assert when.clock_time(first, LONDON) == when.clock_time(second, LONDON) == "01:30"
    assert when.full(first, LONDON) == "Sun 25 Oct 2026, 01:30 BST"
    assert when.full(second, LONDON) == "Sun 25 Oct 2026, 01:30 GMT"


def test_the_hour_that_is_missing_in_march_is_never_shown() -> None:
    night = [at("2026-03-29T00:00") + timedelta(minutes=10 * n) for n in range(12)]
    shown = [when.clock_time(moment, LONDON) for moment in night]
    assert not [words for words in shown if words.startswith("01:")]
    assert shown == sorted(shown)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T00:00", "Today"),
        ("2026-11-22T23:59", "Yesterday"),
        ("2026-11-21T12:00", "Saturday 21 November"),
        ("2025-11-21T12:00", "21 November 2025"),
        ("2026-11-24T00:00", "Tuesday 24 November"),
    ],
)
def test_a_day_has_the_heading_that_people_use(moment: str, words: str) -> None:
    assert when.day(at(moment), NOW, LONDON) == words


def test_the_workstation_has_a_zone() -> None:
    assert NOW.astimezone(when.workstation_zone()) == NOW
