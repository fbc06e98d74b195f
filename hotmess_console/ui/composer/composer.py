"""The composer: where an answer or a note is written, looked over and sent, and where no word is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.errors import ConsoleError, NotFound
from hotmess_console.domain.templates import Template, fill
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, MessageId, Status
from hotmess_console.services.drafts import Draft, DraftKind, Drafts
from hotmess_console.services.ids import part_of
from hotmess_console.services.letters import values_of
from hotmess_console.services.replies import AddNote
from hotmess_console.ui.composer.compare_sheet import Answer
from hotmess_console.ui.composer.comparing import Comparing, Mine
from hotmess_console.ui.composer.draft_card import DraftCard
from hotmess_console.ui.composer.keeping import joined
from hotmess_console.ui.composer.news import news
from hotmess_console.ui.composer.outbound import reply_of, why_no_note
from hotmess_console.ui.composer.placeholders import laid_out
from hotmess_console.ui.composer.verdicts import mask_of, outgoing, unanswerable, way_out
from hotmess_console.ui.dialogs.attach import choose_files
from hotmess_console.ui.dialogs.send_preview import SendPreview
from hotmess_console.ui.dialogs.templates_picker import pick_for_case
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host
from hotmess_console.ui.running import Running
from hotmess_console.ui.viewmodels.thread_rows import Flight
from hotmess_console.ui.viewmodels.when import workstation_zone


class Composer(DraftCard):
    """One draft at a time: the reply or the note of the case that is open. `left` on Esc, the draft kept.

    Everything runs in the GUI thread's event loop; questions and commands go through `host`.
    """

    thread_asked = Signal()
    """The thread is wanted, to read what is new where it stands."""
    flew = Signal(object)
    """A reply was given: a `Flight`."""
    landed = Signal(object, bool)
    """The message id of such a reply, and whether the database took it."""

    def __init__(
        self,
        host: Host,
        drafts: Drafts | None = None,
        parent: QWidget | None = None,
        *,
        zone: ZoneInfo | None = None,
        running: Running | None = None,
    ) -> None:
        super().__init__(host, drafts, parent)
        self.running = running or Running(lambda error: host.tell(notice_for(error)))
        self.comparing = Comparing(host, zone or workstation_zone())
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.head.template_dropped.connect(self._drop_template)
        self.files.removed.connect(self._take_off)
        self.bar.template_asked.connect(lambda: self._start(self.pick_template()))
        self.bar.attach_asked.connect(lambda: self._start(self.attach()))
        self.bar.preview_asked.connect(lambda: self._start(self.preview()))
        self.bar.send_asked.connect(lambda then: self._start(self.send(then)))

    # ── what the window asks ──

    def set_case(self, detail: TicketDetail | None) -> None:
        """Show the draft of this case; the same case again only brings its news. What was written elsewhere is kept."""
        before, self._detail = self._detail, detail
        if detail is None or before is None or before.case.id != detail.case.id:
            self.comparing.give_way()
            self._withdraw_objection()
            self._seen, self._news = detail, ""
            self._open_draft(self._kind_for(detail))
        elif self._draft and self._seen is not None:
            self._news = news(self._seen, detail, self._host.me.login, self._host.staff)
            self.comparing.bring(self._seen, detail)
        else:
            self._seen = detail
        if detail is not None:
            self._names[detail.case.id] = detail.case.reference
            self._put_back_undone(detail)
            if not self._settings:
                self._start(self._read_settings())
        self._show()

    def start_reply(self, template: str | None = None) -> None:
        """Take the keyboard for a reply; `template` is an id, or ``id/language``, to begin with."""
        if self._detail is None:
            self._host.tell(Notice("No case is open.", "Choose one in the queue first."))
            return
        reason = unanswerable(self._detail, self._host)
        if reason:
            self._host.tell(Notice(reason, way_out(reason)))
            return
        self._switch(DraftKind.REPLY)
        if template is not None:
            self._start(self._begin_with(template))

    def start_note(self) -> None:
        """Take the keyboard for an internal note; from inside a note, go back to the reply."""
        if self._detail is None:
            self._host.tell(Notice("No case is open.", "Choose one in the queue first."))
            return
        self._switch(DraftKind.NOTE)

    async def send(self, then: str) -> None:
        """Send the reply, then `then` (a `Status` value); or keep the note. A blocked or refused draft stays.

        If the case changed since the draft was begun, the two are compared first.
        """
        self.check_now()
        if self._detail is None or self.verdict.blocks:
            self._object(Notice(self.verdict.words or "No case is open.", self.verdict.hint))
            self.editor.go_to_empty(backwards=False)
        elif self._kind is DraftKind.NOTE and (objection := why_no_note(Status(then))):
            self._object(objection)
        elif self._news:
            await self._compare(Status(then))
        else:
            await self._send(self._detail, Status(then))

    async def _send(self, detail: TicketDetail, then: Status) -> None:
        if self._kind is DraftKind.NOTE:
            await self._keep_note(detail)
        else:
            await self._send_reply(detail, then)

    def has_focus_inside(self) -> bool:
        """Whether the keyboard is somewhere in the composer."""
        focused = QApplication.focusWidget()
        if focused is None:
            return False
        return focused is self or self.isAncestorOf(focused) or self.comparing.has(focused)

    # ── sending ──

    async def _send_reply(self, detail: TicketDetail, then: Status) -> None:
        command = reply_of(detail, self._draft, then)
        leaves = (detail.case.id,) if then is Status.RESOLVED else ()
        words = f"Reply on {detail.case.reference}"
        sending = self._host.decide(command, words, leaves_queue=leaves)
        await self._let_go(detail, part_of(command.id, "reply"), then, sending)

    async def _keep_note(self, detail: TicketDetail) -> None:
        command = AddNote(case=detail.case.id, body=self._draft.text.strip())
        words = f"Note on {detail.case.reference}"
        sending = self._host.decide(command, words)
        await self._let_go(detail, part_of(command.id, "note"), Status.IN_PROGRESS, sending)

    async def _let_go(self, detail: TicketDetail, id: UUID, then: Status, sending: Coroutine[Any, Any, object]) -> None:
        """Clear the editor at the key press; the kept draft goes only once it is certain that the message is in."""
        case, kind = detail.case.id, self._kind
        self._withdraw_objection()
        self._keeping.let_fly(id, case, kind, self._draft)
        self._late.start()
        if kind is DraftKind.REPLY:
            # a turn later: where the case leaves with this key, the next one is on screen first
            flight = Flight(MessageId(id), case, self._draft.text.strip())
            asyncio.get_running_loop().call_soon(self.flew.emit, flight)
        self._show_draft(Draft())
        self.left.emit()
        taken = await sending is not None
        self.landed.emit(id, taken)
        if taken:
            self._keeping.arrived(case, kind)
            self._show()
            return
        whole = self._keeping.refused(id)
        shown = self._detail is not None and self._detail.case.id == case and self._kind is kind
        if shown:
            self._show_draft(whole)
        try:
            now = await self._host.bridge.ask(lambda q: q.ticket(case))
        except ConsoleError:
            return  # the refusal itself has been told; there is nothing newer to add
        told = mask_of(now, self._host).text(news(detail, now, self._host.me.login, self._host.staff))
        if told and shown and self._detail is not None and self._detail.case.id == case:
            self._seen = detail
            self.set_case(now)
            await self._compare(then)
        elif told:
            words = f"{detail.case.reference} changed while you wrote: {told}."
            self._host.tell(Notice(words, "Nothing was sent. Your draft is kept until you close: open the case."))

    # ── comparing ──

    async def _compare(self, then: Status) -> None:
        """Ask what becomes of the draft after what happened meanwhile."""
        detail = self._detail
        if detail is None or self.comparing.sheet is not None:
            return
        mine = Mine(self._draft.text, then, self._kind is DraftKind.NOTE)
        answer = await self.comparing.ask(self._seen or detail, detail, mine)
        now = self._detail
        if now is None or now.case.id != detail.case.id:
            return
        self._seen, self._news = now, ""  # it has been read
        self._show()
        match answer:
            case Answer.SEND:
                await self._send(now, then)
            case Answer.NOTE:
                self._turn_into_note(now.case.id)
                await self._keep_note(now)
            case Answer.DROP:
                self._drop_words()
            case Answer.THREAD:
                self.left.emit()
                self.thread_asked.emit()
            case _:
                self.editor.setFocus()

    def _turn_into_note(self, case: CaseId) -> None:
        reply, note = self._draft, self._keeping.load(case, DraftKind.NOTE)
        self._keeping.keep(case, DraftKind.REPLY, Draft())
        self._keeping.keep(case, DraftKind.NOTE, joined(Draft(text=reply.text), note))
        self._keeping.choose(case, DraftKind.NOTE)
        self._open_draft(DraftKind.NOTE)

    def _drop_words(self) -> None:
        """Take all words out, as if they were deleted by hand: the editor's own undo still has them."""
        self.editor.put("", (), instead=True)
        self._keep(Draft())
        self.check_now()
        self.left.emit()
        self._host.tell(Notice("Your words were dropped, and theirs stay.", "R, then Ctrl+Z brings them back."))

    # ── templates, files, preview ──

    async def pick_template(self) -> None:
        """Open the template picker and put the chosen one into the reply."""
        if self._detail is None or (reason := unanswerable(self._detail, self._host)):
            self._host.tell(Notice(reason if self._detail else "No case is open.", "Choose another case in the queue."))
            return
        detail = self._detail
        chosen = await pick_for_case(self._host, detail.ticket)
        if chosen is not None and self._detail is not None and self._detail.case.id == detail.case.id:
            await self._insert(chosen)

    async def _begin_with(self, wanted: str) -> None:
        id, _, language = wanted.partition("/")
        templates = await self._host.bridge.ask(lambda q: q.templates())
        found = [t for t in templates if t.id == id and language in ("", t.language)]
        if not found:
            raise NotFound(f"There is no template called {wanted}.", hint="Press T to choose one.")
        here = self._detail.ticket.language if self._detail else ""
        await self._insert(next((t for t in found if t.language == here), found[0]))

    async def _insert(self, template: Template) -> None:
        targets = await self._host.bridge.ask(lambda q: q.targets())
        if self._detail is None:
            return
        self._switch(DraftKind.REPLY)
        text, slots = laid_out(fill(template, values_of(self._detail.ticket, targets)))
        fresh = not self.editor.text().strip()
        self._draft = replace(
            self._draft, template=template.id, template_name=template.name, template_version=template.version
        )
        self.editor.put(text, slots, instead=fresh)
        self._typed()
        self.check_now()

    def _drop_template(self) -> None:
        self._keep(replace(self._draft, template="", template_name="", template_version=None))
        self.editor.setFocus()
        self._show()

    async def attach(self) -> None:
        """Ask for files and add them to the reply."""
        if self._detail is None or self._kind is DraftKind.NOTE:
            return
        case = self._detail.case.id
        chosen = await choose_files(self._host.window)
        if chosen and self._detail is not None and self._detail.case.id == case and self._kind is DraftKind.REPLY:
            self._keep(replace(self._draft, files=self._draft.files + chosen))
            self.check_now()

    def _take_off(self, place: int) -> None:
        files = self._draft.files
        self._keep(replace(self._draft, files=files[:place] + files[place + 1 :]))
        self.editor.setFocus()
        self.check_now()

    async def preview(self) -> None:
        """Show exactly what would be sent, and send it from there."""
        self.check_now()
        if self._detail is None or self._kind is DraftKind.NOTE:
            return
        mask = mask_of(self._detail, self._host)
        message = outgoing(self._detail.ticket, self._draft, self._settings, self.verdict, mask)
        if await SendPreview(self._host.window, message).open():
            await self.send(Status.IN_PROGRESS.value)

    async def _read_settings(self) -> None:
        self._settings = dict(await self._host.bridge.ask(lambda q: q.settings()))
        self._show()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that takes a while; a failure becomes a notice."""
        self.running.start(work)
