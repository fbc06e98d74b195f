"""Editing templates: each saving is a new version, so that what was sent stays readable as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hotmess_console.domain import templates
from hotmess_console.domain.errors import BadInput, NotFound, StaleError, StateError
from hotmess_console.domain.templates import Template
from hotmess_console.domain.values import Offline, Permission, TemplateId
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.ports import Work
from hotmess_console.services.replies import LONGEST

AREAS = ("support", "safety")
_ID = re.compile(r"[a-z0-9-]{2,60}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")


@dataclass(frozen=True, kw_only=True)
class SaveTemplate(Command):
    """Add a version of a template, which is the current one from then on; after version 0 it is a new template.

    Raises StaleError when somebody saved a version meanwhile, BadInput for a bracket that is no placeholder.
    """

    name: ClassVar[str] = "template.save"
    permission: ClassVar[Permission] = Permission.TEMPLATE_EDIT
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Every version is kept: save the former text again to go back to it."

    template: Template
    """Its `version` is the one that was edited."""

    async def run(self, work: Work) -> Outcome:
        check(self.template)
        now = _same(await work.desk.templates(), self.template)
        if (now.version if now else 0) != self.template.version:
            raise StaleError(
                "Somebody saved another version of this template meanwhile.",
                hint="Your text is kept: read theirs, then save again.",
            )
        if now is not None and (now.name, now.subject, now.body) == _words(self.template):
            raise BadInput("Nothing was changed in this template.", hint="Change it first, or leave it.")
        version = await work.desk.save_template(self.template)
        return Outcome(words=f"{self.template.name} is at version {version} now.")


@dataclass(frozen=True, kw_only=True)
class RetireTemplate(Command):
    """Put a template out of use; its versions stay, for the messages that were sent with it."""

    name: ClassVar[str] = "template.retire"
    permission: ClassVar[Permission] = Permission.TEMPLATE_EDIT
    offline: ClassVar[Offline] = Offline.NEVER
    undoable: ClassVar[bool] = False
    why_final: ClassVar[str] = "Save its text under a new id to use it again."

    template: TemplateId
    language: str

    async def run(self, work: Work) -> Outcome:
        found = [t for t in await work.desk.templates() if (t.id, t.language) == (self.template, self.language)]
        if not found:
            raise NotFound("This template is not in use any more.", hint="Refresh the list.")
        if not await work.desk.retire_template(self.template, self.language):
            raise StateError("Somebody else has just put this template out of use.", hint="Refresh the list.")
        return Outcome(words=f"{found[0].name} is out of use.")


def check(template: Template) -> None:
    """Raise BadInput, in words, for what cannot be a template."""
    if not _ID.fullmatch(template.id):
        raise BadInput("The id may have small letters, figures and hyphens only.", hint="Such as refund-confirmation.")
    if not _LANGUAGE.fullmatch(template.language):
        raise BadInput("The language is a code of two letters.", hint="Such as en or de.")
    if template.area not in AREAS:
        raise BadInput("The area is support or safety.", hint="Choose one of the two.")
    if not 1 <= len(template.name.strip()) <= 80 or not template.name.isprintable():
        raise BadInput("A template needs a name of 1 to 80 characters.", hint="Choose a short one.")
    if len(template.subject) > 300 or not template.subject.isprintable():
        raise BadInput("The subject is one line of at most 300 characters.", hint="Shorten it.")
    if not template.body.strip() or len(template.body) > LONGEST:
        raise BadInput(f"The text needs 1 to {LONGEST:,} characters.", hint="Write it, or shorten it.")
    templates.check(template.body)


def _same(found: Sequence[Template], wanted: Template) -> Template | None:
    return next((t for t in found if (t.id, t.language) == (wanted.id, wanted.language)), None)


def _words(template: Template) -> tuple[str, str, str]:
    return template.name, template.subject, template.body
