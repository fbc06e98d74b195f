"""Adding an address to a case that cannot be answered without one."""

from __future__ import annotations

from hotmess_console.domain.values import Permission
from hotmess_console.services.addressing import SetRequesterAddress
from hotmess_console.ui.actions.obstacles import nothing, one
from hotmess_console.ui.actions.registry import Action
from hotmess_console.ui.dialogs.give_address import ask_address
from hotmess_console.ui.host import Context, Host


async def _add_address(host: Host) -> None:
    detail = host.context().detail
    if detail is None:
        return
    address = await ask_address(host.window, detail.case.reference)
    if address is not None:
        # as it was when the sheet was opened: what changed behind it is then refused, with the reason
        command = SetRequesterAddress(cases=(detail.ticket.ref,), address=address)
        await host.decide(command, f"Added an address to {detail.case.reference}")


def _lacks_address(context: Context) -> str:
    if reason := one(nothing)(context):
        return reason
    detail = context.detail
    if detail is None:
        return "The case is still being read."
    return f"{detail.case.reference} has an address already." if detail.ticket.reachable else ""


ADD_ADDRESS = Action(
    "person.address",
    "Add an address",
    ("Shift+M",),
    _add_address,
    "Tickets",
    "mail",
    Permission.TICKET_REPLY,
    _lacks_address,
)
