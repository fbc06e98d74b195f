"""Who gets a confirmation, and what it promises.

Source: manual, "Ticket Workflow" (confirmation e-mail sent to user) and "Ticket Categories & Response Times". Each new
ticket is confirmed once; imports, history and people without an address are written to never (decisions 9 and 17).
"""

from __future__ import annotations

from datetime import timedelta

from hotmess_console.domain.policy.sla import Target

TEMPLATE = "acknowledgment"
UNREACHABLE_DOMAIN = "import.invalid"


def is_owed(email: str) -> bool:
    """Return whether somebody at this address is to be told that their ticket has arrived."""
    return bool(email.strip()) and not email.strip().lower().endswith("@" + UNREACHABLE_DOMAIN)


def timeframe(target: Target) -> str:
    """Return the promise in the manual's words: "1 hour", "4 hours", "24-48 hours"."""
    due, breach = _hours(target.due), _hours(target.breach)
    if due == breach:
        return f"{due} hour" if due == "1" else f"{due} hours"
    return f"{due}-{breach} hours"


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return str(int(hours)) if hours == int(hours) else f"{hours:.1f}"
