"""The platform's rows as the console keeps them: who wrote what, capped to what a case may hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hotmess_console.domain.arrivals import PlatformReply, PlatformTicket
from hotmess_console.domain.people import UNVERIFIED
from hotmess_console.domain.policy.danger import danger_hints, warned_by
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.templates import one_line
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, Category, MessageId
from hotmess_console.services.ids import new_id, part_of
from hotmess_console.services.ports import NewAttachment, NewMessage, NewTicket
from hotmess_console.services.snippets import snippet

LONGEST_BODY = 200_000
"""Characters kept of one message; what is cut off is said, and the platform still has it."""
_CUT = "\n\n[Cut here: the platform has the rest of this message.]"
LARGEST_FILE = 25 * 1024 * 1024
MOST_FILES = 20


def new_ticket(t: PlatformTicket, now: datetime, targets: Targets, opened_at: datetime) -> NewTicket:
    """Return the ticket to open: priority, level and clock by our own rules, whatever the row claims."""
    category = _category(t.category)
    ticket = opened(
        CaseId(new_id(now)),
        0,
        subject=one_line(t.subject) or one_line(snippet(t.message)) or "No subject",
        category=category,
        now=now,
        targets=targets,
        name=t.name[:200],
        email=t.email.strip()[:320],
        platform_id=t.id,
        opened_at=opened_at,
        immediate_danger=warned_by(category, t.priority),
    )
    if danger_hints(f"{t.subject}\n{t.message}"):
        ticket = ticket.warned()
    return NewTicket(ticket, "platform", snippet(t.message), account_id=t.user_id)


def first_message(ticket: Ticket, t: PlatformTicket) -> NewMessage:
    """Return what the person wrote when they opened the ticket."""
    return NewMessage(
        MessageId(part_of(t.id, "message")),
        ticket.id,
        incoming=True,
        kind="message",
        body=_capped(t.message),
        channel="platform",
        author_name=t.name[:200],
        at=t.created_at,
        source_key=f"ticket:{t.id}",
    )


def reply_message(r: PlatformReply, case: CaseId) -> NewMessage:
    """Return a reply of the platform's: the person's, or a claim to be staff that nobody here wrote, which is said."""
    return NewMessage(
        MessageId(part_of(r.id, "message")),
        case,
        incoming=True,
        kind="message",
        body=_capped(r.message),
        channel="platform",
        author_name="" if r.responder_type == "user" else UNVERIFIED,
        at=r.created_at,
        source_key=str(r.id),
    )


def attachments_of(r: PlatformReply, case: CaseId) -> list[NewAttachment]:
    """Return the files of a reply by where the platform keeps them; entries without a place are left out."""
    return [
        _attachment(r, place, item, where, case)
        for place, item in enumerate(r.attachments[:MOST_FILES])
        if (where := _words(item.get("url")) or _words(item.get("path")))
    ]


def _attachment(r: PlatformReply, place: int, item: dict[str, Any], where: str, case: CaseId) -> NewAttachment:
    name = _words(item.get("name")) or where.rsplit("/", 1)[-1]
    size = item.get("size")
    return NewAttachment(
        part_of(r.id, f"file {place}"),
        case,
        MessageId(part_of(r.id, "message")),
        one_line(name.replace("/", " ").replace("\\", " "))[-200:] or "file",
        one_line(_words(item.get("type")))[:100] or "application/octet-stream",
        size if type(size) is int and 0 <= size <= LARGEST_FILE else 0,  # true is an int as well
        None,
        where[:2000],
    )


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _category(value: str) -> Category:
    try:
        return Category(value)
    except ValueError:
        return Category.OTHER


def _capped(body: str) -> str:
    return body if len(body) <= LONGEST_BODY else body[: LONGEST_BODY - len(_CUT)] + _CUT
