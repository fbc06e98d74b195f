"""Queue pages by keyset, capped counts and search: the hot path, in plain statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.values import (
    CaseId,
    CaseKind,
    Category,
    Level,
    Login,
    Priority,
    Status,
    Urgency,
)
from hotmess_console.domain.views import LIVE, QueueFilter, Snooze, Whose

_STORED = (
    "id, number, kind, subject, snippet, status, category, priority, urgency, level, assignee, opened_at, "
    "due_at, rank_at, paused_at, snoozed_until, language, unread, version, "
)
NAMES = f"{_STORED}guarded, asks_danger"
"""What COLUMNS are called, where they are read again from a query that selected them."""
COLUMNS = f"{_STORED}guarded AND NOT console.sees_guarded() AS guarded, danger = 'asked' AS asks_danger"
MOST_WORDS = 6
"""Words of a search that are looked at; all of them have to be found."""


def case_of(row: Row[Any] | Sequence[Any]) -> Case:
    """Return the snapshot in one row of COLUMNS."""
    id_, number, kind, subject, snippet, status, category, priority, urgency, level, assignee, *rest = tuple(row)
    return Case(
        CaseId(id_),
        number,
        CaseKind(kind),
        subject,
        snippet,
        Status(status),
        Category(category),
        Priority(priority),
        Urgency(urgency),
        Level(level),
        None if assignee is None else Login(assignee),
        *rest,
    )


class Narrowed:
    """A filter as SQL: conditions with named parameters, never text of the person's in the statement.

    The words of a search are no condition: `patterns` are looked up beside the queue (`queue_search`).
    """

    def __init__(self, wanted: QueueFilter) -> None:
        self.conditions: list[str] = []
        self.parameters: dict[str, Any] = {}
        self._whose(wanted)
        self._any_of("status", [s.value for s in wanted.statuses])
        self._any_of("category", [c.value for c in wanted.categories])
        self._any_of("priority", [p.value for p in wanted.priorities])
        self._any_of("level", [int(n) for n in wanted.levels])
        self._any_of("language", sorted(wanted.languages))
        self._when(wanted)
        # the longest word is the rarest, as a rule: it is the one to look up
        words = wanted.text.split()[:MOST_WORDS]
        self.patterns = sorted((like_pattern(word) for word in words), key=len, reverse=True)

    def _whose(self, wanted: QueueFilter) -> None:
        match wanted.whose:
            case Whose.MINE:
                self.conditions.append("assignee = session_user")
            case Whose.UNASSIGNED:
                self.conditions.append("assignee IS NULL")
            case Whose.COLLEAGUE:
                self.conditions.append("assignee = cast(:colleague AS name)")
                self.parameters["colleague"] = wanted.colleague
            case Whose.TEAM:
                pass

    def _any_of(self, column: str, values: Sequence[object]) -> None:
        if values:
            self.conditions.append(f"{column} = ANY(:{column}_values)")
            self.parameters[f"{column}_values"] = list(values)

    def _when(self, wanted: QueueFilter) -> None:
        if wanted.overdue:
            self.conditions.append("due_at < (SELECT console.now())")
        if wanted.due_within_minutes is not None:
            self.conditions.append("due_at < (SELECT console.now()) + make_interval(mins => :due_within)")
            self.parameters["due_within"] = wanted.due_within_minutes
        if wanted.finished or wanted.snooze is Snooze.ANY:
            return
        if wanted.snooze is Snooze.SNOOZED:
            self.conditions.append("snoozed_until > (SELECT console.now())")
        else:
            self.conditions.append("(snoozed_until IS NULL OR snoozed_until <= (SELECT console.now()))")

    def where(self) -> str:
        """Return the conditions joined, to stand behind WHERE."""
        return " AND ".join(self.conditions) or "true"


def like_pattern(word: str) -> str:
    """Return a LIKE pattern that finds `word` anywhere, its own wildcards taken literally.

    ``HM-10482`` is found by its number, which the search words carry in that spelling.
    """
    escaped = word.replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def source_of(wanted: QueueFilter) -> str:
    """Return the relation, with its standing conditions, that can answer this filter by an index."""
    if wanted.finished:
        return "console.cases WHERE NOT queued AND merged_into IS NULL AND"
    if wanted.statuses <= frozenset(LIVE):
        return "console.queue WHERE"
    return "console.cases WHERE merged_into IS NULL AND"


def page_statement(wanted: QueueFilter, narrowed: Narrowed, *, after: bool) -> TextClause:
    """Return the statement of one page: a walk along the index, never OFFSET."""
    following = "AND (urgency, rank_at, id) > (:after_urgency, :after_at, :after_id)" if after else ""
    return text(
        f"SELECT {COLUMNS} FROM {source_of(wanted)} {narrowed.where()} {following} "  # noqa: S608
        "ORDER BY urgency, rank_at, id LIMIT :limit"
    )


async def read_page(conn: AsyncConnection, wanted: QueueFilter, after: CaseKey | None, limit: int | None) -> list[Case]:
    """Return up to `limit` cases (None: all) that follow `after` in the queue order; search words are not looked at."""
    return await walk_page(conn, wanted, Narrowed(wanted), after, limit)


async def walk_page(
    conn: AsyncConnection, wanted: QueueFilter, narrowed: Narrowed, after: CaseKey | None, limit: int | None
) -> list[Case]:
    """Return what the conditions let through, along the index."""
    parameters = {**narrowed.parameters, **key_parameters(after), "limit": limit}
    statement = page_statement(wanted, narrowed, after=after is not None)
    return [case_of(row) for row in await conn.execute(statement, parameters)]


def key_parameters(after: CaseKey | None) -> dict[str, Any]:
    """Return the parameters that say where a page begins; none for the first."""
    return {} if after is None else {"after_urgency": after.urgency, "after_at": after.rank_at, "after_id": after.id}


async def read_count(conn: AsyncConnection, wanted: QueueFilter, cap: int) -> int:
    """Return how many match, counting no further than `cap`; search words are not looked at."""
    narrowed = Narrowed(wanted)
    statement = text(
        f"SELECT count(*) FROM (SELECT 1 FROM {source_of(wanted)} {narrowed.where()} LIMIT :cap) AS capped"  # noqa: S608
    )
    return int((await conn.execute(statement, {**narrowed.parameters, "cap": cap})).scalar_one())


async def read_cases(conn: AsyncConnection, ids: Sequence[CaseId]) -> list[Case]:
    """Return those of `ids` that this person may see and that are not merged away."""
    statement = text(f"SELECT {COLUMNS} FROM console.cases WHERE id = ANY(:ids) AND merged_into IS NULL")  # noqa: S608
    return [case_of(row) for row in await conn.execute(statement, {"ids": list(ids)})]
