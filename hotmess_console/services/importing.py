"""Importing tickets from a file: what can go in goes in, the rest is listed, and nobody is written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from hotmess_console.domain.events import CasesChanged
from hotmess_console.domain.imports import ImportedTicket
from hotmess_console.domain.policy.danger import danger_hints
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, MessageId, Offline, Permission
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.ids import new_id, part_of
from hotmess_console.services.ports import NewMessage, NewTicket, Work
from hotmess_console.services.snippets import snippet


@dataclass(frozen=True, kw_only=True)
class ImportTickets(Command):
    """Open a case for each row that is not one already. Imports write to nobody (decision 9)."""

    name: ClassVar[str] = "import.tickets"
    permission: ClassVar[Permission] = Permission.TICKET_CREATE
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Imported cases keep their numbers; resolve or merge those that are not wanted."

    rows: tuple[ImportedTicket, ...] = field(repr=False)

    def params(self) -> dict[str, object]:
        """Return how many rows and which file contents, not the texts."""
        return {"rows": len(self.rows), "keys": [row.key for row in self.rows[:3]]}

    async def run(self, work: Work) -> Outcome:
        known = await work.tickets.imported([row.key for row in self.rows])
        fresh = [row for row in self.rows if row.key not in known]
        now = await work.now()
        targets = await work.desk.targets()
        tickets = [
            NewTicket(
                _first(row, now, targets),
                "import",
                snippet(row.message),
                import_key=row.key,
            )
            for row in fresh
        ]
        await work.tickets.open(tickets)
        await work.threads.add(self._messages(tickets, fresh, now), hold_seconds=0)
        ids = tuple(new.ticket.id for new in tickets)
        return Outcome(ids, (), (CasesChanged(ids, self.id),))

    def _messages(
        self, tickets: Sequence[NewTicket], rows: Sequence[ImportedTicket], now: datetime
    ) -> list[NewMessage]:
        return [
            NewMessage(
                MessageId(part_of(new.ticket.id, "message")),
                new.ticket.id,
                incoming=True,
                kind="message",
                body=row.message,
                channel="import",
                at=now,
            )
            for new, row in zip(tickets, rows, strict=True)
        ]


def _first(row: ImportedTicket, now: datetime, targets: Targets) -> Ticket:
    """Return the ticket of a row, with the question whether somebody is in danger where its words suggest it."""
    ticket = opened(
        CaseId(new_id(now)),
        0,
        subject=row.subject,
        category=row.category,
        now=now,
        targets=targets,
        email=row.address,
        language=row.language,
    )
    return ticket.warned() if danger_hints(f"{row.subject}\n{row.message}") else ticket
