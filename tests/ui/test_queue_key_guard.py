"""Keys that come too soon are ignored, and say so."""

from __future__ import annotations

import pytest

from hotmess_console.ui.viewmodels.key_guard import Ignored, KeyGuard

pytestmark = pytest.mark.foundation


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, milliseconds: float) -> None:
        self.now += milliseconds / 1000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> KeyGuard:
    return KeyGuard(clock)


@pytest.mark.parametrize(("pause", "expected"), [(0, Ignored.REPEATED), (59, Ignored.REPEATED), (61, None)])
def test_the_same_key_within_60_ms_is_a_bounce(
    guard: KeyGuard, clock: Clock, pause: float, expected: Ignored | None
) -> None:
    assert guard.refusal("D", decides=True) is None
    clock.wait(pause)
    assert guard.refusal("D", decides=True) is expected


def test_another_key_within_60_ms_is_quick_typing(guard: KeyGuard, clock: Clock) -> None:
    assert guard.refusal("J", travels=True) is None
    clock.wait(20)
    assert guard.refusal("X") is None


@pytest.mark.parametrize(("pause", "expected"), [(1, Ignored.JUST_CHANGED), (249, Ignored.JUST_CHANGED), (251, None)])
def test_a_decision_within_250_ms_of_a_case_changing_by_itself_is_ignored(
    guard: KeyGuard, clock: Clock, pause: float, expected: Ignored | None
) -> None:
    guard.case_changed()
    clock.wait(pause)
    assert guard.refusal("A", decides=True) is expected


def test_moving_on_is_allowed_right_after_the_case_changed(guard: KeyGuard) -> None:
    guard.case_changed()
    assert guard.refusal("J", travels=True) is None


def test_a_held_key_may_travel_but_never_act(guard: KeyGuard, clock: Clock) -> None:
    assert guard.refusal("J", travels=True, held=True) is None
    clock.wait(1000)
    assert guard.refusal("D", decides=True, held=True) is Ignored.HELD
    assert guard.refusal("X", held=True) is Ignored.HELD


def test_the_reason_is_a_sentence_that_says_what_to_do() -> None:
    for reason in Ignored:
        assert reason.value.endswith(".")
        assert "again" in reason.value
