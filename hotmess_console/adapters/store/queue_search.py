"""Pages of a queue that is searched: exact whatever the number of matches, and never all of them when they are many."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.store.queue import (
    NAMES,
    Narrowed,
    case_of,
    key_parameters,
    page_statement,
    walk_page,
)
from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.views import QueueFilter

FEW = 1000
"""Up to so many matches are looked up and put in order; of more, the queue is walked and each stretch sifted."""
STRETCHES = (500, 2_000, 8_000)
"""Cases that a walk asks about at once: few at first, because common words are soon found; the last one repeats."""

_FIND = text("SELECT found.id FROM console.search_cases(cast(:like AS text[]), :cap) AS found(id)")


async def search_page(
    conn: AsyncConnection, wanted: QueueFilter, after: CaseKey | None, limit: int | None
) -> list[Case]:
    """Return up to `limit` matches (None: all) of a filter with search words that follow `after` in the queue order."""
    narrowed = Narrowed(wanted)
    cap = None if limit is None else FEW + 1
    ids = list((await conn.execute(_FIND, {"like": narrowed.patterns, "cap": cap})).scalars())
    if limit is None or len(ids) <= FEW:
        narrowed.conditions.append("id = ANY(:found)")
        narrowed.parameters["found"] = ids
        return await walk_page(conn, wanted, narrowed, after, limit)
    found: list[Case] = []
    async for case in _walk(conn, wanted, narrowed, after):
        if len(found) == limit:
            break
        found.append(case)
    return found


async def _walk(
    conn: AsyncConnection, wanted: QueueFilter, narrowed: Narrowed, after: CaseKey | None
) -> AsyncIterator[Case]:
    """Yield matches in queue order, a stretch of the queue at a time, until its end."""
    stretches = iter(STRETCHES)
    length = next(stretches)
    while True:
        statement = _stretch_statement(wanted, narrowed, after=after is not None)
        parameters = {**narrowed.parameters, **key_parameters(after), "limit": length, "like": narrowed.patterns}
        rows = (await conn.execute(statement, parameters)).all()
        for row in rows:
            if row.said:
                yield case_of(row[:-2])
        if not rows or rows[0].seen < length:
            return
        after = case_of(rows[-1][:-2]).key
        length = next(stretches, length)


def _stretch_statement(wanted: QueueFilter, narrowed: Narrowed, *, after: bool) -> TextClause:
    """Return the statement of one stretch: its matches, its last case whether that matches or not, and its length."""
    stretch = page_statement(wanted, narrowed, after=after).text
    return text(
        f"WITH stretch AS MATERIALIZED ({stretch}), sifted AS (SELECT *, "  # noqa: S608
        "id IN (SELECT console.search_among((SELECT array_agg(id) FROM stretch), cast(:like AS text[]))) AS said, "
        "lead(id) OVER (ORDER BY urgency, rank_at, id) IS NULL AS last FROM stretch) "
        f"SELECT {NAMES}, said, (SELECT count(*) FROM stretch) AS seen FROM sifted WHERE said OR last "
        "ORDER BY urgency, rank_at, id"
    )
