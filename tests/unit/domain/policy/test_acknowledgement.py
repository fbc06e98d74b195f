"""Who gets the one confirmation, and what it promises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotmess_console.domain.policy.acknowledgement import is_owed, timeframe
from hotmess_console.domain.policy.targets import MANUAL, Target
from hotmess_console.domain.values import Category, Priority

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("category", "words"),
    [
        (Category.SAFETY, "1 hour"),
        (Category.BILLING, "4 hours"),
        (Category.TECHNICAL, "24 hours"),
        (Category.GENERAL, "24-48 hours"),
        (Category.FEEDBACK, "48-72 hours"),
        (Category.BUSINESS, "24 hours"),
        (Category.OTHER, "24-48 hours"),
    ],
)
def test_the_time_frame_is_worded_as_the_manuals_table(category: Category, words: str) -> None:
    assert timeframe(MANUAL.of(category)) == words


@pytest.mark.parametrize(
    ("due", "breach", "words"), [(90, 90, "90 minutes"), (1, 1, "1 minute"), (30, 60, "30-60 minutes")]
)
def test_a_time_frame_that_is_no_whole_hour_is_said_in_minutes(due: int, breach: int, words: str) -> None:
    target = Target(Priority.NORMAL, timedelta(minutes=due), timedelta(minutes=breach))
    assert timeframe(target) == words


def test_somebody_with_an_address_is_told() -> None:
    assert is_owed("rowan.hale@example.org")


@pytest.mark.parametrize(
    "address", ["", "  ", "no address", "@example.org", "rowan@", "0f3a@import.invalid", " 0F3A@Import.INVALID "]
)
def test_a_row_without_an_address_is_never_written_to(address: str) -> None:
    assert not is_owed(address)
