"""Opening a case by hand: somebody rang, or we write first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.errors import BadInput, NotFound
from hotmess_console.domain.events import CasesChanged, MessagesMoved
from hotmess_console.domain.placeholders import one_line
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, Category, CommandId, MessageId, NoteId, Offline, Permission, Status
from hotmess_console.services.bus import QUIET, Command, Outcome
from hotmess_console.services.danger import tell_danger
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import NewMessage, NewTicket, Work
from hotmess_console.services.replies import check_text
from hotmess_console.services.snippets import snippet
from hotmess_console.services.support import tell_safety

LONGEST_ADDRESS = 320


def case_of(command: CommandId) -> CaseId:
    """Return the id of the case that a `NewCase` opens, known before it has run."""
    return CaseId(part_of(command, "case"))


@dataclass(frozen=True, kw_only=True)
class NewCase(Command):
    """Open a ticket for a person, mine from the start. Its first words go out to them, or stay here as a note.

    One about safety that I may not see goes straight to safety staff, with what I wrote as a note.
    """

    name: ClassVar[str] = "case.open"
    permission: ClassVar[Permission] = Permission.TICKET_CREATE
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "A case keeps its number; resolve it, or merge it into another one."

    email: str = field(metadata=QUIET)
    subject: str = field(metadata=QUIET)
    category: Category
    body: str = field(metadata=QUIET)
    outgoing: bool
    person: str = field(default="", metadata=QUIET)
    language: str = ""
    account: UUID | None = None
    immediate_danger: bool = False

    async def run(self, work: Work) -> Outcome:
        self._check()
        now, targets = await work.now(), await work.desk.targets()
        id = case_of(self.id)
        fresh = opened(
            id,
            0,
            subject=one_line(self.subject),
            category=self.category,
            now=now,
            targets=targets,
            name=one_line(self.person),
            email=self.email.strip(),
            language=self.language,
            immediate_danger=self.immediate_danger,
        )
        await work.tickets.open([NewTicket(fresh, "manual", snippet(self.body), account_id=self.account)])
        await tell_danger(work, [fresh])
        made = (await work.tickets.load([id])).get(id)
        if made is None:
            raise NotFound("The new case went straight out of your sight.", hint="Open it in another category.")
        note = NoteId(part_of(self.id, "note"))
        if made.guarded:
            if self.outgoing:
                raise BadInput("Safety staff write to people about safety.", hint="Write what you know as a note.")
            await work.threads.add_note(note, id, self.body, ())
            await tell_safety(work, [id])
            return Outcome((id,), (), (CasesChanged((id,), self.id),), made.reference)
        if self.outgoing:
            after = made.replied(work.me, Status.WAITING, now, targets)
            await self._write(work, made)
        else:
            after = replace(made.claimed(work.me, now), unread=False)
            await work.threads.add_note(note, id, self.body, ())
        await work.tickets.save([(made, after)])
        return Outcome((id,), (), (CasesChanged((id,), self.id), MessagesMoved((id,))), made.reference)

    def _check(self) -> None:
        check_text(self.body, "message" if self.outgoing else "note")
        if not one_line(self.subject):
            raise BadInput("The subject is empty.", hint="Say in a few words what it is about.")
        if self.immediate_danger and self.category is not Category.SAFETY:
            raise BadInput("Immediate danger is always about safety.", hint="Choose the category safety.")
        if self.outgoing and not is_address(self.email):
            raise BadInput("This is no e-mail address.", hint="Write it in full, such as name@example.org.")
        if len(self.email) > LONGEST_ADDRESS:
            raise BadInput("This address is too long.", hint=f"{LONGEST_ADDRESS} characters are the most.")

    async def _write(self, work: Work, ticket: Ticket) -> None:
        """The first mail has the case number in its subject, so that the answer finds its case."""
        message = NewMessage(
            MessageId(part_of(self.id, "reply")),
            ticket.id,
            incoming=False,
            kind="reply",
            body=self.body,
            author=work.me,
            deliver_to=ticket.requester_email,
            to_name=ticket.requester_name,
            subject=f"[{ticket.reference}] {ticket.subject}"[:200],
        )
        await work.threads.add([message], hold_seconds=int(await work.desk.setting("messages.hold_seconds") or 0))


def is_address(text: str) -> bool:
    """Return whether `text` looks like one e-mail address that a mail server would take."""
    name, at, host = text.strip().rpartition("@")
    plain = text.isprintable() and not any(char.isspace() or char in "<>,;\"'()" for char in text.strip())
    return bool(name and at and "." in host and not host.startswith(".") and not host.endswith(".")) and plain
