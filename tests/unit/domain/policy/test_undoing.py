"""Who may take back what somebody did."""

from __future__ import annotations

import pytest

from hotmess_console.domain.errors import NotAllowed
from hotmess_console.domain.policy.undoing import check
from hotmess_console.domain.values import Login, Role

pytestmark = pytest.mark.foundation

IMANI, ROWAN = Login("imani"), Login("rowan")


@pytest.mark.parametrize("role", Role)
def test_everybody_takes_back_what_they_did_themselves(role: Role) -> None:
    check(IMANI, [role], IMANI)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_what_a_colleague_did_is_left_to_them(role: Role) -> None:
    with pytest.raises(NotAllowed, match="only they or a manager") as refused:
        check(IMANI, [role], ROWAN)
    assert refused.value.hint


def test_a_manager_takes_back_what_anybody_did() -> None:
    check(IMANI, [Role.AGENT, Role.MANAGER], ROWAN)
