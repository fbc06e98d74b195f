"""Whether somebody is in danger right now: what words suggest, and what a person answers with one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hotmess_console.domain.policy import guarded
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import Danger, Offline, Permission, Role
from hotmess_console.services.ports import Work
from hotmess_console.services.support import Moment, TicketCommand

NOTICE = "danger"


@dataclass(frozen=True, kw_only=True)
class RaiseDanger(TicketCommand):
    """Somebody is in danger: to management at once, and a safety ticket from then on. Both are told."""

    name: ClassVar[str] = "ticket.danger"
    permission: ClassVar[Permission] = Permission.TICKET_ESCALATE
    offline: ClassVar[Offline] = Offline.NEVER

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.endangered(moment.targets)

    async def afterwards(self, work: Work, changed: Sequence[Ticket]) -> None:
        await tell_danger(work, changed)


@dataclass(frozen=True, kw_only=True)
class DismissDanger(TicketCommand):
    """A person has read it and nobody is in danger. Later words ask again."""

    name: ClassVar[str] = "ticket.no_danger"
    offline: ClassVar[Offline] = Offline.NEVER

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.harmless()


async def tell_danger(work: Work, tickets: Sequence[Ticket]) -> None:
    """Leave a notice of each ticket where somebody is, or may be, in danger.

    Management and safety staff are told where somebody is, whoever has the ticket where that is still the question.
    """
    alarming = [ticket for ticket in tickets if ticket.danger in (Danger.ASKED, Danger.CONFIRMED)]
    if not alarming:
        return
    staff = await work.desk.staff()
    people = (*staff.at_level(Role.MANAGER), *guarded.to_tell(staff))
    called = tuple(dict.fromkeys(person.login for person in people))
    for ticket in alarming:
        asked = (ticket.assignee,) if ticket.assignee is not None else ()
        await work.desk.notify(NOTICE, ticket.id, called if ticket.danger is Danger.CONFIRMED else asked)
