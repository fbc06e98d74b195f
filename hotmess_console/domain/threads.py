"""What was said and done on a case, as the thread and the history show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hotmess_console.domain.values import CommandId, Login, MessageId, NoteId


class DeliveryState(StrEnum):
    """Where an outgoing message is in the delivery ledger."""

    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the sending of one message goes; `hold_until` is when it leaves while it is held."""

    state: DeliveryState
    to_address: str
    hold_until: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message; `url` for those that lie with the platform, else the bytes are in the database."""

    id: UUID
    filename: str
    media_type: str
    size: int
    message: MessageId | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the thread; `incoming` from the person, otherwise from the desk."""

    id: MessageId
    incoming: bool
    kind: str
    author: Login | None
    author_name: str
    body: str
    at: datetime
    channel: str
    delivery: Delivery | None = None
    retracted: bool = False
    template: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note: never sent, never on the platform."""

    id: NoteId
    author: Login
    body: str
    at: datetime
    mentions: tuple[Login, ...] = ()
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still; open while `until_at` is None."""

    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history: which command, by whom, when, and whether it was taken back."""

    command: CommandId
    name: str
    actor: Login
    at: datetime
    params: dict[str, Any] = field(default_factory=dict)
    prior: dict[str, Any] = field(default_factory=dict)
    undone: bool = False
