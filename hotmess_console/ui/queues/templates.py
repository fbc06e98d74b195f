"""The templates tab: what can be sent, by area and language, and how each reads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hotmess_console.domain.templates import Template, empty_slots
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE, WIDTH
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.pane import Pane, PaneHead
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText

_MEASURE = 680


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
        self._arrange()

    def _arrange(self) -> None:
        left, right = Pane("surface", "r"), Pane("surface")
        left.column.addWidget(PaneHead("Templates"))
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
        column.addStretch(1)
        self._page.setMaximumWidth(px(_MEASURE) + 2 * px(SPACE["xl"]))
        area = QScrollArea()
        area.setWidget(self._page)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right.column.addWidget(area)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(right, 1)

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
