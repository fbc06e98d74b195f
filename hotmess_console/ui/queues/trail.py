"""The audit tab: who did what, narrowed by words, and the case as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hotmess_console.domain.trail import Step, TrailEntry, TrailFilter, TrailKey
from hotmess_console.domain.values import CommandId
from hotmess_console.services.trail import trail_queries
from hotmess_console.ui.dialogs.case_then import show_then
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.running import Running
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE, WIDTH
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.viewmodels.history_words import Teller
from hotmess_console.ui.viewmodels.trail import EXAMPLES, entry_words, facts_of, read, step_row
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.pane import Facts, Pane, PaneHead, SectionRow
from hotmess_console.ui.widgets.part import mark_part
from hotmess_console.ui.widgets.safe_text import SafeLabel, set_safe_tooltip

MORE = "older"
"""The last row, where more follow."""
SETTLE_S = 0.12
"""Seconds that a step stays lit before its entries are asked for: who runs through the list asks for none."""
_MOST_SHOWN = 40
"""Entries of one step that are laid out; the figure above them says how many there are."""
_NOTHING = "Nothing in the audit meets this."
_WIDER = "Press / and take a condition away; an empty line shows everything."
_NO_CASE = "This step belongs to no case that you may see."


class TrailTab(QWidget):
    """A filter on top, steps at the left, the lit one with its entries at the right."""

    def __init__(self, host: Host, desk_time: DeskTime, running: Running, zone: ZoneInfo) -> None:
        super().__init__()
        self._host, self._desk_time, self._running, self._zone = host, desk_time, running, zone
        self._steps: dict[CommandId | int, Step] = {}
        self._entries: list[TrailEntry] = []
        self._after: TrailKey | None = None
        self._wanted = TrailFilter()
        self._read_before = False
        self.field = Field("Narrow the audit", hint=EXAMPLES, icon="list-filter", key="/")
        self.problem = SafeLabel("", "small", "warn_text", elide=True)
        self.list = ChoiceList("Audit")
        self.title = SafeLabel("", "title", "text", elide=True)
        self.facts = Facts(80)
        self.then = Button("The case as it was", Kind.PRIMARY, key="Return", icon="history")
        self.person = Button("All by this person", Kind.QUIET, key="P", icon="user")
        self.case = Button("All about this case", Kind.QUIET, key="C", icon="inbox")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        set_safe_tooltip(self.field, EXAMPLES)
        top, left, right = Pane("bg", "b"), Pane("surface", "r"), Pane("surface")
        line = QHBoxLayout()
        line.setContentsMargins(px(SPACE["m"]), px(6), px(SPACE["m"]), px(6))
        line.setSpacing(px(SPACE["m"]))
        line.addWidget(self.field, 2)
        line.addWidget(self.problem, 1)
        top.column.addLayout(line)
        left.column.addWidget(PaneHead("Audit"))
        inset = QVBoxLayout()
        inset.setContentsMargins(*(px(SPACE["s"]),) * 4)
        inset.addWidget(self.list)
        left.column.addLayout(inset, 1)
        left.setFixedWidth(px(WIDTH["queue"][0]))
        right.column.addWidget(self._right())
        mark_part(left, right)
        below, whole = QHBoxLayout(), QVBoxLayout(self)
        for layout in (below, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        below.addWidget(left)
        below.addWidget(right, 1)
        whole.addWidget(top)
        whole.addLayout(below, 1)

    def _right(self) -> QScrollArea:
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(*(px(SPACE["xl"]),) * 4)
        column.setSpacing(px(SPACE["s"]))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(SPACE["s"]))
        for button in (self.then, self.person, self.case):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._below = QVBoxLayout()
        self._below.setSpacing(px(SPACE["s"]))
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addSpacing(px(SPACE["s"]))
        column.addLayout(buttons)
        column.addSpacing(px(SPACE["m"]))
        column.addLayout(self._below)
        column.addStretch(1)
        self._page.setVisible(False)
        area = QScrollArea()
        area.setWidget(self._page)
        area.setWidgetResizable(True)
        area.setAccessibleName("What it changed")
        return area

    def _connect(self) -> None:
        self.list.lit.connect(self._on_lit)
        self.list.chosen.connect(lambda _key: self._choose())
        self.field.returnPressed.connect(self._narrow)
        self.then.clicked.connect(lambda _checked: self._choose())
        self.person.clicked.connect(lambda _checked: self._all_by_person())
        self.case.clicked.connect(lambda _checked: self._all_about_case())

    # ── reading ──

    async def refresh(self) -> None:
        """Read again from the newest step on. Raises ConsoleError."""
        await self._read_page(None)

    async def _read_page(self, after: TrailKey | None) -> None:
        wanted = self._wanted
        page = await self._host.bridge.ask(lambda q: trail_queries(q).trail(wanted, after))
        if wanted != self._wanted:
            return  # something else was asked for meanwhile
        lit = self.list.current()
        before = self._steps if after is not None else {}
        # a step that goes on below another page is one step all the same
        self._steps = before | {step.key: step for step in page.steps if step.key not in before}
        self._after, self._read_before = page.after, True
        self._show_steps(page.steps[0].key if lit == MORE and page.steps else lit)

    def _show_steps(self, lit: object) -> None:
        teller = self._teller()
        rows = {key: step_row(step, teller) for key, step in self._steps.items()}
        choices = [Choice(key, row.title, row.detail, row.icon, section=row.day) for key, row in rows.items()]
        if self._after is not None:
            choices.append(Choice(MORE, "Older", "Return reads on", "chevrons-down", section="Further back"))
        self.list.set_choices(choices)
        if lit is not None:
            self.list.light(lit)
        if not choices:
            self.title.set_text(_NOTHING)
            self.facts.set_rows([("", _WIDER)])
            self._page.setVisible(True)
            self._show_entries([])
        for button in (self.then, self.person, self.case):
            button.setVisible(bool(choices))

    def _teller(self) -> Teller:
        host = self._host
        return Teller(host.staff, host.me.login, self._desk_time.now(), self._zone)

    def _narrow(self) -> None:
        typed = read(self.field.text(), self._host.staff, self._desk_time.now(), self._zone)
        problem = typed.unknown[0] if typed.unknown else ""
        self.problem.set_text(problem)
        self.field.set_problem(problem)
        if not problem:
            self._wanted = typed.wanted
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._running.start(self.refresh())

    def _narrow_to(self, typed: str) -> None:
        self.field.setText(typed)
        self._narrow()

    # ── the lit step ──

    def lit(self) -> Step | None:
        """The step that is shown."""
        return self._steps.get(self.list.current())

    def _on_lit(self, _key: object) -> None:
        step = self.lit()
        self._page.setVisible(step is not None)
        if step is None:
            return
        teller = self._teller()
        self.title.set_text(step_row(step, teller).title)
        self.facts.set_rows(list(facts_of(step, teller)))
        self.then.set_reason("" if step.entry.number is not None else _NO_CASE)
        self.case.set_reason("" if step.entry.number is not None else _NO_CASE)
        self._show_entries([step.entry])
        if step.entry.command is not None:
            self._running.start(self._read_entries(step.entry.command))

    async def _read_entries(self, command: CommandId) -> None:
        await asyncio.sleep(SETTLE_S)
        if not self._is_lit(command):
            return  # passed by
        entries = await self._host.bridge.ask(lambda q: trail_queries(q).entries_of(command))
        if (step := self.lit()) is not None and self._is_lit(command):
            # a bulk action begins with the case that was looked for
            self._show_entries(sorted(entries, key=lambda one: one.case != step.entry.case) or [step.entry])

    def _is_lit(self, command: CommandId) -> bool:
        step = self.lit()
        return step is not None and step.entry.command == command

    def _show_entries(self, entries: list[TrailEntry]) -> None:
        self._entries = entries
        # the command's own row says again what stands above, unless it is all there is
        entries = [entry for entry in entries if entry.relation != "commands"] or entries
        while (item := self._below.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        teller = self._teller()
        for entry in entries[:_MOST_SHOWN]:
            heading, columns = entry_words(entry, teller)
            facts = Facts(140)
            facts.set_rows(list(columns))
            self._below.addWidget(SectionRow(heading))
            self._below.addWidget(facts)
        if len(entries) > _MOST_SHOWN:
            left = len(entries) - _MOST_SHOWN
            words = f"{left}{' or more' if len(entries) == 200 else ''} further entries of this step are not shown."
            self._below.addWidget(SafeLabel(f"{words} Narrow to one case to see its own.", "small", "muted", wrap=True))

    # ── what can be done ──

    def _choose(self) -> None:
        if self.list.current() == MORE:
            self._running.start(self._read_page(self._after))
        else:
            self._running.start(self._show_then())

    async def _show_then(self) -> None:
        step = self.lit()
        if step is None:
            return
        case = step.entry.case
        if case is None or step.entry.number is None:
            self._host.tell(Notice(_NO_CASE, "Its own entries are at the right."))
            return
        last = max((e.id for e in self._entries if e.case == case), default=step.entry.id)
        then = await self._host.bridge.ask(lambda q: trail_queries(q).case_then(case, last))
        await show_then(self._host, then, self._teller())

    def _all_by_person(self) -> None:
        if (step := self.lit()) is not None:
            known = self._host.staff.get(step.entry.actor)
            self._narrow_to(f"by:@{known.handle}" if known is not None else f"by:{step.entry.actor}")

    def _all_about_case(self) -> None:
        if (step := self.lit()) is not None and step.entry.number is not None:
            self._narrow_to(f"case:HM-{step.entry.number}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """P and C narrow to the lit step's person and case; Esc in the field goes back to the list."""
        plain = not event.modifiers() and not event.isAutoRepeat() and not self.field.hasFocus()
        act: Callable[[], None] | None = None
        if event.key() == Qt.Key.Key_Escape and self.field.hasFocus():
            act = self.focus_queue
        elif plain:
            act = {Qt.Key.Key_P: self.person.click, Qt.Key.Key_C: self.case.click}.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def focus_queue(self) -> None:
        """Give the keyboard to the list; the first time, read."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._read_before:
            self._running.start(self.refresh())

    def focus_search(self) -> None:
        """Put the cursor into the filter."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
