"""Who may change people, roles and limits, and when it takes effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from hotmess_console.domain.connections import same_login
from hotmess_console.domain.errors import BadInput, ConsoleError, NotAllowed, StateError
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.role_changes import (
    AT_ONCE,
    check_confirm,
    check_roles,
    check_wish,
    goes_with,
    needs_second,
)
from hotmess_console.domain.staff import (
    ChangeKind,
    ChangeState,
    ManagerChange,
    NewPerson,
    Wish,
    change_words,
    handle_of,
    initials_of,
)
from hotmess_console.domain.values import Login, Role

pytestmark = pytest.mark.authority

ME, JO, GONE = Login("s_manager00001"), Login("s_agent0000001"), Login("s_gone00000001")
STAFF = Staff(
    [
        Colleague(ME, "Sunniva Okereke", "sunniva", "SO", frozenset({Role.AGENT, Role.SENIOR, Role.MANAGER})),
        Colleague(JO, "Jo Kerr", "jo", "JK", frozenset({Role.AGENT})),
        Colleague(GONE, "Kit Odell", "kit", "KO", frozenset(), active=False),
    ]
)
PERSON = NewPerson("Ines Marlow", "ines", "IM", "ines@example.org")


def wish(kind: ChangeKind, subject: str = JO, person: NewPerson | None = None, **wanted: object) -> Wish:
    return Wish(UUID(int=1), kind, subject, wanted, person)


def waiting(kind: ChangeKind = ChangeKind.GRANT, subject: str = JO, **wanted: object) -> ManagerChange:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return ManagerChange(UUID(int=1), kind, subject, wanted, ChangeState.WAITING, ME, at)


def test_giving_waits_for_a_second_manager_and_taking_away_does_not() -> None:
    assert {kind for kind in ChangeKind if not needs_second(kind)} == AT_ONCE == {ChangeKind.DISABLE, ChangeKind.REVOKE}


@pytest.mark.parametrize(
    "asked",
    [
        wish(ChangeKind.GRANT, role="console_senior"),
        wish(ChangeKind.GRANT, ME, role="console_safety"),
        wish(ChangeKind.REVOKE, role="console_agent"),
        wish(ChangeKind.DISABLE),
        wish(ChangeKind.PASSWORD),
        wish(ChangeKind.ENABLE, GONE, roles=["console_agent"]),
        wish(ChangeKind.ADD, "s_abcdefgh1234", PERSON, roles=["console_agent", "console_safety"]),
        wish(ChangeKind.SETTING, "limits.refund", value=5),
        wish(ChangeKind.LIMIT, "console_agent", currency="gbp", each=2_500, day=25_000),
    ],
    ids=lambda asked: str(asked.kind),
)
def test_what_makes_sense_may_be_asked_for(asked: Wish) -> None:
    check_wish(asked, ME, STAFF)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (wish(ChangeKind.DISABLE, ME), NotAllowed, "their own place"),
        (wish(ChangeKind.REVOKE, ME, role="console_manager"), NotAllowed, "their own place"),
        (wish(ChangeKind.DISABLE, "s_nobody000001"), BadInput, "no such colleague"),
        (wish(ChangeKind.LIMIT, "console_agent", currency="gbp", each=10, day=9), BadInput, "below the one"),
        (wish(ChangeKind.LIMIT, "console_agent", currency="gbp", each=-1, day=9), BadInput, "below the one"),
        (wish(ChangeKind.LIMIT, "console_agent", currency="pounds", each=1, day=9), BadInput, "currency code"),
        (wish(ChangeKind.DISABLE, GONE), StateError, "no longer"),
        (wish(ChangeKind.ENABLE, JO, roles=[]), StateError, "is at the desk"),
        (wish(ChangeKind.GRANT, role="console_agent"), StateError, "already"),
        (wish(ChangeKind.REVOKE, role="console_safety"), StateError, "does not have"),
        (wish(ChangeKind.GRANT, role="console_worker"), BadInput, "no role that managers give"),
        (wish(ChangeKind.GRANT, role="console_owner"), BadInput, "no role that managers give"),
        (wish(ChangeKind.ADD, "ines", PERSON), BadInput, "s_ and"),
        (wish(ChangeKind.ADD, "s_abcdefgh1234"), BadInput, "name"),
        (wish(ChangeKind.ADD, "s_abcdefgh1234", replace(PERSON, handle="jo")), BadInput, "Somebody has"),
        (wish(ChangeKind.ADD, "s_abcdefgh1234", replace(PERSON, handle="I M")), BadInput, "handle"),
        (wish(ChangeKind.ADD, "s_abcdefgh1234", replace(PERSON, initials="")), BadInput, "Initials"),
        (wish(ChangeKind.ADD, "s_abcdefgh1234", replace(PERSON, email="ines")), BadInput, "address"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(asked: Wish, error: type[ConsoleError], words: str) -> None:
    with pytest.raises(error, match=words) as refused:
        check_wish(asked, ME, STAFF)
    assert refused.value.hint


def test_a_role_goes_with_every_role_that_includes_it() -> None:
    assert goes_with(Role.AGENT) == {Role.AGENT, Role.SENIOR, Role.MANAGER}
    assert goes_with(Role.SENIOR) == {Role.SENIOR, Role.MANAGER}
    assert goes_with(Role.SAFETY) == {Role.SAFETY}


@pytest.mark.parametrize("wanted", ["console_agent", None, 7])
def test_one_name_is_no_list_of_roles(wanted: object) -> None:
    assert check_roles(wanted) == ()


def test_another_manager_confirms() -> None:
    check_confirm(waiting(), Login("s_manager00002"))


@pytest.mark.parametrize(
    ("change", "me", "error"),
    [
        (waiting(), ME, NotAllowed),
        (waiting(), JO, NotAllowed),
        (replace(waiting(), state=ChangeState.DONE), Login("s_manager00002"), StateError),
        (replace(waiting(), state=ChangeState.DECLINED), Login("s_manager00002"), StateError),
    ],
)
def test_nobody_confirms_their_own_wish_what_concerns_them_or_what_is_decided(
    change: ManagerChange, me: Login, error: type[ConsoleError]
) -> None:
    with pytest.raises(error):
        check_confirm(change, me)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (waiting(role="console_senior"), "give Jo Kerr the role senior agent"),
        (waiting(ChangeKind.REVOKE, role="console_agent"), "take the role agent from Jo Kerr"),
        (waiting(ChangeKind.DISABLE), "disable Jo Kerr"),
        (waiting(ChangeKind.PASSWORD), "give Jo Kerr a new password"),
        (waiting(ChangeKind.ENABLE, GONE, roles=["console_agent"]), "bring Kit Odell back as agent"),
        (waiting(ChangeKind.SETTING, "limits.refund", value=5), "set limits.refund to 5"),
        (
            waiting(ChangeKind.LIMIT, "console_agent", currency="gbp", each=2_500, day=25_000),
            "let every agent give back £25.00 at a time and £250.00 within 24 hours",
        ),
        (
            waiting(ChangeKind.LIMIT, currency="eur", each=0, day=0),
            "let Jo Kerr give back €0.00 at a time and €0.00 within 24 hours",
        ),
        (
            replace(
                waiting(ChangeKind.ADD, "s_x", roles=["console_agent", "console_safety"]), person_name="Ines Marlow"
            ),
            "add Ines Marlow as agent and safety",
        ),
    ],
)
def test_what_is_asked_for_is_said_in_words(change: ManagerChange, words: str) -> None:
    assert change_words(change, STAFF) == words


@pytest.mark.parametrize(
    ("typed", "session", "same"),
    [
        ("s_a1", "s_a1", True),
        ("s_a1.project", "s_a1", True),
        ("s_a1", "postgres", False),
        ("s_a1.", "s_a1", False),
        ("s_a10", "s_a1", False),
        ("s_a1", "s_a1.project", False),
    ],
)
def test_only_a_poolers_suffix_may_differ_from_the_login_that_was_typed(typed: str, session: str, same: bool) -> None:
    assert same_login(typed, session) is same


@pytest.mark.parametrize(
    ("name", "initials", "handle"),
    [("Ines Marlow", "IM", "ines"), ("Ana de la Cruz", "ADL", "ana"), ("李", "李", ""), ("", "", "")],
)
def test_initials_and_a_handle_are_proposed_from_the_name(name: str, initials: str, handle: str) -> None:
    assert (initials_of(name), handle_of(name)) == (initials, handle)
