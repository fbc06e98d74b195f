"""A safety ticket for somebody who may see its row only: why there is no thread, who has it, and what helps."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Status
from hotmess_console.ui.widgets.empty_state import EmptyState, Variant

TITLE = "Safety staff work on this"


class GuardedState(EmptyState):
    """Stands where the thread would."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "shield", TITLE, guarded.WORDS, variant=Variant.NO_PERMISSION, keys=guarded.HINT, parent=parent
        )

    def show_ticket(self, detail: TicketDetail, staff: Staff) -> None:
        """Say who has this ticket."""
        self.set_words(_title(detail, staff), guarded.WORDS)


def _title(detail: TicketDetail, staff: Staff) -> str:
    ticket = detail.ticket
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        return "Safety staff have finished this"
    return f"{staff.name(ticket.assignee)} is on it" if ticket.assignee else "Nobody has taken it yet"
