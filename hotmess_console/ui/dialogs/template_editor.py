"""Editing a template: its words at the left, what is wrong with them at once, and how they will read at the right."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.domain.errors import BadInput, ConsoleError
from hotmess_console.domain.templates import SLOTS, Template
from hotmess_console.domain.values import TemplateId
from hotmess_console.services.template_commands import AREAS, SaveTemplate, check
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.dialogs.plain_text import PlainText
from hotmess_console.ui.dialogs.send_preview import Scrolled
from hotmess_console.ui.dialogs.templates_picker import rendered
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText
from hotmess_console.ui.widgets.select import Select

SAMPLE = {"Name": "Rowan", "subject": "Charged twice", "ID": "HM-10482", "timeframe": "4 hours", "amount": "9.99"}
"""An invented case, so that the preview reads like a letter."""
BLANK = Template(TemplateId(""), "", "support", "en", 0, "", "")


class TemplateEditor(KeyedSheet):
    """Tab goes from field to field, Ctrl+Enter saves the next version. Answers the `Template` as it was written."""

    def __init__(self, window: QWidget, template: Template, written: Template | None = None, trouble: str = "") -> None:
        self.before, self.new = template, template.version == 0
        self._start = written or template
        title = "New template" if self.new else f"Edit {template.name}"
        words = trouble or "Each saving is a new version; what was sent stays as it was."
        verb = "Save" if self.new else f"Save v{template.version + 1}"
        super().__init__(window, title, words, icon="pencil", width=980, action=verb, key="Ctrl+Return")
        self.name = Field("Name", limit=80)
        self.subject = Field("Subject", limit=300)
        self.area, self.language = Select("Area"), Field("Language", hint="en", limit=12)
        self.text = PlainText("Text of the template")
        self.preview = SafeText(step="body")
        self._fill()
        self._arrange_form()
        for changed in (
            self.name.textChanged,
            self.subject.textChanged,
            self.language.textChanged,
            self.area.currentIndexChanged,
            self.text.textChanged,
        ):
            changed.connect(lambda *_: self.refresh())
        self.refresh()

    def _fill(self) -> None:
        template = self._start
        self.name.setText(template.name)
        self.subject.setText(template.subject)
        self.language.setText(template.language)
        self.text.setPlainText(template.body)
        for area in AREAS:
            self.area.add_choice(area.capitalize(), area)
        self.area.setCurrentIndex(AREAS.index(template.area) if template.area in AREAS else 0)
        # Who it is for is part of what it is: another language or area is another template.
        self.area.setEnabled(self.new)
        self.language.setEnabled(self.new)

    def _arrange_form(self) -> None:
        sides, left, right, form = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(), QFormLayout()
        sides.setSpacing(px(SPACE["xl"]))
        form.setHorizontalSpacing(px(SPACE["m"]))
        form.setVerticalSpacing(px(6))
        for name, part in (
            ("Name", self.name),
            ("Area", self.area),
            ("Language", self.language),
            ("Subject", self.subject),
        ):
            form.addRow(SafeLabel(name, "small", "muted"), part)
        self.text.setMinimumHeight(px(240))
        left.addLayout(form)
        left.addWidget(self.text, 1)
        right.addWidget(SafeLabel("How it will read", "small", "muted", weight=600))
        right.addWidget(Scrolled(self.preview), 1)
        known = ", ".join(f"[{name}]" for name in SLOTS)
        right.addWidget(SafeLabel(f"Placeholders: {known}", "small", "muted", wrap=True))
        sides.addLayout(left, 5)
        sides.addLayout(right, 4)
        self.body.addLayout(sides, 1)

    def written(self) -> Template:
        """Return the template as it stands in the fields."""
        name = " ".join(self.name.text().split())
        return replace(
            self.before,
            id=self.before.id or TemplateId(id_from(name)),
            name=name,
            area=str(self.area.currentData()),
            language=self.language.text().strip(),
            subject=" ".join(self.subject.text().split()),
            body=self.text.text(),
        )

    def why_not(self) -> str:
        written = self.written()
        if written == self.before:
            return "Nothing was changed yet."
        try:
            check(written)
        except BadInput as error:
            return str(error)
        return ""

    def refresh(self) -> None:
        super().refresh()
        self.preview.set_text(rendered(self.written(), SAMPLE)[0])

    def result(self) -> object:
        return self.written()


def id_from(name: str) -> str:
    """Return an id made of a name: "Refund confirmation" becomes "refund-confirmation"."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60]


async def edit_template(host: Host, template: Template = BLANK) -> None:
    """Edit until it is saved or given up; a refused saving opens again with the text as it was written."""
    trouble, written = "", None
    while True:
        answer = await TemplateEditor(host.window, template, written, trouble).open()
        if not isinstance(answer, Template):
            return
        try:
            outcome = await host.bridge.send(SaveTemplate(template=answer))
        except ConsoleError as error:
            notice = notice_for(error)
            written, trouble = answer, f"{notice.text} {notice.hint}"
        else:
            host.tell(Notice(outcome.words))
            await host.refresh()
            return
