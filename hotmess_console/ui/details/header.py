"""The head of a ticket: what it is called, what sort it is, whose it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.policy.escalation import NAME_OF, reasons_for
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, Level, Permission, Priority, Status
from hotmess_console.ui.details.attachments import RowButton
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.mask import Mask, mask_for
from hotmess_console.ui.viewmodels.person_facts import is_foreign, language_name
from hotmess_console.ui.viewmodels.queue_rows import STATUS_TITLES, category_title
from hotmess_console.ui.widgets.button import Button, IconButton, Kind
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.flow import FlowLayout
from hotmess_console.ui.widgets.key_cap import cap_text
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.safe_text import SafeLabel, set_safe_tooltip

PRIORITY_LOOKS: dict[Priority, tuple[str, str, Tone]] = {
    Priority.URGENT: ("Urgent", "triangle-alert", Tone.DANGER),
    Priority.HIGH: ("High", "chevrons-up", Tone.WARN),
    Priority.NORMAL: ("Normal", "minus", Tone.NEUTRAL),
    Priority.LOW: ("Low", "chevron-down", Tone.NEUTRAL),
}
DEFAULT_KEYS: dict[str, str] = {"ticket.claim": "C", "ticket.escalate": "E", "ticket.pause": "P"}
MORE: tuple[tuple[str, str], ...] = (
    ("ticket.assign", "Assign…"),
    ("ticket.category", "Change the category…"),
    ("ticket.priority", "Change the priority…"),
    ("ticket.return", "Return to a lower level…"),
    ("ticket.snooze", "Snooze…"),
    ("ticket.pause", "Wait for the user, or go on"),
    ("ticket.resolve", "Resolve without a reply"),
    ("ticket.reopen", "Reopen"),
    ("ticket.merge", "Merge into another case…"),
    ("ticket.link", "Link with another case…"),
    ("case.copy_link", "Copy the link"),
)
"""What the menu behind “…” offers, by action id."""


class TicketHeader(Pane):
    """Title and chips; each button runs an action of the registry by its id. `case_asked(id)` opens another case."""

    case_asked = Signal(object)

    def __init__(self, host: Host, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__("surface", "b", parent)
        self._host, self._zone = host, zone
        self._keys = dict(DEFAULT_KEYS)
        self.title = SafeLabel(step="title_small", role="text", elide=True)
        self.claim = self._button("ticket.claim", "Claim")
        self.escalate = self._button("ticket.escalate", "Escalate")
        self.more = IconButton("ellipsis", "More actions")
        self.more.clicked.connect(lambda _checked: self.open_menu())
        self.menu: QMenu | None = None
        self.owner = SafeLabel(step="row", role="muted")
        self._chips = QWidget()
        self._flow = FlowLayout(px(SPACE["s"]), self._chips)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._chips.setSizePolicy(policy)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._arrange()

    def _button(self, action: str, words: str) -> Button:
        button = Button(words, key=self._keys.get(action, ""))
        button.clicked.connect(lambda _checked: self._host.run_action(action))
        return button

    def _arrange(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(px(SPACE["s"]))
        first.addWidget(self.title, 1)
        for part in (self.claim, self.escalate, self.more):
            first.addWidget(part)
        second.setSpacing(px(SPACE["m"]))
        second.addWidget(self._chips, 1)
        second.addWidget(self.owner)
        side = px(SPACE["l"])
        first.setContentsMargins(side, px(SPACE["s"]), side, 0)
        second.setContentsMargins(side, px(SPACE["xs"]), side, px(10))
        self.column.addLayout(first)
        self.column.addLayout(second)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys by action id, as they are mapped now."""
        self._keys = dict(keys)
        for action, button in (("ticket.claim", self.claim), ("ticket.escalate", self.escalate)):
            button.key = self._keys.get(action, "")
            button.set_text(button.text().replace("&&", "&"))

    def show_ticket(self, detail: TicketDetail, now: datetime) -> None:
        """Show the head of this ticket."""
        ticket = detail.ticket
        mask = mask_for(detail, self._host.masked)
        self._show_title(mask.text(ticket.subject), ticket.reference)
        self._show_chips([*self._kind_chips(detail.case, ticket.language), *self._state_chips(detail, now)])
        mine = ticket.assignee == self._host.me.login
        live = ticket.status not in (Status.RESOLVED, Status.CLOSED) and ticket.merged_into is None
        live = live and not ticket.guarded
        owner = "Yours" if mine else self._host.staff.name(ticket.assignee) if ticket.assignee else "Unclaimed"
        self.owner.set_text(owner)
        self.owner.set_role("gold_text" if mine else "muted")
        allowed = self._host.context().permissions
        self.claim.setVisible(live and not ticket.assignee)
        self.claim.set_reason("" if Permission.TICKET_WORK in allowed else "Your role cannot claim cases")
        self.escalate.setVisible(live)
        self.escalate.set_reason(_why_not_escalate(detail, Permission.TICKET_ESCALATE in allowed))
        self.more.setVisible(not ticket.guarded)

    def show_case(self, case: Case) -> None:
        """Show what the queue already knows, while the rest is read."""
        self._show_title(Mask("", None, self._host.masked).text(case.subject), case.reference)
        self._show_chips(self._kind_chips(case, case.language))
        self.owner.set_text("")
        for part in (self.claim, self.escalate, self.more):
            part.hide()

    def _show_title(self, subject: str, reference: str) -> None:
        self.title.set_text(subject.strip() or "No subject")
        set_safe_tooltip(self.title, self.title.text())
        self.setAccessibleName(f"{reference}: {self.title.text()}")

    def _show_chips(self, parts: Sequence[QWidget]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for part in parts:
            self._flow.addWidget(part)
            part.show()
        self._chips.updateGeometry()

    def _kind_chips(self, case: Case, language: str) -> list[QWidget]:
        words, icon, tone = PRIORITY_LOOKS[case.priority]
        level = Chip(f"L{int(case.level)}")
        level.setAccessibleName(f"Level {int(case.level)}, {NAME_OF[case.level]}")
        set_safe_tooltip(level, level_words(case.level))
        priority = Chip(words, tone, icon=icon)
        priority.setAccessibleName(f"Priority {words.lower()}")
        parts: list[QWidget] = [
            SafeLabel(case.reference, "small", "body", weight=500),
            SafeLabel(category_title(case.category), "small", "body", weight=500),
            level,
            priority,
        ]
        if is_foreign(language):
            parts.append(Chip(language_name(language), icon="languages"))
        return parts

    def _state_chips(self, detail: TicketDetail, now: datetime) -> list[QWidget]:
        ticket = detail.ticket
        parts: list[QWidget] = []
        if ticket.status not in (Status.OPEN, Status.IN_PROGRESS):
            done = ticket.status in (Status.RESOLVED, Status.CLOSED)
            icon = "circle-check" if done else "pause"
            parts.append(Chip(STATUS_TITLES[ticket.status], Tone.OK if done else Tone.NEUTRAL, icon=icon))
        if ticket.snoozed_until is not None and ticket.snoozed_until > now:
            until = when.short(ticket.snoozed_until, now, self._zone)
            parts.append(Chip(f"Snoozed until {until}", Tone.INFO, icon="moon"))
        if ticket.merged_into is not None:
            parts.append(self._case_button("Merged: open the other case", "merge", ticket.merged_into))
        parts += [self._case_button(case.reference, "link", case.id) for case in detail.links]
        return parts

    def _case_button(self, words: str, icon: str, case: CaseId) -> Button:
        button = RowButton(words, icon=icon, kind=Kind.QUIET)
        button.setAccessibleName(f"Open the linked case {words}" if icon == "link" else words)
        button.clicked.connect(lambda _checked: self.case_asked.emit(case))
        return button

    def open_menu(self) -> None:
        """Show what else can be done, with the keys that do it."""
        self.menu = QMenu(self)
        for action, words in MORE:
            key = self._keys.get(action, "")
            entry = self.menu.addAction(f"{words}\t{cap_text(key)}" if key else words)
            entry.triggered.connect(lambda _checked=False, id=action: self._host.run_action(id))
        self.menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))


def level_words(level: Level) -> str:
    """Return what a level is for, as the manual lists it."""
    return f"Level {int(level)}, {NAME_OF[level].lower()}: {'; '.join(c.words for c in reasons_for(level))}"


def _why_not_escalate(detail: TicketDetail, allowed: bool) -> str:
    if not allowed:
        return "Your role cannot escalate"
    return "It is at the highest level already" if detail.ticket.level is Level.MANAGEMENT else ""
