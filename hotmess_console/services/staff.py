"""What managers do about people, roles and limits: ask, confirm, decline, and take away at once."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, cast
from uuid import UUID

from hotmess_console.domain.policy import role_changes
from hotmess_console.domain.staff import ChangeKind, ManagerChange, NewPerson, Wish, change_words
from hotmess_console.domain.values import Login, Offline, Permission, Role
from hotmess_console.services.bus import QUIET, Command, Outcome
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import Work
from hotmess_console.services.queries import Queries

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike: a password may be read out."""
_LOGIN_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class StaffQueries(Protocol):
    """What only managers and auditors ask."""

    async def manager_changes(self, limit: int = 50) -> Sequence[ManagerChange]:
        """Return what waits for a second manager and what was decided last, the newest first."""
        ...


def staff_queries(queries: Queries) -> StaffQueries:
    """Return the questions that only managers ask: every desk that a manager opens answers them."""
    return cast(StaffQueries, queries)


def new_password() -> str:
    """Return a password of 25 letters and digits in five groups (some 140 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(5))


def new_login() -> Login:
    """Return an opaque login: it appears in server logs and audits, and tells nobody's name."""
    return Login("s_" + "".join(secrets.choice(_LOGIN_LETTERS) for _ in range(12)))


@dataclass(frozen=True, kw_only=True)
class StaffCommand(Command):
    """One wish of a manager."""

    permission: ClassVar[Permission] = Permission.STAFF_MANAGE
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What a manager asked for stays on record; ask for the opposite."

    @abstractmethod
    def wish(self) -> Wish:
        """Return what is asked for."""

    async def run(self, work: Work) -> Outcome:
        wish = self.wish()
        role_changes.check_wish(wish, work.me, await work.desk.staff())
        await work.changes.ask(wish)
        if role_changes.needs_second(wish.kind):
            return Outcome(words="It waits for a second manager to confirm it.")
        return Outcome(words="It is done, and takes effect at once.")

    def _id(self) -> UUID:
        return part_of(self.id, "change")


@dataclass(frozen=True, kw_only=True)
class AddColleague(StaffCommand):
    """Bring somebody new to the desk. The password is recorded nowhere; the server gets what it stores of it."""

    name: ClassVar[str] = "staff.add"

    login: Login
    person: NewPerson = field(metadata=QUIET)
    roles: tuple[Role, ...]
    password: str = field(repr=False)

    def params(self) -> dict[str, object]:
        """Return everything but the password."""
        return {name: value for name, value in super().params().items() if name != "password"}

    def wish(self) -> Wish:
        wanted = {"roles": [role.value for role in self.roles]}
        return Wish(self._id(), ChangeKind.ADD, self.login, wanted, self.person, self.password)


@dataclass(frozen=True, kw_only=True)
class GiveRole(StaffCommand):
    """Give a colleague another role."""

    name: ClassVar[str] = "staff.grant"

    login: Login
    role: Role
    reason: str = ""

    def wish(self) -> Wish:
        return Wish(self._id(), ChangeKind.GRANT, self.login, {"role": self.role.value}, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class TakeRole(StaffCommand):
    """Take a role, and every role that includes it, from a colleague at once."""

    name: ClassVar[str] = "staff.revoke"

    login: Login
    role: Role
    reason: str = ""

    def wish(self) -> Wish:
        return Wish(self._id(), ChangeKind.REVOKE, self.login, {"role": self.role.value}, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class Disable(StaffCommand):
    """Shut a colleague out at once: no role, no login, no open connection."""

    name: ClassVar[str] = "staff.disable"

    login: Login
    reason: str = ""

    def wish(self) -> Wish:
        return Wish(self._id(), ChangeKind.DISABLE, self.login, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class NewPassword(StaffCommand):
    """Give a colleague a new password; with roles, bring back one who was disabled."""

    name: ClassVar[str] = "staff.reset_password"

    login: Login
    password: str = field(repr=False)
    back_as: tuple[Role, ...] = ()

    def params(self) -> dict[str, object]:
        """Return everything but the password."""
        return {name: value for name, value in super().params().items() if name != "password"}

    def wish(self) -> Wish:
        kind = ChangeKind.ENABLE if self.back_as else ChangeKind.PASSWORD
        wanted = {"roles": [role.value for role in self.back_as]} if self.back_as else {}
        return Wish(self._id(), kind, self.login, wanted, password=self.password)


@dataclass(frozen=True, kw_only=True)
class ChangeGuarded(StaffCommand):
    """Change a setting that one manager alone may not change, such as a limit."""

    name: ClassVar[str] = "setting.ask"

    key: str
    value: object
    reason: str = ""

    def wish(self) -> Wish:
        return Wish(self._id(), ChangeKind.SETTING, self.key, {"value": self.value}, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class ChangeLimit(StaffCommand):
    """Change how much a role, or one colleague, gives back without a second person."""

    name: ClassVar[str] = "limit.ask"

    holder: str
    currency: str
    """Of ISO 4217, such as GBP."""
    each: int
    """At a time, in the currency's minor unit."""
    day: int
    """Within 24 hours; not less than at a time."""
    reason: str = ""

    def wish(self) -> Wish:
        wanted = {"currency": self.currency.lower(), "each": self.each, "day": self.day}
        return Wish(self._id(), ChangeKind.LIMIT, self.holder, wanted, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class ConfirmChange(Command):
    """Confirm what another manager asked for; it is carried out in the same transaction."""

    name: ClassVar[str] = "staff.confirm"
    permission: ClassVar[Permission] = Permission.STAFF_MANAGE
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Two managers agreed on it; taking it away again needs only one."

    change: UUID

    async def run(self, work: Work) -> Outcome:
        found = await work.changes.read(self.change)
        role_changes.check_confirm(found, work.me)
        await work.changes.decide(self.change, confirm=True)
        return Outcome(words=f"Confirmed and done: {change_words(found, await work.desk.staff())}.")


@dataclass(frozen=True, kw_only=True)
class DeclineChange(Command):
    """Decline what another manager asked for, or take back what one asked for oneself."""

    name: ClassVar[str] = "staff.decline"
    permission: ClassVar[Permission] = Permission.STAFF_MANAGE
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Ask for it again."

    change: UUID

    async def run(self, work: Work) -> Outcome:
        found = await work.changes.read(self.change)
        role_changes.check_waiting(found)
        await work.changes.decide(self.change, confirm=False)
        verb = "Withdrawn" if found.requested_by == work.me else "Declined"
        return Outcome(words=f"{verb}: {change_words(found, await work.desk.staff())}.")
