"""The desk in memory: our own ports, held to the same contract as Postgres, for quick tests of the services."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hotmess_console.domain.arrivals import Arrivals
from hotmess_console.domain.errors import BadInput, NotAllowed, StateError
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.sla import MANUAL, Targets
from hotmess_console.domain.staff import ManagerChange
from hotmess_console.domain.templates import Template
from hotmess_console.domain.ticket_memory import remembered
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, CommandId, Login, MessageId, NoteId, Role, TemplateId
from hotmess_console.services.ports import (
    HistoryChoice,
    NewAttachment,
    NewMessage,
    NewTicket,
    Recorded,
    TicketChange,
    Work,
)
from tests.fakes_changes import FakeChanges

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PEOPLE = (
    Colleague(Login("imani"), "Imani", "imani", "IC", frozenset({Role.AGENT})),
    Colleague(Login("rowan"), "Rowan", "rowan", "RA", frozenset({Role.AGENT})),
    Colleague(Login("mehreen"), "Mehreen", "mehreen", "MA", frozenset({Role.AGENT, Role.SENIOR})),
    Colleague(Login("gideon"), "Gideon", "gideon", "GB", frozenset({Role.AUDITOR})),
    Colleague(Login("worker"), "Worker", "worker", "W", frozenset({Role.WORKER})),
    Colleague(Login("kit"), "Kit", "kit", "KO", frozenset({Role.AGENT}), active=False),
)


@dataclass
class World:
    """What is kept when a transaction is committed."""

    now: datetime = NOON
    commands: dict[CommandId, tuple[str, bytes, Login, CommandId | None]] = field(default_factory=dict)
    tickets: dict[CaseId, Ticket] = field(default_factory=dict)
    import_keys: dict[str, CaseId] = field(default_factory=dict)
    records: dict[CommandId, list[Recorded]] = field(default_factory=dict)
    links: set[tuple[CaseId, CaseId]] = field(default_factory=set)
    messages: dict[MessageId, tuple[NewMessage, CommandId]] = field(default_factory=dict)
    deliveries: dict[MessageId, str] = field(default_factory=dict)
    retracted: set[UUID] = field(default_factory=set)
    notes: dict[NoteId, tuple[CaseId, str, tuple[Login, ...], CommandId]] = field(default_factory=dict)
    files: list[NewAttachment] = field(default_factory=list)
    notices: list[tuple[str, CaseId, Login]] = field(default_factory=list)
    changes: dict[UUID, ManagerChange] = field(default_factory=dict)
    platform: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    platform_replies: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    templates: list[Template] = field(default_factory=list)
    settings: dict[str, Any] = field(
        default_factory=lambda: {
            "messages.hold_seconds": 20,
            "sla.targets": MANUAL.to_json(),
            "intake.go_live": NOON.isoformat(),
        }
    )

    def pass_time(self, **spans: float) -> None:
        """Move the world's clock on."""
        self.now += timedelta(**spans)


class FakeTickets:
    """`Tickets` over a world."""

    def __init__(self, world: World, command: CommandId) -> None:
        self._world = world
        self._command = command

    async def load(self, ids: Sequence[CaseId]) -> dict[CaseId, Ticket]:
        """Return those of `ids` that are there."""
        return {id: self._world.tickets[id] for id in ids if id in self._world.tickets}

    async def lock(self, ids: Sequence[CaseId]) -> None:
        """Nobody else is here."""

    async def save(
        self, changes: Sequence[tuple[Ticket, Ticket]], *, effects: Mapping[CaseId, Mapping[str, Any]] | None = None
    ) -> frozenset[CaseId]:
        """Write the pairs whose version still holds."""
        written = set()
        for before, after in changes:
            if self._world.tickets[before.id].version != before.version:
                continue
            self._world.tickets[before.id] = replace(after, version=before.version + 1)
            prior = {**remembered(before, after), "platform": (effects or {}).get(before.id)}
            record = Recorded(before.id, prior, before.version, before.version + 1)
            self._world.records.setdefault(self._command, []).append(record)
            written.add(before.id)
        return frozenset(written)

    async def open(self, tickets: Sequence[NewTicket]) -> None:
        """Insert new tickets, numbered in their order."""
        for new in tickets:
            number = 10001 + len(self._world.tickets)
            self._world.tickets[new.ticket.id] = replace(new.ticket, number=number, version=1)
            if new.import_key:
                self._world.import_keys[new.import_key] = new.ticket.id

    async def recorded(self, command: CommandId) -> Sequence[Recorded]:
        """Return what a command did."""
        return list(self._world.records.get(command, []))

    async def link(self, one: CaseId, other: CaseId) -> None:
        """Link two cases, once."""
        self._world.links.add((min(one, other), max(one, other)))

    async def unlink(self, one: CaseId, other: CaseId) -> None:
        """Take a link away."""
        self._world.links.discard((min(one, other), max(one, other)))

    async def imported(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those keys that are tickets already."""
        return frozenset(key for key in keys if key in self._world.import_keys)

    async def by_platform(self, ids: Sequence[UUID]) -> dict[UUID, CaseId]:
        """Return the case of each platform ticket that has one."""
        cases = {ticket.platform_id: ticket.id for ticket in self._world.tickets.values()}
        return {id: cases[id] for id in ids if id in cases}


class FakeThreads:
    """`Threads` over a world."""

    def __init__(self, world: World, command: CommandId) -> None:
        self._world = world
        self._command = command

    async def add(self, messages: Sequence[NewMessage], *, hold_seconds: int) -> None:
        """Add messages; those with an address are held."""
        for message in messages:
            self._world.messages[message.id] = (message, self._command)
            if message.deliver_to:
                self._world.deliveries[message.id] = "held"

    async def leaves_at(self, message: MessageId) -> datetime | None:
        """Return when a held message leaves: the world holds each for 20 seconds."""
        held = self._world.deliveries.get(message) == "held"
        return self._world.now + timedelta(seconds=20) if held else None

    async def add_note(self, note: NoteId, case: CaseId, body: str, mentions: Sequence[Login]) -> None:
        """Add a note."""
        self._world.notes[note] = (case, body, tuple(mentions), self._command)

    async def attach(self, attachments: Sequence[NewAttachment]) -> None:
        """Keep files."""
        self._world.files += attachments

    async def of_command(self, command: CommandId) -> Sequence[MessageId]:
        """Return what a command sent."""
        return [id for id, (m, by) in self._world.messages.items() if by == command and not m.incoming]

    async def take_back(self, messages: Sequence[MessageId]) -> frozenset[MessageId]:
        """Cancel what is held."""
        stopped = frozenset(id for id in messages if self._world.deliveries.get(id) == "held")
        for id in stopped:
            self._check_undoes(self._world.messages[id][1])
        self._world.deliveries.update(dict.fromkeys(stopped, "cancelled"))
        self._world.retracted |= stopped
        return stopped

    async def retract_notes_of(self, command: CommandId) -> Sequence[CaseId]:
        """Take back the notes of a command, once."""
        found = [id for id, note in self._world.notes.items() if note[3] == command and id not in self._world.retracted]
        if found:
            self._check_undoes(command)
        self._world.retracted |= set(found)
        return [self._world.notes[id][0] for id in found]

    def _check_undoes(self, command: CommandId) -> None:
        if self._world.commands[self._command][3] != command:
            raise NotAllowed("Words are taken back by undoing the command that wrote them.", hint="Undo that.")

    async def release(self, messages: Sequence[MessageId]) -> frozenset[MessageId]:
        """Let what failed, is unknown or held be sent now."""
        freed = frozenset(id for id in messages if self._world.deliveries.get(id) in ("held", "failed", "unknown"))
        self._world.deliveries.update(dict.fromkeys(freed, "held"))
        return freed

    async def known(self, source_keys: Sequence[str]) -> frozenset[str]:
        """Return those keys that are in a thread."""
        there = {message.source_key for message, _ in self._world.messages.values()}
        return frozenset(key for key in source_keys if key in there)


class FakePlatform:
    """`Platform` over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def apply(
        self, command: CommandId, changes: Sequence[tuple[UUID, TicketChange]], *, if_possible: bool = False
    ) -> dict[UUID, Mapping[str, Any]]:
        """Change rows and remember what stood there."""
        answers: dict[UUID, Mapping[str, Any]] = {}
        for id, change in changes:
            row = self._world.platform[id]
            wanted = {name: getattr(change, name) for name in ("status", "priority", "category")}
            wanted |= {"admin_response": change.reply}
            ours = {name: value for name, value in wanted.items() if value is not None and value != row.get(name)}
            answers[id] = {"enforced": "applied", "was": {**row, "ours": ours}}
            row.update(ours)
            if change.reply is not None and change.reply_id is not None:
                self._world.platform_replies[change.reply_id] = (id, change.reply)
        return answers

    async def restore(
        self, command: CommandId, ticket: UUID, was: Mapping[str, Any], reply_id: UUID | None
    ) -> Mapping[str, Any]:
        """Put back what still shows our value."""
        row, meanwhile = self._world.platform[ticket], []
        for name, value in was["ours"].items():
            if row.get(name) == value:
                row[name] = was.get(name)
            else:
                meanwhile.append(name)
        removed = reply_id is not None and self._world.platform_replies.pop(reply_id, None) is not None
        return {"changed_meanwhile": meanwhile, "reply_removed": removed}


class FakeDesk:
    """`Desk` over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def staff(self) -> Staff:
        """Return everyone."""
        return Staff(PEOPLE)

    async def targets(self) -> Targets:
        """Return the targets in force."""
        return Targets.from_json(self._world.settings["sla.targets"])

    async def setting(self, key: str) -> Any:
        """Return one setting."""
        return self._world.settings.get(key)

    async def change_setting(self, key: str, value: object) -> object:
        """Set one setting."""
        before = self._world.settings.get(key)
        self._world.settings[key] = value
        return before

    async def templates(self) -> Sequence[Template]:
        """Return those of the world."""
        return list(self._world.templates)

    async def save_template(self, template: Template) -> int:
        """Not kept here."""
        raise NotImplementedError

    async def retire_template(self, id: TemplateId, language: str) -> bool:
        """There are none."""
        return False

    async def save_view(self, id: UUID, name: str, filter: Mapping[str, Any], position: int) -> None:
        """Not kept here."""
        raise NotImplementedError

    async def drop_view(self, id: UUID) -> None:
        """Not kept here."""
        raise NotImplementedError

    async def notify(self, kind: str, case: CaseId, recipients: Sequence[Login]) -> None:
        """Leave a notice for each."""
        self._world.notices += [(kind, case, login) for login in recipients]

    async def see_notices(self, ids: Sequence[UUID]) -> None:
        """Not kept here."""
        raise NotImplementedError


class FakeIntake:
    """`Intake` of a platform that is silent."""

    async def oldest(self) -> int | None:
        """Nothing waits."""
        return None

    async def take(self, limit: int) -> Arrivals:
        """Nothing is there."""
        return Arrivals()

    async def reconcile(self, go_live: datetime) -> int:
        """Nothing was missed."""
        return 0

    async def history(self, go_live: datetime, wanted: HistoryChoice, limit: int) -> Arrivals:
        """There is none."""
        return Arrivals()


class FakeWork:
    """`Work` on a copy of the world, which replaces it at the commit."""

    def __init__(self, world: World, me: Login) -> None:
        self._kept = world
        self._world = world
        self._me = me
        self._command: CommandId | None = None
        self.desk = FakeDesk(world)
        self.intake = FakeIntake()

    async def __aenter__(self) -> Self:
        self._world = copy.deepcopy(self._kept)
        self.platform = FakePlatform(self._world)
        self.desk = FakeDesk(self._world)
        return self

    async def __aexit__(self, *exc: object) -> None:
        return None

    @property
    def me(self) -> Login:
        """Who acts."""
        return self._me

    @property
    def command(self) -> CommandId:
        """The command that was begun."""
        assert self._command is not None
        return self._command

    @property
    def tickets(self) -> FakeTickets:
        """The tickets."""
        return FakeTickets(self._world, self.command)

    @property
    def changes(self) -> FakeChanges:
        """What managers asked for."""
        return FakeChanges(self._world, self._me)

    @property
    def threads(self) -> FakeThreads:
        """The threads."""
        return FakeThreads(self._world, self.command)

    async def begin(
        self, id: CommandId, name: str, digest: bytes, params: Mapping[str, Any], undoes: CommandId | None
    ) -> bool:
        """Record the command once."""
        before = self._world.commands.get(id)
        if before is not None:
            if before[1:3] != (digest, self._me):
                raise BadInput("This action was already used for something else.")
            return False
        if undoes is not None and any(undoes == other[3] for other in self._world.commands.values()):
            raise StateError("This was already taken back.")
        self._world.commands[id] = (name, digest, self._me, undoes)
        self._command = id
        return True

    async def name_of(self, command: CommandId) -> str | None:
        """Return the name of a recorded command."""
        found = self._world.commands.get(command)
        return found[0] if found else None

    async def author_of(self, command: CommandId) -> Login | None:
        """Return who gave a recorded command."""
        found = self._world.commands.get(command)
        return found[2] if found else None

    async def now(self) -> datetime:
        """Return the world's time."""
        return self._world.now

    async def commit(self) -> None:
        """Keep everything."""
        self._kept.__dict__.update(self._world.__dict__)


def work_on(world: World, me: str = "imani") -> Work:
    """A transaction of `me` on a world; its type says that the fake is a `Work`."""
    return FakeWork(world, Login(me))
