"""Writing on a case: replies to the person, internal notes, files, and taking them back while they are held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.errors import BadInput, StateError
from hotmess_console.domain.events import CasesChanged, MessagesMoved
from hotmess_console.domain.mentions import mentioned
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.slot_values import check_sent
from hotmess_console.domain.templates import one_line
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, MessageId, NoteId, Offline, Permission, Status
from hotmess_console.services.bus import QUIET, Command, Outcome
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import NewAttachment, NewMessage, Work
from hotmess_console.services.support import CHANGED_MEANWHILE, apply_to_platform, as_seen

LONGEST = 20_000
"""Characters of one reply or note."""
LARGEST_FILE = 25 * 1024 * 1024
"""Bytes of one attached file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file chosen by the person, in full."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Reply(Command):
    """Answer the person; then go on, wait for them, or resolve. Held for a moment, so that it can be taken back.

    One transaction over the thread, the delivery ledger, the case and the platform's own rows.
    """

    name: ClassVar[str] = "ticket.reply"
    permission: ClassVar[Permission] = Permission.TICKET_REPLY
    offline: ClassVar[Offline] = Offline.RE_CHECKED

    case: CaseRef
    body: str = field(metadata=QUIET)
    then: Status = Status.IN_PROGRESS
    template: str = ""
    template_version: int | None = None
    files: tuple[File, ...] = field(default=(), metadata=QUIET)

    async def run(self, work: Work) -> Outcome:
        check_text(self.body, "reply")
        check_files(self.files)
        await self._check_places(work)
        before = as_seen(await work.tickets.load([self.case.id]), self.case)
        _check_reachable(before)
        after = before.replied(work.me, self.then, await work.now(), await work.desk.targets())
        message = MessageId(part_of(self.id, "reply"))
        effects = await apply_to_platform(work, [(before, after)], (message, self.body))
        if before.id not in await work.tickets.save([(before, after)], effects=effects):
            raise StateError(
                CHANGED_MEANWHILE, hint="Your draft is kept until you close. Look at what is new and send again."
            )
        hold = int(await work.desk.setting("messages.hold_seconds") or 0)
        await work.threads.add([self._message(message, before, work)], hold_seconds=hold)
        await work.threads.attach(
            [
                NewAttachment(
                    part_of(self.id, f"file {place}"),
                    before.id,
                    message,
                    f.filename,
                    f.media_type,
                    len(f.content),
                    f.content,
                )
                for place, f in enumerate(self.files)
            ]
        )
        events = (CasesChanged((before.id,), self.id), MessagesMoved((before.id,)))
        return Outcome((before.id,), (), events, hold_until=await work.threads.leaves_at(message))

    async def _check_places(self, work: Work) -> None:
        """Refuse what no placeholder of the template may say, whoever sends it."""
        for template in await work.desk.templates() if self.template else ():
            if template.id == self.template:
                check_sent(template.body, self.body)

    def _message(self, id: MessageId, ticket: Ticket, work: Work) -> NewMessage:
        return NewMessage(
            id,
            ticket.id,
            incoming=False,
            kind="confirmation" if self.then is Status.RESOLVED else "reply",
            body=self.body,
            author=work.me,
            template=self.template,
            template_version=self.template_version,
            deliver_to=ticket.requester_email,
            to_name=ticket.requester_name,
            subject=mail_subject(ticket),
            source_key=str(id) if ticket.platform_id else None,
        )


@dataclass(frozen=True, kw_only=True)
class AddNote(Command):
    """Write an internal note; colleagues named with @ are told. Never sent, never on the platform."""

    name: ClassVar[str] = "note.add"
    permission: ClassVar[Permission] = Permission.NOTE_WRITE
    offline: ClassVar[Offline] = Offline.FREE

    case: CaseId
    body: str = field(metadata=QUIET)

    async def run(self, work: Work) -> Outcome:
        check_text(self.body, "note")
        if any(ticket.guarded for ticket in (await work.tickets.load([self.case])).values()):
            raise guarded.refused()
        staff = await work.desk.staff()
        found = (staff.by_handle(handle) for handle in mentioned(self.body))
        people = tuple(dict.fromkeys(person.login for person in found if person))
        await work.threads.add_note(NoteId(part_of(self.id, "note")), self.case, self.body, people)
        await work.desk.notify("mention", self.case, [login for login in people if login != work.me])
        return Outcome((self.case,), (), (MessagesMoved((self.case,)),))


@dataclass(frozen=True, kw_only=True)
class SendAgain(Command):
    """Let messages that failed, or whose fate is unknown, or that are held, be sent now."""

    name: ClassVar[str] = "message.send_again"
    permission: ClassVar[Permission] = Permission.TICKET_REPLY
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "What has left cannot be called back."

    case: CaseId
    messages: tuple[MessageId, ...]

    async def run(self, work: Work) -> Outcome:
        if not await work.threads.release(self.messages):
            raise StateError("Nothing is left to send: it has gone out already.", hint="Refresh the thread.")
        return Outcome((self.case,), (), (MessagesMoved((self.case,)),))


def check_text(body: str, what: str) -> None:
    """Raise BadInput when a text is empty or longer than LONGEST characters."""
    if not body.strip():
        raise BadInput(f"The {what} is empty.", hint="Write something, or press Esc to go back to the queue.")
    if len(body) > LONGEST:
        raise BadInput(
            f"The {what} is {len(body):,} characters long; {LONGEST:,} are the most.",
            hint="Shorten it, or attach the long part as a file.",
        )


def check_files(files: tuple[File, ...]) -> None:
    """Raise BadInput when a file is too large."""
    for file in files:
        if len(file.content) > LARGEST_FILE:
            raise BadInput(f"{file.filename} is larger than 25 MB.", hint="Make it smaller, or send a link instead.")


def _check_reachable(ticket: Ticket) -> None:
    if not ticket.reachable:
        raise BadInput(
            f"{ticket.reference} has no address to answer to.",
            hint="Add an e-mail address to the person, or write an internal note.",
        )


def mail_subject(ticket: Ticket) -> str:
    """Return the mail's subject: the case number first, so that an answer finds its case; one line, 200 characters."""
    return f"[{ticket.reference}] Re: {one_line(ticket.subject)}"[:200].rstrip()
