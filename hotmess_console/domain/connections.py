"""What a person declares of the way to the database."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What stands between the console and the database, as the person declares it."""

    DIRECT = "direct"
    SESSION = "session"
    TRANSACTION = "transaction"


def same_login(typed: str, session: str) -> bool:
    """Return whether the server took this person for the login that was typed.

    A shared pooler is told ``role.project`` and signs in as ``role``; anything else that differs is somebody else.
    """
    return typed == session or (typed.startswith(f"{session}.") and len(typed) > len(session) + 1)
