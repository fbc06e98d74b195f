"""Whether two tickets are one person's, before one becomes part of the other.

Source: manual, "Support Ticket Handling" (a ticket is one user's conversation with us), and 1.14. Whoever answers the
case that is left reads both; so messages of two people come together only when somebody says so with open eyes. One
address is one person, however it is written. Without any address the same name counts; where nothing is known, nobody
knows that it is the same.
"""

from __future__ import annotations

from typing import NamedTuple


class Writer(NamedTuple):
    """Who wrote a ticket, as far as it is known; empty for what is not."""

    name: str
    email: str


def same_person(one: Writer, other: Writer) -> bool:
    """Return whether both are the same person, as far as is known."""
    theirs = [writer.email.strip().casefold() for writer in (one, other)]
    if any(theirs):
        return theirs[0] == theirs[1]
    names = [" ".join(writer.name.split()).casefold() for writer in (one, other)]
    return bool(names[0]) and names[0] == names[1]
