"""The receipt of a bulk action: how many went through, and each case that did not, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.domain.values import CaseId
from hotmess_console.services.bus import Skipped
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.safe_text import SafeLabel

_HIGHEST = 300


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of each case: `failed` may be tried again, `skipped` not; `left_out` was never begun."""

    changed: tuple[CaseId, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[Skipped, ...] = ()
    left_out: tuple[CaseId, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of taking a batch back: the cases that are as before, those that stay and why, and all in words.

    `again`: some of it was not reached, and may be tried once more.
    """

    changed: tuple[CaseId, ...]
    stay: tuple[Skipped, ...]
    words: str
    again: bool = False


class ReceiptView(QWidget):
    """A result per case, and the ways on: undo the whole batch, try again what failed."""

    def __init__(self) -> None:
        super().__init__()
        self.sum = SafeLabel(step="heading", role="text", wrap=True)
        self.list = ChoiceList("Result of each case")
        self.undo = Button("Undo all", key="Z", icon="undo-2")
        self.retry = Button("Retry what failed", key="R", icon="refresh-cw")
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(SPACE["s"]))
        row.setSpacing(px(SPACE["s"]))
        for button in (self.undo, self.retry):
            row.addWidget(button)
        row.addStretch(1)
        column.addWidget(self.sum)
        column.addWidget(self.list)
        column.addLayout(row)

    def show_result(
        self,
        receipt: Receipt,
        back: Sequence[CaseId],
        stays: Mapping[CaseId, str],
        named: Mapping[CaseId, str],
    ) -> None:
        """Show what became of each; what needs a second look comes first. `stays`: why an undo left a case alone."""
        changed, failed, left_out = receipt.changed, receipt.failed, receipt.left_out
        counts = (
            (len(changed), "done"),
            (len(back), "taken back"),
            (len(receipt.skipped), "skipped"),
            (len(failed), "failed"),
            (len(left_out), "not begun"),
        )
        self.sum.set_text(", ".join(f"{count:,} {word}" for count, word in counts if count) or "Nothing was changed.")
        self.list.set_choices(
            [
                *(_row(s.case, s.reason, "Failed", "circle-alert", named) for s in failed),
                *(_row(id, "Stopped before its turn", "Not begun", "circle-slash", named) for id in left_out),
                *(_row(s.case, s.reason, "Skipped", "circle-slash", named) for s in receipt.skipped),
                *(_row(id, stays.get(id, "Done"), "Done", "circle-check", named) for id in changed),
                *(_row(id, "As it was before", "Taken back", "undo-2", named) for id in back),
            ]
        )
        self.list.setFixedHeight(min(px(_HIGHEST), self.list.sizeHint().height()))
        self.undo.set_reason("" if changed else "There is nothing to take back.")
        self.retry.setVisible(bool(failed or left_out))


def _row(case: CaseId, words: str, section: str, icon: str, named: Mapping[CaseId, str]) -> Choice:
    return Choice(case, named.get(case, "A case"), words, icon, section=section)
