"""The delivery ledger in Postgres: claimed by one dispatcher at a time, settled in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.sending import Attempt, Letter

STALE_AFTER = timedelta(minutes=2)
"""A claim this old belongs to a dispatcher that died; whether its letter left is not known."""


class PostgresLedger:
    """`Ledger`, on one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, limit: int) -> Sequence[Letter]:
        """Take up to `limit` due letters; nobody else gets them."""
        with speaking():
            async with self._engine.begin() as conn:
                rows = list(await conn.execute(_CLAIM, {"limit": limit}))
                files = list(await conn.execute(_FILES, {"ids": [r.message_id for r in rows]})) if rows else []
        return [
            Letter(
                MessageId(r.message_id),
                CaseId(r.case_id),
                r.to_address,
                r.to_name,
                r.subject,
                r.body,
                tuple((f.filename, f.media_type, bytes(f.content)) for f in files if f.message_id == r.message_id),
                r.attempts,
                r.reply_to or "",
                r.kind == "acknowledgement",
            )
            for r in rows
        ]

    async def settle(self, message: MessageId, state: str, attempt: Attempt, retry_in: timedelta | None) -> None:
        """Write down how an attempt ended."""
        values = {
            "id": message,
            "state": state,
            "provider_id": attempt.provider_id or None,
            "words": attempt.words[:500] or None,
            "retry_in": retry_in,
        }
        with speaking():
            async with self._engine.begin() as conn:
                await conn.execute(_SETTLE, values)

    async def give_up_stale(self) -> int:
        """Mark letters whose dispatcher died as unknown; return how many."""
        with speaking():
            async with self._engine.begin() as conn:
                return (await conn.execute(_STALE, {"after": STALE_AFTER})).rowcount


_CLAIM = text(
    "UPDATE console.deliveries d SET state = 'sending' FROM console.messages m "
    "WHERE m.id = d.message_id AND d.message_id IN "
    "(SELECT message_id FROM console.deliveries WHERE state = 'held' AND hold_until <= (SELECT console.now()) "
    " ORDER BY hold_until LIMIT :limit FOR UPDATE SKIP LOCKED) "
    "RETURNING d.message_id, d.case_id, d.to_address, d.to_name, d.subject, m.body, m.kind, d.attempts, "
    # what was sent before on the case, so that mail programs show one conversation
    "(SELECT p.provider_id FROM console.deliveries p WHERE p.case_id = d.case_id AND p.state = 'sent' "
    " ORDER BY p.sent_at DESC LIMIT 1) AS reply_to"
)
_FILES = text(
    "SELECT message_id, filename, media_type, content FROM console.attachments "
    "WHERE message_id = ANY(:ids) AND content IS NOT NULL"
)
_SETTLE = text(
    "UPDATE console.deliveries SET state = :state, provider_id = coalesce(:provider_id, provider_id), "
    "last_error = :words, "
    "hold_until = CASE WHEN cast(:retry_in AS interval) IS NULL THEN hold_until "
    "ELSE console.now() + cast(:retry_in AS interval) END WHERE message_id = :id AND state = 'sending'"
)
_STALE = text(
    "UPDATE console.deliveries SET state = 'unknown', last_error = 'The console that was sending this stopped.' "
    "WHERE state = 'sending' AND claimed_at < (SELECT console.now()) - cast(:after AS interval)"
)
