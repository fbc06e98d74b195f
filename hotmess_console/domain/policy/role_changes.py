"""Who may change people, roles and limits, and when it takes effect.

Source: authority, "Who is who", and decision 5: granting roles and raising limits needs a second manager. In plain
English: giving somebody more waits until another manager has confirmed it; taking something away happens at once,
because safety comes first. Nobody confirms what they asked for themselves, or what concerns themselves; nobody takes
their own role away or disables themselves, so that there is always a manager left. A new password counts as giving:
who knows a colleague's password can act as that colleague, and confirm as them. Taking a role away takes every role
that includes it. The database enforces all of this again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hotmess_console.domain.errors import BadInput, NotAllowed, StateError
from hotmess_console.domain.people import Staff
from hotmess_console.domain.staff import (
    HANDLE_FORM,
    LOGIN_FORM,
    ROLE_WORDS,
    ChangeKind,
    ChangeState,
    ManagerChange,
    NewPerson,
    Wish,
    limit_of,
)
from hotmess_console.domain.values import Login, Role

AT_ONCE = frozenset({ChangeKind.DISABLE, ChangeKind.REVOKE})
"""What one manager does alone."""
GIVEN = (Role.AGENT, Role.SENIOR, Role.MANAGER, Role.MODERATOR, Role.SAFETY, Role.AUDITOR)
"""What managers give; the automation's login is the installer's business."""
INCLUDED_IN: Mapping[Role, frozenset[Role]] = {
    Role.AGENT: frozenset({Role.SENIOR, Role.MANAGER}),
    Role.SENIOR: frozenset({Role.MANAGER}),
}


def needs_second(kind: ChangeKind) -> bool:
    """Return whether another manager has to confirm it."""
    return kind not in AT_ONCE


def goes_with(role: Role) -> frozenset[Role]:
    """Return the roles that are taken away together with `role`."""
    return frozenset({role}) | INCLUDED_IN.get(role, frozenset())


def check_wish(wish: Wish, me: Login, staff: Staff) -> None:
    """Raise BadInput, StateError or NotAllowed when asking for this makes no sense."""
    if wish.kind is ChangeKind.SETTING:
        return
    if wish.kind is ChangeKind.LIMIT:
        check_limit(wish.wanted)
        return
    if wish.kind is ChangeKind.ADD:
        check_new(wish.subject, wish.person, staff)
        check_roles(wish.wanted.get("roles", ()))
        return
    if wish.kind in AT_ONCE and wish.subject == me:
        raise NotAllowed("Nobody takes their own place away.", hint="Ask another manager to do it.")
    colleague = staff.get(Login(wish.subject))
    if colleague is None:
        raise BadInput("There is no such colleague at this desk.", hint="Choose somebody from the list.")
    if colleague.active is (wish.kind is ChangeKind.ENABLE):
        raise StateError(
            f"{colleague.name} {'is' if colleague.active else 'is no longer'} at the desk.", hint="Read the list again."
        )
    if wish.kind is ChangeKind.ENABLE:
        check_roles(wish.wanted.get("roles", ()))
    elif wish.kind in (ChangeKind.GRANT, ChangeKind.REVOKE):
        [role] = check_roles([wish.wanted.get("role")])
        if (role in colleague.roles) is (wish.kind is ChangeKind.GRANT):
            has = "has this role already" if role in colleague.roles else "does not have this role"
            raise StateError(f"{colleague.name} {has}: {ROLE_WORDS[role]}.", hint="Nothing has to be done.")


def check_limit(wanted: Mapping[str, Any]) -> None:
    """Raise BadInput for a limit that nobody can mean: below nothing, or less in a day than at a time."""
    each, day = limit_of(wanted)
    if not 0 <= each.minor <= day.minor:
        raise BadInput("The limit for a day is below the one for each time.", hint="Raise the limit for a day.")


def check_new(login: str, person: NewPerson | None, staff: Staff) -> None:
    """Raise BadInput unless this can be a new colleague."""
    if not LOGIN_FORM.fullmatch(login):
        raise BadInput("A login is s_ and 8 to 40 letters or digits.", hint="Let the console make one up.")
    if person is None or not 1 <= len(person.name.strip()) <= 80 or not person.name.isprintable():
        raise BadInput("A colleague needs a name of 1 to 80 characters.", hint="Write the name as the desk shows it.")
    if not HANDLE_FORM.fullmatch(person.handle):
        raise BadInput(
            "A handle has 2 to 40 small letters, digits, dots or dashes.", hint="It is what colleagues write after @."
        )
    if any(other.handle == person.handle for other in staff):
        raise BadInput(f"Somebody has the handle @{person.handle}.", hint="Choose another one.")
    if not 1 <= len(person.initials) <= 3 or not person.initials.isalnum():
        raise BadInput("Initials are 1 to 3 letters.", hint="Such as RA for Rowan Achterberg.")
    if person.email and (len(person.email) > 254 or "@" not in person.email or not person.email.isprintable()):
        raise BadInput("This is no e-mail address.", hint="Write it in full, or leave it empty.")


def check_roles(wanted: object) -> tuple[Role, ...]:
    """Return the roles that these names stand for. Raises BadInput for one that managers do not give."""
    names = [str(name) for name in wanted] if isinstance(wanted, Iterable) and not isinstance(wanted, str) else []
    given = {role.value: role for role in GIVEN}
    for name in names:
        if name not in given:
            known = ", ".join(role.value.removeprefix("console_") for role in GIVEN)
            raise BadInput(f"“{name[:40]}” is no role that managers give.", hint=f"Choose from {known}.")
    return tuple(given[name] for name in names)


def check_confirm(change: ManagerChange, me: Login) -> None:
    """Raise unless `me` may confirm this."""
    check_waiting(change)
    if change.requested_by == me:
        raise NotAllowed("You asked for this yourself.", hint="Another manager has to confirm it.")
    if change.subject == me:
        raise NotAllowed("This concerns you.", hint="Another manager has to confirm it.")


def check_waiting(change: ManagerChange) -> None:
    """Raise StateError when this was decided."""
    if change.state is not ChangeState.WAITING:
        raise StateError("This was decided already.", hint="Read the list again.")
