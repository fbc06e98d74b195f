"""Saving templates and the desk's furniture: versions never overwrite each other, nonsense is refused in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

import pytest

from hotmess_console.domain.errors import BadInput, NotFound, StaleError
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.templates import Template
from hotmess_console.domain.values import Permission, TemplateId
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.desk_commands import ChangeSetting, RenameView, SaveView, check_setting
from hotmess_console.services.opening import NewCase, is_address
from hotmess_console.services.ports import Work
from hotmess_console.services.template_commands import RetireTemplate, SaveTemplate

pytestmark = pytest.mark.foundation
LETTER = Template(TemplateId("resolution"), "Resolution", "support", "en", 2, "Resolved", "Hi [Name],")


@dataclass
class FakeDesk:
    """The furniture, in memory."""

    kept: list[Template] = field(default_factory=lambda: [LETTER])
    retired: list[tuple[str, str]] = field(default_factory=list)
    views: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    dropped: list[UUID] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)

    async def drop_view(self, id: UUID) -> None:
        self.dropped.append(id)

    async def templates(self) -> list[Template]:
        return self.kept

    async def save_template(self, template: Template) -> int:
        self.kept.append(replace(template, version=template.version + 1))
        return template.version + 1

    async def retire_template(self, id: TemplateId, language: str) -> bool:
        self.retired.append((id, language))
        return True

    async def save_view(self, id: object, name: str, filter: dict[str, Any], position: int) -> None:
        self.views.append((name, filter))

    async def change_setting(self, key: str, value: object) -> object:
        before = self.values.get(key)
        self.values[key] = value
        return before


@dataclass
class FakeWork:
    """One transaction over the furniture alone."""

    desk: FakeDesk = field(default_factory=FakeDesk)


def working() -> tuple[FakeDesk, Work]:
    made = FakeWork()
    return made.desk, cast(Work, made)


async def test_saving_a_template_adds_the_next_version() -> None:
    desk, work = working()
    outcome = await SaveTemplate(template=replace(LETTER, body="Dear [Name],")).run(work)
    assert desk.kept[-1].version == 3
    assert outcome.words == "Resolution is at version 3 now."


async def test_a_version_that_somebody_saved_meanwhile_is_not_overwritten() -> None:
    desk, work = working()
    with pytest.raises(StaleError):
        await SaveTemplate(template=replace(LETTER, version=1, body="Dear [Name],")).run(work)
    assert desk.kept == [LETTER]


async def test_a_new_template_may_not_take_the_place_of_one_in_use() -> None:
    _, work = working()
    with pytest.raises(StaleError):
        await SaveTemplate(template=replace(LETTER, version=0, body="Other [Name]")).run(work)


async def test_saving_without_a_change_makes_no_version() -> None:
    _, work = working()
    with pytest.raises(BadInput, match="Nothing was changed"):
        await SaveTemplate(template=LETTER).run(work)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "Hi [Nmae]"},
        {"body": "   "},
        {"body": "x" * 20_001},
        {"name": ""},
        {"name": "two\nlines"},
        {"subject": "a\nb"},
        {"id": TemplateId("No Capitals")},
        {"language": "English"},
        {"area": "money"},
    ],
)
async def test_what_cannot_be_a_template_is_refused_in_words(changes: dict[str, Any]) -> None:
    desk, work = working()
    with pytest.raises(BadInput) as refused:
        await SaveTemplate(template=replace(LETTER, version=0, **changes)).run(work)
    assert refused.value.hint
    assert desk.kept == [LETTER]


async def test_a_template_is_put_out_of_use_once() -> None:
    desk, work = working()
    await RetireTemplate(template=LETTER.id, language="en").run(work)
    assert desk.retired == [("resolution", "en")]
    with pytest.raises(NotFound):
        await RetireTemplate(template=LETTER.id, language="de").run(work)


def test_only_those_who_may_edit_templates_and_settings_do() -> None:
    assert SaveTemplate.permission is RetireTemplate.permission is Permission.TEMPLATE_EDIT
    assert ChangeSetting.permission is Permission.SETTINGS_EDIT


@pytest.mark.parametrize("command", [SaveTemplate, RetireTemplate, SaveView, RenameView, ChangeSetting, NewCase])
def test_what_cannot_be_undone_says_what_to_do_instead(command: Any) -> None:
    assert command.undoable is False
    assert command.why_final.endswith(".")


async def test_a_view_is_kept_under_a_tidy_name() -> None:
    desk, work = working()
    await SaveView(title="  Billing   L2 ", filter=QueueFilter(overdue=True)).run(work)
    assert desk.views == [("Billing L2", QueueFilter(overdue=True).to_json())]


@pytest.mark.parametrize("title", ["", "  ", "x" * 41])
async def test_a_view_without_a_fit_name_is_refused(title: str) -> None:
    _, work = working()
    with pytest.raises(BadInput):
        await SaveView(title=title, filter=QueueFilter()).run(work)


async def test_a_setting_is_changed_and_says_what_it_was() -> None:
    desk, work = working()
    desk.values["messages.hold_seconds"] = 20
    outcome = await ChangeSetting(key="messages.hold_seconds", value=30).run(work)
    assert (desk.values["messages.hold_seconds"], outcome.words) == (30, "messages.hold_seconds was 20.")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("messages.hold_seconds", -1),
        ("messages.hold_seconds", "20"),
        ("messages.hold_seconds", True),
        ("tickets.close_after_days", 0),
        ("mail.from_name", "two\nlines"),
        ("mail.from_name", ""),
        ("intake.go_live", "2026-01-01"),
        ("sla.targets", {"response": {}}),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_refused(key: str, value: object) -> None:
    with pytest.raises(BadInput):
        check_setting(key, value)


def test_the_targets_of_the_manual_are_fit_to_be_set() -> None:
    check_setting("sla.targets", MANUAL.to_json())


@pytest.mark.parametrize("address", ["a@example.org", "first.last+tag@mail.example.co.uk"])
def test_an_ordinary_address_is_one(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@b.org", "a@b", "a@.org", "a@b.", "a b@c.org", "a@b.org, c@d.org", "<a@b.org>", "a@b.org\n"],
)
def test_what_a_mail_server_would_not_take_is_none(address: str) -> None:
    assert not is_address(address)


async def test_a_renamed_view_goes_under_its_old_name_and_comes_under_the_new_one() -> None:
    desk, work = working()
    view = UUID(int=7)
    outcome = await RenameView(view=view, title="  Late   ones ", filter=QueueFilter(overdue=True)).run(work)
    assert desk.dropped == [view]
    assert desk.views == [("Late ones", QueueFilter(overdue=True).to_json())]
    assert outcome.words == "View “Late ones” has its new name."
