"""The first page of the queue and one deep in it, against raw psycopg on the same view, role and pool.

The floor asks the same question of the same view with the same login, from a psycopg pool on autocommit, and builds
the same snapshots; what is left is what the console's own layers cost. Both take turns, so that noise hits both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import psycopg
from psycopg_pool import AsyncConnectionPool

from benchmarks.desk import desk
from benchmarks.figures import beside
from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.queries import PostgresQueries
from hotmess_console.adapters.store.queue import case_of
from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.views import TEAM

ROUNDS = 400
PAGE_SQL = (
    "SELECT id, number, kind, subject, snippet, status, category, priority, urgency, level, assignee, opened_at, "
    "due_at, rank_at, paused_at, snoozed_until, language, unread, version, "
    "guarded AND NOT console.sees_guarded() AS guarded FROM console.queue "
    "WHERE (snoozed_until IS NULL OR snoozed_until <= (SELECT console.now())) {after} "
    "ORDER BY urgency, rank_at, id LIMIT 51"
)
AFTER_SQL = "AND (urgency, rank_at, id) > (%s, %s, %s)"


def run(sizes: Sequence[int] = (1_000, 100_000), rounds: int = ROUNDS) -> dict[str, object]:
    """Return the figures for each size, with the plan that Postgres chose."""
    return {f"{size:,} open cases": _measure(size, rounds) for size in sizes}


def _measure(size: int, rounds: int) -> dict[str, object]:
    with desk(size) as (_, conninfo):
        figures = asyncio.run(_times(conninfo, rounds))
        figures["plan"] = plan(conninfo)
        return figures


async def _times(conninfo: str, rounds: int) -> dict[str, object]:
    engine = open_engine(conninfo)
    queries = PostgresQueries(engine)
    async with AsyncConnectionPool(conninfo, min_size=1, max_size=4, kwargs={"autocommit": True}, open=False) as pool:
        first = (await queries.page(TEAM.filter)).cases
        deep = await _deep(queries, 10)

        async def ours(after: CaseKey | None) -> int:
            return len((await queries.page(TEAM.filter, after)).cases)

        async def floor(after: CaseKey | None) -> int:
            return len((await raw_page(pool, after))[:50])

        assert await raw_page(pool, None) == [*first, *(await queries.page(TEAM.filter, first[-1].key)).cases[:1]]
        return {
            "first page": await _side_by_side(lambda: ours(None), lambda: floor(None), rounds),
            "page eleven": await _side_by_side(lambda: ours(deep), lambda: floor(deep), rounds),
        }


async def raw_page(pool: AsyncConnectionPool, after: CaseKey | None) -> list[Case]:
    """The floor: one statement on a pooled connection, one snapshot a row."""
    parameters = (after.urgency, after.rank_at, after.id) if after else ()
    statement = PAGE_SQL.format(after=AFTER_SQL if after else "").encode()
    async with pool.connection() as conn:
        rows = await (await conn.execute(statement, parameters)).fetchall()
    return [case_of(row) for row in rows]


async def _deep(queries: PostgresQueries, pages: int) -> CaseKey:
    key: CaseKey | None = None
    for _ in range(pages):
        key = (await queries.page(TEAM.filter, key)).cases[-1].key
    assert key is not None
    return key


async def _side_by_side(
    ours: Callable[[], Awaitable[int]], floor: Callable[[], Awaitable[int]], rounds: int
) -> dict[str, object]:
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(20):
        await ours(), await floor()
    for _ in range(rounds):
        for work, times in ((ours, spent[0]), (floor, spent[1])):
            start = time.perf_counter()
            await work()
            times.append(time.perf_counter() - start)
    return beside(spent[0], spent[1], bar=2.5)


def plan(conninfo: str) -> list[str]:
    """Return the nodes of the page's plan as the agent's login gets it."""
    with psycopg.connect(conninfo) as conn:
        rows = conn.execute(f"EXPLAIN (COSTS OFF) {PAGE_SQL.format(after='')}".encode()).fetchall()
    return [str(row[0]) for row in rows]
