"""What a staff login reaches outside the console only because everybody may: how grave it is, and what ends it.

Source: decision 4 and authority, "Who is who". The console never revokes anything on shared objects, it names them:
worst first, with the line that the platform's owner can run. Worst is becoming another role; then whatever runs with
somebody else's rights or can be planted for others to run; then writing, then reading. Row security counts for little:
its policies believe claims that any SQL client can set. What runs with the caller's own rights comes last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What sort of thing is reached, as GRANT calls it."""

    ROLE = "ROLE"
    FUNCTION = "FUNCTION"
    PROCEDURE = "PROCEDURE"
    ROUTINE = "ROUTINE"
    TABLE = "TABLE"
    VIEW = "VIEW"
    SEQUENCE = "SEQUENCE"
    SCHEMA = "SCHEMA"
    DATABASE = "DATABASE"
    DEFAULT = "DEFAULT PRIVILEGES"


class Gravity(IntEnum):
    """How much it matters; 0 is the worst."""

    BECOME = 0
    RUN_AS_OWNER = 1
    PLANT = 2
    ATTACH = 3
    WRITE = 4
    READ = 5
    WRITE_BY_CLAIM = 6
    READ_BY_CLAIM = 7
    FUTURE = 8
    COUNT = 9
    RUN_AS_SELF = 10
    ROOM = 11
    ENTER = 12


@dataclass(frozen=True, slots=True)
class Reach:
    """One thing that is reached, as the catalog describes it."""

    kind: Kind
    name: str
    """As a statement writes it, such as ``public.make_admin(p uuid)``; of a default, what is made: ``TABLES``."""
    rights: tuple[str, ...]
    owner: str
    columns: tuple[str, ...] = ()
    """Quoted; set where only some columns are granted."""
    as_owner: bool = False
    """Runs, or reads, with its owner's rights."""
    for_triggers: bool = False
    """A function that is only called by triggers."""
    guarded: bool = False
    """Row security stands before its rows."""
    keep: tuple[str, ...] = ()
    """Quoted roles of the platform that have these rights by PUBLIC alone: they are granted them by name first."""
    schema: str = ""
    """Quoted; set where a default holds in one schema only."""
    staff: str = ""
    """The role of the desk that is a member, quoted; set for `Kind.ROLE`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is reached, in words, and the line that ends it."""

    gravity: Gravity
    what: str
    why: str
    run: str


_UNGUARDED = frozenset({"TRUNCATE", "TRIGGER"})
"""Rights on a table that row security does not look at."""
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE"}) | _UNGUARDED
_RUNNABLE = frozenset({Kind.FUNCTION, Kind.PROCEDURE, Kind.ROUTINE})


def findings(reached: Iterable[Reach]) -> tuple[Finding, ...]:
    """Return each thing with why it matters and the line to run, worst first."""
    found = (Finding(gravity(each), what(each), why(each), statement(each)) for each in reached)
    return tuple(sorted(found, key=lambda finding: (finding.gravity, finding.what)))


def gravity(reach: Reach) -> Gravity:
    """Return how much this one matters."""
    if reach.kind in _RUNNABLE:
        if not reach.as_owner:
            return Gravity.RUN_AS_SELF
        return Gravity.ATTACH if reach.for_triggers else Gravity.RUN_AS_OWNER
    if reach.kind in (Kind.TABLE, Kind.VIEW):
        return _gravity_of_rows(reach)
    if reach.kind is Kind.SCHEMA:
        return Gravity.PLANT if "CREATE" in reach.rights else Gravity.ENTER
    if reach.kind is Kind.DATABASE:
        return Gravity.PLANT if "CREATE" in reach.rights else Gravity.ROOM
    return {Kind.ROLE: Gravity.BECOME, Kind.SEQUENCE: Gravity.COUNT}.get(reach.kind, Gravity.FUTURE)


def _gravity_of_rows(reach: Reach) -> Gravity:
    rights = set(reach.rights)
    if rights & _UNGUARDED or (rights & _WRITES and not reach.guarded):
        return Gravity.WRITE
    if rights & _WRITES:
        return Gravity.WRITE_BY_CLAIM
    return Gravity.READ_BY_CLAIM if reach.guarded else Gravity.READ


def what(reach: Reach) -> str:
    """Return what is reached and by which rights, such as ``table public.profiles (email): SELECT``."""
    if reach.kind is Kind.ROLE:
        return f"role {reach.name}: {reach.staff} is a member"
    if reach.kind is Kind.DEFAULT:
        there = f" in schema {reach.schema}" if reach.schema else ""
        return f"{reach.name.lower()} that {reach.owner} makes from now on{there}: {', '.join(reach.rights)}"
    columns = f" ({', '.join(reach.columns)})" if reach.columns else ""
    return f"{reach.kind.value.lower()} {reach.name}{columns}: {', '.join(reach.rights)}"


def why(reach: Reach) -> str:
    """Return why it matters, in a sentence."""
    match gravity(reach):
        case Gravity.BECOME:
            return (
                "Whatever that role may do, this person may do with any SQL client, and no rule of the console holds."
            )
        case Gravity.RUN_AS_OWNER:
            return f"It runs with the rights of {reach.owner}, so it can do what the caller may not."
        case Gravity.PLANT:
            return "Somebody can put a function or table there that others then run or use in place of the real one."
        case Gravity.ATTACH:
            return (
                f"Put on a table of one's own as a trigger, it runs with the rights of {reach.owner} on made-up rows."
            )
        case Gravity.WRITE:
            return "Rows can be changed past the console: no recorded command, no audit entry, no undo."
        case Gravity.READ:
            return "Every row can be read with any SQL client, and nothing records that somebody looked."
        case Gravity.WRITE_BY_CLAIM:
            return (
                "Row security stands before it, but believes claims that any SQL client can set: rows can be changed."
            )
        case Gravity.READ_BY_CLAIM:
            return "Row security stands before it, but believes claims that any SQL client can set: rows can be read."
        case Gravity.FUTURE:
            return f"What does not exist yet will be everybody's the moment {reach.owner} makes it."
        case Gravity.COUNT:
            return "Numbers can be used up, or where it stands be learnt or set."
        case Gravity.RUN_AS_SELF:
            return "It runs with the caller's own rights only; it tells how the platform works, and may become more."
        case Gravity.ROOM:
            return "Temporary tables can fill the disk, and triggers can be tried on them."
        case _:
            return "What is granted in it to everybody, today or later, is reached at once."


def statement(reach: Reach) -> str:
    """Return the line for the owner to run. Roles that the platform's own API acts as keep what they have."""
    if reach.kind is Kind.ROLE:
        return f"REVOKE {reach.name} FROM {reach.staff};"
    if reach.kind is Kind.DEFAULT:
        there = f" IN SCHEMA {reach.schema}" if reach.schema else ""
        revoke = f"REVOKE {', '.join(reach.rights)} ON {reach.name} FROM PUBLIC"
        return f"ALTER DEFAULT PRIVILEGES FOR ROLE {reach.owner}{there} {revoke};"
    columns = f" ({', '.join(reach.columns)})" if reach.columns else ""
    rights = ", ".join(f"{right}{columns}" for right in reach.rights)
    on = f"ON {'TABLE' if reach.kind is Kind.VIEW else reach.kind.value} {reach.name}"
    first = f"GRANT {rights} {on} TO {', '.join(reach.keep)}; " if reach.keep else ""
    return f"{first}REVOKE {rights} {on} FROM PUBLIC;"
