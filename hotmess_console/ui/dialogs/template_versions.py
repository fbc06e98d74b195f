"""Every version of a template: who saved it and when, how it read, and the way back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.domain.people import Staff
from hotmess_console.domain.templates import Template, TemplateVersion
from hotmess_console.domain.values import Permission
from hotmess_console.services.template_commands import SaveTemplate
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.dialogs.send_preview import Scrolled
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText


class VersionsSheet(KeyedSheet):
    """The newest version first, the lit one's text beside them. Answers the `TemplateVersion` to bring back."""

    def __init__(
        self,
        window: QWidget,
        template: Template,
        rows: Sequence[Choice],
        versions: Sequence[TemplateVersion],
        not_now: str,
    ) -> None:
        super().__init__(
            window,
            f"Versions of {template.name}",
            "Bringing one back saves its text as a new version; none is ever lost.",
            icon="history",
            width=900,
            action=f"Bring back as v{template.version + 1}",
        )
        self._now, self._not_now = template, not_now
        self._versions = {kept.version: kept for kept in versions}
        self.list = ChoiceList("Versions")
        self.subject = SafeLabel("", "small", "body", weight=500, elide=True)
        self.text = SafeText("")
        sides, right = QHBoxLayout(), QVBoxLayout()
        sides.setSpacing(px(SPACE["xl"]))
        right.addWidget(self.subject)
        right.addWidget(Scrolled(self.text, 420), 1)
        sides.addWidget(self.list, 2)
        sides.addLayout(right, 3)
        self.body.addLayout(sides, 1)
        self.list.setMinimumHeight(px(300))
        self.list.lit.connect(self._show)
        self.list.chosen.connect(lambda _version: self._try())
        self.list.set_choices(rows)

    def _show(self, version: object) -> None:
        kept = self.lit()
        self.subject.set_text(f"Subject: {kept.subject}" if kept is not None and kept.subject else "")
        self.text.set_text(kept.body if kept is not None else "")
        self.refresh()

    def lit(self) -> TemplateVersion | None:
        """The version that is shown."""
        return self._versions.get(self.list.current())

    def why_not(self) -> str:
        kept = self.lit()
        if kept is None:
            return "Choose a version first."
        if (kept.subject, kept.body) == (self._now.subject, self._now.body):
            return "This is the text in use."
        return self._not_now

    def result(self) -> object:
        return self.lit()

    def focus_first(self) -> None:
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)


def version_rows(
    versions: Sequence[TemplateVersion], current: int, staff: Staff, now: datetime, zone: ZoneInfo
) -> list[Choice]:
    """Return a row for each version, the newest first: its number, when it was saved, and by whom."""
    return [
        Choice(
            kept.version,
            f"v{kept.version}{', in use' if kept.version == current else ''}",
            f"{when.short(kept.saved_at, now, zone)} · {_saved_by(kept, staff)}",
            "file-text",
        )
        for kept in sorted(versions, key=lambda kept: kept.version, reverse=True)
    ]


def _saved_by(kept: TemplateVersion, staff: Staff) -> str:
    """Who saved it; the first ones came with the console, saved by a login that was never at the desk."""
    return (
        "came with the console" if staff.get(kept.saved_by) is None and kept.version == 1 else staff.name(kept.saved_by)
    )


async def show_versions(host: Host, template: Template, zone: ZoneInfo | None = None) -> None:
    """Let a person read the versions and, who may edit, bring one back. Raises ConsoleError."""
    versions = await host.bridge.ask(lambda q: q.template_versions(template.id, template.language))
    now = await host.bridge.ask(lambda q: q.now())
    rows = version_rows(versions, template.version, host.staff, now, zone or when.workstation_zone())
    may = Permission.TEMPLATE_EDIT in host.context().permissions
    sheet = VersionsSheet(host.window, template, rows, versions, "" if may else "Templates are edited by managers.")
    answer = await sheet.open()
    sheet.deleteLater()
    if isinstance(answer, TemplateVersion):
        wanted = replace(template, subject=answer.subject, body=answer.body)
        outcome = await host.bridge.send(SaveTemplate(template=wanted))
        host.tell(Notice(f"{outcome.words.rstrip('.')}, with the text of v{answer.version}."))
        await host.refresh()
