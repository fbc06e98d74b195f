"""Asking somebody who wrote on a case that changed meanwhile what becomes of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Status
from hotmess_console.ui.composer.compare_sheet import Answer, CompareSheet
from hotmess_console.ui.composer.comparison import Comparison, Reader, compare
from hotmess_console.ui.composer.verdicts import mask_of
from hotmess_console.ui.host import Host

_SEND = {
    Status.IN_PROGRESS: "Send mine anyway",
    Status.WAITING: "Send mine and wait",
    Status.RESOLVED: "Send mine and resolve",
}


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody wrote and was about to send, and the state that the case would then have."""

    text: str
    then: Status
    note: bool


class Comparing:
    """Opens the three columns over `over`, the panes of the open case, and keeps them up to date meanwhile."""

    def __init__(self, host: Host, zone: ZoneInfo) -> None:
        self._host, self._zone = host, zone
        self.over: Sequence[QWidget] = ()
        self.sheet: CompareSheet | None = None

    async def ask(self, before: TicketDetail, now: TicketDetail, mine: Mine) -> Answer | None:
        """Show what happened between the two and ask; None to go on writing."""
        self.sheet = sheet = CompareSheet(
            self._host.window,
            self._compared(before, now),
            mine.text,
            note=mine.note,
            send_words="Keep the note anyway" if mine.note else _SEND.get(mine.then, _SEND[Status.IN_PROGRESS]),
            over=self.over,
        )
        try:
            answer = await sheet.open()
        finally:
            self.sheet = None
            sheet.deleteLater()
        return answer if isinstance(answer, Answer) else None

    def bring(self, before: TicketDetail, now: TicketDetail) -> None:
        """More happened while it is asked."""
        if self.sheet is not None:
            self.sheet.show_news(self._compared(before, now))

    def give_way(self) -> None:
        """Another case is open: what was asked is not answered."""
        if self.sheet is not None:
            self.sheet.give_way()

    def has(self, part: QWidget) -> bool:
        """Whether `part` is in the columns."""
        return self.sheet is not None and (part is self.sheet or self.sheet.isAncestorOf(part))

    def _compared(self, before: TicketDetail, now: TicketDetail) -> Comparison:
        host = self._host
        return compare(before, now, Reader(host.me.login, host.staff, self._zone, mask_of(now, host)))
