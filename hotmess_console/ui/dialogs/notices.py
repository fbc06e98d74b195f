"""What colleagues want this person to see: open the case, or mark all as seen."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.people import Staff
from hotmess_console.services.desk_commands import SeeNotices
from hotmess_console.services.queries import DeskNotice
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import Find
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.widgets.button import Button

KINDS = {
    "assigned": ("user-plus", "gave you"),
    "mention": ("at-sign", "named you on"),
    "escalated": ("arrow-big-up", "escalated"),
}
ALL_SEEN = "all seen"


def notice_choice(notice: DeskNotice, staff: Staff) -> Choice:
    """Return a notice as a row: who did what to which case, and when."""
    icon, verb = KINDS.get(notice.kind, ("bell", "wants you to see"))
    if notice.kind == "danger":
        title = f"HM-{notice.number} may be about danger: look at it now"
        return Choice(notice, title, f"{notice.subject} · {notice.at.astimezone():%H:%M}", "triangle-alert")
    title = f"{staff.name(notice.sender)} {verb} HM-{notice.number}"
    local = notice.at.astimezone()
    return Choice(notice, title, f"{notice.subject} · {local:%H:%M}", icon)


class NoticesSheet(Find):
    """Enter opens the case; Ctrl+Enter marks everything as seen. Answers a notice, or `ALL_SEEN`."""

    def __init__(self, window: QWidget, notices: Sequence[DeskNotice], staff: Staff) -> None:
        rows = [notice_choice(notice, staff) for notice in notices]
        super().__init__(window, "Notices for you", rows, icon="bell", action="Open", width=640)
        self.all_seen = Button("Mark all as seen", key="Ctrl+Return", size="control_large")
        self.all_seen.clicked.connect(lambda _checked: self.finish(ALL_SEEN))
        self.foot.insertWidget(0, self.all_seen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finish(ALL_SEEN)
            return
        super().keyPressEvent(event)


async def open_notices(host: Host) -> None:
    """Show the notices that have not been seen; open the chosen one's case and mark it as seen."""
    notices = await host.bridge.ask(lambda queries: queries.notices())
    if not notices:
        host.tell(Notice("No notices.", "You are told here when somebody assigns, names or escalates to you."))
        return
    answer = await NoticesSheet(host.window, notices, host.staff).open()
    seen = notices if answer == ALL_SEEN else [answer] if isinstance(answer, DeskNotice) else []
    if seen:
        await host.bridge.send(SeeNotices(notices=tuple(UUID(notice.id) for notice in seen)))
    if isinstance(answer, DeskNotice):
        await host.open_case(answer.case)
