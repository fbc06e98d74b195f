"""Giving a ticket the address it came without, once its person was reached elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.people import UNREACHABLE_DOMAIN
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import Offline, Permission
from hotmess_console.services.bus import QUIET
from hotmess_console.services.opening import is_address
from hotmess_console.services.support import Moment, TicketCommand

LONGEST_ADDRESS = 254
"""Characters of an address; no mail server takes a longer one."""


@dataclass(frozen=True, kw_only=True)
class SetRequesterAddress(TicketCommand):
    """Say where the person can be answered, on tickets that came without an address (decision 17).

    A ticket that has one keeps it: an answer must never go to somebody else than who wrote. The record of the command
    holds the address as a digest only. Undo takes it away again, as long as nothing was done on the case since.
    """

    name: ClassVar[str] = "ticket.set_address"
    permission: ClassVar[Permission] = Permission.TICKET_REPLY
    offline: ClassVar[Offline] = Offline.NEVER

    address: str = field(metadata=QUIET)

    def change(self, ticket: Ticket, moment: Moment) -> Ticket:
        return ticket.addressed(checked_address(self.address))


def checked_address(text: str) -> str:
    """Return `text` without blanks around it. Raises BadInput when it is no address that can be answered to."""
    address = text.strip()
    unreachable = address.casefold().endswith("@" + UNREACHABLE_DOMAIN)
    if not is_address(address) or unreachable or len(address) > LONGEST_ADDRESS:
        raise BadInput("This is no e-mail address.", hint="Write it in full, such as name@example.org.")
    return address
