"""Closing the window: first what would be lost or left behind, then the question, then what the answer asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.threads import DeliveryState, Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.queries import Queries, Undoable
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.dialogs.undo_list import deed_words
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.shell_sheets import HeldMail, Leave, UnsentWords

if TYPE_CHECKING:
    from hotmess_console.services.drafts import Draft, DraftKind
    from hotmess_console.ui.queues.tickets import TicketsTab
    from hotmess_console.ui.shell_frame import Frame

    Unsent = Mapping[tuple[CaseId, DraftKind], Draft]

ANSWERS_WITHIN_S = 5.0
"""Seconds for which closing waits for what was pressed just before."""


class Leaving:
    """Decides whether the window may close. It may at once when nothing is on its way, held or unsent."""

    def __init__(self, shell: Frame, tab: TicketsTab) -> None:
        self._shell, self._tab = shell, tab
        self._asking = self._anew = False
        self._stirred = asyncio.Event()

    def must_ask(self) -> bool:
        """Return whether anything stands in the way of closing at once."""
        return bool(self._busy() or self._shell.line.mail.waiting or self._unsent())

    def why_stay(self) -> str:
        """Return why somebody else cannot sit down here now; held mail is no reason, any console sends it."""
        if self._unsent():
            return "Words of yours are unsent: send or delete them first."
        return "What you did just now is still on its way." if self._busy() else ""

    def ask(self) -> None:
        """Ask, and close if that is the answer. Asked again while mail is waited for, ask anew."""
        self._anew = True
        self._stirred.set()
        if not self._asking:
            self._asking = True
            self._shell.start(self._ask())

    async def _ask(self) -> None:
        try:
            if await self._may_close():
                self._shell.close_now()
        finally:
            self._asking = False

    async def _may_close(self) -> bool:
        await self._answered()
        given_up: Unsent = {}
        while True:
            unsent = self._unsent()
            if unsent and unsent != given_up:
                if not await self._gives_up(unsent):
                    return False
                given_up = unsent
            elif not self._shell.line.mail.waiting:
                return True
            elif (leaves := await self._settle_mail()) is not None:
                return leaves

    # ── what is on its way ──

    def _busy(self) -> bool:
        shell = self._shell
        return bool(shell.decisions.unanswered or shell.bridge.unanswered or shell.line.mail_moved)

    async def _answered(self) -> None:
        """Wait for the database to answer what was pressed just before, so that nothing is torn off half-way."""
        loop = asyncio.get_running_loop()
        end = loop.time() + ANSWERS_WITHIN_S
        while self._busy() and loop.time() < end and not self._shell.line.lost:  # noqa: ASYNC110 - a look costs nothing
            await asyncio.sleep(0.02)

    # ── what is unsent ──

    def _unsent(self) -> Unsent:
        panes = self._tab.open.panes
        return {} if panes is None else panes.composer.unsent()

    async def _gives_up(self, unsent: Unsent) -> bool:
        """Ask about words that only this window has. Returns whether they may go; a case chosen is opened."""
        names = {case: self._tab.composer.name_of(case) for case, _kind in unsent}
        answer = await UnsentWords(self._shell.window, unsent, names).open()
        if isinstance(answer, tuple):
            case, kind = answer
            await self._shell.open_case(case)
            self._tab.composer.take_up(case, kind)
        return answer is Leave.QUIT

    # ── what is held ──

    async def _settle_mail(self) -> bool | None:
        """Ask about held messages and do as answered; None when closing has to be looked at anew."""
        line = self._shell.line
        stuck = line.mail.trouble or ("The database cannot be reached." if line.lost else "")
        answer = await HeldMail(self._shell.window, line.mail.waiting, stuck).open()
        if answer is Leave.KEEP:
            await self._keep_as_drafts()
        if answer is Leave.SEND:
            await self._send_held()
        if answer not in (Leave.SEND, Leave.WAIT):
            return answer is Leave.QUIT
        self._shell.tell(
            Notice("The window closes when the last message has left.", "Close it once more to choose anew.")
        )
        await self._all_left()
        return None

    async def _all_left(self) -> None:
        """Wait until nothing is held any more, or until the person closes the window once more."""
        line, self._anew = self._shell.line, False
        line.mail_changed.connect(self._stirred.set)
        line.look_at_mail()
        try:
            while line.mail.waiting and not self._anew:
                self._stirred.clear()
                await self._stirred.wait()
        finally:
            line.mail_changed.disconnect(self._stirred.set)

    async def _held_of_mine(self) -> dict[Undoable, list[TicketDetail]]:
        mine = await self._shell.bridge.ask(lambda q: q.undoable())
        held = [one for one in mine if one.hold_until is not None]
        return {one: [await self._shell.bridge.ask(partial(_ticket, case)) for case in one.cases] for one in held}

    async def _send_held(self) -> None:
        cases = {detail.case.id: detail for found in (await self._held_of_mine()).values() for detail in found}
        for case, detail in cases.items():
            held = tuple(MessageId(message.id) for message in detail.messages if _is_held(message))
            try:
                if held:
                    await self._shell.bridge.send(SendAgain(case=case, messages=held))
            except ConsoleError as error:
                # one that has just left by itself is no failure; anything else is told, and the rest still goes
                self._shell.tell(notice_for(error))

    async def _keep_as_drafts(self) -> None:
        """Stop what is mine and held, as an undo does, and put the words back where they were written."""
        composer, back = self._tab.composer, []
        for one, before in (await self._held_of_mine()).items():
            held = {message.id for detail in before for message in detail.messages if _is_held(message)}
            if not await self._shell.decisions.take_back((one.command,), one.cases, deed_words(one)):
                continue  # it has left, or may not be stopped; why was told
            for case in one.cases:
                detail = await self._shell.bridge.ask(partial(_ticket, case))
                stopped = [message for message in detail.messages if message.id in held and message.retracted]
                for message in stopped:
                    composer.put_back(detail, message)
                    back.append(detail.case.reference)
        self._tell_kept(back)

    def _tell_kept(self, references: list[str]) -> None:
        if not references:
            words = "None of the held messages could be stopped: they are a colleague's, automatic, or have just left."
            self._shell.tell(Notice(words, "Close the window once more to choose anew."))
            return
        what = "1 message was stopped" if len(references) == 1 else f"{len(references)} messages were stopped"
        where = ", ".join(dict.fromkeys(references))
        hint = "The window stays open: drafts last as long as it does."
        self._shell.tell(Notice(f"{what}. The words are drafts again: {where}.", hint))


def _is_held(message: Message) -> bool:
    return message.delivery is not None and message.delivery.state is DeliveryState.HELD


async def _ticket(case: CaseId, queries: Queries) -> TicketDetail:
    return await queries.ticket(case)
