"""What an agent can do to tickets: claim, assign, categorise, prioritise, escalate, finish, snooze, merge."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.errors import BadInput, NotAllowed, NotFound, StaleError, StateError
from hotmess_console.domain.events import CasesChanged
from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy import assignment, escalation, guarded
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, Category, Danger, Level, Login, Offline, Permission, Priority
from hotmess_console.services.bus import WHOLE, Command, Outcome, Skipped
from hotmess_console.services.ports import TicketChange, Work


@dataclass(frozen=True, slots=True)
class Moment:
    """What a change of a ticket may depend on: who, when, and the targets in force."""

    me: Login
    now: datetime
    targets: Targets
    staff: Staff | None = None
    """Read only by what gives tickets to somebody."""


@dataclass(frozen=True, kw_only=True)
class TicketCommand(Command):
    """A change of any number of tickets. One that cannot be made is skipped with its reason; of one alone it raises."""

    permission: ClassVar[Permission] = Permission.TICKET_WORK
    offline: ClassVar[Offline] = Offline.RE_CHECKED

    cases: tuple[CaseRef, ...]

    @abstractmethod
    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        """Return the ticket as it is to be. Raises StateError or BadInput in words."""

    async def moment(self, work: Work) -> Moment:
        """Return what `change` is told. Raises BadInput where the command makes no sense for any ticket."""
        return Moment(work.me, await work.now(), await work.desk.targets())

    async def afterwards(self, work: Work, changed: Sequence[Ticket]) -> None:
        """Do what follows in the same transaction, such as leaving notices."""

    async def run(self, work: Work) -> Outcome:
        moment = await self.moment(work)
        pairs, skipped = self._changes(await work.tickets.load([ref.id for ref in self.cases]), moment)
        effects = await apply_to_platform(work, pairs)
        written = await work.tickets.save(pairs, effects=effects)
        skipped += [Skipped(b.id, CHANGED_MEANWHILE) for b, _ in pairs if b.id not in written]
        if len(self.cases) == 1 and skipped:
            raise StaleError(skipped[0].reason, hint="It has been read again; look and decide once more.")
        changed = [after for before, after in pairs if before.id in written]
        await self.afterwards(work, changed)
        ids = tuple(ticket.id for ticket in changed)
        return Outcome(ids, tuple(skipped), (CasesChanged(ids, self.id),))

    def _changes(
        self, found: dict[CaseId, Ticket], moment: Moment
    ) -> tuple[list[tuple[Ticket, Ticket]], list[Skipped]]:
        pairs: list[tuple[Ticket, Ticket]] = []
        skipped: list[Skipped] = []
        for ref in self.cases:
            try:
                before = as_seen(found, ref)
                after = self.change(before, moment)
            except (StateError, NotFound, NotAllowed) as error:
                if len(self.cases) == 1:
                    raise
                skipped.append(Skipped(ref.id, str(error)))
            else:
                if after != before:
                    pairs.append((before, after))
                else:
                    skipped.append(Skipped(ref.id, "Nothing to change."))
        if len(self.cases) == 1 and skipped:
            raise StateError("There is nothing to change: the case already is as you want it.", hint="Go on.")
        return pairs, skipped


CHANGED_MEANWHILE = "Somebody else changed this case since you read it."


def as_seen(found: dict[CaseId, Ticket], ref: CaseRef) -> Ticket:
    """Return the ticket if it still is at the version the person saw. Raises NotFound, NotAllowed or StaleError."""
    ticket = found.get(ref.id)
    if ticket is None:
        raise NotFound("This case is gone, or your role may no longer see it.", hint="Refresh the queue.")
    if ticket.guarded:
        raise guarded.refused()
    if ticket.version != ref.version:
        raise StaleError(CHANGED_MEANWHILE, hint="It has been read again; look and decide once more.")
    return ticket


async def apply_to_platform(
    work: Work,
    pairs: Sequence[tuple[Ticket, Ticket]],
    reply: tuple[UUID, str] | None = None,
    *,
    if_possible: bool = False,
) -> dict[CaseId, dict[str, object]]:
    """Write what changed to the platform's own rows; return per case how it was enforced and what stood there."""
    wanted: list[tuple[UUID, TicketChange]] = []
    case_of: dict[UUID, CaseId] = {}
    for before, after in pairs:
        change = _platform_change(before, after, reply)
        if before.platform_id is not None and change is not None:
            wanted.append((before.platform_id, change))
            case_of[before.platform_id] = before.id
    if not wanted:
        return {}
    answers = await work.platform.apply(work.command, wanted, if_possible=if_possible)
    return {case_of[ticket]: dict(answer) for ticket, answer in answers.items()}


def _platform_change(before: Ticket, after: Ticket, reply: tuple[UUID, str] | None) -> TicketChange | None:
    change = TicketChange(
        reply=reply[1] if reply else None,
        reply_id=reply[0] if reply else None,
        status=after.status.value if after.status is not before.status or reply else None,
        priority=after.priority.value if after.priority is not before.priority else None,
        category=after.category.value if after.category is not before.category else None,
    )
    return None if change == TicketChange() else change


@dataclass(frozen=True, kw_only=True)
class Claim(TicketCommand):
    """Take tickets; an open one is in progress from then on."""

    name: ClassVar[str] = "ticket.claim"
    offline: ClassVar[Offline] = Offline.FREE

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.claimed(moment.me, moment.now)


@dataclass(frozen=True, kw_only=True)
class Assign(TicketCommand):
    """Give tickets to a colleague who can work on them, and who is told; to nobody gives them back to the queue."""

    name: ClassVar[str] = "ticket.assign"
    permission: ClassVar[Permission] = Permission.TICKET_ASSIGN

    to: Login | None

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        if ticket.under_guard and self.to is not None and moment.staff is not None:
            assignment.check_guarded(moment.staff, self.to)
        return ticket.assigned(self.to, moment.now)

    async def moment(self, work: Work) -> Moment:
        moment = await super().moment(work)
        if self.to is None:
            return moment
        staff = await work.desk.staff()
        assignment.check(staff, self.to)
        return replace(moment, staff=staff)

    async def afterwards(self, work: Work, changed: Sequence[Ticket]) -> None:
        if self.to is not None and self.to != work.me:
            for ticket in changed:
                await work.desk.notify("assigned", ticket.id, [self.to])


@dataclass(frozen=True, kw_only=True)
class SetCategory(TicketCommand):
    """Correct what tickets are about; priority, level and clock follow. Safety staff are told what becomes theirs."""

    name: ClassVar[str] = "ticket.set_category"

    category: Category

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.categorised(self.category, moment.targets)

    async def afterwards(self, work: Work, changed: Sequence[Ticket]) -> None:
        if self.category is Category.SAFETY:
            await tell_safety(work, [ticket.id for ticket in changed])


@dataclass(frozen=True, kw_only=True)
class SetPriority(TicketCommand):
    """Say how pressing tickets are."""

    name: ClassVar[str] = "ticket.set_priority"

    priority: Priority

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.prioritised(self.priority)


@dataclass(frozen=True, kw_only=True)
class Escalate(TicketCommand):
    """Hand tickets to a higher level for one of the manual's reasons; that level's people are told.

    A safety emergency makes a safety ticket of it, which safety staff are told of as well.
    """

    name: ClassVar[str] = "ticket.escalate"
    permission: ClassVar[Permission] = Permission.TICKET_ESCALATE

    to: Level
    criterion: str
    reason: str = field(metadata=WHOLE)

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        _check_reason(self.reason, "An escalation", "above")
        up = ticket.escalated(self.to, self.criterion)
        if self.criterion != guarded.CRITERION:
            return up
        return replace(up.categorised(Category.SAFETY, moment.targets), danger=Danger.CONFIRMED)

    async def afterwards(self, work: Work, changed: Sequence[Ticket]) -> None:
        staff = await work.desk.staff()
        people = staff.at_level(escalation.ROLE_OF[self.to])
        if self.criterion == guarded.CRITERION:
            people += guarded.to_tell(staff)
        recipients = list(dict.fromkeys(person.login for person in people if person.login != work.me))
        for ticket in changed:
            await work.desk.notify("escalated", ticket.id, recipients)


async def tell_safety(work: Work, cases: Sequence[CaseId]) -> None:
    """Leave a notice of each of these cases for all safety staff but oneself."""
    recipients = [p.login for p in guarded.to_tell(await work.desk.staff()) if p.login != work.me]
    for case in cases:
        await work.desk.notify("escalated", case, recipients)


LONGEST_REASON = 1000
"""Characters of a reason; it is recorded in full with the command."""


def _check_reason(reason: str, what: str, where: str) -> None:
    if not reason.strip():
        raise BadInput(f"{what} needs a reason.", hint=f"Write one sentence for the colleagues {where}.")
    if len(reason) > LONGEST_REASON:
        raise BadInput(
            f"The reason is {len(reason):,} characters long; {LONGEST_REASON:,} are the most.",
            hint="Say it shorter, and write the rest as a note.",
        )


@dataclass(frozen=True, kw_only=True)
class ReturnToLevel(TicketCommand):
    """Hand tickets back to a lower level, with a reason."""

    name: ClassVar[str] = "ticket.return_to_level"
    permission: ClassVar[Permission] = Permission.TICKET_ESCALATE

    to: Level
    reason: str = field(metadata=WHOLE)

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        _check_reason(self.reason, "Handing a case back", "below")
        return ticket.returned(self.to)


@dataclass(frozen=True, kw_only=True)
class Wait(TicketCommand):
    """Mark tickets as waiting for the user without writing again; the clock pauses."""

    name: ClassVar[str] = "ticket.wait"

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.waiting(moment.now)


@dataclass(frozen=True, kw_only=True)
class Resume(TicketCommand):
    """Go on with waiting tickets before the user has answered; the clock runs again."""

    name: ClassVar[str] = "ticket.resume"

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.resumed(moment.now)


@dataclass(frozen=True, kw_only=True)
class Resolve(TicketCommand):
    """Mark tickets as resolved without writing to anybody."""

    name: ClassVar[str] = "ticket.resolve"

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.resolved(moment.now)


@dataclass(frozen=True, kw_only=True)
class Reopen(TicketCommand):
    """Bring resolved or closed tickets back into the queue."""

    name: ClassVar[str] = "ticket.reopen"

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.reopened(moment.now, moment.targets)


@dataclass(frozen=True, kw_only=True)
class Close(TicketCommand):
    """Close resolved tickets for good; a new message still opens them again."""

    name: ClassVar[str] = "ticket.close"

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.closed(moment.now)


@dataclass(frozen=True, kw_only=True)
class SnoozeUntil(TicketCommand):
    """Put tickets out of sight until a moment; their clocks run on."""

    name: ClassVar[str] = "ticket.snooze"
    offline: ClassVar[Offline] = Offline.FREE

    until: datetime

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.snoozed(self.until, moment.now)


@dataclass(frozen=True, kw_only=True)
class Wake(TicketCommand):
    """Bring snoozed tickets back into sight."""

    name: ClassVar[str] = "ticket.wake"
    offline: ClassVar[Offline] = Offline.FREE

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.awake()


@dataclass(frozen=True, kw_only=True)
class Merge(TicketCommand):
    """Make tickets part of another one: their threads are shown there, they leave the queue."""

    name: ClassVar[str] = "ticket.merge"
    permission: ClassVar[Permission] = Permission.TICKET_MERGE
    offline: ClassVar[Offline] = Offline.NEVER

    into: CaseId

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.merged(self.into)

    async def run(self, work: Work) -> Outcome:
        # the target too: of two who merge crosswise at the same moment, one waits here and then sees what the other did
        await work.tickets.lock([self.into, *(ref.id for ref in self.cases)])
        target = (await work.tickets.load([self.into])).get(self.into)
        if target is None or target.merged_into is not None:
            raise NotFound("The case to merge into is gone or was merged itself.", hint="Choose another one.")
        if target.guarded:
            raise guarded.refused()
        outcome = await super().run(work)
        return Outcome(outcome.changed, outcome.skipped, (CasesChanged((*outcome.changed, self.into), self.id),))


@dataclass(frozen=True, kw_only=True)
class Link(Command):
    """Note that two cases belong together; both stay in the queue."""

    name: ClassVar[str] = "ticket.link"
    permission: ClassVar[Permission] = Permission.TICKET_WORK
    offline: ClassVar[Offline] = Offline.FREE

    one: CaseId
    other: CaseId
    linked: bool = True

    async def run(self, work: Work) -> Outcome:
        if self.one == self.other:
            raise BadInput("A case cannot be linked with itself.", hint="Choose another case.")
        found = await work.tickets.load([self.one, self.other])
        if len(found) != 2:
            raise NotFound("One of the two cases is gone.", hint="Check the number.")
        if any(ticket.guarded for ticket in found.values()):
            raise guarded.refused()
        await (work.tickets.link if self.linked else work.tickets.unlink)(self.one, self.other)
        return Outcome((self.one, self.other), (), (CasesChanged((self.one, self.other), self.id),))
