"""Who gets a confirmation, and what it promises.

Source: manual, "Ticket Workflow" (confirmation email sent to user) and "Ticket Categories & Response Times". Each new
ticket is confirmed once; imports, history and people without an address are never written to (decisions 9 and 17).
A confirmation is no answer: the response clock goes on running.
"""

from __future__ import annotations

from datetime import timedelta

from hotmess_console.domain.people import UNREACHABLE_DOMAIN
from hotmess_console.domain.policy.targets import Target

TEMPLATE = "acknowledgment"


def is_owed(email: str) -> bool:
    """Return whether somebody at this address is to be told that their new ticket has arrived."""
    name, at, host = email.strip().casefold().rpartition("@")
    return bool(name and at and host) and host != UNREACHABLE_DOMAIN


def timeframe(target: Target) -> str:
    """Return the promise in the manual's words: "1 hour", "4 hours", "24-48 hours"."""
    whole = all(span % timedelta(hours=1) == timedelta(0) for span in (target.due, target.breach))
    unit, word = (timedelta(hours=1), "hour") if whole else (timedelta(minutes=1), "minute")
    due, breach = target.due // unit, target.breach // unit
    figure = str(due) if due == breach else f"{due}-{breach}"
    return f"{figure} {word}" if figure == "1" else f"{figure} {word}s"
