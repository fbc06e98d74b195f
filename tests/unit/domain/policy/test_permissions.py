"""Which role may do what."""

from __future__ import annotations

import pytest

from hotmess_console.domain.policy.permissions import GRANTS, allows, granted
from hotmess_console.domain.values import Permission, Role

pytestmark = pytest.mark.foundation


def test_whatever_a_level_may_the_next_one_may_too() -> None:
    assert GRANTS[Role.AGENT] <= GRANTS[Role.SENIOR] < GRANTS[Role.MANAGER]


def test_auditors_only_read() -> None:
    assert {permission.value.split(":")[1] for permission in GRANTS[Role.AUDITOR]} == {"read"}


def test_every_role_has_an_entry_and_every_permission_somebody() -> None:
    assert set(GRANTS) == set(Role)
    assert frozenset().union(*GRANTS.values()) == set(Permission)


@pytest.mark.parametrize(
    "permission", [Permission.SETTINGS_EDIT, Permission.TEMPLATE_EDIT, Permission.HISTORY_ADOPT, Permission.AUDIT_READ]
)
def test_an_agent_cannot_change_the_desk_itself(permission: Permission) -> None:
    assert not allows([Role.AGENT], permission)
    assert allows([Role.MANAGER], permission)


def test_several_roles_add_up() -> None:
    assert allows([Role.MODERATOR, Role.AGENT], Permission.TICKET_REPLY)
    assert not allows([Role.MODERATOR, Role.AUDITOR], Permission.TICKET_REPLY)


def test_what_roles_grant_is_exactly_what_they_allow() -> None:
    for roles in ([], [Role.AGENT], [Role.MODERATOR, Role.AUDITOR], list(Role)):
        assert granted(roles) == {permission for permission in Permission if allows(roles, permission)}


def test_nobody_may_nothing() -> None:
    assert not any(allows([], permission) for permission in Permission)
