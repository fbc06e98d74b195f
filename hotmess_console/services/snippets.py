"""The few words of a message that a queue row shows."""

from __future__ import annotations

LONGEST = 120
"""Characters kept with the case; they ride in the queue's covering index."""


def snippet(body: str) -> str:
    """Return the first words of `body` on one line, at most LONGEST characters; windows make them harmless."""
    return " ".join(body[:2000].split())[:LONGEST]
