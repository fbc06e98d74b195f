"""A ticket and the states it moves through. Every change is a new value; nothing here does I/O."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from hotmess_console.domain.cases import Case, CaseRef
from hotmess_console.domain.errors import StateError
from hotmess_console.domain.people import UNREACHABLE_DOMAIN
from hotmess_console.domain.policy import escalation, priority, sla, workflow
from hotmess_console.domain.policy.sla import Clock, Targets
from hotmess_console.domain.threads import Attachment, Happening, Message, Note, Pause
from hotmess_console.domain.values import CaseId, Category, Danger, Level, Login, Priority, Status


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a command needs to know of one ticket, as of `version`.

    `clock` is None where none was ever started (imported history); while waiting for the user it is paused.
    """

    id: CaseId
    number: int
    version: int
    subject: str
    status: Status
    category: Category
    priority: Priority
    level: Level
    assignee: Login | None
    opened_at: datetime
    clock: Clock | None = None
    first_response_at: datetime | None = None
    last_outbound_at: datetime | None = None
    resolved_at: datetime | None = None
    snoozed_until: datetime | None = None
    unread: bool = True
    merged_into: CaseId | None = None
    language: str = ""
    platform_id: UUID | None = None
    requester_name: str = ""
    requester_email: str = ""
    guarded: bool = False
    """Whether who read this may see no more of it than its row, and change nothing (decision 7)."""
    under_guard: bool = False
    """Whether it is guarded from agents, whoever read this."""
    danger: Danger = Danger.NONE

    @property
    def reference(self) -> str:
        """The short number that people say and type, such as ``HM-10482``."""
        return f"HM-{self.number}"

    @property
    def ref(self) -> CaseRef:
        """This ticket at this version."""
        return CaseRef(self.id, self.version)

    @property
    def reachable(self) -> bool:
        """Whether an answer can be sent by e-mail (decision 17)."""
        return bool(self.requester_email) and not self.requester_email.endswith("@" + UNREACHABLE_DOMAIN)

    def addressed(self, address: str) -> Ticket:
        """Return the ticket with an address to answer to; one that has an address keeps it. Raises StateError."""
        if self.merged_into is not None:
            raise StateError(f"{self.reference} was merged into another case.", hint="Open that case instead.")
        if self.reachable:
            raise StateError(
                f"{self.reference} has an address already.",
                hint="To write elsewhere, open a new case and link the two.",
            )
        return replace(self, requester_email=address)

    def claimed(self, by: Login, now: datetime) -> Ticket:
        """Return the ticket as taken by `by`; an open one is in progress from then on.

        Raises StateError when it is finished or somebody else's.
        """
        self._must_be_live("claimed")
        if self.assignee is not None and self.assignee != by:
            raise StateError(
                f"{self.reference} already belongs to somebody else.",
                hint="Assign it to yourself to take it over.",
            )
        return self._moved(Status.IN_PROGRESS if self.status is Status.OPEN else self.status, now, assignee=by)

    def released(self, now: datetime) -> Ticket:
        """Return the ticket as nobody's, open again if it was in progress."""
        self._must_be_live("given back")
        return self._moved(Status.OPEN if self.status is Status.IN_PROGRESS else self.status, now, assignee=None)

    def assigned(self, to: Login | None, now: datetime) -> Ticket:
        """Return the ticket as assigned to `to`, whoever had it before; None gives it back."""
        if to is None:
            return self.released(now)
        self._must_be_live("assigned")
        return self._moved(Status.IN_PROGRESS if self.status is Status.OPEN else self.status, now, assignee=to)

    def categorised(self, category: Category, targets: Targets) -> Ticket:
        """Return the ticket in another category, with that category's priority and clock from its own start.

        Safety becomes urgent and goes to level 2 at once (manual: Ticket Workflow).
        """
        if category is self.category:
            return self
        first = priority.initial(category, targets)
        moved = replace(self, category=category, priority=first.priority, level=Level(max(self.level, first.level)))
        return moved._with_targets(self.category, targets)

    def prioritised(self, wanted: Priority) -> Ticket:
        """Return the ticket with another priority; a safety ticket stays urgent (manual: Ticket Workflow)."""
        if self.category is Category.SAFETY and wanted is not Priority.URGENT:
            raise StateError(
                "A safety ticket stays urgent.", hint="If it is not about safety, change its category first."
            )
        return replace(self, priority=wanted)

    def escalated(self, to: Level, criterion: str) -> Ticket:
        """Return the ticket one or two levels up, free for that level's people to take."""
        self._must_be_live("escalated")
        escalation.check(self.level, to, criterion)
        return replace(
            self,
            level=to,
            assignee=None,
            status=Status.OPEN if self.status is Status.IN_PROGRESS else self.status,
        )

    def warned(self) -> Ticket:
        """Return the ticket with the question whether somebody is in danger; where somebody is, it is answered."""
        return self if self.danger is Danger.CONFIRMED else replace(self, danger=Danger.ASKED)

    def endangered(self, targets: Targets) -> Ticket:
        """Return the ticket as an emergency: about safety, urgent, with management and free for them to take."""
        self._must_be_live("made an emergency")
        first = priority.initial(Category.SAFETY, targets, immediate_danger=True)
        up = replace(self.categorised(Category.SAFETY, targets), priority=first.priority, danger=Danger.CONFIRMED)
        if self.level is first.level:
            return up
        status = Status.OPEN if self.status is Status.IN_PROGRESS else self.status
        return replace(up, level=first.level, assignee=None, status=status)

    def harmless(self) -> Ticket:
        """Return the ticket as looked at by a person who found nobody in danger. Raises StateError."""
        if self.danger is not Danger.ASKED:
            raise StateError("Nobody has asked whether somebody is in danger.", hint="There is nothing to answer.")
        return replace(self, danger=Danger.DISMISSED)

    def returned(self, to: Level) -> Ticket:
        """Return the ticket one or two levels down."""
        self._must_be_live("returned")
        if to >= self.level:
            raise StateError(f"{self.reference} is at level {int(self.level)} already.", hint="Choose a lower level.")
        return replace(self, level=to)

    def replied(self, by: Login, then: Status, now: datetime, targets: Targets) -> Ticket:
        """Return the ticket after an answer of ours: in progress, waiting for the user, or resolved.

        The first answer ends the response clock; what runs from then on is the time to resolve.
        """
        current = self if self.status not in (Status.RESOLVED, Status.CLOSED) else self.reopened(now, targets)
        answered = replace(
            current,
            assignee=current.assignee or by,
            first_response_at=current.first_response_at or now,
            last_outbound_at=now,
            unread=False,
            snoozed_until=None,
        )
        if current.first_response_at is None and current.clock is not None:
            answered = replace(answered, clock=sla.start_resolution(current.category, now, targets))
        if answered.status is Status.OPEN:
            answered = answered._moved(Status.IN_PROGRESS, now)
        return answered._moved(then, now)

    def resolved(self, now: datetime) -> Ticket:
        """Return the ticket as resolved, its clock stopped."""
        current = self._moved(Status.IN_PROGRESS, now) if self.status is Status.OPEN else self
        return current._moved(Status.RESOLVED, now)

    def waiting(self, now: datetime) -> Ticket:
        """Return the ticket as waiting for the user, its clock paused with what was left."""
        current = self._moved(Status.IN_PROGRESS, now) if self.status is Status.OPEN else self
        return current._moved(Status.WAITING, now)

    def resumed(self, now: datetime) -> Ticket:
        """Return the ticket as worked on again without a new message."""
        return self._moved(Status.IN_PROGRESS if self.assignee else Status.OPEN, now)

    def closed(self, now: datetime) -> Ticket:
        """Return the ticket as closed for good; a new message opens it again."""
        return self._moved(Status.CLOSED, now)

    def reopened(self, now: datetime, targets: Targets) -> Ticket:
        """Return a resolved or closed ticket as work again, with a fresh resolution clock."""
        if self.status not in (Status.RESOLVED, Status.CLOSED):
            raise StateError(f"{self.reference} is not resolved.", hint="It is still in the queue.")
        moved = self._moved(Status.IN_PROGRESS if self.assignee else Status.OPEN, now)
        return replace(moved, clock=sla.start_resolution(self.category, now, targets), resolved_at=None)

    def received(self, now: datetime, targets: Targets) -> Ticket:
        """Return the ticket after a new message of the person: unread, awake, running again."""
        heard = replace(self, unread=True, snoozed_until=None)
        if self.status in (Status.RESOLVED, Status.CLOSED):
            return heard.reopened(now, targets)
        return heard.resumed(now) if self.status is Status.WAITING else heard

    def snoozed(self, until: datetime, now: datetime) -> Ticket:
        """Return the ticket as out of sight until `until`; its clock goes on running."""
        self._must_be_live("snoozed")
        if until <= now:
            raise StateError("That moment has passed.", hint="Choose a later one.")
        return replace(self, snoozed_until=until)

    def awake(self) -> Ticket:
        """Return the ticket as back in sight."""
        return replace(self, snoozed_until=None)

    def read(self) -> Ticket:
        """Return the ticket as read."""
        return replace(self, unread=False)

    def merged(self, into: CaseId) -> Ticket:
        """Return the ticket as part of another one; it leaves the queue."""
        if into == self.id or self.merged_into is not None:
            raise StateError(f"{self.reference} cannot be merged with itself or twice.", hint="Choose another case.")
        return replace(self, merged_into=into)

    def _must_be_live(self, done: str) -> None:
        if self.merged_into is not None:
            raise StateError(f"{self.reference} was merged into another case.", hint="Open that case instead.")
        if self.status in (Status.RESOLVED, Status.CLOSED):
            raise StateError(f"{self.reference} is {self.status.value} and cannot be {done}.", hint="Reopen it first.")

    def _moved(self, to: Status, now: datetime, **also: object) -> Ticket:
        if to is not self.status:
            workflow.transition(self.status, to)
        moved = replace(self, status=to, **also)  # type: ignore[arg-type]
        return replace(
            moved,
            clock=_clock_in(to, moved.clock, now),
            resolved_at=now
            if to is Status.RESOLVED and self.resolved_at is None
            else (self.resolved_at if to in (Status.RESOLVED, Status.CLOSED) else None),
        )

    def _with_targets(self, was: Category, targets: Targets) -> Ticket:
        if self.clock is None or self.status in (Status.RESOLVED, Status.CLOSED):
            return self
        first = self.first_response_at is None
        return replace(self, clock=sla.retargeted(self.clock, was, self.category, targets, first_response=first))


def _clock_in(status: Status, clock: Clock | None, now: datetime) -> Clock | None:
    """Return the clock as it stands in `status`: paused while waiting, stopped when finished."""
    if clock is None:
        return None
    if status is Status.WAITING:
        return clock.paused(now)
    if status in (Status.RESOLVED, Status.CLOSED):
        return clock.stopped(now)
    return clock.resumed(now)


def opened(
    id: CaseId,
    number: int,
    *,
    subject: str,
    category: Category,
    now: datetime,
    targets: Targets,
    name: str = "",
    email: str = "",
    language: str = "",
    platform_id: UUID | None = None,
    opened_at: datetime | None = None,
    status: Status = Status.OPEN,
    immediate_danger: bool = False,
) -> Ticket:
    """Return a new ticket with the category's priority, level and a running clock from when it was opened.

    `immediate_danger` is for what whoever opens it says, never for what its words may mean.
    """
    first = priority.initial(category, targets, immediate_danger=immediate_danger)
    start = opened_at or now
    return Ticket(
        id=id,
        number=number,
        version=0,
        subject=subject,
        status=status,
        category=category,
        priority=first.priority,
        level=first.level,
        assignee=None,
        opened_at=start,
        clock=sla.start_response(category, start, targets),
        language=language,
        platform_id=platform_id,
        requester_name=name,
        requester_email=email,
        danger=Danger.CONFIRMED if immediate_danger else Danger.NONE,
    )


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """Everything the middle of the window shows of one ticket."""

    case: Case
    ticket: Ticket
    messages: tuple[Message, ...] = ()
    notes: tuple[Note, ...] = ()
    pauses: tuple[Pause, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    history: tuple[Happening, ...] = ()
    links: tuple[Case, ...] = field(default_factory=tuple)
    read_at: datetime | None = None
    """The database's time when this was read, so that countdowns do not trust the workstation's clock."""
