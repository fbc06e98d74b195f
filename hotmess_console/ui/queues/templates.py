"""The templates tab: what can be sent, by area and language, and how each reads."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.templates import Template, empty_slots
from hotmess_console.domain.values import Permission
from hotmess_console.services.template_commands import RetireTemplate
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import choose
from hotmess_console.ui.dialogs.template_editor import edit_template
from hotmess_console.ui.dialogs.template_versions import show_versions
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE, WIDTH
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.pane import Pane, PaneHead
from hotmess_console.ui.widgets.part import mark_part
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText

_MEASURE = 680
_ONLY_MANAGERS = "Templates are edited by managers."


class TemplatesTab(QWidget):
    """A list at the left, the lit template at the right."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._templates: tuple[Template, ...] = ()
        self.list = ChoiceList("Templates")
        self.list.lit.connect(self._show)
        self.title = SafeLabel("", "title", "text", elide=True)
        self.about = SafeLabel("", "small", "muted", elide=True)
        self.subject = SafeLabel("", "small", "body", weight=500, elide=True)
        self.text = SafeText("")
        self.chips = QHBoxLayout()
        self.edit = Button("Edit", Kind.PRIMARY, key="Return", icon="pencil")
        self.versions = Button("Versions", Kind.QUIET, key="V", icon="history")
        self.why_not = SafeLabel("", "small", "muted", elide=True)
        self.new = Button("New", icon="plus", size="control_small")
        self.retire = Button("Take out of use", Kind.QUIET, icon="archive")
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        left, right = Pane("surface", "r"), Pane("surface")
        head = PaneHead("Templates")
        head.add_action(self.new)
        left.column.addWidget(head)
        inset = QVBoxLayout()
        inset.setContentsMargins(px(SPACE["s"]), px(SPACE["s"]), px(SPACE["s"]), px(SPACE["s"]))
        inset.addWidget(self.list)
        left.column.addLayout(inset, 1)
        left.setFixedWidth(px(WIDTH["queue"][0]))
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(*(px(SPACE["xl"]),) * 4)
        column.setSpacing(px(SPACE["s"]))
        self.chips.setSpacing(px(6))
        for part in (self.title, self.about):
            column.addWidget(part)
        column.addLayout(self.chips)
        column.addSpacing(px(SPACE["s"]))
        column.addWidget(self.subject)
        column.addWidget(self.text)
        column.addSpacing(px(SPACE["l"]))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(SPACE["s"]))
        for button in (self.edit, self.versions, self.retire):
            buttons.addWidget(button)
        buttons.addWidget(self.why_not, 1)
        column.addLayout(buttons)
        column.addStretch(1)
        self._page.setMaximumWidth(px(_MEASURE) + 2 * px(SPACE["xl"]))
        area = QScrollArea()
        area.setWidget(self._page)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right.column.addWidget(area)
        mark_part(left, right)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(right, 1)

    def _connect(self) -> None:
        self.list.chosen.connect(lambda _lit: self._start(self._edit()))
        self.edit.clicked.connect(lambda _checked: self._start(self._edit()))
        self.versions.clicked.connect(lambda _checked: self._start(self._show_versions()))
        self.retire.clicked.connect(lambda _checked: self._start(self._retire()))
        self.new.clicked.connect(lambda _checked: self._start(edit_template(self._host)))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ConsoleError as error:
            self._host.tell(notice_for(error))

    async def _edit(self) -> None:
        template = self.lit()
        if not self._may_edit():
            self._host.tell(Notice(_ONLY_MANAGERS, "Ask one of them for the change you need."))
        elif template is not None:
            await edit_template(self._host, template)

    async def _show_versions(self) -> None:
        template = self.lit()
        if template is not None:
            await show_versions(self._host, template)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """V shows the versions of the lit template."""
        if event.key() == Qt.Key.Key_V and not event.modifiers() and not event.isAutoRepeat():
            self.versions.click()
            return
        super().keyPressEvent(event)

    async def _retire(self) -> None:
        template = self.lit()
        if template is None or not self._may_edit():
            return
        choices = [
            Choice(True, "Take it out of use", "its versions stay", "archive"),
            Choice(False, "Keep it", "", "x"),
        ]
        title = f"Take “{template.name}” out of use?"
        if await choose(self._host.window, title, choices, words="Nobody can insert it any more.", icon="archive"):
            command = RetireTemplate(template=template.id, language=template.language)
            self._host.tell(Notice((await self._host.bridge.send(command)).words))
            await self._host.refresh()

    def _may_edit(self) -> bool:
        return Permission.TEMPLATE_EDIT in self._host.context().permissions

    def lit(self) -> Template | None:
        """The template that is shown."""
        now = self.list.current()
        return next((t for t in self._templates if (t.id, t.language) == now), None)

    async def refresh(self) -> None:
        """Read the templates again. Raises Unreachable."""
        self.show_templates(await self._host.bridge.ask(lambda q: q.templates()))

    def show_templates(self, templates: Sequence[Template]) -> None:
        """Show these; the lit one stays lit if it is still there."""
        before = self.list.current()
        self._templates = tuple(templates)
        self.list.set_choices(
            Choice((t.id, t.language), t.name, f"{t.language} · v{t.version}", "file-text", section=t.area.capitalize())
            for t in templates
        )
        if before is not None:
            self.list.light(before)

    def focus_queue(self) -> None:
        """Give the keyboard to the list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, lit: object) -> None:
        found = next((t for t in self._templates if (t.id, t.language) == lit), None)
        reason = "" if self._may_edit() else _ONLY_MANAGERS
        for button in (self.edit, self.retire, self.new):
            button.set_reason(reason)
        self.why_not.set_text(reason)
        self._page.setVisible(found is not None)
        if found is None:
            return
        self.title.set_text(found.name)
        self.about.set_text(f"Version {found.version}, language {found.language}, for {found.area}")
        self.subject.set_text(f"Subject: {found.subject}" if found.subject else "")
        self.text.set_text(found.body)
        while (item := self.chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for slot in empty_slots(found.body):
            self.chips.addWidget(Chip(slot, Tone.GOLD))
        self.chips.addStretch(1)
