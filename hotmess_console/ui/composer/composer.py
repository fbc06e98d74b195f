"""The composer: where an answer or a note is written, looked over and sent, and where no word is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.errors import ConsoleError, NotFound
from hotmess_console.domain.templates import Template, fill
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CommandId, Status
from hotmess_console.services.drafts import Draft, DraftKind, Drafts, DraftsInMemory
from hotmess_console.services.ids import part_of
from hotmess_console.services.letters import values_of
from hotmess_console.services.replies import AddNote, Reply
from hotmess_console.ui.composer.card import ComposerCard
from hotmess_console.ui.composer.check_line import Verdict
from hotmess_console.ui.composer.keeping import Keeping
from hotmess_console.ui.composer.mentions import Mentions
from hotmess_console.ui.composer.news import news
from hotmess_console.ui.composer.placeholders import laid_out
from hotmess_console.ui.composer.verdicts import NO_ADDRESS, judge, mask_of, outgoing, unanswerable, unwritable, way_out
from hotmess_console.ui.dialogs.attach import choose_files
from hotmess_console.ui.dialogs.send_preview import SendPreview
from hotmess_console.ui.dialogs.templates_picker import pick_for_case
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host

_CHECK_AFTER_MS = 120
_SHORT = 4_000


class Composer(ComposerCard):
    """One draft at a time: the reply or the note of the case that is open. `left` on Esc, the draft kept.

    Everything runs in the GUI thread's event loop; questions and commands go through `host`.
    """

    left = Signal()

    def __init__(self, host: Host, drafts: Drafts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host, self._keeping = host, Keeping(drafts or DraftsInMemory())
        self._detail: TicketDetail | None = None
        self._seen: TicketDetail | None = None
        self._kind = DraftKind.REPLY
        self._draft, self._news, self._loading = Draft(), "", False
        self._settings: dict[str, object] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.verdict = Verdict("")
        self.mentions = Mentions(self.editor, host.window)
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._typed)
        self.editor.left.connect(self.left)
        self.editor.cut_short.connect(self._tell_cut)
        self.head.kind_chosen.connect(self._switch)
        self.head.template_dropped.connect(self._drop_template)
        self.files.removed.connect(self._take_off)
        self.bar.template_asked.connect(lambda: self._start(self.pick_template()))
        self.bar.attach_asked.connect(lambda: self._start(self.attach()))
        self.bar.preview_asked.connect(lambda: self._start(self.preview()))
        self.bar.send_asked.connect(lambda then: self._start(self.send(then)))
        self._timer.timeout.connect(self.check_now)

    # ── what the window asks ──

    def set_case(self, detail: TicketDetail | None) -> None:
        """Show the draft of this case; the same case again only brings its news. What was written elsewhere is kept."""
        before, self._detail = self._detail, detail
        if detail is None or before is None or before.case.id != detail.case.id:
            self._seen, self._news = detail, ""
            self._open_draft(self._kind_for(detail))
        elif self._draft and self._seen is not None:
            self._news = news(self._seen, detail, self._host.me.login, self._host.staff)
        else:
            self._seen = detail
        if detail is not None:
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
        """Send the reply, then `then` (a `Status` value); or keep the note. A blocked or refused draft stays."""
        self.check_now()
        if self._detail is None or self.verdict.blocks:
            self._host.tell(Notice(self.verdict.words or "No case is open.", self.verdict.hint))
            self.editor.go_to_empty(backwards=False)
            return
        if self._news:
            told = mask_of(self._detail, self._host).text(self._news)
            self._news, self._seen = "", self._detail
            self._host.tell(
                Notice(
                    f"{self._detail.case.reference} changed while you wrote: {told}.",
                    "Nothing was sent. Your draft is kept: read what is new, then send again.",
                )
            )
            self._show()
            return
        if self._kind is DraftKind.NOTE:
            await self._keep_note(self._detail)
        else:
            await self._send_reply(self._detail, Status(then))

    def refresh_mask(self) -> None:
        """Hide or show whom it goes to; the text itself is what the person writes and stays readable."""
        self._show()

    def has_focus_inside(self) -> bool:
        """Whether the keyboard is somewhere in the composer."""
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def text(self) -> str:
        """What stands in the editor."""
        return self.editor.text()

    @property
    def kind(self) -> DraftKind:
        """Whether a reply or a note is being written."""
        return self._kind

    # ── drafts ──

    def _kind_for(self, detail: TicketDetail | None) -> DraftKind:
        if detail is None:
            return DraftKind.REPLY
        if unanswerable(detail, self._host):
            return DraftKind.NOTE
        return self._keeping.kind(detail.case.id)

    def _open_draft(self, kind: DraftKind) -> None:
        self._kind = kind
        self._show_draft(self._keeping.load(self._detail.case.id, kind) if self._detail else Draft())

    def _show_draft(self, draft: Draft) -> None:
        self._draft, self._loading = draft, True
        self.editor.load(draft.text, draft.slots)
        self._loading = False
        self.check_now()

    def _switch(self, kind: DraftKind) -> None:
        detail = self._detail
        if detail is None:
            return
        if kind is DraftKind.REPLY and (reason := unanswerable(detail, self._host)):
            self._host.tell(Notice(reason, way_out(reason)))
            kind = DraftKind.NOTE
        if kind is not self._kind:
            self._keeping.choose(detail.case.id, kind)
            self._open_draft(kind)
        self.mentions.set_colleagues(self._host.staff)
        self.editor.setFocus()
        self._show()

    def _typed(self) -> None:
        if self._loading:
            return
        self._keep(replace(self._draft, text=self.editor.text(), slots=self.editor.filled()))
        # Short texts are looked over at each key; only long ones wait for a rest.
        self._timer.start() if len(self._draft.text) > _SHORT else self.check_now()

    def _keep(self, draft: Draft) -> None:
        self._draft = draft
        if self._detail is None:
            return
        self._keeping.keep(self._detail.case.id, self._kind, draft)
        if not draft:
            self._seen, self._news = self._detail, ""

    def _put_back_undone(self, detail: TicketDetail) -> None:
        """Bring back the text of a reply or note that was taken back, before what is being written."""
        taken = (*(m.id for m in detail.messages if m.retracted), *(n.id for n in detail.notes if n.retracted))
        changed = self._keeping.undone(taken)
        if changed is not None and changed[0] == detail.case.id:
            self._open_draft(changed[1])

    # ── sending ──

    async def _send_reply(self, detail: TicketDetail, then: Status) -> None:
        draft = self._draft
        command = Reply(
            case=detail.ticket.ref,
            body=draft.text.strip(),
            then=then,
            template=draft.template,
            template_version=draft.template_version,
            files=draft.files,
        )
        leaves = (detail.case.id,) if then is Status.RESOLVED else ()
        words = f"Reply on {detail.case.reference}"
        await self._let_go(detail, command.id, "reply", self._host.decide(command, words, leaves_queue=leaves))

    async def _keep_note(self, detail: TicketDetail) -> None:
        command = AddNote(case=detail.case.id, body=self._draft.text.strip())
        words = f"Note on {detail.case.reference}"
        await self._let_go(detail, command.id, "note", self._host.decide(command, words))

    async def _let_go(
        self, detail: TicketDetail, command: CommandId, part: str, sending: Coroutine[Any, Any, object]
    ) -> None:
        """Clear the editor at the key press; the kept draft goes only once it is certain that the message is in."""
        case, kind, id = detail.case.id, self._kind, part_of(command, part)
        self._keeping.let_fly(id, case, kind, self._draft)
        self._show_draft(Draft())
        self.left.emit()
        if await sending is not None:
            self._keeping.arrived(case, kind)
            return
        whole = self._keeping.refused(id)
        if self._detail is not None and self._detail.case.id == case and self._kind is kind:
            self._show_draft(whole)
        await self._tell_news(detail)

    async def _tell_news(self, before: TicketDetail) -> None:
        try:
            now = await self._host.bridge.ask(lambda q: q.ticket(before.case.id))
        except ConsoleError:
            return  # the refusal itself has been told; there is nothing newer to add
        told = mask_of(now, self._host).text(news(before, now, self._host.me.login, self._host.staff))
        if told:
            words = f"{before.case.reference} changed while you wrote: {told}."
            self._host.tell(Notice(words, "Nothing was sent. Your draft is kept: read what is new, then send again."))

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

    # ── look ──

    def check_now(self) -> None:
        """Look the draft over at once."""
        self._timer.stop()
        self.verdict = judge(self._detail, self._kind, self._draft, self.editor.empty(), self._host)
        self._show()

    def _show(self) -> None:
        detail, note = self._detail, self._kind is DraftKind.NOTE
        off = unwritable(detail, self._kind, self._host)
        draft, verdict = self._draft, self.verdict
        self.head.show_template(draft.template_name if not note else "", draft.template_version)
        mask = mask_of(detail, self._host)
        no_reply = unwritable(detail, DraftKind.REPLY, self._host)
        way = "Shift+M adds one" if no_reply == NO_ADDRESS else ""
        self.head.show_recipient(self._kind, mask.shown_name if detail else "", mask.shown_email, no_reply, way)
        self.editor.setReadOnly(bool(off))
        self.editor.setAccessibleName("Internal note" if note else "Reply")
        self.editor.setPlaceholderText("" if off else _PROMPTS[self._kind])
        self.mentions.on = self.is_note = note
        self.files.show_files(draft.files if not note else ())
        if self._news and not verdict.blocks:
            verdict = Verdict(
                f"New since you began: {self._news}.", "Read it before you send.", False, "bell", "warn_text"
            )
        self.line.show_verdict(verdict, kept=bool(draft))
        reason = verdict.words if verdict.blocks else ""
        self.bar.show_state(note=note, reason=reason, held_seconds=self._held(), off=off)
        self.update()

    def _held(self) -> int:
        seconds = self._settings.get("messages.hold_seconds", 20)
        return seconds if isinstance(seconds, int) else 20

    def _tell_cut(self, characters: int) -> None:
        words = f"{characters:,} characters did not fit and were left out."
        self._host.tell(Notice(words, "Attach long texts as a file."))

    async def _read_settings(self) -> None:
        self._settings = dict(await self._host.bridge.ask(lambda q: q.settings()))
        self._show()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that takes a while; a failure becomes a notice."""
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(partial(_done, self._tasks))

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ConsoleError as error:
            self._host.tell(notice_for(error))


_PROMPTS = {
    DraftKind.REPLY: "Write a reply, or press T in the queue for a template.",
    DraftKind.NOTE: "Write a note for colleagues. It is never sent.",
}


def _done(tasks: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
    tasks.discard(task)
