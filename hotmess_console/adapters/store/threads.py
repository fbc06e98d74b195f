"""Messages, notes, files and the delivery ledger in Postgres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.values import CaseId, CommandId, Login, MessageId, NoteId
from hotmess_console.services.ports import NewAttachment, NewMessage


class PostgresThreads:
    """`Threads`, in the open transaction of one command."""

    def __init__(self, conn: AsyncConnection, command: Callable[[], CommandId]) -> None:
        self._conn = conn
        self._command = command

    async def add(self, messages: Sequence[NewMessage], *, hold_seconds: int) -> None:
        """Add messages to their threads; those with an address enter the ledger, held for `hold_seconds`."""
        if not messages:
            return
        with speaking():
            await self._conn.execute(_MESSAGES, [_message_values(m, self._command()) for m in messages])
            outgoing = [m for m in messages if m.deliver_to]
            if outgoing:
                hold = timedelta(seconds=hold_seconds)
                await self._conn.execute(_DELIVERIES, [_delivery_values(m, hold) for m in outgoing])

    async def leaves_at(self, message: MessageId) -> datetime | None:
        """Return when a held message leaves; None for one that is not held."""
        with speaking():
            row = (await self._conn.execute(_LEAVES_AT, {"id": message})).one_or_none()
        return None if row is None else row.hold_until

    async def add_note(self, note: NoteId, case: CaseId, body: str, mentions: Sequence[Login]) -> None:
        """Add an internal note; it is never written to the platform."""
        with speaking():
            values = {
                "id": note,
                "case": case,
                "body": body,
                "mentions": list(mentions),
                "command": self._command(),
            }
            await self._conn.execute(_NOTE, values)

    async def attach(self, attachments: Sequence[NewAttachment]) -> None:
        """Keep files with their messages."""
        if attachments:
            with speaking():
                await self._conn.execute(_ATTACH, [_attachment_values(a) for a in attachments])

    async def of_command(self, command: CommandId) -> Sequence[MessageId]:
        """Return the outgoing messages that a command sent, found by their derived ids' ledger rows."""
        with speaking():
            rows = await self._conn.execute(_OF_COMMAND, {"command": command})
        return [MessageId(row.id) for row in rows]

    async def take_back(self, messages: Sequence[MessageId]) -> frozenset[MessageId]:
        """Cancel what is still held and mark it retracted; return those that could be stopped."""
        with speaking():
            stopped = [row.message_id for row in await self._conn.execute(_CANCEL, {"ids": list(messages)})]
            await self._conn.execute(_RETRACT, {"ids": stopped})
        return frozenset(MessageId(id_) for id_ in stopped)

    async def retract_notes_of(self, command: CommandId) -> Sequence[CaseId]:
        """Mark the notes that a command wrote as taken back; their words stay for the record."""
        with speaking():
            rows = await self._conn.execute(_RETRACT_NOTES, {"command": command})
        return [CaseId(row.case_id) for row in rows]

    async def release(self, messages: Sequence[MessageId]) -> frozenset[MessageId]:
        """Let failed, unknown or held messages be sent now; return those released."""
        with speaking():
            rows = await self._conn.execute(_RELEASE, {"ids": list(messages)})
        return frozenset(MessageId(row.message_id) for row in rows)

    async def known(self, source_keys: Sequence[str]) -> frozenset[str]:
        """Return those platform replies that are in a thread already."""
        with speaking():
            rows = await self._conn.execute(_KNOWN, {"keys": list(source_keys)})
        return frozenset(row.source_key for row in rows)


def _message_values(m: NewMessage, command: CommandId) -> dict[str, Any]:
    return {
        "id": m.id,
        "case": m.case,
        "direction": "in" if m.incoming else "out",
        "kind": m.kind,
        "channel": m.channel,
        "author": m.author,
        "author_name": m.author_name or None,
        "body": m.body,
        "at": m.at,
        "template_id": m.template or None,
        "template_version": m.template_version,
        "source_key": m.source_key,
        "command": command,
    }


def _delivery_values(m: NewMessage, hold: timedelta) -> dict[str, Any]:
    return {
        "id": m.id,
        "case": m.case,
        "to_address": m.deliver_to,
        "to_name": m.to_name,
        "subject": m.subject,
        "hold": hold,
    }


def _attachment_values(a: NewAttachment) -> dict[str, Any]:
    return {
        "id": a.id,
        "case": a.case,
        "message": a.message,
        "filename": a.filename,
        "media_type": a.media_type,
        "size": a.size,
        "sha256": sha256(a.content).digest() if a.content is not None else None,
        "content": a.content,
        "url": a.url,
    }


_MESSAGES = text(
    "INSERT INTO console.messages (id, case_id, direction, kind, channel, author, author_name, body, at, template_id, "
    "template_version, source_key, command_id) "
    "VALUES (:id, :case, :direction, :kind, :channel, cast(:author AS name), :author_name, :body, "
    " coalesce(cast(:at AS timestamptz), console.now()), :template_id, :template_version, :source_key, :command)"
)
_DELIVERIES = text(
    "INSERT INTO console.deliveries (message_id, case_id, to_address, to_name, subject, hold_until) "
    "VALUES (:id, :case, :to_address, :to_name, :subject, console.now() + cast(:hold AS interval))"
)
_LEAVES_AT = text("SELECT hold_until FROM console.deliveries WHERE message_id = :id AND state = 'held'")
_NOTE = text(
    "INSERT INTO console.notes (id, case_id, body, mentions, command_id) "
    "VALUES (:id, :case, :body, cast(:mentions AS name[]), :command)"
)
_ATTACH = text(
    "INSERT INTO console.attachments (id, case_id, message_id, filename, media_type, size, sha256, content, url) "
    "VALUES (:id, :case, :message, :filename, :media_type, :size, :sha256, :content, :url)"
)
_OF_COMMAND = text("SELECT id FROM console.messages WHERE command_id = :command AND direction = 'out'")
_CANCEL = text(
    "UPDATE console.deliveries SET state = 'cancelled' WHERE message_id = ANY(:ids) AND state = 'held' "
    "RETURNING message_id"
)
_RETRACT = text("UPDATE console.messages SET retracted_at = console.now() WHERE id = ANY(:ids)")
_RETRACT_NOTES = text(
    "UPDATE console.notes SET retracted_at = console.now() WHERE command_id = :command AND retracted_at IS NULL "
    "RETURNING case_id"
)
_RELEASE = text(
    "UPDATE console.deliveries SET state = 'held', hold_until = console.now(), last_error = NULL "
    "WHERE message_id = ANY(:ids) AND state IN ('held', 'failed', 'unknown') RETURNING message_id"
)
_KNOWN = text("SELECT source_key FROM console.messages WHERE source_key = ANY(:keys)")
