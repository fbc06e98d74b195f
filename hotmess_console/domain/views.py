"""What a queue shows: a filter as a value, and the views that everyone has from the start."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category, Level, Login, Priority, Status

LIVE = (Status.OPEN, Status.IN_PROGRESS, Status.WAITING)
FINISHED = (Status.RESOLVED, Status.CLOSED)


class Whose(StrEnum):
    """Whose cases: everyone's, mine, nobody's, or one named colleague's."""

    TEAM = "team"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    COLLEAGUE = "colleague"


class Snooze(StrEnum):
    """Whether snoozed cases are left out, included, or the only ones shown."""

    AWAKE = "awake"
    ANY = "any"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases a queue shows. Empty sets mean "any". Statuses name live ones or finished ones, not both."""

    whose: Whose = Whose.TEAM
    colleague: Login | None = None
    statuses: frozenset[Status] = field(default_factory=frozenset)
    categories: frozenset[Category] = field(default_factory=frozenset)
    priorities: frozenset[Priority] = field(default_factory=frozenset)
    levels: frozenset[Level] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)
    overdue: bool = False
    due_within_minutes: int | None = None
    snooze: Snooze = Snooze.AWAKE
    text: str = ""

    @property
    def finished(self) -> bool:
        """Whether this asks for resolved or closed cases, which no longer wait in the queue."""
        return bool(self.statuses) and self.statuses <= frozenset(FINISHED)

    def with_text(self, text: str) -> QueueFilter:
        """Return the same filter with other search words."""
        return replace(self, text=text)

    def to_json(self) -> dict[str, Any]:
        """Return this filter as JSON values, for saved views."""
        return {
            "whose": self.whose.value,
            "colleague": self.colleague,
            "statuses": sorted(self.statuses),
            "categories": sorted(self.categories),
            "priorities": sorted(self.priorities),
            "levels": sorted(int(level) for level in self.levels),
            "languages": sorted(self.languages),
            "overdue": self.overdue,
            "due_within_minutes": self.due_within_minutes,
            "snooze": self.snooze.value,
            "text": self.text,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> QueueFilter:
        """Return the filter that `to_json` wrote; unknown keys are ignored. Raises BadInput on unknown values."""
        try:
            return cls(
                whose=Whose(value.get("whose", "team")),
                colleague=Login(value["colleague"]) if value.get("colleague") else None,
                statuses=frozenset(Status(s) for s in value.get("statuses", ())),
                categories=frozenset(Category(c) for c in value.get("categories", ())),
                priorities=frozenset(Priority(p) for p in value.get("priorities", ())),
                levels=frozenset(Level(n) for n in value.get("levels", ())),
                languages=frozenset(value.get("languages", ())),
                overdue=bool(value.get("overdue", False)),
                due_within_minutes=value.get("due_within_minutes"),
                snooze=Snooze(value.get("snooze", "awake")),
                text=str(value.get("text", "")),
            )
        except (ValueError, TypeError) as error:
            raise BadInput(
                f"This saved view cannot be read: {error}.", hint="Delete it and save the view again."
            ) from error


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter under a name, as one tab of the view bar. Built-in ones have no id."""

    id: UUID | None
    name: str
    filter: QueueFilter


MINE = SavedView(None, "My queue", QueueFilter(Whose.MINE))
UNASSIGNED = SavedView(None, "Unassigned", QueueFilter(Whose.UNASSIGNED))
TEAM = SavedView(None, "Team", QueueFilter(Whose.TEAM))
DUE_SOON = SavedView(None, "Due in 2 h", QueueFilter(due_within_minutes=120))
WAITING = SavedView(None, "Waiting on them", QueueFilter(statuses=frozenset({Status.WAITING})))
SNOOZED = SavedView(None, "Snoozed", QueueFilter(snooze=Snooze.SNOOZED))
RESOLVED = SavedView(None, "Resolved", QueueFilter(statuses=frozenset({Status.RESOLVED})))
BUILT_IN = (MINE, UNASSIGNED, TEAM, DUE_SOON, WAITING, SNOOZED, RESOLVED)


def matches(case: Case, wanted: QueueFilter, *, me: Login, now: datetime) -> bool:
    """Return whether a changed case still belongs in a queue, as the database would say at `now` (aware).

    Search words are left aside: the snapshot does not carry all that they look through, so a filter with words is
    asked again instead.
    """
    return _is_theirs(case, wanted, me) and _is_among(case, wanted) and _is_in_time(case, wanted, now)


def _is_theirs(case: Case, wanted: QueueFilter, me: Login) -> bool:
    match wanted.whose:
        case Whose.MINE:
            return case.assignee == me
        case Whose.UNASSIGNED:
            return case.assignee is None
        case Whose.COLLEAGUE:
            return case.assignee == wanted.colleague
        case Whose.TEAM:
            return True


def _is_among(case: Case, wanted: QueueFilter) -> bool:
    statuses = wanted.statuses or frozenset(LIVE)
    pairs = (
        (case.category, wanted.categories),
        (case.priority, wanted.priorities),
        (case.level, wanted.levels),
        (case.language, wanted.languages),
    )
    return case.status in statuses and all(not allowed or value in allowed for value, allowed in pairs)


def _is_in_time(case: Case, wanted: QueueFilter, now: datetime) -> bool:
    due = case.due_at
    if wanted.overdue and (due is None or due >= now):
        return False
    minutes = wanted.due_within_minutes
    if minutes is not None and (due is None or due >= now + timedelta(minutes=minutes)):
        return False
    if wanted.finished or wanted.snooze is Snooze.ANY:
        return True
    asleep = case.snoozed_until is not None and case.snoozed_until > now
    return asleep == (wanted.snooze is Snooze.SNOOZED)
