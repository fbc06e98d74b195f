"""The question above a thread whether somebody is in danger right now, with a key for each answer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QLayout, QWidget

from hotmess_console.domain.policy.danger import danger_hints
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Danger, Permission
from hotmess_console.ui.host import Host
from hotmess_console.ui.widgets.banner import Banner
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.chip import Tone

TITLE = "Is somebody in danger?"
_MOST = 3


class DangerBand(Banner):
    """Shown while the question stands. Each button runs its action of the registry."""

    def __init__(self, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(Tone.WARN, "triangle-alert", TITLE, parent=parent)
        self._host = host
        self.yes = self._answer("Yes: level 3", "ticket.danger", "I")
        self.no = self._answer("No", "ticket.no_danger", "Shift+I")
        self.hide()

    def _answer(self, words: str, action: str, key: str) -> Button:
        button = Button(words, key=key)
        button.clicked.connect(lambda _checked: self._host.run_action(action))
        row = self.layout()
        if isinstance(row, QLayout):
            row.addWidget(button)
        return button

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys, as they are mapped now."""
        for action, button in (("ticket.danger", self.yes), ("ticket.no_danger", self.no)):
            button.key = keys.get(action, "")
            button.set_text(button.text().replace("&&", "&"))

    def show_ticket(self, detail: TicketDetail) -> None:
        """Ask about this ticket, or not; who may not see its text learns of the question alone."""
        ticket = detail.ticket
        self.set_words(TITLE, why(detail))
        allowed = self._host.context().permissions
        self.yes.setVisible(not ticket.guarded)
        self.no.setVisible(not ticket.guarded)
        self.yes.set_reason("" if Permission.TICKET_ESCALATE in allowed else "Your role cannot escalate")
        self.no.set_reason("" if Permission.TICKET_WORK in allowed else "Your role cannot work on cases")
        self.setVisible(ticket.danger is Danger.ASKED)


def why(detail: TicketDetail) -> str:
    """Return what the question rests on: the words themselves, where they may be read."""
    if detail.ticket.guarded:
        return "Words of this ticket may mean so. Safety staff read them and decide; tell them now if you know more."
    theirs = "\n".join((detail.ticket.subject, *(m.body for m in detail.messages if m.incoming)))
    found = danger_hints(theirs)[:_MOST]
    quoted = ", ".join(f"“{phrase}”" for phrase in found)
    return f"They wrote {quoted}." if quoted else "Words here may mean so. Read them and decide."
