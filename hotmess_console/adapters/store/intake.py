"""The intake in Postgres: taken by one drain at a time each, never waited for; reconciled against the platform."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.adapters.store.desk import PostgresDesk
from hotmess_console.adapters.store.moments import LATEST, within_reason
from hotmess_console.domain.arrivals import Arrivals, PlatformReply, PlatformTicket
from hotmess_console.domain.values import Category
from hotmess_console.services.adopting import HistoryPreview
from hotmess_console.services.ports import HistoryChoice


class PostgresIntake:
    """`Intake`, in the open transaction of one command."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def oldest(self) -> int | None:
        """Return which row has waited longest to be taken, None where nothing waits."""
        with speaking():
            return (await self._conn.execute(_OLDEST)).scalar_one_or_none()

    async def take(self, limit: int) -> Arrivals:
        """Take up to `limit` rows and return what they now say on the platform.

        One drain at a time: two that hold rows of the same ticket would clash over whose case it becomes.
        """
        with speaking():
            rows = [(r.source, r.key) for r in await self._conn.execute(_TAKE, {"limit": limit})]
            if not rows:
                return Arrivals()
            replies = await self._conn.execute(_REPLIES, {"ids": _keys(rows, "ticket_response")})
            heard = [_reply(r) for r in replies]
            wanted = list({*_keys(rows, "ticket"), *(reply.ticket_id for reply in heard)})
            tickets = await self._conn.execute(_TICKETS, {"ids": wanted})
            return Arrivals(len(rows), tuple(_ticket(t) for t in tickets), tuple(heard))

    async def reconcile(self, go_live: datetime) -> int:
        """File whatever the platform has since `go_live` and the console has not seen; return how many."""
        with speaking():
            tickets = await self._conn.execute(_MISSED_TICKETS, {"go_live": go_live})
            replies = await self._conn.execute(_MISSED_REPLIES, {"go_live": go_live})
        return tickets.rowcount + replies.rowcount

    async def history(self, go_live: datetime, wanted: HistoryChoice, limit: int) -> Arrivals:
        """Return the oldest unfinished tickets from before `go_live` that are no cases yet, with their replies."""
        with speaking():
            found = [_ticket(t) for t in await self._conn.execute(HISTORY, {**chosen(go_live, wanted), "limit": limit})]
            replies = await self._conn.execute(_REPLIES_OF, {"ids": [t.id for t in found]})
            return Arrivals(len(found), tuple(found), tuple(_reply(r) for r in replies))


def chosen(go_live: datetime, wanted: HistoryChoice) -> dict[str, object]:
    """Return the parameters of HISTORY_OF for a choice."""
    return {
        "go_live": go_live,
        "since": wanted.since,
        "categories": sorted(category.value for category in wanted.categories),
        "known": sorted(category.value for category in Category),
    }


async def read_preview(conn: AsyncConnection, wanted: HistoryChoice) -> HistoryPreview:
    """Return how many tickets adopting this choice would bring in, by category, and the oldest one's moment."""
    desk = PostgresDesk(conn)
    go_live = datetime.fromisoformat(str(await desk.setting("intake.go_live")))
    with speaking():
        rows = list(await conn.execute(_PREVIEW, chosen(go_live, wanted)))
    oldest = min((row.oldest for row in rows), default=None)
    return HistoryPreview({Category(row.category): row.cases for row in rows}, oldest)


def _keys(rows: list[tuple[str, str]], source: str) -> list[UUID]:
    found = []
    for kind, key in rows:
        if kind == source:
            try:
                found.append(UUID(key))
            except ValueError:  # a stranger's trigger may write anything; reconciling finds what was meant
                continue
    return found


def _ticket(r: Any) -> PlatformTicket:
    return PlatformTicket(
        r.id,
        r.user_id,
        r.email or "",
        r.name or "",
        r.subject or "",
        r.message or "",
        r.category or "",
        r.status or "",
        _moment(r.created_at),
        _moment(r.updated_at),
        r.priority or "",
    )


def _reply(r: Any) -> PlatformReply:
    listed = r.attachments if isinstance(r.attachments, list) else []
    return PlatformReply(
        r.id,
        r.ticket_id,
        r.responder_id,
        r.responder_type or "user",
        r.message or "",
        tuple(item for item in listed if isinstance(item, dict)),
        _moment(r.created_at),
    )


def _moment(value: datetime | None) -> datetime:
    """Return a row's own time as one that a case may have. One without any was written when it came in."""
    return within_reason(value) or LATEST


HISTORY_OF = (
    "FROM platform.tickets t CROSS JOIN LATERAL "
    "(SELECT CASE WHEN t.category = ANY(cast(:known AS text[])) THEN t.category ELSE 'other' END AS category) filed "
    "WHERE t.created_at < :go_live AND t.status IN ('open', 'in_progress', 'waiting_response') "
    "AND t.created_at >= coalesce(cast(:since AS timestamptz), '-infinity') "
    "AND (cardinality(cast(:categories AS text[])) = 0 OR filed.category = ANY(cast(:categories AS text[]))) "
    "AND NOT EXISTS (SELECT FROM console.tickets c WHERE c.platform_id = t.id)"
)
"""The platform's unfinished tickets from before the go-live that are no cases."""
HISTORY = text(f"SELECT t.* {HISTORY_OF} ORDER BY t.created_at, t.id LIMIT :limit")
_PREVIEW = text(
    f"SELECT filed.category, count(*) AS cases, min(t.created_at) AS oldest {HISTORY_OF} GROUP BY filed.category"
)
_REPLIES_OF = text("SELECT * FROM platform.ticket_responses WHERE ticket_id = ANY(:ids) ORDER BY created_at, id")
_OLDEST = text("SELECT id FROM console.intake ORDER BY id LIMIT 1")
_TAKE = text("SELECT source, key FROM console.take_intake(:limit)")
_TICKETS = text("SELECT * FROM platform.tickets WHERE id = ANY(:ids) ORDER BY created_at, id")
_REPLIES = text("SELECT * FROM platform.ticket_responses WHERE id = ANY(:ids) ORDER BY created_at, id")
_MISSED_TICKETS = text(
    "INSERT INTO console.intake (source, key) SELECT 'ticket', t.id::text FROM platform.tickets t "
    "WHERE t.created_at >= :go_live AND NOT EXISTS (SELECT FROM console.tickets c WHERE c.platform_id = t.id) "
    "ORDER BY t.created_at LIMIT 5000"
)
_MISSED_REPLIES = text(
    "INSERT INTO console.intake (source, key) SELECT 'ticket_response', r.id::text FROM platform.ticket_responses r "
    "WHERE r.created_at >= :go_live AND NOT EXISTS (SELECT FROM console.messages m WHERE m.source_key = r.id::text) "
    "ORDER BY r.created_at LIMIT 5000"
)
