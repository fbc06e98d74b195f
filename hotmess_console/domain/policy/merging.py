"""Whether two tickets are one person's, before one becomes part of the other.

Source: experience, "hard to misuse". Whoever answers the case that is left reads both; so messages of two people come
together only when somebody says so with open eyes. One address is one person, however it is written. Without any
address the same name counts; where nothing is known, nobody knows that it is the same.
"""

from __future__ import annotations

from hotmess_console.domain.tickets import Ticket


def same_person(one: Ticket, other: Ticket) -> bool:
    """Return whether both were written by the same person, as far as is known."""
    theirs = [ticket.requester_email.strip().casefold() for ticket in (one, other)]
    if any(theirs):
        return theirs[0] == theirs[1]
    names = [" ".join(ticket.requester_name.split()).casefold() for ticket in (one, other)]
    return bool(names[0]) and names[0] == names[1]
