"""The drain: what the platform wrote becomes cases and thread messages, each once, whoever drains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.arrivals import Arrivals, PlatformReply, PlatformTicket
from hotmess_console.domain.events import CasesChanged, MessagesMoved
from hotmess_console.domain.policy import acknowledgement
from hotmess_console.domain.policy.danger import danger_hints
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.templates import Template, best
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, Offline, Permission, Status, TemplateId
from hotmess_console.domain.views import FINISHED, LIVE
from hotmess_console.services.acknowledging import acknowledge
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.danger import tell_danger
from hotmess_console.services.platform_rows import attachments_of, first_message, new_ticket, reply_message
from hotmess_console.services.ports import TicketChange, Work
from hotmess_console.services.support import apply_to_platform

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
    """Take one batch of the intake. While somebody else is taking, there is nothing but to say what waits longest."""

    name: ClassVar[str] = "intake.drain"
    permission: ClassVar[Permission] = Permission.TICKET_WORK
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What people wrote cannot be unwritten."

    async def needless(self, work: Work) -> bool:
        return await work.intake.oldest() is None

    async def run(self, work: Work) -> Outcome:
        arrivals = await work.intake.take(BATCH)
        if not arrivals.taken:
            return Outcome(idle=True, words=f"{await work.intake.oldest() or ''}")
        desk = await _desk(work)
        known = await work.tickets.by_platform(
            [t.id for t in arrivals.tickets] + [r.ticket_id for r in arrivals.replies]
        )
        opened = await _open(work, desk, [t for t in arrivals.tickets if t.id not in known], arrivals.replies)
        heard = await _hear(work, arrivals.replies, known | opened)
        followed = await _follow(work, desk, arrivals, known, heard)
        ids = tuple(dict.fromkeys((*opened.values(), *(case for case, _ in heard), *followed)))
        return Outcome(ids, (), (CasesChanged(ids), MessagesMoved(ids)) if ids else (), f"{arrivals.taken}")


@dataclass(frozen=True, kw_only=True)
class Reconcile(Command):
    """File what the platform has since the go-live and the console never heard of, for the next drain."""

    name: ClassVar[str] = "intake.reconcile"
    permission: ClassVar[Permission] = Permission.TICKET_WORK
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What people wrote cannot be unwritten."

    async def run(self, work: Work) -> Outcome:
        go_live = datetime.fromisoformat(str(await work.desk.setting("intake.go_live")))
        filed = await work.intake.reconcile(go_live)
        return Outcome(words=f"{filed}", idle=not filed)


async def _open(
    work: Work, desk: Desk, fresh: Sequence[PlatformTicket], replies: Sequence[PlatformReply]
) -> dict[UUID, CaseId]:
    """Open cases for tickets since the go-live, and for older ones that were written to since (decision 9)."""
    spoken_to = {r.ticket_id for r in replies if r.created_at >= desk.go_live}
    wanted = [t for t in fresh if t.created_at >= desk.go_live or t.id in spoken_to]
    # a row's own time may be forged: nobody's clock starts before the go-live or in the future
    new = [new_ticket(t, desk.now, desk.targets, min(max(t.created_at, desk.go_live), desk.now)) for t in wanted]
    alarming = {r.ticket_id for r in replies if danger_hints(r.message)}
    new = [replace(n, ticket=n.ticket.warned()) if n.ticket.platform_id in alarming else n for n in new]
    await work.tickets.open(new)
    await work.threads.add([first_message(n.ticket, t) for n, t in zip(new, wanted, strict=True)], hold_seconds=0)
    recent = [n.ticket for n, t in zip(new, wanted, strict=True) if t.created_at >= desk.go_live]
    await _acknowledge(work, desk, recent)
    await tell_danger(work, [n.ticket for n in new])
    # every case starts open; a row that claims otherwise would close its own case at the next change
    claims = [(t.id, TicketChange(status=Status.OPEN.value)) for t in wanted if t.status != Status.OPEN.value]
    if claims:
        await work.platform.apply(work.command, claims, if_possible=True)
    return {t.id: n.ticket.id for n, t in zip(new, wanted, strict=True)}


async def _acknowledge(work: Work, desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Confirm each new ticket once, within the manual's time frame (manual: Ticket Workflow, 1)."""
    if desk.template is None:
        return
    numbered = await work.tickets.load([t.id for t in tickets])
    # what was loaded is without its person where it is a safety ticket and this is an agent's console
    known = [replace(t, number=numbered[t.id].number) for t in tickets if t.id in numbered]
    due = [ticket for ticket in known if acknowledgement.is_owed(ticket.requester_email)]
    letters = [acknowledge(ticket, desk.template, desk.targets) for ticket in due]
    await work.threads.add(letters, hold_seconds=desk.hold_seconds)


Heard = tuple[CaseId, PlatformReply]


async def _hear(work: Work, replies: Sequence[PlatformReply], known: Mapping[UUID, CaseId]) -> list[Heard]:
    """Add replies that are not in a thread yet; return them with their cases."""
    there = await work.threads.known([str(r.id) for r in replies])
    fresh = {r.id: (known[r.ticket_id], r) for r in replies if str(r.id) not in there and r.ticket_id in known}
    heard = list(fresh.values())
    await work.threads.add([reply_message(r, case) for case, r in heard], hold_seconds=0)
    await work.threads.attach([file for case, r in heard for file in attachments_of(r, case)])
    return heard


async def _follow(
    work: Work, desk: Desk, arrivals: Arrivals, known: Mapping[UUID, CaseId], heard: Sequence[Heard]
) -> list[CaseId]:
    """Let cases that were there before follow what happened: finished on the platform, or written to again."""
    said = {known[t.id]: t for t in arrivals.tickets if t.id in known}
    before = await work.tickets.load(list({*said, *(case for case, _ in heard)} & set(known.values())))
    shown, before = await _shown_in(work, before)
    spoken = {shown[case] for case, r in heard if case in shown and r.responder_type != "system"}
    alarming = {shown[case] for case, r in heard if case in shown and danger_hints(r.message)}
    by_person = {shown[case] for case, r in heard if case in shown and r.responder_type == "user"}
    pairs = []
    for case, ticket in before.items():
        after = _mirrored(ticket, said[case], desk) if case in said else ticket
        finished_there = after.status in FINISHED and ticket.status not in FINISHED
        # who finishes a ticket on the platform may add a word; the person's own words always wake it
        if case in by_person or (case in spoken and not finished_there):
            after = ticket.received(desk.now, desk.targets)
        if case in alarming and case in by_person:
            after = after.warned()
        if after != ticket:
            pairs.append((ticket, after))
    effects = await apply_to_platform(work, [p for p in pairs if p[0].id in spoken], if_possible=True)
    written = await work.tickets.save(pairs, effects=effects)
    await tell_danger(work, [after for _, after in pairs if after.id in alarming & by_person & written])
    return list(written)


async def _shown_in(work: Work, found: dict[CaseId, Ticket]) -> tuple[dict[CaseId, CaseId], dict[CaseId, Ticket]]:
    """Return in which case each of `found` is shown, since a merged one is part of another, and all of those cases."""
    known = dict(found)
    while missing := [t.merged_into for t in known.values() if t.merged_into and t.merged_into not in known]:
        loaded = await work.tickets.load(missing)
        if not loaded:
            break
        known |= loaded
    shown = {}
    for case in found:
        last, seen = known[case], {case}
        # two people may have merged two cases into each other at once: such a circle is shown in its last
        while last.merged_into in known and last.merged_into not in seen:
            last = known[last.merged_into]
            seen.add(last.id)
        shown[case] = last.id
    return shown, known


def _mirrored(ticket: Ticket, t: PlatformTicket, desk: Desk) -> Ticket:
    """Only finishing and reopening are followed: everything else the console knows better."""
    if ticket.merged_into is not None:
        return ticket
    if t.status in FINISHED and ticket.status not in FINISHED:
        return ticket.resolved(desk.now)
    if t.status in LIVE and ticket.status in FINISHED:
        return ticket.reopened(desk.now, desk.targets)
    return ticket


async def _desk(work: Work) -> Desk:
    go_live = await work.desk.setting("intake.go_live")
    return Desk(
        await work.now(),
        await work.desk.targets(),
        datetime.fromisoformat(str(go_live)),
        best(await work.desk.templates(), TemplateId(acknowledgement.TEMPLATE), "en"),
        int(await work.desk.setting("messages.hold_seconds") or 0),
    )
