"""The values that a case offers to a template's placeholders."""

from __future__ import annotations

from hotmess_console.domain.policy import acknowledgement
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.templates import one_line
from hotmess_console.domain.tickets import Ticket


def values_of(ticket: Ticket, targets: Targets) -> dict[str, str]:
    """Return what can be filled from the case alone; what is not here has to be written."""
    return {
        "Name": first_name(ticket),
        "subject": one_line(ticket.subject) or "your message",
        "ID": ticket.reference,
        "timeframe": acknowledgement.timeframe(targets.of(ticket.category)),
    }


def first_name(ticket: Ticket) -> str:
    """Return how the person is addressed: their first name, or "there" where none is known."""
    words = one_line(ticket.requester_name).split()
    return words[0] if words else "there"
