"""Colleagues at the desk and the people who write to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hotmess_console.domain.values import CaseId, Login, Role

UNREACHABLE_DOMAIN = "import.invalid"
UNVERIFIED = "Written on the platform as staff, not by this console"
"""The author of words that somebody put on the platform as its staff."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, as the desk shows them."""

    login: Login
    name: str
    handle: str
    initials: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    email: str = ""
    active: bool = True


class Staff:
    """The desk's directory: who is behind a login, found also by handle for mentions."""

    def __init__(self, colleagues: Iterable[Colleague] = ()) -> None:
        self._by_login = {c.login: c for c in colleagues}

    def __iter__(self) -> Iterator[Colleague]:
        return iter(self._by_login.values())

    def get(self, login: Login | None) -> Colleague | None:
        """Return the colleague behind `login`, if the directory knows one."""
        return None if login is None else self._by_login.get(login)

    def name(self, login: Login | None) -> str:
        """Return a name to show for `login`, which may be gone from the directory."""
        found = self.get(login)
        return found.name if found else ("nobody" if login is None else "a former colleague")

    def by_handle(self, handle: str) -> Colleague | None:
        """Return the active colleague with this handle, whatever its case."""
        wanted = handle.casefold()
        return next((c for c in self if c.active and c.handle == wanted), None)

    def at_level(self, role: Role) -> tuple[Colleague, ...]:
        """Return the active colleagues who hold `role`."""
        return tuple(c for c in self if c.active and role in c.roles)


@dataclass(frozen=True, slots=True)
class Account:
    """A person on the platform, as far as this platform's shape tells (None: it does not say)."""

    id: UUID
    email: str | None
    display_name: str | None
    handle: str | None
    pronouns: str | None
    tier: str | None
    tier_status: str | None
    tier_ends_at: datetime | None
    joined_at: datetime | None
    last_seen_at: datetime | None
    verified: bool | None
    city: str | None


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same person, for the person pane."""

    id: CaseId
    number: int
    subject: str
    status: str
    opened_at: datetime
    finished: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote: what the ticket says, what the platform knows, and what else they have with us."""

    name: str
    email: str | None
    account: Account | None = None
    cases: tuple[OtherCase, ...] = ()

    @property
    def reachable(self) -> bool:
        """Whether an answer can reach this person by e-mail."""
        return bool(self.email) and not str(self.email).endswith("@" + UNREACHABLE_DOMAIN)
