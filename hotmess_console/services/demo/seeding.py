"""Demo tickets as cases: each is walked through its own past, so that its clock and thread are what they would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.placeholders import one_line
from hotmess_console.domain.policy.danger import danger_hints
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, Level, Login, MessageId, Offline, Permission, Status
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.demo.tickets import DemoTicket
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import NewMessage, NewTicket, Work
from hotmess_console.services.snippets import snippet


@dataclass(frozen=True, slots=True)
class DemoNote:
    """An internal note of the demo's past."""

    id: UUID
    case: CaseId
    author: Login
    body: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SeedDemo(Command):
    """Fill an empty demo; nothing of it is sent to anybody."""

    name: ClassVar[str] = "demo.seed"
    permission: ClassVar[Permission] = Permission.TICKET_CREATE
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "A demo is thrown away as a whole: hotmess-console demo --reset."

    tickets: tuple[DemoTicket, ...] = field(repr=False)

    def params(self) -> dict[str, object]:
        """Return how many, not the texts."""
        return {"tickets": len(self.tickets)}

    async def run(self, work: Work) -> Outcome:
        targets = await work.desk.targets()
        new = [NewTicket(_first(t, targets), "platform", snippet(t.message), _account(t)) for t in self.tickets]
        await work.tickets.open(new)
        loaded = await work.tickets.load([n.ticket.id for n in new])
        pairs = [
            (loaded[n.ticket.id], lived(loaded[n.ticket.id], t, targets))
            for n, t in zip(new, self.tickets, strict=True)
        ]
        await work.tickets.save([(before, after) for before, after in pairs if before != after])
        await work.threads.add([m for t in self.tickets for m in _messages(t)], hold_seconds=0)
        return Outcome(tuple(n.ticket.id for n in new))

    def closed(self) -> tuple[CaseRef, ...]:
        """Return the cases that are to be closed next: a command takes each case one step."""
        return tuple(CaseRef(case_id(t), 2) for t in self.tickets if t.status is Status.CLOSED)

    def notes(self) -> Iterator[DemoNote]:
        """Return the internal notes of the past, which only a superuser can write for others."""
        for ticket in self.tickets:
            for place, turn in enumerate(ticket.turns):
                if turn.by == "note" and turn.author is not None:
                    yield DemoNote(
                        part_of(ticket.id, f"note {place}"), case_id(ticket), turn.author, turn.text, turn.at
                    )


def case_id(t: DemoTicket) -> CaseId:
    """Return the case of a demo ticket, the same for the same seed."""
    return CaseId(part_of(t.id, "case"))


def _account(t: DemoTicket) -> UUID | None:
    return t.requester.id if t.has_account else None


def _first(t: DemoTicket, targets: Targets) -> Ticket:
    return opened(
        case_id(t),
        0,
        subject=t.subject,
        category=t.category,
        now=t.created_at,
        targets=targets,
        name=t.requester.name,
        email=t.requester.email,
        language=t.language,
        platform_id=t.id,
    )


def lived(ticket: Ticket, t: DemoTicket, targets: Targets) -> Ticket:
    """Return `ticket` after everything that has happened to it, each turn at its own time."""
    for turn in t.turns:
        if turn.by == "staff" and turn.author is not None:
            ticket = ticket.replied(turn.author, Status.IN_PROGRESS, turn.at, targets)
        elif turn.by == "user":
            ticket = ticket.received(turn.at, targets)
    if t.assignee is not None and ticket.assignee != t.assignee:
        ticket = ticket.assigned(t.assignee, t.updated_at)
    if t.assignee is None and ticket.assignee is not None:
        ticket = ticket.released(t.updated_at)
    return _arrived(ticket, t)


def _arrived(ticket: Ticket, t: DemoTicket) -> Ticket:
    ticket = replace(ticket, level=max(Level(ticket.level), t.level), unread=t.assignee is None)
    theirs = (t.subject, t.message, *(turn.text for turn in t.turns if turn.by == "user"))
    if ticket.level < Level.MANAGEMENT and danger_hints("\n".join(theirs)):
        ticket = ticket.warned()
    match t.status:
        case Status.WAITING:
            return ticket.waiting(t.updated_at)
        case Status.RESOLVED | Status.CLOSED:
            return ticket.resolved(t.updated_at)
        case _:
            return ticket


def _messages(t: DemoTicket) -> Iterator[NewMessage]:
    case = case_id(t)
    name = t.requester.name
    yield NewMessage(
        MessageId(part_of(t.id, "message")),
        case,
        incoming=True,
        kind="message",
        body=t.message,
        channel="platform",
        author_name=name,
        at=t.created_at,
        source_key=f"ticket:{t.id}",
    )
    for place, turn in enumerate(t.turns):
        reply = part_of(t.id, f"reply {place}")
        if turn.by == "user":
            yield NewMessage(
                MessageId(part_of(reply, "message")),
                case,
                incoming=True,
                kind="message",
                body=turn.text,
                channel="platform",
                author_name=name,
                at=turn.at,
                source_key=str(reply),
            )
        elif turn.by == "staff":
            yield NewMessage(
                MessageId(reply),
                case,
                incoming=False,
                kind="reply",
                body=turn.text,
                author=turn.author,
                at=turn.at,
                source_key=str(reply),
                deliver_to=t.requester.email,
                to_name=name,
                subject=one_line(t.subject),
            )
