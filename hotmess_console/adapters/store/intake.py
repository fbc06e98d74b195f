"""The intake in Postgres: taken by one drain at a time each, never waited for; reconciled against the platform."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.failures import speaking
from hotmess_console.domain.arrivals import Arrivals, PlatformReply, PlatformTicket


class PostgresIntake:
    """`Intake`, in the open transaction of one command."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def take(self, limit: int) -> Arrivals:
        """Take up to `limit` rows and return what they now say on the platform."""
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
        r.created_at,
        r.updated_at,
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
        r.created_at,
    )


_TAKE = text(
    "DELETE FROM console.intake WHERE id IN "
    "(SELECT id FROM console.intake ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED) RETURNING source, key"
)
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
