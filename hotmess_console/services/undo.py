"""Taking a command back: the inverse is a command of its own, audited like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.events import CasesChanged, MessagesMoved
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.ticket_memory import restored
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, CommandId, MessageId, Offline, Permission
from hotmess_console.services.bus import Command, Outcome, Skipped, command_named
from hotmess_console.services.ids import part_of
from hotmess_console.services.ports import Recorded, Work


@dataclass(frozen=True, kw_only=True)
class Undo(Command):
    """Put back what one command changed, where nobody has changed it since.

    A message goes with it only while it is held: once it has left, nothing is undone and the person is told so.
    """

    name: ClassVar[str] = "command.undo"
    permission: ClassVar[Permission] = Permission.TICKET_WORK
    offline: ClassVar[Offline] = Offline.RE_CHECKED
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Do the action itself again instead."

    taken_back: CommandId

    @property
    def undoes(self) -> CommandId:
        """The command that this one takes back; the database lets each be taken back once."""
        return self.taken_back

    async def needless(self, work: Work) -> bool:
        """Never; but what stays done is said before anything is recorded. Raises StateError."""
        _check_undoable(await work.name_of(self.taken_back))
        return False

    async def run(self, work: Work) -> Outcome:
        stopped = await _stop_messages(work, await work.threads.of_command(self.taken_back))
        notes = await work.threads.retract_notes_of(self.taken_back)
        records = await work.tickets.recorded(self.taken_back)
        found = await work.tickets.load([r.case for r in records])
        pairs, skipped = _pairs(found, records)
        if not pairs and not notes and not stopped:
            reason = skipped[0].reason if skipped else "There is nothing left to take back."
            raise StateError(reason, hint="Change the case by hand if it still needs it.")
        # a message that was stopped goes from the platform's row too, even where the case has moved on
        touched = list(found.values()) if stopped else [ticket for ticket, _ in pairs]
        words = await _restore_platform(work, self.taken_back, touched, {r.case: r for r in records})
        if stopped and skipped:
            words = f"The message was stopped. {skipped[0].reason} {words}".strip()
        written = await work.tickets.save(pairs)
        skipped += [
            Skipped(b.id, "Somebody else changed this case meanwhile.") for b, _ in pairs if b.id not in written
        ]
        moved = (*notes, *(found if stopped else ()))
        ids = (*written, *(case for case in dict.fromkeys(moved) if case not in written))
        return Outcome(ids, tuple(skipped), (CasesChanged(ids, self.id), MessagesMoved(ids)), words)


def _check_undoable(name: str | None) -> None:
    """Raise StateError for a command that stays done, by its own words or because nobody here knows it."""
    kind = command_named(name) if name else None
    if kind is None:
        raise StateError("There is no such action that could be taken back.", hint="Refresh and look again.")
    if not kind.undoable:
        raise StateError("This cannot be taken back.", hint=kind.why_final)


async def _stop_messages(work: Work, messages: Sequence[MessageId]) -> bool:
    """Stop what a command was about to send; return whether there was anything. Raises StateError once it has left."""
    if messages and len(await work.threads.take_back(messages)) != len(messages):
        raise StateError(
            "The message has already left, so this cannot be taken back.",
            hint="Write to the person again if something needs putting right.",
        )
    return bool(messages)


def _pairs(
    found: dict[CaseId, Ticket], records: Sequence[Recorded]
) -> tuple[list[tuple[Ticket, Ticket]], list[Skipped]]:
    pairs: list[tuple[Ticket, Ticket]] = []
    skipped: list[Skipped] = []
    for record in records:
        ticket = found.get(record.case)
        if ticket is None:
            skipped.append(Skipped(record.case, "This case is gone."))
        elif ticket.guarded:
            skipped.append(Skipped(record.case, guarded.WORDS))
        elif ticket.version != record.version_after and record.overtaken:
            skipped.append(Skipped(record.case, "Somebody has changed this case since, so it stays as it is."))
        else:
            pairs.append((ticket, restored(ticket, record.prior)))
    return pairs, skipped


async def _restore_platform(
    work: Work, command: CommandId, tickets: Sequence[Ticket], records: dict[CaseId, Recorded]
) -> str:
    """Put back the platform's own rows where they still show ours; return words on what had changed meanwhile."""
    kept: list[str] = []
    reply_id: UUID = part_of(command, "reply")
    for ticket in tickets:
        found = records[ticket.id].prior.get("platform")
        if ticket.platform_id is not None and found and found.get("was"):
            answer = await work.platform.restore(work.command, ticket.platform_id, found["was"], reply_id)
            if answer.get("changed_meanwhile"):
                kept.append(ticket.reference)
    return f"On the platform {', '.join(kept)} had been changed meanwhile and stays so." if kept else ""
