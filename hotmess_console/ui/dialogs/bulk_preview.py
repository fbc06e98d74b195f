"""Before, while and after many cases are changed: who, what, which messages, what is skipped; progress; a receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Staff
from hotmess_console.domain.values import CaseId
from hotmess_console.services.bulk import TYPED_ABOVE, Foreseen
from hotmess_console.services.bus import Skipped
from hotmess_console.ui.dialogs.bulk_receipt import Receipt, ReceiptView, Returned
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.avatar import Avatar
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.pane import Rule
from hotmess_console.ui.widgets.safe_text import SafeLabel

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to happen to many cases, in words; `happens` are (icon, words), `messages` who is written to."""

    verb: str
    done: str
    cases: tuple[Case, ...]
    foreseen: Foreseen
    happens: tuple[tuple[str, str], ...]
    messages: str = "Nobody outside the desk is written to."


Progress = Callable[[int], bool]
"""Told how many are through; False asks to stop after this portion."""
Run = Callable[[Sequence[Case], Progress], Awaitable[Receipt]]
UndoAll = Callable[[], Awaitable[Returned]]


class BulkSheet(KeyedSheet):
    """Preview, then progress, then the receipt, all in one place. Answers the `Receipt`, or None when cancelled before.

    `run` changes the cases and tells how far it is; `undo` takes the whole batch back and says what came of it.
    """

    def __init__(self, window: QWidget, plan: Plan, staff: Staff, run: Run, undo: UndoAll) -> None:
        self.plan, self._run, self._undo = plan, run, undo
        self._all = {case.id: case for case in plan.cases}
        count, whole = len(plan.foreseen.changed), len(plan.cases)
        self.count = count
        self.typed_needed = count > TYPED_ABOVE
        words = "Nothing happens until you type the count. " if self.typed_needed else "Nothing has happened yet. "
        title = f"{plan.verb} {count:,} of {whole:,} cases" if count != whole else f"{plan.verb} {count:,} cases"
        super().__init__(
            window,
            title,
            f"{words}You can cancel while it runs, and undo once it is done.",
            icon="layers",
            width=860,
            action=f"{plan.verb} {count:,}",
        )
        self.receipt: Receipt | None = None
        self.back: tuple[CaseId, ...] = ()
        self.running, self._stopped = False, False
        self._task: asyncio.Task[None] | None = None
        self.typed = Field("The count", limit=12, size="control_large")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Cases done")
        self.preview, self.result_view = _Quarters(plan, staff), ReceiptView()
        self._arrange_body()
        self.refresh()

    def _arrange_body(self) -> None:
        self.body.addWidget(self.preview)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.result_view)
        self.bar.setRange(0, max(1, self.count))
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.result_view.hide()
        self.result_view.retry.clicked.connect(lambda _checked: self._retry())
        self.result_view.undo.clicked.connect(lambda _checked: self._start(self._take_back()))
        self.typed.textChanged.connect(lambda _text: self.refresh())
        self.typed.setFixedWidth(px(92))
        self.ask = QWidget()
        row = QHBoxLayout(self.ask)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(SPACE["s"]))
        row.addWidget(SafeLabel("Type"))
        row.addWidget(SafeLabel(str(self.count), "heading", "text"))
        row.addWidget(SafeLabel("to confirm"))
        row.addWidget(self.typed)
        self.foot.insertWidget(0, self.ask)
        self.ask.setVisible(self.typed_needed)

    def why_not(self) -> str:
        if self.running or self.receipt is not None:
            return ""
        if not self.count:
            return "None of these cases would change."
        typed = self.typed.text().strip().replace(",", "")
        if self.typed_needed and typed != str(self.count):
            return "That is another number." if len(typed) >= len(str(self.count)) else "Type the count first."
        return ""

    def _try(self) -> None:
        if self.receipt is not None:
            self.finish(self.receipt)
        elif not self.running and not self.why_not():
            self._start(self._carry_out(self.plan.foreseen.changed))

    def _start(self, work: Awaitable[None]) -> None:
        self._task = asyncio.ensure_future(work)

    async def _carry_out(self, cases: Sequence[Case]) -> None:
        self.running, self._stopped = True, False
        self.ask.hide()
        self.preview.hide()
        self.result_view.hide()
        self.bar.setRange(0, len(cases))
        self.bar.setValue(0)
        self.bar.show()
        self.action.set_working(True)
        self.dismiss.set_text("Stop")
        self.words.set_text(f"0 of {len(cases):,} done. Stopping leaves what is done as it is.")
        self._cover()
        before = self.receipt
        receipt = await self._run(cases, self._through)
        self.receipt = joined(before, receipt)
        self.running = False
        self._show_receipt()

    def _through(self, done: int) -> bool:
        self.bar.setValue(done)
        self.words.set_text(f"{done:,} of {self.bar.maximum():,} done. Stopping leaves what is done as it is.")
        return not self._stopped

    def _show_receipt(self, stays: Mapping[CaseId, str] | None = None) -> None:
        receipt = self.receipt or Receipt()
        self.bar.hide()
        self.action.set_working(False)
        self.action.set_text("Close")
        self.dismiss.hide()
        self.title.set_text(self._came_to(len(receipt.changed)))
        self.words.set_text("What became of each. The queue shows it already.")
        whole = replace(receipt, skipped=(*self.plan.foreseen.skipped, *receipt.skipped))
        self.result_view.show_result(whole, self.back, stays or {}, self.named())
        self.result_view.show()
        self._cover()
        self.action.setFocus()

    def _came_to(self, changed: int) -> str:
        """The title of the receipt: what was done, and what of it was taken back."""
        done = f"{self.plan.done} {changed:,} of {self.count:,} cases"
        if not self.back:
            return done
        back = f"{len(self.back):,} of {self.count:,} cases"
        return f"{done}, took back {len(self.back):,}" if changed else f"Taken back: {back}"

    def named(self) -> Mapping[CaseId, str]:
        """Return every case's number, by id."""
        return {id: case.reference for id, case in self._all.items()}

    def _retry(self) -> None:
        if self.receipt is None or self.running:
            return
        again = [item.case for item in self.receipt.failed] + list(self.receipt.left_out)
        cases = [self._all[id] for id in again if id in self._all]
        self.receipt = Receipt(self.receipt.changed, self.receipt.skipped)
        self._start(self._carry_out(cases))

    async def _take_back(self) -> None:
        self.result_view.undo.set_working(True)
        returned = await self._undo()
        self.result_view.undo.set_working(False)
        receipt, back = self.receipt or Receipt(), frozenset(returned.changed)
        self.back += returned.changed
        stuck = tuple(id for id in receipt.changed if id not in back)
        self.receipt = replace(receipt, changed=stuck)
        self._show_receipt({item.case: item.reason for item in returned.stay})
        self.words.set_text(returned.words)
        if not returned.again:
            self.result_view.undo.set_reason("What is left can no longer be taken back." if stuck else "Taken back.")

    def cancel(self) -> None:
        if self.running:
            self._stopped = True
            self.words.set_text("Stopping after this portion …")
            return
        super().finish(self.receipt)

    def focus_first(self) -> None:
        (self.typed if self.typed_needed else self.action).setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        after = self.receipt is not None and not self.running and not event.modifiers()
        if after and event.key() == Qt.Key.Key_Z and self.result_view.undo.isEnabled():
            self.result_view.undo.click()
        elif after and event.key() == Qt.Key.Key_R and self.result_view.retry.isVisible():
            self.result_view.retry.click()
        else:
            super().keyPressEvent(event)


def joined(before: Receipt | None, now: Receipt) -> Receipt:
    """Return one receipt of a first run and of the retry after it."""
    if before is None:
        return now
    return Receipt(before.changed + now.changed, before.skipped + now.skipped, now.failed, now.left_out)


class _Quarters(QWidget):
    """Four questions in four quarters: who, what happens, which messages, what is skipped."""

    def __init__(self, plan: Plan, staff: Staff) -> None:
        super().__init__()
        self._plan = plan
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(SPACE["xl"]))
        grid.setVerticalSpacing(px(SPACE["l"]))
        changed, skipped = plan.foreseen.changed, plan.foreseen.skipped
        people = len({case.assignee for case in changed if case.assignee})
        who = f"{len(changed):,} cases" + (
            f" of {people} {'colleagues' if people > 1 else 'colleague'}" if people else ""
        )
        for place, part in enumerate(
            (
                _quarter("Who", who, [_case_row(case, staff) for case in changed[:_SHOWN]], len(changed) - _SHOWN),
                _quarter("What happens", plan.verb, [_line(icon, words) for icon, words in plan.happens]),
                _quarter("Messages", "", [_line("mail", plan.messages)]),
                _quarter("Skipped", f"{len(skipped):,}", self._skipped(skipped), len(skipped) - _SHOWN),
            )
        ):
            grid.addWidget(part, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)

    def _skipped(self, skipped: Sequence[Skipped]) -> list[QWidget]:
        if not skipped:
            return [_line("circle-check", "None: every case can be changed.")]
        named = {case.id: case.reference for case in self._plan.cases}
        return [_skipped_row(named.get(item.case, "A case"), item.reason) for item in skipped[:_SHOWN]]


def _quarter(title: str, note: str, rows: Sequence[QWidget], more: int = 0) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(6))
    head = QHBoxLayout()
    head.addWidget(SafeLabel(title, "small", "muted", weight=600))
    head.addStretch(1)
    head.addWidget(SafeLabel(note, "small", "text", weight=600))
    column.addLayout(head)
    column.addWidget(Rule("line_strong"))
    for row in rows:
        column.addWidget(row)
    if more > 0:
        column.addWidget(SafeLabel(f"{more:,} more", "small", "gold_text", weight=600))
    column.addStretch(1)
    return part


def _case_row(case: Case, staff: Staff) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(SPACE["s"]))
    line.addWidget(Avatar(staff.name(case.assignee) if case.assignee else None, 20))
    line.addWidget(SafeLabel(case.reference, "row", "text"))
    line.addWidget(SafeLabel(case.subject, "small", "muted", elide=True), 1)
    return row


def _skipped_row(reference: str, reason: str) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(SPACE["s"]))
    line.addWidget(IconView("circle-slash", 14))
    line.addWidget(SafeLabel(reference, "small", "text", weight=500))
    line.addWidget(SafeLabel(reason, "small", "muted", elide=True), 1)
    return row


def _line(icon: str, words: str) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(SPACE["s"]))
    line.addWidget(IconView(icon, 14), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(SafeLabel(words, "small", "body", weight=500, wrap=True, limit=300), 1)
    return row
