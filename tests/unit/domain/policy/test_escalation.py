"""Levels, the manual's reasons for each, and who is told."""

from __future__ import annotations

import pytest

from hotmess_console.domain.errors import BadInput, StateError
from hotmess_console.domain.policy.escalation import CRITERIA, NAME_OF, ROLE_OF, check, reasons_for
from hotmess_console.domain.values import Level, Role

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("level", "name", "reasons"),
    [
        (1, "Support team", ["General inquiries", "Basic technical issues", "Account questions"]),
        (2, "Senior support", ["Complex billing disputes", "Policy violations", "Multi-step technical issues"]),
        (3, "Management", ["Legal concerns", "Safety emergencies", "Payment fraud", "PR-sensitive issues"]),
    ],
)
def test_the_reasons_are_the_manuals(level: int, name: str, reasons: list[str]) -> None:
    assert [criterion.words for criterion in reasons_for(Level(level))] == reasons
    assert NAME_OF[Level(level)] == name


def test_every_reason_has_an_id_of_its_own() -> None:
    assert len({criterion.id for criterion in CRITERIA}) == len(CRITERIA)


def test_each_levels_people_are_told() -> None:
    assert ROLE_OF == {Level.SUPPORT: Role.AGENT, Level.SENIOR: Role.SENIOR, Level.MANAGEMENT: Role.MANAGER}


@pytest.mark.parametrize("start", list(Level))
@pytest.mark.parametrize("to", list(Level))
def test_a_case_goes_up_for_each_reason_of_the_level_above_and_never_down(start: Level, to: Level) -> None:
    for criterion in CRITERIA:
        if to <= start:
            with pytest.raises(StateError):
                check(start, to, criterion.id)
        elif criterion.level is not to:
            with pytest.raises(BadInput):
                check(start, to, criterion.id)
        else:
            check(start, to, criterion.id)


def test_an_invented_reason_is_refused() -> None:
    with pytest.raises(BadInput, match="manual's reasons"):
        check(Level.SUPPORT, Level.SENIOR, "because")
