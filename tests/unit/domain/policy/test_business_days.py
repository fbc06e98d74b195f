"""Business days in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.policy.business_days import deadline, is_business_day

pytestmark = pytest.mark.foundation

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})


def test_seven_business_days_after_a_monday_end_on_the_wednesday_of_the_next_week() -> None:
    monday = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
    assert deadline(monday, holidays=frozenset()) == datetime(2026, 12, 2, 23, 59, 59, tzinfo=UTC)


def test_holidays_and_weekends_do_not_count() -> None:
    wednesday = datetime(2026, 12, 23, 9, tzinfo=UTC)
    # 24, 29, 30, 31 December and 4, 5, 6 January
    assert deadline(wednesday, holidays=CHRISTMAS) == datetime(2027, 1, 6, 23, 59, 59, tzinfo=UTC)


def test_what_arrives_late_on_a_summer_evening_utc_arrives_the_next_day_in_london() -> None:
    before, after = datetime(2026, 7, 1, 22, 59, tzinfo=UTC), datetime(2026, 7, 1, 23, 1, tzinfo=UTC)
    late, early = deadline(after, 1, holidays=frozenset()), deadline(before, 1, holidays=frozenset())
    assert late - early == timedelta(days=1)


def test_the_last_second_is_londons_in_summer_too() -> None:
    thursday = datetime(2026, 7, 2, 12, tzinfo=UTC)
    assert deadline(thursday, 1, holidays=frozenset()) == datetime(2026, 7, 3, 22, 59, 59, tzinfo=UTC)


def test_a_deadline_over_the_change_of_the_clocks_still_ends_with_the_london_day() -> None:
    friday = datetime(2026, 10, 23, 12, tzinfo=UTC)
    assert deadline(friday, 1, holidays=frozenset()) == datetime(2026, 10, 26, 23, 59, 59, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        deadline(datetime(2026, 7, 1), holidays=frozenset())  # noqa: DTZ001


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 30),
    st.sets(st.dates(date(2020, 1, 1), date(2035, 12, 31)), max_size=30),
)
@settings(max_examples=100)
def test_exactly_that_many_business_days_lie_behind_the_day_of_receipt(
    received: datetime, days: int, holidays: set[date]
) -> None:
    """Counted over an own walk through the calendar by London's offset, which is nought or one hour."""
    due = deadline(received, days, holidays=holidays)
    last = (due + timedelta(hours=1)).date() if due.hour == 22 else due.date()
    first = {(received + timedelta(hours=h)).date() for h in (0, 1)}
    counts = set()
    for start in first:
        walked = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
        counts.add(sum(is_business_day(day, holidays) for day in walked))
    assert days in counts
    assert is_business_day(last, holidays)
    assert due.minute == due.second == 59
