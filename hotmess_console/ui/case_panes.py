"""What shows the open case beside the queue: the ticket, the composer below it, and the person at the right."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hotmess_console.ui.composer.composer import Composer
from hotmess_console.ui.details.person import PersonPane
from hotmess_console.ui.details.tickets import TicketDetailPane
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.pane_split import PaneSplit
from hotmess_console.ui.widgets.part import mark_part
from hotmess_console.ui.widgets.safe_text import SafeLabel

if TYPE_CHECKING:
    from hotmess_console.domain.cases import Case
    from hotmess_console.domain.tickets import TicketDetail
    from hotmess_console.ui.running import Running
    from hotmess_console.ui.viewmodels.case_reader import Reading


class CasePanes:
    """Imported and built after the first page, which does without them."""

    def __init__(self, host: Host, zone: ZoneInfo, running: Running) -> None:
        self.detail = TicketDetailPane(host, zone=zone)
        self.composer = Composer(host, zone=zone, running=running)
        self.person = PersonPane(host, zone=zone)
        self.shut = SafeLabel("Safety staff write to this person. You can write again once they have answered.",
                              "small", "muted", wrap=True)  # fmt: skip
        self.shut.hide()
        self.composer.comparing.over = (self.detail, self.person)
        self.composer.thread_asked.connect(self._read_thread)
        self.composer.flew.connect(self.detail.show_flying)
        self.composer.landed.connect(self.detail.land)

    def stand_in(self, split: PaneSplit, *before: QWidget) -> None:
        """Take the places in `split`; Tab goes on to here from the last of `before`."""
        person, composer = self.person, self.composer
        person.lines = ""  # the splitter draws the line between the panes
        person.column.setContentsMargins(0, 0, 0, 0)
        composer.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        home = QWidget()
        inset = QVBoxLayout(home)
        inset.setContentsMargins(px(SPACE["m"]), px(SPACE["m"]), px(SPACE["m"]), px(SPACE["m"]))
        inset.addWidget(composer)
        inset.addWidget(self.shut)
        self.detail.add_below(home)
        split.put(self.detail, person)
        mark_part(self.detail, composer, person)
        for one, next_one in pairwise((*before, self.detail, composer, person)):
            QWidget.setTabOrder(one, next_one)
        person.fold_asked.connect(split.ask_fold)
        split.folded.connect(person.set_folded)
        person.set_folded(split.is_folded)

    def _read_thread(self) -> None:
        """Give the keyboard to the thread, at its newest message."""
        self.detail.messages.go_to_newest()
        self.detail.messages.setFocus(Qt.FocusReason.OtherFocusReason)

    def show(self, reading: Reading) -> None:
        """Show a case that was read in full, or that it is guarded: then there is nobody to write to."""
        self.detail.know(reading.person)
        self.detail.show_ticket(reading.detail)
        self._shut(reading.detail.ticket.guarded)
        if reading.detail.ticket.guarded:
            self.show_nobody()
            return
        self.person.show_person(reading.person, reading.detail)
        self.composer.set_case(reading.detail)

    def _shut(self, guarded: bool) -> None:
        """Put a line in the composer's place, or the composer in its own."""
        self.composer.setVisible(not guarded)
        self.shut.setVisible(guarded)

    def wait_for(self, case: Case | None) -> None:
        """Show that this case is being read, or that none is open."""
        self._shut(case is not None and case.guarded)
        if case is None:
            self.detail.show_empty()
        else:
            self.detail.show_loading(case)
        self.show_nobody()

    def show_nobody(self) -> None:
        """There is nobody to write to."""
        self.person.clear()
        self.composer.set_case(None)

    def refresh_mask(self, shown: TicketDetail | None) -> None:
        """Show or hide names and addresses."""
        self.detail.refresh_mask()
        self.person.refresh_mask()
        self.composer.set_case(None if shown is not None and shown.ticket.guarded else shown)
