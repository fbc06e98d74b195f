"""London time in messages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hotmess_console.domain.london import day, london, written, written_day

pytestmark = pytest.mark.foundation


def test_a_winter_moment_is_written_as_greenwich_has_it() -> None:
    assert written(datetime(2026, 11, 23, 2, 5, tzinfo=UTC)) == "23 November 2026, 02:05 (London)"


def test_a_summer_moment_is_an_hour_later_and_may_be_the_next_day() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert written(late) == "1 July 2026, 00:30 (London)"
    assert day(late) == date(2026, 7, 1)


def test_a_day_has_no_time_and_no_leading_nought() -> None:
    assert written_day(date(2026, 2, 3)) == "3 February 2026"


def test_every_month_is_written_in_full_and_in_english() -> None:
    months = [written_day(date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert "".join(month[0] for month in months) == "JFMAMJJASOND"
    assert sum(map(len, months)) == 74


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        london(datetime(2026, 6, 30))  # noqa: DTZ001
