"""The template picker: all templates, each shown as it would read in this case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.placeholders import Value
from hotmess_console.domain.templates import Template, fill
from hotmess_console.domain.tickets import Ticket
from hotmess_console.services.letters import values_of
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import Find, fitting
from hotmess_console.ui.dialogs.send_preview import Scrolled
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText

AREAS = {"support": "Support", "safety": "Safety"}
_LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "pl": "Polish", "pt": "Portuguese"}


class TemplatePicker(Find):
    """Templates at the left, the lit one filled from the case at the right. Answers a `Template`."""

    def __init__(
        self, window: QWidget, templates: Sequence[Template], values: Mapping[str, Value], language: str = ""
    ) -> None:
        self.values = values
        super().__init__(
            window,
            "Insert a template",
            [choice_of(template) for template in ordered(templates, language)],
            icon="file-text",
            hint="Name, area or words of the template",
            action="Insert",
            width=860,
        )
        self.about = SafeLabel(step="small", role="muted", elide=True)
        self.preview = SafeText(step="body")
        self.missing = SafeLabel(step="small", role="warn_text", wrap=True)
        self._beside()
        self.list.lit.connect(self.show_template)
        self.show_template(self.list.current())
        self.refresh()

    def _beside(self) -> None:
        sides, right = QHBoxLayout(), QVBoxLayout()
        sides.setSpacing(px(SPACE["l"]))
        self.body.removeWidget(self.list)
        sides.addWidget(self.list, 4)
        for part in (self.about, Scrolled(self.preview), self.missing):
            right.addWidget(part)
        sides.addLayout(right, 5)
        self.body.addLayout(sides, 1)
        self.list.setMinimumHeight(px(320))

    def filter(self, typed: str) -> None:
        found = fitting(self.all, typed, lambda c: f"{c.title} {c.detail} {c.section} {c.value.body}")
        self.nothing.setVisible(not found)
        self.list.set_choices(found)

    def show_template(self, template: Template | None) -> None:
        """Show how this one would read, with what is still to be filled in brackets."""
        self.about.set_text(
            f"{template.name} · v{template.version} · {language_name(template.language)}" if template else ""
        )
        words, missing = rendered(template, self.values) if template else ("", "")
        self.preview.set_text(words)
        self.missing.set_text(missing)


def _about(template: Template) -> str:
    return f"{template.name} · v{template.version} · {language_name(template.language)}"


def rendered(template: Template, values: Mapping[str, Value]) -> tuple[str, str]:
    """Return how a template reads with `values`, and what is still missing or wrong, in words."""
    try:
        filled = fill(template, values)
    except BadInput as error:
        return template.body, f"{error} {error.hint}"
    missing = ", ".join(filled.missing)
    return filled.preview(), f"To be filled in: {missing}." if missing else ""


def choice_of(template: Template) -> Choice:
    """Return a template as a row of the list."""
    section = AREAS.get(template.area, template.area)
    return Choice(template, template.name, language_name(template.language), "file-text", section=section)


def language_name(code: str) -> str:
    """Return a language's English name, or its code where it has none here."""
    return _LANGUAGES.get(code.partition("-")[0], code or "any language")


def ordered(templates: Sequence[Template], language: str) -> list[Template]:
    """Return templates by area, the case's language first in each, then English, then by name."""
    wanted = language.partition("-")[0]
    places = list(AREAS)

    def place(t: Template) -> tuple[int, int, str, str]:
        code = t.language.partition("-")[0]
        area = places.index(t.area) if t.area in places else len(places)
        return area, 0 if code == wanted else 1 if code == "en" else 2, t.name.casefold(), t.language

    return sorted(templates, key=place)


async def pick_template(
    window: QWidget, templates: Sequence[Template], values: Mapping[str, Value], language: str = ""
) -> Template | None:
    """Ask for a template; return it, or None."""
    answer = await TemplatePicker(window, templates, values, language).open()
    return answer if isinstance(answer, Template) else None


async def pick_for_case(host: Host, ticket: Ticket) -> Template | None:
    """Ask for a template for this ticket, filled from it; return it, or None."""
    templates = await host.bridge.ask(lambda queries: queries.templates())
    targets = await host.bridge.ask(lambda queries: queries.targets())
    return await pick_template(host.window, templates, values_of(ticket, targets), ticket.language)
