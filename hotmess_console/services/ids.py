"""Identifiers that sort by the moment they were made, and those derived from a command."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid5


def new_id(at: datetime | None = None) -> UUID:
    """Return a UUID version 7: 48 bits of milliseconds, then random bits.

    The time in it only keeps neighbours together on disk; nothing ever reads it as a time.
    """
    millis = int((at or datetime.now(UTC)).timestamp() * 1000) & (2**48 - 1)
    value = millis << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def part_of(command: UUID, part: str) -> UUID:
    """Return the id of one part of a command, the same however often the command is retried."""
    return uuid5(command, part)
