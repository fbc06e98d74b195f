"""The open case: the one on screen, which is the one that keys act on, in the queue or outside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.values import CaseId
from hotmess_console.services.drafts import DraftKind
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.viewmodels.case_reader import CaseReader, Reading
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.widgets.queue_list import QueueList

if TYPE_CHECKING:
    from hotmess_console.domain.tickets import TicketDetail
    from hotmess_console.ui.case_panes import CasePanes

AHEAD = (1, 2, -1)
"""Which rows beside the open one are read ahead."""


class OpenCase(QObject):
    """Follows the row under the cursor, unless a case that no row stands for is visited.

    During a visit the list marks no row: the open case alone is what keys act on. A visit ends when the person moves
    in the list or goes back to it, or when the list comes to show the visited case.
    """

    told = Signal(object)
    """A `Notice` for the status bar."""
    visited = Signal(str)
    """A case that no row stands for was opened; the words are true for as long as it is, so they must not stay."""
    panes_wanted = Signal()
    """Something has to be shown in the panes, which may not be built yet."""

    def __init__(self, rows: QueueList, model: QueueModel, reader: CaseReader, parent: QObject) -> None:
        super().__init__(parent)
        self._rows, self._model, self._reader = rows, model, reader
        self._visiting: Case | None = None
        self.panes: CasePanes | None = None
        self.deciding = False
        """Whether the row goes because of what the person did: then the next case is opened, whoever writes."""
        rows.current_changed.connect(self.move)
        rows.opened.connect(lambda _case: self._enter())
        reader.arrived.connect(self._show)
        reader.failed.connect(lambda _case, notice: self._show_unreadable(notice))
        model.dataChanged.connect(lambda *_what: self._follow_version())
        model.rowsMoved.connect(lambda *_what: self._follow_version())
        for came in (model.rowsInserted, model.modelReset):
            came.connect(lambda *_what: self._settle())

    # ── what is open ──

    @property
    def case(self) -> Case | None:
        """The case that is open."""
        if self._visiting is not None:
            return self._visiting
        current = self._rows.current
        return None if current is None else self._model.case(current)

    @property
    def visiting(self) -> Case | None:
        """The open case, when no row of the list stands for it."""
        return self._visiting

    @property
    def shown(self) -> TicketDetail | None:
        """The open case in full, once it has been read."""
        detail, case = None if self.panes is None else self.panes.detail.detail, self.case
        return detail if detail is not None and case is not None and detail.case.id == case.id else None

    @property
    def writing(self) -> bool:
        """Whether the keyboard is in the composer, even before the first word: its keys belong to its case."""
        return self.panes is not None and self.panes.composer.has_focus_inside()

    @property
    def waiting(self) -> Mapping[CaseId, frozenset[DraftKind]]:
        """What is written on which case and not sent."""
        return {} if self.panes is None else self.panes.composer.waiting

    # ── visits ──

    def visit(self, case: Case) -> None:
        """Open a case that no row stands for."""
        self._leave_rows(case)
        self._show_case(case)
        self.visited.emit(f"{case.reference} is open from outside this list; keys act on it. Esc goes back.")

    def end_visit(self) -> None:
        """Open the row under the cursor again."""
        if self._visiting is not None:
            self._visiting = None
            self._rows.look_away("")
            self._show_case(self.case)

    def follow(self, case: CaseId) -> bool:
        """Move the cursor to the row of `case` and open it; False when there is none."""
        if not self._rows.go_to(case):
            return False
        self.end_visit()
        self.move(case)
        return True

    def _leave_rows(self, case: Case) -> None:
        self._visiting = case
        self._rows.look_away(case.reference)

    def _settle(self) -> None:
        """Rows came: the visited case may be among them."""
        if self._visiting is not None and self._model.row_of(self._visiting.id) is not None:
            self.follow(self._visiting.id)
        self.read_ahead()

    # ── following the cursor ──

    def move(self, current: CaseId | None) -> None:
        """The cursor is on another row, by the person's hand or because rows came and went."""
        if self._visiting is not None:
            if self._rows.away:
                return
            self._visiting = None
        shown = None if self.panes is None else self.panes.detail.detail
        if shown is not None and current != shown.case.id and self.writing and not self.deciding:
            self._stay_with(shown)
            return
        self._show_case(None if current is None else self._model.case(current))

    def _stay_with(self, shown: TicketDetail) -> None:
        """The open case has left the queue by somebody else's hand: whoever writes on it keeps it."""
        self._leave_rows(shown.case)
        self._reader.forget([shown.case.id])  # what took it away is news to whoever writes on it
        words = f"{shown.case.reference} has left this queue while you write."
        self.told.emit(Notice(words, "Your text stays with it: finish, or press Esc to go on with the queue."))

    def _enter(self) -> None:
        self.panes_wanted.emit()
        if self.panes is not None:
            self.panes.detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_version(self) -> None:
        """The open case may have a newer version in the queue: show that, without a gap."""
        case, wanted = self.case, self._reader.wanted
        if case is not None and self._visiting is None and wanted is not None and case.version > wanted.version:
            self._show_case(case)

    # ── on screen ──

    def stand_in(self, panes: CasePanes) -> None:
        """From now on these panes show the open case."""
        self.panes = panes
        self._show_case(self.case)

    def _show_case(self, case: Case | None) -> None:
        found = self._reader.want(case)
        if self.panes is None:
            return
        if found is not None:
            self._show(found)
        elif case is None or self.shown is None:
            self.panes.wait_for(case)
        self.read_ahead()

    def _show(self, reading: Reading) -> None:
        if self._visiting is not None and self._visiting.id == reading.case.id:
            self._visiting = reading.case
        if self.panes is not None:
            self.panes.show(reading)

    def _show_unreadable(self, notice: Notice) -> None:
        if self.shown is not None:
            self.told.emit(notice)
            return
        self.panes_wanted.emit()
        if self.panes is not None:
            self.panes.detail.show_error(notice)
            self.panes.show_nobody()

    def refresh_mask(self) -> None:
        """Show or hide names and addresses, as the window says."""
        if self.panes is not None:
            self.panes.refresh_mask(self.shown)

    def has(self, part: QWidget | None) -> bool:
        """Whether `part` is in what shows the open case, the composer left aside."""
        beside = () if self.panes is None else (self.panes.detail, self.panes.person)
        return part is not None and any(pane is part or pane.isAncestorOf(part) for pane in beside)

    def read_ahead(self) -> None:
        """Read what stands beside the cursor, so that the next case is there when it is asked for."""
        at: QModelIndex = self._rows.currentIndex()
        if self.panes is None or not at.isValid():
            return
        rows = (at.row() + step for step in AHEAD)
        near = (self._model.case(self._model.id_at(row)) for row in rows if 0 <= row < self._model.rowCount())
        self._reader.prefetch([case for case in near if case is not None])
