"""The invented people who work at the demo's desks."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.values import Category, Level, Login, Role


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """One member of staff."""

    login: Login
    name: str
    initials: str
    handle: str
    roles: tuple[Role, ...]


_STAFF = (
    DemoStaff(Login("imani"), "Imani Castellane", "IC", "imani", (Role.AGENT,)),
    DemoStaff(Login("rowan"), "Rowan Achterberg", "RA", "rowan", (Role.AGENT,)),
    DemoStaff(Login("teodor"), "Teodor Vance", "TV", "teodor", (Role.AGENT,)),
    DemoStaff(Login("mehreen"), "Mehreen Aldous", "MA", "mehreen", (Role.AGENT, Role.SENIOR)),
    DemoStaff(Login("sunniva"), "Sunniva Okereke", "SO", "sunniva", (Role.AGENT, Role.SENIOR, Role.MANAGER)),
    DemoStaff(Login("pascal"), "Pascal Ferreday", "PF", "pascal", (Role.MODERATOR,)),
    DemoStaff(Login("noor"), "Noor Halloran", "NH", "noor", (Role.AGENT, Role.SAFETY)),
    DemoStaff(Login("wren"), "Wren Tolliver", "WT", "wren", (Role.SAFETY,)),
    DemoStaff(Login("gideon"), "Gideon Marsh", "GM", "gideon", (Role.AUDITOR,)),
)
_DESK = {Level.SENIOR: Role.SENIOR, Level.MANAGEMENT: Role.MANAGER}


def demo_staff() -> tuple[DemoStaff, ...]:
    """Everybody who can sign in to the demo; the first is the agent whom the demo signs in."""
    return _STAFF


def desk_for(category: Category, level: Level) -> tuple[DemoStaff, ...]:
    """Those who would work on such a ticket: safety staff on safety, otherwise the level's people."""
    if category is Category.SAFETY and level < Level.MANAGEMENT:
        return tuple(person for person in _STAFF if Role.SAFETY in person.roles)
    if level in _DESK:
        return tuple(person for person in _STAFF if _DESK[level] in person.roles)
    return tuple(person for person in _STAFF if person.roles == (Role.AGENT,))
