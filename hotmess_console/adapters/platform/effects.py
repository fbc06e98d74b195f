"""Effects on the platform's rows, through the installed functions only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.errors import ConsoleError, StateError, Unreachable
from hotmess_console.domain.values import CommandId
from hotmess_console.services.ports import TicketChange

_APPLY = text(
    "SELECT w.ticket, platform.ticket_apply(:command, w.ticket, w.changes::jsonb) AS answer "
    "FROM unnest(cast(:tickets AS uuid[]), cast(:changes AS text[])) AS w(ticket, changes)"
)
_RESTORE = text("SELECT platform.ticket_restore(:command, :ticket, :was, :reply_id)")


class PlatformEffects:
    """`Platform`, in the transaction that recorded the command."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def apply(
        self, command: CommandId, changes: Sequence[tuple[UUID, TicketChange]], *, if_possible: bool = False
    ) -> dict[UUID, Mapping[str, Any]]:
        """Change the platform's tickets in one statement; return for each how it was enforced and what stood there.

        Raises ConsoleError in words. With `if_possible` only what may pass by itself (a lock, a lost connection) is
        raised: where the platform refuses, nothing is changed there.
        """
        values = {
            "command": command,
            "tickets": [ticket for ticket, _ in changes],
            "changes": [json.dumps(_wanted(change)) for _, change in changes],
        }
        try:
            async with self._conn.begin_nested() if if_possible else nullcontext():
                with speaking():
                    return {row.ticket: dict(row.answer) for row in await self._conn.execute(_APPLY, values)}
        except (StateError, Unreachable):
            raise
        except ConsoleError:
            if not if_possible:
                raise
            return {}

    async def restore(
        self, command: CommandId, ticket: UUID, was: Mapping[str, Any], reply_id: UUID | None
    ) -> Mapping[str, Any]:
        """Put back what `apply` found, where the platform still shows what we wrote."""
        values = {"command": command, "ticket": ticket, "was": Jsonb(dict(was)), "reply_id": reply_id}
        with speaking():
            return dict((await self._conn.execute(_RESTORE, values)).scalar_one())


def _wanted(change: TicketChange) -> dict[str, str]:
    wanted = {
        "reply": change.reply,
        "reply_id": str(change.reply_id) if change.reply_id else None,
        "status": change.status,
        "priority": change.priority,
        "category": change.category,
    }
    return {key: value for key, value in wanted.items() if value is not None}
