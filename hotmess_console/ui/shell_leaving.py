"""Leaving while messages are held: ask what becomes of them, and do that before the window goes."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.threads import DeliveryState
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.queries import Queries
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.shell_sheets import HeldMail, Leave

if TYPE_CHECKING:
    from hotmess_console.ui.shell_frame import Frame


async def leave(shell: Frame) -> bool:
    """Ask about the messages that are held; return whether the window may close now."""
    answer = await HeldMail(shell.window, shell.line.mail.waiting).open()
    if answer is Leave.SEND:
        await _send_held(shell)
    if answer in (Leave.SEND, Leave.WAIT):
        shell.tell(Notice("The window closes when the last message has left.", "Keep it open until then."))
        await _all_sent(shell)
    return answer is not None


async def _all_sent(shell: Frame) -> None:
    moved = asyncio.Event()
    shell.line.mail_changed.connect(moved.set)
    shell.line.look_at_mail()
    while shell.line.mail.waiting:
        await moved.wait()
        moved.clear()


async def _send_held(shell: Frame) -> None:
    bridge = shell.bridge
    mine = await bridge.ask(lambda q: q.undoable())
    for case in dict.fromkeys(case for one in mine if one.hold_until is not None for case in one.cases):
        detail = await bridge.ask(partial(_ticket, case))
        held = tuple(
            MessageId(message.id)
            for message in detail.messages
            if message.delivery is not None and message.delivery.state is DeliveryState.HELD
        )
        if held:
            try:
                await bridge.send(SendAgain(case=case, messages=held))
            except ConsoleError as error:
                # one that has just left by itself is no failure; anything else is told, and the rest still goes
                shell.tell(Notice(str(error), error.hint))


async def _ticket(case: CaseId, queries: Queries) -> TicketDetail:
    return await queries.ticket(case)
