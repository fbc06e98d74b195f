"""What happened on a case while somebody was writing on it."""

from __future__ import annotations

from collections.abc import Iterator

from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.danger import danger_hints
from hotmess_console.domain.policy.workflow import WORDS
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Login

ALARM = ", in words that may mean danger"


def news(before: TicketDetail, now: TicketDetail, me: Login, staff: Staff) -> str:
    """Return what others did since `before`, as one phrase such as "Rowan Hale wrote again"; empty for nothing."""
    return ", ".join(dict.fromkeys(_happened(before, now, me, staff)))


def _happened(before: TicketDetail, now: TicketDetail, me: Login, staff: Staff) -> Iterator[str]:
    known = {message.id for message in before.messages}
    for message in now.messages:
        if message.id not in known and message.incoming:
            who = message.author_name or now.ticket.requester_name or "the person"
            yield f"{who} wrote again{ALARM if danger_hints(message.body) else ''}"
        elif message.id not in known and message.author is not None and message.author != me:
            yield f"{staff.name(message.author)} answered"
    yield from deeds(before, now, me, staff)


def deeds(before: TicketDetail, now: TicketDetail, me: Login, staff: Staff) -> Iterator[str]:
    """Yield what others did since `before` besides writing: "Jo Kerr took it", "it is resolved now"."""
    owner = now.ticket.assignee
    if owner != before.ticket.assignee and owner not in (None, me):
        yield f"{staff.name(owner)} took it"
    mine = {happening.command for happening in now.history if happening.actor == me}
    others = any(h.command not in mine for h in now.history if h not in before.history)
    if now.ticket.status is not before.ticket.status and others:
        yield f"it is {WORDS[now.ticket.status].lower()} now"
    if now.ticket.merged_into is not None and before.ticket.merged_into is None:
        yield "it was merged into another case"
