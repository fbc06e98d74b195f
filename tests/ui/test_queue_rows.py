"""A case in words: as painted and as spoken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.policy.countdown import DueState
from hotmess_console.domain.values import Login, Status, Urgency
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import PALETTES
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.queue_rows import Row
from hotmess_console.ui.widgets.avatar import hue
from tests.ui.queue_samples import LONDON, MINE, NOW, OTHER, STAFF, THEIRS, busy_night, make_case, words

pytestmark = pytest.mark.foundation


def row(**changes: object) -> Row:
    return words(replace(make_case(1), **changes), NOW, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (datetime(2026, 11, 23, 3, 19, tzinfo=UTC), "03:19"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "Tue 09:00"),
        (datetime(2026, 11, 22, 22, 40, tzinfo=UTC), "Sun 22:40"),
        (datetime(2026, 12, 23, 9, 0, tzinfo=UTC), "23 Dec"),
        (datetime(2027, 1, 23, 9, 0, tzinfo=UTC), "23 Jan 2027"),
    ],
)
def test_a_time_is_written_as_short_as_is_clear(due: datetime, expected: str) -> None:
    assert when.short(due, NOW, LONDON) == expected


def test_times_are_those_of_the_zone_that_the_window_shows() -> None:
    assert when.short(NOW, NOW, ZoneInfo("Asia/Tokyo")) == "11:31"


def test_the_day_is_that_of_the_zone_too() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert when.short(late, NOW, ZoneInfo("Asia/Tokyo")) == "Tue 08:30"


def test_overdue_is_a_word_over_the_absolute_time() -> None:
    late = row(due_at=NOW - timedelta(minutes=6))
    assert (late.due, late.due_at, late.due_state) == ("Overdue 6 min", "02:25", DueState.OVER)


def test_a_paused_clock_says_since_when() -> None:
    paused = row(status=Status.WAITING, paused_at=NOW - timedelta(minutes=79), due_at=None)
    assert (paused.due, paused.due_at, paused.due_state) == ("Paused", "since 01:12", DueState.PAUSED)


def test_only_the_immediate_band_may_be_late_in_red() -> None:
    late = {"due_at": NOW - timedelta(minutes=6)}
    assert row(urgency=Urgency.IMMEDIATE, **late).late_and_grave
    assert not row(urgency=Urgency.HIGH, **late).late_and_grave


def test_a_row_is_spoken_as_one_sentence_with_everything_that_is_painted() -> None:
    spoken = words(busy_night()[0], NOW, (THEIRS,)).spoken()
    assert spoken == (
        "I cannot reach the person I was meeting, unread, immediate urgency, Safety, in progress, level 3, "
        "overdue 6 min, was due 02:25, assigned to Pat Noor, Jo Kerr is reading it, HM-10482."
    )


def test_an_unclaimed_row_says_so_and_when_it_is_due() -> None:
    spoken = words(busy_night()[1], NOW, ()).spoken()
    assert "due in 12 min, at 02:43" in spoken
    assert "unclaimed" in spoken


def test_whoever_owns_the_case_is_not_named_twice_as_its_reader() -> None:
    assert words(busy_night()[0], NOW, (OTHER,)).present == ()


@pytest.mark.parametrize("palette", PALETTES)
def test_a_person_has_the_same_colour_in_the_queue_as_everywhere_else(qapp: QApplication, palette: str) -> None:
    theme().apply(qapp, palette)
    people = {login: row(assignee=login).assignee for login in (MINE, THEIRS, OTHER, Login("gone"))}
    for login, face in people.items():
        assert face is not None
        assert QColor(PALETTES[palette].avatars[face.hue]) == hue(STAFF.name(login))
    assert len({face.hue for face in people.values() if face is not None}) > 1


def test_a_login_that_left_the_directory_still_has_a_face() -> None:
    gone = row(assignee=Login("zoe"))
    assert gone.assignee is not None
    assert (gone.assignee.initials, gone.assignee.name) == ("ZO", "a former colleague")


def test_a_case_without_a_subject_says_so() -> None:
    assert row(subject="").subject == "(no subject)"


def test_a_subject_of_a_million_characters_is_capped_before_it_is_laid_out() -> None:
    endless = row(subject="x" * 1_000_000, snippet="y " * 500_000)
    assert len(endless.subject) <= 160
    assert len(endless.snippet) <= 200


def test_line_breaks_and_bidirectional_controls_do_not_reach_the_row() -> None:
    hostile = row(subject="one\ntwo\u202ethree")
    assert "\n" not in hostile.subject
    assert "\u202e" not in hostile.subject


def test_an_open_case_without_a_clock_is_not_called_done() -> None:
    assert row(due_at=None).due == ""
    assert row(due_at=None, status=Status.CLOSED).due == "Done"
