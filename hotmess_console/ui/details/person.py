"""The right of the window: who wrote, what else they have with us, and what happened on this case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from hotmess_console.domain.people import OtherCase, Person
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.ui.details.address import AddressLine
from hotmess_console.ui.details.attachments import RowButton
from hotmess_console.ui.details.calls import start
from hotmess_console.ui.details.history import FittedScroll, HistorySheet, show_lines
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.theme.tokens import HEIGHT, HIGH_CONTRAST, RADIUS, SPACE, WIDTH
from hotmess_console.ui.viewmodels.history_words import HistoryLine, lines_of
from hotmess_console.ui.viewmodels.mask import Mask
from hotmess_console.ui.viewmodels.person_facts import (
    UNREACHABLE,
    Fact,
    facts_of,
    mask_of,
    other_case_words,
    under_name,
)
from hotmess_console.ui.viewmodels.when import workstation_zone
from hotmess_console.ui.widgets.avatar import Avatar
from hotmess_console.ui.widgets.button import IconButton, Kind
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.pane import Facts, Pane, Rule, SectionRow
from hotmess_console.ui.widgets.pressable import Pressable
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.timeline import Timeline

SHOWN_EVENTS = 6
SHOWN_CASES = 5


class OtherCaseRow(Pressable):
    """Another case of the same person; Enter, Space or a click opens it."""

    def __init__(self, case: OtherCase, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.case = case
        subject = SafeLabel(title or "No subject", "row", "text", elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(SPACE["s"]), 0, px(SPACE["s"]), 0)
        row.setSpacing(px(SPACE["s"]))
        row.addWidget(IconView("file-text", 14))
        row.addWidget(subject, 1)
        row.addWidget(SafeLabel(other_case_words(case), "small", "muted"))
        self.setFixedHeight(px(HEIGHT["control"]) + 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Open HM-{case.number}: {subject.text()}, {other_case_words(case).lower()}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, radius = paint.begin(self), px(RADIUS["control"])
        edge = colour("line_strong") if theme().palette is HIGH_CONTRAST else None
        paint.frame(painter, self.rect(), radius, colour("raised" if self.underMouse() else "card"), edge)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        painter.end()


class _Who(QWidget):
    """The face, the name, and the line below it."""

    def __init__(self) -> None:
        super().__init__()
        self.avatar = Avatar(None, HEIGHT["avatar_large"])
        self.name = SafeLabel(step="title_small", role="text", elide=True)
        self.under = SafeLabel(step="small", role="muted", elide=True)
        words, row = QVBoxLayout(), QHBoxLayout(self)
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.under)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        row.addWidget(self.avatar)
        row.addLayout(words, 1)


class PersonPane(Pane):
    """Who wrote. `fold_asked(folded)` when the person presses the arrow; the shell answers with `set_folded`."""

    fold_asked = Signal(bool)

    def __init__(self, host: Host, *, zone: ZoneInfo | None = None, parent: QWidget | None = None) -> None:
        super().__init__("surface", "l", parent)
        self._host, self._zone = host, zone or workstation_zone()
        self._shown: tuple[Person, TicketDetail] | None = None
        self._history: list[HistoryLine] = []
        self.folded = False
        self.who = _Who()
        self.unreachable = Chip(UNREACHABLE, Tone.WARN, icon="mail")
        self.facts = Facts(label_width=60)
        self.also = SectionRow("Also open")
        self._cases = QVBoxLayout()
        self.case_rows: list[OtherCaseRow] = []
        self.happened = SectionRow("What happened")
        self.all_events = RowButton("All events", kind=Kind.QUIET)
        self.timeline = Timeline()
        self.fold = IconButton("chevron-right", "Fold the person away")
        self.unfold = IconButton("chevron-left", "Show the person")
        self.rail_avatar = Avatar(None, HEIGHT["avatar"])
        self._stack = QStackedLayout()
        self._arrange()
        self.setAccessibleName("Person")
        self.clear()

    def _arrange(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        side = px(SPACE["l"])
        column.setContentsMargins(side, px(SPACE["m"]), px(SPACE["m"]), side)
        column.setSpacing(px(SPACE["m"]))
        top = QHBoxLayout()
        top.addWidget(self.who, 1)
        top.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.unreachable)
        column.addWidget(self.facts)
        self._also_rule, self._happened_rule = Rule("line_strong"), Rule("line_strong")
        self._cases.setSpacing(px(SPACE["xs"]))
        self.happened.row.addWidget(self.all_events)
        column.addWidget(self._also_rule)
        column.addWidget(self.also)
        column.addLayout(self._cases)
        column.addWidget(self._happened_rule)
        column.addWidget(self.happened)
        column.addWidget(self.timeline)
        column.addStretch(1)
        self._whole = FittedScroll(inner)
        self._whole.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rail = QWidget()
        rail = QVBoxLayout(self._rail)
        rail.setContentsMargins(px(SPACE["xs"]), px(SPACE["m"]), px(SPACE["xs"]), px(SPACE["m"]))
        rail.setSpacing(px(SPACE["m"]))
        rail.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignHCenter)
        rail.addWidget(self.rail_avatar, 0, Qt.AlignmentFlag.AlignHCenter)
        rail.addStretch(1)
        self._blank = QWidget()
        # into its place first: a stacked layout shows what it is given, and without a parent that is a window
        self.column.addLayout(self._stack)
        for part in (self._whole, self._rail, self._blank):
            self._stack.addWidget(part)
        self.all_events.clicked.connect(lambda _checked: self._open_sheet())
        self.fold.clicked.connect(lambda _checked: self.fold_asked.emit(True))
        self.unfold.clicked.connect(lambda _checked: self.fold_asked.emit(False))

    def show_person(self, person: Person, detail: TicketDetail) -> None:
        """Show this person beside this ticket."""
        self._shown = (person, detail)
        masked, now = self._host.masked, detail.read_at or detail.case.rank_at
        mask = mask_of(person, masked)
        self.who.avatar.set_person(mask.shown_name, masked=masked)
        self.rail_avatar.set_person(mask.shown_name, masked=masked)
        self.who.name.set_text(mask.shown_name)
        under = under_name(person, masked)
        self.who.under.set_text(under)
        self.who.under.setVisible(bool(under))
        self.unreachable.setVisible(not person.reachable)
        self._show_facts(facts_of(person, now, self._zone, masked=masked, language=detail.ticket.language))
        self._show_cases([case for case in person.cases if not case.finished], mask)
        self._show_history(detail, now, mask)
        self._turn()

    def clear(self) -> None:
        """Show nobody."""
        self._shown, self._history = None, []
        self._turn()

    def set_folded(self, folded: bool) -> None:
        """Fold the pane to a rail with the face alone, or unfold it."""
        self.folded = folded
        self._turn()

    def refresh_mask(self) -> None:
        """Show names and addresses, or hide them, as `host.masked` says now."""
        if self._shown is not None:
            self.show_person(*self._shown)

    @property
    def history(self) -> Sequence[HistoryLine]:
        """The whole history that is shown, the newest first."""
        return self._history

    def _turn(self) -> None:
        self._stack.setCurrentWidget(
            self._rail if self.folded else self._whole if self._shown is not None else self._blank
        )
        self.rail_avatar.setVisible(self._shown is not None)
        self.setMinimumWidth(px(WIDTH["rail"][0]))
        self.setMaximumWidth(px(WIDTH["rail"][0]) if self.folded else 16_777_215)

    def _show_facts(self, facts: Sequence[Fact]) -> None:
        self.facts.set_rows([(fact.label, _value(self._host, fact)) for fact in facts])
        self.facts.setVisible(bool(facts))

    def _show_cases(self, cases: Sequence[OtherCase], mask: Mask) -> None:
        while (item := self._cases.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.case_rows = [OtherCaseRow(case, mask.text(case.subject)) for case in cases[:SHOWN_CASES]]
        for row in self.case_rows:
            row.clicked.connect(lambda _checked, id=row.case.id: start(self._host, self._host.open_case(id)))
            self._cases.addWidget(row)
        left_out = len(cases) - SHOWN_CASES
        if left_out > 0:
            self._cases.addWidget(SafeLabel(f"and {left_out} more: search for the address", "small", "muted"))
        self.also.note.set_text(str(len(cases)))
        for part in (self._also_rule, self.also):
            part.setVisible(bool(cases))

    def _show_history(self, detail: TicketDetail, now: datetime, mask: Mask) -> None:
        staff, me = self._host.staff, self._host.me.login
        lines = lines_of(detail, staff=staff, me=me, now=now, zone=self._zone)
        self._history = [replace(line, title=mask.text(line.title), detail=mask.text(line.detail)) for line in lines]
        show_lines(self.timeline, self._history[:SHOWN_EVENTS])
        self.all_events.setVisible(len(self._history) > SHOWN_EVENTS)

    def _open_sheet(self) -> None:
        if self._shown is not None:
            title = f"What happened on {self._shown[1].ticket.reference}"
            start(self._host, _shown(HistorySheet(self._host.window, title, self._history)))


async def _shown(sheet: HistorySheet) -> None:
    await sheet.open()
    sheet.deleteLater()


def _value(host: Host, fact: Fact) -> str | QWidget:
    if fact.copies:
        return AddressLine(host, fact.value)
    if not fact.chip:
        return fact.value
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(SPACE["s"]))
    row.addWidget(Chip(fact.chip, Tone.GOLD))
    if fact.value:
        row.addWidget(SafeLabel(fact.value, "small", "body", weight=500, elide=True), 1)
    row.addStretch(0)
    return box
