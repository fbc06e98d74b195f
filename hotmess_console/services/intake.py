"""The drain: what the platform wrote becomes cases and thread messages, each once, whoever drains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.arrivals import PlatformReply, PlatformTicket
from hotmess_console.domain.events import CasesChanged, MessagesMoved
from hotmess_console.domain.policy import acknowledgement
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.templates import Template
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, Category, MessageId, Offline, Permission, Status
from hotmess_console.services.acknowledging import acknowledge
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.ids import new_id, part_of
from hotmess_console.services.ports import NewAttachment, NewMessage, NewTicket, Work
from hotmess_console.services.snippets import snippet

BATCH = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """What the drain needs to know of the desk, read once a batch."""

    now: datetime
    targets: Targets
    go_live: datetime
    template: Template | None
    hold_seconds: int


@dataclass(frozen=True, kw_only=True)
class DrainIntake(Command):
    """Take one batch of the intake. Locked rows are somebody else's: they are skipped, not waited for."""

    name: ClassVar[str] = "intake.drain"
    permission: ClassVar[Permission] = Permission.TICKET_WORK
    offline: ClassVar[Offline] = Offline.FREE
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What people wrote cannot be unwritten."

    async def run(self, work: Work) -> Outcome:
        arrivals = await work.intake.take(BATCH)
        if not arrivals.taken:
            return Outcome()
        desk = await _desk(work)
        known = await work.tickets.by_platform(
            [t.id for t in arrivals.tickets] + [r.ticket_id for r in arrivals.replies]
        )
        opened_now = await self._open(work, desk, [t for t in arrivals.tickets if t.id not in known], arrivals.replies)
        known |= opened_now
        heard = await self._hear(work, desk, arrivals.replies, known, frozenset(opened_now.values()))
        mirrored = await self._mirror(
            work, desk, [t for t in arrivals.tickets if known.get(t.id) not in opened_now.values()], known
        )
        ids = tuple(dict.fromkeys((*opened_now.values(), *heard, *mirrored)))
        return Outcome(ids, (), (CasesChanged(ids), MessagesMoved(ids)) if ids else (), f"{arrivals.taken}")

    async def _open(
        self, work: Work, desk: Desk, fresh: Sequence[PlatformTicket], replies: Sequence[PlatformReply]
    ) -> dict[UUID, CaseId]:
        """Open cases for tickets since the go-live, and for older ones that were written to since (decision 9)."""
        spoken_to = {r.ticket_id for r in replies if r.created_at >= desk.go_live}
        wanted = [t for t in fresh if t.created_at >= desk.go_live or t.id in spoken_to]
        new = [_new_ticket(t, desk) for t in wanted]
        await work.tickets.open(new)
        messages = [_first_message(n.ticket, t) for n, t in zip(new, wanted, strict=True)]
        await work.threads.add(messages, hold_seconds=0)
        await self._acknowledge(
            work, desk, [n.ticket for n, t in zip(new, wanted, strict=True) if t.created_at >= desk.go_live]
        )
        return {t.id: n.ticket.id for n, t in zip(new, wanted, strict=True)}

    async def _acknowledge(self, work: Work, desk: Desk, tickets: Sequence[Ticket]) -> None:
        """Confirm each new ticket once, within the manual's time frame (manual: Ticket Workflow, 1)."""
        if desk.template is None:
            return
        numbers = await work.tickets.load([t.id for t in tickets])
        due = [numbers[t.id] for t in tickets if t.id in numbers and acknowledgement.is_owed(t.requester_email)]
        letters = [acknowledge(ticket, desk.template, desk.targets) for ticket in due]
        await work.threads.add(letters, hold_seconds=desk.hold_seconds)

    async def _hear(
        self,
        work: Work,
        desk: Desk,
        replies: Sequence[PlatformReply],
        known: Mapping[UUID, CaseId],
        new: frozenset[CaseId],
    ) -> list[CaseId]:
        """Add replies that are not in a thread yet; a waiting or finished ticket is work again."""
        there = await work.threads.known([str(r.id) for r in replies])
        fresh = [r for r in replies if str(r.id) not in there and r.ticket_id in known]
        await work.threads.add([_reply_message(r, known[r.ticket_id]) for r in fresh], hold_seconds=0)
        await work.threads.attach([a for r in fresh for a in _attachments(r, known[r.ticket_id])])
        woken = [known[r.ticket_id] for r in fresh if r.responder_type != "system"]
        tickets = await work.tickets.load([case for case in dict.fromkeys(woken) if case not in new])
        await work.tickets.save([(t, t.received(desk.now, desk.targets)) for t in tickets.values()])
        return [known[r.ticket_id] for r in fresh]

    async def _mirror(
        self, work: Work, desk: Desk, changed: Sequence[PlatformTicket], known: Mapping[UUID, CaseId]
    ) -> list[CaseId]:
        """Follow a status that somebody set on the platform itself, such as the web admin closing a ticket."""
        said = {known[t.id]: t for t in changed if t.id in known}
        tickets = await work.tickets.load(list(said))
        pairs = []
        for ticket in tickets.values():
            after = _mirrored(ticket, said[ticket.id], desk)
            if after != ticket:
                pairs.append((ticket, after))
        return list(await work.tickets.save(pairs))


def _new_ticket(t: PlatformTicket, desk: Desk) -> NewTicket:
    ticket = opened(
        CaseId(new_id(desk.now)),
        0,
        subject=t.subject or snippet(t.message) or "No subject",
        category=_category(t.category),
        now=desk.now,
        targets=desk.targets,
        name=t.name[:200],
        email=t.email[:320],
        platform_id=t.id,
        opened_at=max(t.created_at, desk.go_live),
    )
    return NewTicket(ticket, "platform", snippet(t.message), account_id=t.user_id)


def _category(value: str) -> Category:
    try:
        return Category(value)
    except ValueError:
        return Category.OTHER


def _first_message(ticket: Ticket, t: PlatformTicket) -> NewMessage:
    return NewMessage(
        MessageId(part_of(t.id, "message")),
        ticket.id,
        incoming=True,
        kind="message",
        body=t.message,
        channel="platform",
        author_name=t.name[:200],
        at=t.created_at,
        source_key=f"ticket:{t.id}",
    )


def _reply_message(r: PlatformReply, case: CaseId) -> NewMessage:
    """A reply of the platform's is the person's, or a claim to be staff that nobody here wrote: said so."""
    return NewMessage(
        MessageId(part_of(r.id, "message")),
        case,
        incoming=True,
        kind="message",
        body=r.message,
        channel="platform",
        author_name="" if r.responder_type == "user" else "Written on the platform as staff, not by this console",
        at=r.created_at,
        source_key=str(r.id),
    )


def _attachments(r: PlatformReply, case: CaseId) -> list[NewAttachment]:
    found = []
    for place, item in enumerate(r.attachments[:20]):
        url = str(item.get("url") or item.get("path") or "")
        if url:
            name = str(item.get("name") or url.rsplit("/", 1)[-1])
            safe = "".join(c for c in name if c not in "/\\\r\n\x00")[-200:] or "file"
            size = item.get("size")
            found.append(
                NewAttachment(
                    part_of(r.id, f"file {place}"),
                    case,
                    MessageId(part_of(r.id, "message")),
                    safe,
                    str(item.get("type") or "application/octet-stream")[:100],
                    size if isinstance(size, int) and 0 <= size <= 26214400 else 0,
                    None,
                    url[:2000],
                )
            )
    return found


def _mirrored(ticket: Ticket, t: PlatformTicket, desk: Desk) -> Ticket:
    """Only finishing and reopening are followed: everything else the console knows better."""
    finished = (Status.RESOLVED, Status.CLOSED)
    if t.status in ("resolved", "closed") and ticket.status not in finished:
        return ticket.resolved(desk.now)
    if t.status in ("open", "in_progress", "waiting_response") and ticket.status in finished:
        return ticket.reopened(desk.now, desk.targets)
    return ticket


async def _desk(work: Work) -> Desk:
    templates = await work.desk.templates()
    go_live = await work.desk.setting("intake.go_live")
    return Desk(
        await work.now(),
        await work.desk.targets(),
        datetime.fromisoformat(str(go_live)),
        next((t for t in templates if t.id == acknowledgement.TEMPLATE and t.language == "en"), None),
        int(await work.desk.setting("messages.hold_seconds") or 0),
    )
