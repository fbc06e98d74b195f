"""What the contract suite runs on: the world in memory, and a desk in Postgres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.work import PostgresWork
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.tickets import opened
from hotmess_console.domain.values import CaseId, Category, CommandId, Login
from hotmess_console.services.ids import new_id
from hotmess_console.services.ports import NewTicket, Work
from tests.desks import DeskDatabase
from tests.fakes import NOON, World, work_on


class Bench(Protocol):
    """Somewhere to work: transactions of a person, and a ticket on the platform."""

    def work(self, me: str = "imani") -> Work: ...
    def platform_ticket(self) -> UUID: ...
    async def close(self) -> None: ...


@dataclass
class InMemory:
    """A bench without a database."""

    world: World = field(default_factory=World)

    def work(self, me: str = "imani") -> Work:
        """Open a transaction."""
        return work_on(self.world, me)

    def platform_ticket(self) -> UUID:
        """Put a ticket on the platform."""
        id = uuid4()
        self.world.platform[id] = {
            "status": "open",
            "priority": "normal",
            "category": "general",
            "admin_response": None,
        }
        return id

    async def close(self) -> None:
        """Nothing is held open."""


@dataclass
class InPostgres:
    """A bench over a real desk, each person with their own login."""

    database: DeskDatabase
    engines: dict[str, AsyncEngine] = field(default_factory=dict)

    def work(self, me: str = "imani") -> Work:
        """Open a transaction."""
        if me not in self.engines:
            self.engines[me] = open_engine(self.database.conninfo(me), size=2)
        return PostgresWork(self.engines[me], Login(me))

    def platform_ticket(self) -> UUID:
        """Put a ticket on the platform."""
        return self.database.ticket()

    async def close(self) -> None:
        """Let go of the connections."""
        for engine in self.engines.values():
            await engine.dispose()


async def begun(work: Work, name: str = "test.run", *, undoes: CommandId | None = None) -> CommandId:
    """Record a new command in an open transaction; returns its id."""
    id = CommandId(new_id())
    assert await work.begin(id, name, bytes(32), {}, undoes)
    return id


def a_ticket(**values: object) -> NewTicket:
    """A ticket to open; `platform` and `key` say what it is found again by."""
    make: Callable[..., NewTicket] = _a_ticket
    return make(**values)


def _a_ticket(subject: str = "Help", platform: UUID | None = None, key: str | None = None) -> NewTicket:
    ticket = opened(
        CaseId(new_id()),
        0,
        subject=subject,
        category=Category.BILLING,
        now=NOON,
        targets=MANUAL,
        name="Ada",
        email="ada@example.org",
        platform_id=platform,
    )
    return NewTicket(ticket, "platform" if platform else "import", "words", import_key=key)
