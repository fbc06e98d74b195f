"""Who sees a safety ticket whole, and what is said to everybody else.

Source: decision 7. Agents see subject, clock and level of a safety ticket, until safety has answered it or a person who
sees it has let it go by giving it another category. The database hides the rest by itself; this says so in words first.
"""

from __future__ import annotations

from collections.abc import Iterable

from hotmess_console.domain.errors import NotAllowed
from hotmess_console.domain.people import Colleague
from hotmess_console.domain.values import Role

SEE = frozenset({Role.SAFETY, Role.MANAGER, Role.AUDITOR, Role.WORKER})
"""The roles that see guarded tickets whole."""
WORK = frozenset({Role.SAFETY, Role.MANAGER})
"""The roles whose people work on them."""

WORDS = "This is a safety ticket. Only its subject, clock and level are open to you; safety staff see the rest."
HINT = "Tell safety staff or a manager what you know. You see it whole once safety has answered it."
CRITERION = "safety-emergency"
"""The reason of an escalation that makes a ticket a safety ticket."""


def sees(roles: Iterable[Role]) -> bool:
    """Return whether somebody with `roles` sees guarded tickets whole."""
    return not SEE.isdisjoint(roles)


def refused() -> NotAllowed:
    """Return the refusal to act on a ticket that is guarded from this person."""
    return NotAllowed(WORDS, hint=HINT)


def to_tell(staff: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """Return the active safety staff, who are told when a ticket becomes theirs."""
    return tuple(person for person in staff if person.active and Role.SAFETY in person.roles)
