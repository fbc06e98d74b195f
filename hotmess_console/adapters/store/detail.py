"""One ticket in full, and the person who wrote it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.store.people import account_of
from hotmess_console.adapters.store.queue import COLUMNS, case_of
from hotmess_console.adapters.store.tickets import PostgresTickets
from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.people import Account, OtherCase, Person
from hotmess_console.domain.threads import (
    Attachment,
    Delivery,
    DeliveryState,
    Happening,
    Message,
    Note,
    Pause,
)
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, CommandId, Login, MessageId, NoteId

NEWEST = 500
"""Messages and notes shown of one thread; older ones are a search away."""


async def read_ticket(conn: AsyncConnection, case: CaseId) -> TicketDetail:
    """Return everything about one ticket, with the threads of those merged into it. Raises NotFound.

    Of a ticket that is guarded from this person only the row is there, which is no error.
    """
    row = (await conn.execute(_CASE, {"case": case})).one_or_none()
    ticket = (await PostgresTickets(conn, _no_command).load([case])).get(case)
    if row is None or ticket is None:
        raise NotFound("This case is gone, or your role may not see it.", hint="Refresh the queue.")
    if ticket.guarded:
        return TicketDetail(case_of(row), ticket, read_at=(await conn.execute(_NOW)).scalar_one())
    attachments = [_attachment(r) for r in await conn.execute(_ATTACHMENTS, {"case": case})]
    messages = [_message(r, attachments) for r in await conn.execute(_MESSAGES, {"case": case, "newest": NEWEST})]
    notes = [_note(r) for r in await conn.execute(_NOTES, {"case": case, "newest": NEWEST})]
    pauses = [Pause(r.from_at, r.until_at) for r in await conn.execute(_PAUSES, {"case": case})]
    history = [_happening(r) for r in await conn.execute(_HISTORY, {"case": case})]
    now = (await conn.execute(_NOW)).scalar_one()
    return TicketDetail(
        case_of(row),
        ticket,
        tuple(messages),
        tuple(notes),
        tuple(pauses),
        tuple(attachments),
        tuple(history),
        tuple(await _links(conn, case)),
        now,
    )


async def _links(conn: AsyncConnection, case: CaseId) -> list[Case]:
    return [case_of(row) for row in await conn.execute(_LINKS, {"case": case})]


async def read_person(conn: AsyncConnection, case: CaseId) -> Person:
    """Return who wrote this ticket, what the platform knows of them, and their other cases. Raises NotFound.

    Nobody, where the ticket is guarded from who asks.
    """
    row = (await conn.execute(_REQUESTER, {"case": case})).one_or_none()
    if row is None and (await conn.execute(_CASE, {"case": case})).first() is not None:
        return Person("", None)
    if row is None:
        raise NotFound("This case is gone, or your role may not see it.", hint="Refresh the queue.")
    account = await _account(conn, row)
    others = await conn.execute(_OTHERS, {"case": case, "email": row.requester_email, "account": row.account_id})
    cases = tuple(OtherCase(CaseId(r.id), r.number, r.subject, r.status, r.opened_at, not r.queued) for r in others)
    name = row.requester_name or (account.display_name if account else None) or ""
    return Person(name, row.requester_email, account, cases)


async def _account(conn: AsyncConnection, row: Any) -> Account | None:
    if row.account_id is None and not row.requester_email:
        return None
    found = (await conn.execute(_ACCOUNT, {"id": row.account_id, "email": row.requester_email})).first()
    return account_of(found) if found else None


def _no_command() -> CommandId:
    raise RuntimeError("reading a ticket records nothing")


def _message(r: Any, attachments: list[Attachment]) -> Message:
    delivery = None
    if r.state is not None:
        delivery = Delivery(
            DeliveryState(r.state), r.to_address, r.hold_until, r.delivered_at, r.attempts, r.last_error or ""
        )
    return Message(
        MessageId(r.id),
        r.direction == "in",
        r.kind,
        Login(r.author) if r.author else None,
        r.author_name or "",
        r.body,
        r.at,
        r.channel,
        delivery,
        r.retracted_at is not None,
        r.template_id or "",
        tuple(a for a in attachments if a.message == r.id),
    )


def _note(r: Any) -> Note:
    mentions = tuple(Login(m) for m in r.mentions)
    return Note(NoteId(r.id), Login(r.author), r.body, r.at, mentions, r.retracted_at is not None)


def _attachment(r: Any) -> Attachment:
    message = MessageId(r.message_id) if r.message_id else None
    return Attachment(r.id, r.filename, r.media_type, r.size, message, r.url)


def _happening(r: Any) -> Happening:
    return Happening(CommandId(r.id), r.name, Login(r.actor), r.at, dict(r.params), dict(r.prior or {}), bool(r.undone))


_FAMILY = (
    "(WITH RECURSIVE family AS (SELECT cast(:case AS uuid) AS id UNION "
    "SELECT c.id FROM console.cases c JOIN family f ON c.merged_into = f.id) SELECT id FROM family)"
)
"""The case itself, what was merged into it, and what had been merged into that."""
_NOW = text("SELECT console.now()")
_CASE = text(f"SELECT {COLUMNS} FROM console.cases WHERE id = :case")  # noqa: S608
_MESSAGES = text(
    "SELECT * FROM (SELECT m.id, m.direction, m.kind, m.channel, m.author, m.author_name, m.body, m.at, m.template_id, "  # noqa: S608
    "m.retracted_at, d.state, d.to_address, d.hold_until, d.sent_at AS delivered_at, d.attempts, d.last_error "
    "FROM console.messages m LEFT JOIN console.deliveries d ON d.message_id = m.id "
    f"WHERE m.case_id IN {_FAMILY} ORDER BY m.at DESC, m.id DESC LIMIT :newest) t ORDER BY at, id"
)
_NOTES = text(
    "SELECT * FROM (SELECT id, author, body, mentions, at, retracted_at FROM console.notes "  # noqa: S608
    f"WHERE case_id IN {_FAMILY} ORDER BY at DESC LIMIT :newest) t ORDER BY at, id"
)
_ATTACHMENTS = text(
    "SELECT id, message_id, filename, media_type, size, url FROM console.attachments "  # noqa: S608
    f"WHERE case_id IN {_FAMILY} ORDER BY at"
)
_PAUSES = text("SELECT from_at, until_at FROM console.pauses WHERE case_id = :case ORDER BY from_at")
_HISTORY = text(
    "SELECT * FROM (SELECT c.id, c.name, c.actor, c.at, p.prior, c.params || coalesce("
    "(SELECT jsonb_build_object('template_name', t.name) FROM console.templates t "
    "WHERE t.id = c.params ->> 'template' ORDER BY t.language <> 'en', t.language LIMIT 1), '{}') AS params, "
    "EXISTS (SELECT FROM console.commands u WHERE u.undoes = c.id) AS undone "
    "FROM console.command_cases p JOIN console.commands c ON c.id = p.command_id "
    "WHERE p.case_id = :case ORDER BY c.at DESC LIMIT 200) t ORDER BY at"
)
_LINKS = text(
    f"SELECT {COLUMNS} FROM console.cases WHERE id IN "  # noqa: S608
    "(SELECT CASE WHEN case_id = :case THEN other_id ELSE case_id END FROM console.case_links "
    " WHERE case_id = :case OR other_id = :case) ORDER BY number"
)
_REQUESTER = text("SELECT requester_name, requester_email, account_id FROM console.tickets WHERE case_id = :case")
_ACCOUNT = text(
    "SELECT * FROM platform.accounts WHERE id = :id "
    "UNION ALL SELECT * FROM (SELECT * FROM platform.accounts WHERE cast(:id AS uuid) IS NULL "
    "AND lower(email) = lower(:email) LIMIT 1) by_email LIMIT 1"
)
_OTHERS = text(
    "SELECT c.id, c.number, c.subject, c.status, c.opened_at, c.queued FROM console.tickets t "
    "JOIN console.cases c ON c.id = t.case_id WHERE t.case_id <> :case AND (lower(t.requester_email) = lower(:email) "
    "OR t.account_id = cast(:account AS uuid)) ORDER BY c.opened_at DESC LIMIT 20"
)
