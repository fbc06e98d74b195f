"""Who sees a safety ticket whole, and who is told of one."""

from __future__ import annotations

import pytest

from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.escalation import reasons_for
from hotmess_console.domain.policy.guarded import CRITERION, HINT, WORDS, refused, sees, to_tell
from hotmess_console.domain.values import Level, Login, Role

pytestmark = pytest.mark.authority


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.MODERATOR])
def test_agents_seniors_and_moderators_see_the_row_only(role: Role) -> None:
    assert not sees([role])
    assert sees([role, Role.SAFETY])


@pytest.mark.parametrize("role", [Role.SAFETY, Role.MANAGER, Role.AUDITOR, Role.WORKER])
def test_safety_managers_auditors_and_the_worker_see_it_whole(role: Role) -> None:
    assert sees([role])


def test_nobody_sees_nothing() -> None:
    assert not sees([])


def test_active_safety_staff_are_told() -> None:
    people = [
        Colleague(Login(name), name, name, "X", frozenset(roles), active=name != "kit")
        for name, roles in (("noor", {Role.AGENT, Role.SAFETY}), ("rowan", {Role.AGENT}), ("kit", {Role.SAFETY}))
    ]
    assert [person.login for person in to_tell(Staff(people))] == ["noor"]


def test_the_criterion_is_the_manuals_own_and_a_matter_of_management() -> None:
    assert CRITERION in {criterion.id for criterion in reasons_for(Level.MANAGEMENT)}


def test_the_refusal_says_what_is_open_and_what_to_do() -> None:
    assert (str(refused()), refused().hint) == (WORDS, HINT)
