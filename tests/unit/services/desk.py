"""A desk in memory for the quick tests of commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from hotmess_console.domain.events import Event
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, Category, Role
from hotmess_console.services.bus import Bus, Command, Outcome
from hotmess_console.services.ids import new_id
from tests.fakes import World, work_on


@dataclass
class Desk:
    """A world with one person in it, and what they are told."""

    world: World = field(default_factory=World)
    me: str = "imani"
    roles: tuple[Role, ...] = (Role.AGENT,)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bus = Bus(self.roles, lambda: work_on(self.world, self.me))
        self.bus.subscribe(self.events.append)

    def ticket(self, category: Category = Category.BILLING, email: str = "ada@example.org") -> Ticket:
        """Put a ticket of the platform on the desk, opened now."""
        place = uuid4()
        self.world.platform[place] = {
            "status": "open",
            "priority": "high",
            "category": category.value,
            "admin_response": None,
        }
        ticket = opened(
            CaseId(new_id()),
            10001 + len(self.world.tickets),
            subject="Charged twice",
            category=category,
            now=self.world.now,
            targets=MANUAL,
            name="Ada Lovelace",
            email=email,
            platform_id=place,
        )
        self.world.tickets[ticket.id] = ticket
        return ticket

    def now(self, ticket: Ticket) -> Ticket:
        """The ticket as it now is."""
        return self.world.tickets[ticket.id]

    def row(self, ticket: Ticket) -> dict[str, object]:
        """The platform's row of a ticket."""
        assert ticket.platform_id is not None
        return self.world.platform[ticket.platform_id]

    async def do(self, command: Command) -> Outcome:
        """Execute a command."""
        return await self.bus.execute(command)
