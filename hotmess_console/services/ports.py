"""What a command may reach while it runs. Adapters implement these; one contract suite holds them to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self
from uuid import UUID

from hotmess_console.domain.arrivals import Arrivals
from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.staff import ManagerChange, Wish
from hotmess_console.domain.templates import Template
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, Category, CommandId, Login, MessageId, NoteId, TemplateId


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to add to a thread; `deliver_to` is the address it is sent to, None when it stays here."""

    id: MessageId
    case: CaseId
    incoming: bool
    kind: str
    body: str
    channel: str = "email"
    author: Login | None = None
    author_name: str = ""
    at: datetime | None = None
    template: str = ""
    template_version: int | None = None
    source_key: str | None = None
    deliver_to: str | None = None
    to_name: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file to keep with a message: its bytes, or where the platform keeps it."""

    id: UUID
    case: CaseId
    message: MessageId | None
    filename: str
    media_type: str
    size: int
    content: bytes | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket to open: its first state and who wrote, found again by `platform_id` or `import_key`."""

    ticket: Ticket
    source: str
    snippet: str
    account_id: UUID | None = None
    import_key: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command did to one case: the state it found, for the undo, and the version it left."""

    case: CaseId
    prior: Mapping[str, Any]
    version_before: int
    version_after: int
    overtaken: bool = True
    """Whether anything done to the case since still stands; later changes that were taken back do not count."""


@dataclass(frozen=True, slots=True)
class HistoryChoice:
    """Which of the platform's older tickets are meant: since a moment, of these categories (none: all)."""

    since: datetime | None = None
    categories: frozenset[Category] = frozenset()


@dataclass(frozen=True, slots=True)
class TicketChange:
    """What a command wants changed on the platform's own ticket row."""

    reply: str | None = None
    reply_id: UUID | None = None
    status: str | None = None
    priority: str | None = None
    category: str | None = None


class Tickets(Protocol):
    """The tickets, loaded and saved set-wise."""

    async def load(self, ids: Sequence[CaseId]) -> dict[CaseId, Ticket]:
        """Return those of `ids` that this person may see. Absent ones are simply not in the answer."""
        ...

    async def lock(self, ids: Sequence[CaseId]) -> None:
        """Keep others from changing these until the transaction ends; whatever the order given, none waits crosswise.

        What is loaded afterwards is what the others left. Raises StateError when somebody holds one for too long.
        """
        ...

    async def save(
        self,
        changes: Sequence[tuple[Ticket, Ticket]],
        *,
        effects: Mapping[CaseId, Mapping[str, Any]] | None = None,
    ) -> frozenset[CaseId]:
        """Write (before, after) pairs where the version still is `before`'s; return those written.

        What each looked like before is kept with the command for the undo, with what its platform effect found.
        """
        ...

    async def open(self, tickets: Sequence[NewTicket]) -> None: ...
    async def recorded(self, command: CommandId) -> Sequence[Recorded]: ...
    async def link(self, one: CaseId, other: CaseId) -> None: ...
    async def unlink(self, one: CaseId, other: CaseId) -> None: ...
    async def imported(self, keys: Sequence[str]) -> frozenset[str]: ...
    async def by_platform(self, ids: Sequence[UUID]) -> dict[UUID, CaseId]: ...


class Threads(Protocol):
    """Messages, notes, files and the delivery ledger of the cases."""

    async def add(self, messages: Sequence[NewMessage], *, hold_seconds: int) -> None: ...
    async def leaves_at(self, message: MessageId) -> datetime | None:
        """Return when a held message leaves, by the database's time; None for one that is not held."""
        ...

    async def add_note(self, note: NoteId, case: CaseId, body: str, mentions: Sequence[Login]) -> None: ...
    async def attach(self, attachments: Sequence[NewAttachment]) -> None: ...
    async def of_command(self, command: CommandId) -> Sequence[MessageId]: ...
    async def take_back(self, messages: Sequence[MessageId]) -> frozenset[MessageId]:
        """Cancel what is still held and mark it retracted; return those that could be stopped."""
        ...

    async def retract_notes_of(self, command: CommandId) -> Sequence[CaseId]:
        """Mark the notes that a command wrote as taken back; return their cases."""
        ...

    async def release(self, messages: Sequence[MessageId]) -> frozenset[MessageId]:
        """Let failed, unknown or held messages be sent now; return those released."""
        ...

    async def known(self, source_keys: Sequence[str]) -> frozenset[str]: ...


class Platform(Protocol):
    """Effects on the platform's own rows, each only for the command recorded in this transaction."""

    async def apply(
        self, command: CommandId, changes: Sequence[tuple[UUID, TicketChange]], *, if_possible: bool = False
    ) -> dict[UUID, Mapping[str, Any]]:
        """Change the platform's tickets; return for each how it was enforced and what stood there.

        `if_possible`: where the platform itself refuses, nothing is changed there and the answer is empty.
        """
        ...

    async def restore(
        self, command: CommandId, ticket: UUID, was: Mapping[str, Any], reply_id: UUID | None
    ) -> Mapping[str, Any]: ...


class Desk(Protocol):
    """The desk's own furniture: templates, settings, saved views, notices."""

    async def staff(self) -> Staff: ...
    async def targets(self) -> Targets: ...
    async def setting(self, key: str) -> Any: ...
    async def change_setting(self, key: str, value: object) -> object: ...
    async def templates(self) -> Sequence[Template]: ...
    async def save_template(self, template: Template) -> int: ...
    async def retire_template(self, id: TemplateId, language: str) -> bool:
        """Take a template out of use; return whether it was in use."""
        ...

    async def save_view(self, id: UUID, name: str, filter: Mapping[str, Any], position: int) -> None: ...
    async def drop_view(self, id: UUID) -> None: ...
    async def notify(self, kind: str, case: CaseId, recipients: Sequence[Login]) -> None: ...
    async def see_notices(self, ids: Sequence[UUID]) -> None: ...


class Intake(Protocol):
    """What the platform wrote and the console has not taken in yet."""

    async def oldest(self) -> int | None:
        """Return which row has waited longest to be taken, None where nothing waits."""
        ...

    async def take(self, limit: int) -> Arrivals:
        """Take up to `limit` rows; nothing while somebody else is taking."""
        ...

    async def reconcile(self, go_live: datetime) -> int: ...
    async def history(self, go_live: datetime, wanted: HistoryChoice, limit: int) -> Arrivals:
        """Return the oldest of the platform's unfinished tickets from before `go_live` that are no cases yet."""
        ...


class ManagerChanges(Protocol):
    """Changes of people, roles and limits that managers ask for and confirm."""

    async def ask(self, wish: Wish) -> None:
        """Ask for a change; what takes something away happens with it."""
        ...

    async def read(self, id: UUID) -> ManagerChange:
        """Return one change. Raises NotFound."""
        ...

    async def decide(self, id: UUID, *, confirm: bool) -> None:
        """Carry out what somebody else asked for, or decline it. Raises StaleError when it was decided meanwhile."""
        ...


class Work(Protocol):
    """One transaction as one person. Leaving it without `commit` rolls back."""

    @property
    def me(self) -> Login: ...
    @property
    def command(self) -> CommandId: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def platform(self) -> Platform: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def intake(self) -> Intake: ...
    @property
    def changes(self) -> ManagerChanges: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...
    async def begin(
        self, id: CommandId, name: str, digest: bytes, params: Mapping[str, Any], undoes: CommandId | None
    ) -> bool:
        """Record the command; False when it was already done. Raises BadInput for a reused id."""
        ...

    async def name_of(self, command: CommandId) -> str | None:
        """Return the name under which a command was recorded, None where there is none."""
        ...

    async def author_of(self, command: CommandId) -> Login | None:
        """Return who gave a recorded command, None where there is none."""
        ...

    async def now(self) -> datetime:
        """Return the database's time, the same for the whole transaction."""
        ...

    async def commit(self) -> None: ...


OpenWork = Callable[[], Work]
