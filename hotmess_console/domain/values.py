"""Identifiers and small values that every layer may speak."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NewType
from uuid import UUID

CaseId = NewType("CaseId", UUID)
CommandId = NewType("CommandId", UUID)
MessageId = NewType("MessageId", UUID)
NoteId = NewType("NoteId", UUID)
TemplateId = NewType("TemplateId", str)
Login = NewType("Login", str)
"""A staff member's database login: the only identity there is (never a setting, never a column)."""


class CaseKind(StrEnum):
    """What sort of thing waits for a person."""

    TICKET = "ticket"


class Danger(StrEnum):
    """Where the question stands whether somebody is in danger right now."""

    NONE = ""
    ASKED = "asked"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


class Category(StrEnum):
    """What a ticket is about, as the platform's own check constraint spells it."""

    GENERAL = "general"
    TECHNICAL = "technical"
    BILLING = "billing"
    SAFETY = "safety"
    FEEDBACK = "feedback"
    BUSINESS = "business"
    OTHER = "other"


class Priority(StrEnum):
    """How pressing a ticket is, as the platform spells it. Never sorted as text: see `Urgency`."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Urgency(IntEnum):
    """The rank by which queues are ordered; 0 comes first."""

    IMMEDIATE = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3


URGENCY_OF: dict[Priority, Urgency] = {
    Priority.URGENT: Urgency.IMMEDIATE,
    Priority.HIGH: Urgency.HIGH,
    Priority.NORMAL: Urgency.NORMAL,
    Priority.LOW: Urgency.LOW,
}


class Status(StrEnum):
    """Where a ticket stands, as the platform's own check constraint spells it."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting_response"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Level(IntEnum):
    """Who works on it: support team, senior support, management (manual: Escalation Procedures)."""

    SUPPORT = 1
    SENIOR = 2
    MANAGEMENT = 3


class Role(StrEnum):
    """A group role of the database; a person may be in several."""

    AGENT = "console_agent"
    SENIOR = "console_senior"
    MANAGER = "console_manager"
    MODERATOR = "console_moderator"
    SAFETY = "console_safety"
    AUDITOR = "console_auditor"
    WORKER = "console_worker"


class Permission(StrEnum):
    """One thing that a role may be allowed to do: ``area:verb``."""

    TICKET_READ = "ticket:read"
    TICKET_WORK = "ticket:work"
    TICKET_REPLY = "ticket:reply"
    TICKET_ASSIGN = "ticket:assign"
    TICKET_ESCALATE = "ticket:escalate"
    TICKET_CREATE = "ticket:create"
    TICKET_MERGE = "ticket:merge"
    NOTE_WRITE = "note:write"
    TEMPLATE_EDIT = "template:edit"
    SETTINGS_EDIT = "settings:edit"
    HISTORY_ADOPT = "history:adopt"
    AUDIT_READ = "audit:read"
    STAFF_MANAGE = "staff:manage"


class Offline(StrEnum):
    """What a command does when there is no connection (decision 28)."""

    FREE = "free"
    RE_CHECKED = "re-checked"
    NEVER = "never"
