"""Changes of people, roles and limits: what a manager asks for, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hotmess_console.domain.money import Money
from hotmess_console.domain.people import Staff
from hotmess_console.domain.values import Login, Role

ROLE_WORDS: Mapping[Role, str] = {
    Role.AGENT: "agent",
    Role.SENIOR: "senior agent",
    Role.MANAGER: "manager",
    Role.MODERATOR: "moderator",
    Role.SAFETY: "safety",
    Role.AUDITOR: "auditor",
    Role.WORKER: "automation",
}
"""How people call the roles."""
LOGIN_FORM = re.compile(r"s_[a-z0-9]{8,40}")
HANDLE_FORM = re.compile(r"[a-z0-9._-]{2,40}")


class ChangeKind(StrEnum):
    """What a manager may ask for, as the database spells it."""

    ADD = "staff.add"
    ENABLE = "staff.enable"
    DISABLE = "staff.disable"
    GRANT = "role.grant"
    REVOKE = "role.revoke"
    PASSWORD = "password.reset"
    SETTING = "setting.change"
    LIMIT = "limit.change"


class ChangeState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who a new colleague is, as the desk will show them."""

    name: str
    handle: str
    initials: str
    email: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as the database keeps it until it is decided."""
        return {"name": self.name, "handle": self.handle, "initials": self.initials, "email": self.email}


@dataclass(frozen=True, slots=True)
class Wish:
    """A change to ask for. The password leaves the process only as what a server stores of it."""

    id: UUID
    kind: ChangeKind
    subject: str
    """A login, the key of a setting, or the role that a limit is for."""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    person: NewPerson | None = None
    password: str | None = field(default=None, repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """A change that somebody asked for, as the database tells it."""

    id: UUID
    kind: ChangeKind
    subject: str
    wanted: Mapping[str, Any]
    state: ChangeState
    requested_by: Login
    requested_at: datetime
    confirmed_by: Login | None = None
    declined_by: Login | None = None
    decided_at: datetime | None = None
    reason: str = ""
    person_name: str = ""
    """Of a new colleague, while it waits."""


def change_words(change: ManagerChange, staff: Staff) -> str:
    """Return what is asked for in a few words, such as ``make Rowan Achterberg a senior agent``."""
    who = change.person_name or staff.name(Login(change.subject))
    match change.kind:
        case ChangeKind.ADD:
            return f"add {who} as {roles_words(change.wanted.get('roles', ()))}"
        case ChangeKind.ENABLE:
            return f"bring {who} back as {roles_words(change.wanted.get('roles', ()))}"
        case ChangeKind.DISABLE:
            return f"disable {who}"
        case ChangeKind.GRANT:
            return f"give {who} the role {roles_words([change.wanted.get('role')])}"
        case ChangeKind.REVOKE:
            return f"take the role {roles_words([change.wanted.get('role')])} from {who}"
        case ChangeKind.PASSWORD:
            return f"give {who} a new password"
        case ChangeKind.SETTING:
            return f"set {change.subject} to {change.wanted.get('value')}"
        case ChangeKind.LIMIT:
            return f"let {_holder(change.subject, staff)} give back {_limit_words(change.wanted)}"


def _holder(subject: str, staff: Staff) -> str:
    known = {role.value: words for role, words in ROLE_WORDS.items()}
    return f"every {known[subject]}" if subject in known else staff.name(Login(subject))


def limit_of(wanted: Mapping[str, Any]) -> tuple[Money, Money]:
    """Return the amounts of a limit: at a time, and within 24 hours. Raises BadInput for what is no currency."""
    each, day = (Money(int(wanted[part]), str(wanted["currency"]).upper()) for part in ("each", "day"))
    return each, day


def _limit_words(wanted: Mapping[str, Any]) -> str:
    each, day = limit_of(wanted)
    return f"{each} at a time and {day} within 24 hours"


def roles_words(roles: object) -> str:
    """Return roles in words: ``agent and safety``; what the desk does not know is repeated as it stands."""
    known = {role.value: words for role, words in ROLE_WORDS.items()}
    named = [known.get(str(role), str(role)) for role in roles] if isinstance(roles, (list, tuple)) else []
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else (named[0] if named else "nothing yet")


def initials_of(name: str) -> str:
    """Return one to three letters for a name, the first of each of its words."""
    return "".join(word[0] for word in name.split()).upper()[:3]


def handle_of(name: str) -> str:
    """Return a handle for mentions made of a name's first word; empty when nothing usable is left."""
    first = next(iter(name.split()), "").casefold()
    kept = "".join(char for char in first if HANDLE_FORM.fullmatch(char * 2))
    return kept if HANDLE_FORM.fullmatch(kept) else ""
