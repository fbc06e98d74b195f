"""What a person declares of the way to the database."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What stands between the console and the database, as the person declares it."""

    DIRECT = "direct"
    SESSION = "session"
    TRANSACTION = "transaction"
