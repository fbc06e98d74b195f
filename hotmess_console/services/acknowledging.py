"""The one confirmation that each new ticket gets."""

from __future__ import annotations

from hotmess_console.domain.policy import acknowledgement
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.templates import Template, fill
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import MessageId
from hotmess_console.services.ids import part_of
from hotmess_console.services.letters import values_of
from hotmess_console.services.ports import NewMessage
from hotmess_console.services.replies import mail_subject


def acknowledge(ticket: Ticket, template: Template, targets: Targets) -> NewMessage:
    """Return the acknowledgement of `ticket`, worded as the manual words it, addressed to who wrote."""
    filled = fill(template, values_of(ticket, targets))
    return NewMessage(
        MessageId(part_of(ticket.id, acknowledgement.TEMPLATE)),
        ticket.id,
        incoming=False,
        kind="acknowledgement",
        body=filled.text(),
        template=template.id,
        template_version=template.version,
        deliver_to=ticket.requester_email,
        to_name=ticket.requester_name,
        subject=mail_subject(ticket),
    )
