"""What the platform wrote since the console last looked: tickets and replies, in one shape for all vintages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PlatformTicket:
    """A ticket as the platform has it. Every text is a stranger's; status and priority may be forged."""

    id: UUID
    user_id: UUID | None
    email: str
    name: str
    subject: str
    message: str
    category: str
    status: str
    created_at: datetime
    updated_at: datetime
    priority: str = ""


@dataclass(frozen=True, slots=True)
class PlatformReply:
    """A reply as the platform has it. `responder_type` proves nothing: users can write "admin" there."""

    id: UUID
    ticket_id: UUID
    responder_id: UUID | None
    responder_type: str
    message: str
    attachments: tuple[dict[str, Any], ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One batch of the intake: which rows were taken, and what they now say on the platform."""

    taken: int = 0
    tickets: tuple[PlatformTicket, ...] = ()
    replies: tuple[PlatformReply, ...] = ()
