"""Who may be given a ticket."""

from __future__ import annotations

import pytest

from hotmess_console.domain.errors import BadInput, NotAllowed
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.assignment import check, check_guarded
from hotmess_console.domain.values import Login, Role

pytestmark = pytest.mark.foundation

ROWAN = Login("rowan")


def desk(*roles: Role, active: bool = True) -> Staff:
    return Staff([Colleague(ROWAN, "Rowan", "rowan", "RA", frozenset(roles), active=active)])


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.MANAGER, Role.SAFETY])
def test_whoever_answers_tickets_can_be_given_one(role: Role) -> None:
    check(desk(role), ROWAN)


def test_one_role_that_answers_tickets_is_enough() -> None:
    check(desk(Role.MODERATOR, Role.AGENT), ROWAN)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR, Role.WORKER])
def test_whoever_only_reads_or_is_a_program_cannot(role: Role) -> None:
    with pytest.raises(BadInput, match="Rowan's role"):
        check(desk(role), ROWAN)


def test_neither_somebody_who_has_left_nor_somebody_unknown_can() -> None:
    with pytest.raises(BadInput, match="Rowan no longer works"):
        check(desk(Role.AGENT, active=False), ROWAN)
    with pytest.raises(BadInput, match="no such colleague"):
        check(Staff(), ROWAN)


@pytest.mark.parametrize("role", [Role.SAFETY, Role.MANAGER])
def test_a_guarded_ticket_goes_to_whoever_works_on_those(role: Role) -> None:
    check_guarded(desk(role, Role.AGENT), ROWAN)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.MODERATOR, Role.AUDITOR, Role.WORKER])
def test_a_guarded_ticket_goes_to_nobody_else(role: Role) -> None:
    with pytest.raises(NotAllowed, match="Rowan does not see safety tickets"):
        check_guarded(desk(role), ROWAN)
