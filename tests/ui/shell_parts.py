"""What the tests of the window look at: the open sheet, the keyboard, and the queue in it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.values import CaseId
from hotmess_console.ui.queues.tickets import TicketsTab
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.fakes_shell import until


def open_sheet(shell: Shell) -> Sheet | None:
    """The sheet that covers the window, if any."""
    return next((sheet for sheet in shell.findChildren(Sheet) if sheet.isVisible()), None)


def keyboard() -> QWidget:
    """The part that has the keyboard."""
    at = QApplication.focusWidget()
    assert at is not None
    return at


def tab_of(shell: Shell) -> TicketsTab:
    assert shell.parts is not None
    return shell.parts.tickets


def case_id(number: int) -> CaseId:
    return CaseId(UUID(int=number))


def shown_number(shell: Shell) -> int | None:
    """The number on screen in the middle, not what the window believes."""
    detail = tab_of(shell).detail.detail
    return None if detail is None else detail.case.number


async def all_read_ahead(tab: TicketsTab) -> None:
    """Wait until the next case has been read ahead."""

    def known() -> bool:
        row = tab.queue.list.currentIndex().row()
        return row + 1 >= tab.model.rowCount() or tab.reader.known(tab.model.id_at(row + 1)) is not None

    await until(known, "the next case is read ahead")
