"""The card with one draft in it: kept at each key, looked over, and shown with what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.threads import Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId
from hotmess_console.services.drafts import Draft, DraftKind, Drafts, DraftsInMemory
from hotmess_console.ui.composer.card import ComposerCard
from hotmess_console.ui.composer.check_line import Verdict, on_its_way
from hotmess_console.ui.composer.keeping import Keeping
from hotmess_console.ui.composer.mentions import Mentions
from hotmess_console.ui.composer.outbound import draft_of
from hotmess_console.ui.composer.verdicts import NO_ADDRESS, judge, mask_of, unanswerable, unwritable, way_out
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.connection import LATE_AFTER_S

_CHECK_AFTER_MS = 120
_SHORT = 4_000


class DraftCard(ComposerCard):
    """The reply or the note of the open case. Nothing is sent from here."""

    left = Signal()
    waiting_changed = Signal(object)
    """A draft began or ended on these cases: a set of case ids."""

    def __init__(self, host: Host, drafts: Drafts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host, self._keeping = host, Keeping(drafts or DraftsInMemory())
        self._detail: TicketDetail | None = None
        self._seen: TicketDetail | None = None
        self._kind = DraftKind.REPLY
        self._draft, self._news, self._loading = Draft(), "", False
        self._settings: dict[str, object] = {}
        self._names: dict[CaseId, str] = {}
        self.waiting: Mapping[CaseId, frozenset[DraftKind]] = {}
        """What is written on which case and not sent."""
        self._objection: Notice | None = None
        self.verdict = Verdict("")
        self.mentions = Mentions(self.editor, host.window)
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._timer.timeout.connect(self.check_now)
        # a coarse timer may ring up to a twentieth early, when nothing is late yet, and does not ring again
        self._late = QTimer(
            self, singleShot=True, timerType=Qt.TimerType.PreciseTimer, interval=int(LATE_AFTER_S * 1_000) + 20
        )
        self._late.timeout.connect(self._show)
        self.editor.textChanged.connect(self._typed)
        self.editor.left.connect(self.left)
        self.editor.cut_short.connect(self._tell_cut)
        self.head.kind_chosen.connect(self._switch)

    # ── drafts ──

    def unsent(self) -> Mapping[tuple[CaseId, DraftKind], Draft]:
        """Return every draft of this window with anything in it: what closing it would lose."""
        return self._keeping.unsent()

    def name_of(self, case: CaseId) -> str:
        """Return the number of a case that was written on."""
        return self._names.get(case, "A case")

    def take_up(self, case: CaseId, kind: DraftKind) -> None:
        """Go on with this draft, now or as soon as its case is shown."""
        self._keeping.choose(case, kind)
        if self._detail is not None and self._detail.case.id == case:
            self._switch(kind)

    def put_back(self, detail: TicketDetail, message: Message) -> None:
        """Make a reply that was stopped a draft again."""
        case = detail.case.id
        self._names[case] = detail.case.reference
        self._keeping.put_back(message.id, case, draft_of(message))
        if self._detail is not None and self._detail.case.id == case:
            self._open_draft(DraftKind.REPLY)

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

    # ── look ──

    def refresh_mask(self) -> None:
        """Hide or show whom it goes to; the text itself is what the person writes and stays readable."""
        self._show()

    def text(self) -> str:
        """What stands in the editor."""
        return self.editor.text()

    @property
    def kind(self) -> DraftKind:
        """Whether a reply or a note is being written."""
        return self._kind

    def check_now(self) -> None:
        """Look the draft over at once."""
        self._timer.stop()
        self.verdict = judge(self._detail, self._kind, self._draft, self.editor.empty(), self._host)
        if self._objection is not None and not self.verdict.blocks:
            self._withdraw_objection()
        self._show()

    def _show_waiting(self) -> None:
        """Mark what waits as a draft: here behind the other of the two kinds, and wherever the case stands."""
        before, self.waiting = self.waiting, self._keeping.waiting()
        changed = {case for case in before.keys() | self.waiting.keys() if before.get(case) != self.waiting.get(case)}
        here = self.waiting.get(self._detail.case.id, frozenset()) if self._detail else frozenset()
        self.head.show_drafts(here - {self._kind})
        if changed:
            self.waiting_changed.emit(changed)

    def _show(self) -> None:
        self._show_waiting()
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
        silent = not draft or not verdict.blocks
        if detail is not None and silent and self._keeping.is_late(detail.case.id, self._kind):
            verdict = on_its_way(note=note)
        self.line.show_verdict(verdict, kept=bool(draft))
        reason = verdict.words if verdict.blocks else ""
        self.bar.show_state(note=note, reason=reason, held_seconds=self._held(), off=off)
        self.update()

    def _held(self) -> int:
        seconds = self._settings.get("messages.hold_seconds", 20)
        return seconds if isinstance(seconds, int) else 20

    def _object(self, notice: Notice) -> None:
        """Say what stands in the way, for as long as it does."""
        self._objection = notice
        self._host.tell(notice)

    def _withdraw_objection(self) -> None:
        objection, self._objection = self._objection, None
        if objection is not None:
            self._host.untell(objection)

    def _tell_cut(self, characters: int) -> None:
        words = f"{characters:,} characters did not fit and were left out."
        self._host.tell(Notice(words, "Attach long texts as a file."))


_PROMPTS = {
    DraftKind.REPLY: "Write a reply, or press T in the queue for a template.",
    DraftKind.NOTE: "Write a note for colleagues. It is never sent.",
}
