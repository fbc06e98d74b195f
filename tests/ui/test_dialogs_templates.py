"""Moments, templates and files are chosen by keys, and refused in words when they cannot be meant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.errors import BadInput, ConsoleError, StaleError
from hotmess_console.domain.templates import Template
from hotmess_console.domain.values import Login, Role
from hotmess_console.services.replies import LARGEST_FILE
from hotmess_console.services.template_commands import SaveTemplate
from hotmess_console.ui.dialogs.attach import read_files
from hotmess_console.ui.dialogs.snooze import absolute, ask_moment, moment_of, presets
from hotmess_console.ui.dialogs.template_editor import TemplateEditor, edit_template
from hotmess_console.ui.dialogs.templates_picker import TemplatePicker, ordered, pick_template, rendered
from tests.ui.fakes_composer import (
    GERMAN,
    ME,
    NOW,
    REFUND,
    RESOLUTION,
    STAFF,
    TEMPLATES,
    FakeHost,
    settle,
)
from tests.ui.host_parts import ENTER, driven, open_sheet, press_each

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
LONDON = ZoneInfo("Europe/London")
Keys = tuple[str | Qt.Key, ...]


# ── snooze ──


def test_moments_at_hand_are_later_than_now_and_on_the_wall_clock() -> None:
    friday_night = datetime(2026, 3, 27, 23, 0, tzinfo=UTC)
    found = dict(presets(friday_night, LONDON))
    assert "Tonight" not in found
    assert absolute(found["Tomorrow morning"], LONDON) == "Sat 28 Mar, 09:00 GMT"
    assert absolute(found["Monday morning"], LONDON) == "Mon 30 Mar, 09:00 BST"


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        ("14:30", "Mon 23 Nov, 14:30 GMT"),
        ("01:00", "Tue 24 Nov, 01:00 GMT"),
        ("tomorrow", "Tue 24 Nov, 09:00 GMT"),
        ("Tomorrow 7.15", "Tue 24 Nov, 07:15 GMT"),
        ("fri 10:00", "Fri 27 Nov, 10:00 GMT"),
        ("monday", "Mon 30 Nov, 09:00 GMT"),
        ("2026-12-01 8:00", "Tue 1 Dec, 08:00 GMT"),
        ("in 3 h", "Mon 23 Nov, 05:31 GMT"),
        ("2 days", "Wed 25 Nov, 02:31 GMT"),
    ],
)
def test_a_typed_moment_is_read_as_people_write_it(typed: str, reads: str) -> None:
    assert absolute(moment_of(typed, NOW, LONDON), LONDON) == reads


@pytest.mark.parametrize("typed", ["soon", "25:99", "2026-02-31", "2020-01-01 9:00", "2099-01-01", "today 01:00", ""])
def test_a_moment_that_cannot_be_meant_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        moment_of(typed, NOW, LONDON)
    assert refused.value.hint


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_later_moment_or_refused(typed: str) -> None:
    with suppress(BadInput):
        assert NOW < moment_of(typed, NOW, LONDON) <= NOW + timedelta(days=366)


def test_snoozing_takes_a_figure_or_typed_words(gui: Gui, host: FakeHost) -> None:
    assert gui(driven(ask_moment(host.window, "HM-10482", NOW), "1")) == NOW + timedelta(hours=1)
    typed = gui(driven(ask_moment(host.window, "HM-10482", NOW), "in 90 min", ENTER))
    assert typed == NOW + timedelta(minutes=90)


# ── templates ──


def test_templates_stand_by_area_with_the_language_of_the_case_first() -> None:
    assert [t.name for t in ordered(TEMPLATES, "de")][:2] == ["Lösung", "Refund confirmation"]
    assert ordered(TEMPLATES, "en")[0] == REFUND
    assert ordered(TEMPLATES, "de")[-1].area == "safety"


def test_a_template_is_shown_as_it_would_read_and_inserted_by_enter(gui: Gui, host: FakeHost) -> None:
    async def run() -> tuple[str, str, object]:
        task = asyncio.ensure_future(pick_template(host.window, TEMPLATES, {"Name": "Rowan"}, "en"))
        await settle()
        sheet: Any = open_sheet(host)
        assert isinstance(sheet, TemplatePicker)
        press_each("detail")
        seen = sheet.preview.toPlainText(), sheet.missing.text()
        press_each(ENTER)
        return *seen, await task

    words, missing, chosen = gui(run())
    assert words == "Hi Rowan,\n\n[Details of resolution]"
    assert missing == "To be filled in: Details of resolution."
    assert chosen == RESOLUTION


def test_a_template_that_cannot_be_filled_says_why() -> None:
    from hotmess_console.domain.money import Money

    words, trouble = rendered(REFUND, {"amount": Money(999, "EUR")})
    assert words == REFUND.body
    assert "£" in trouble


def test_a_template_with_an_unknown_placeholder_cannot_be_saved(gui: Gui, host: FakeHost) -> None:
    sheet = TemplateEditor(host.window, RESOLUTION)
    assert sheet.why_not() == "Nothing was changed yet."
    sheet.text.setPlainText("Hi [Nmae],")
    assert sheet.why_not() == "Line 1, column 4: “[Nmae]” is no placeholder; did you mean [Name]?"
    sheet.text.setPlainText("Hi [Name],")
    assert sheet.why_not() == ""


def test_a_refused_saving_opens_again_with_the_text_as_written(gui: Gui, host: FakeHost) -> None:
    host.desk.refusal = StaleError("Somebody saved another version meanwhile.", hint="Read theirs.")

    async def run() -> tuple[str, str]:
        task = asyncio.ensure_future(edit_template(host, GERMAN))
        await settle()
        first: Any = open_sheet(host)
        first.text.setPlainText("Hallo [Name], erledigt.")
        QTest.keyClick(first.text, ENTER, Qt.KeyboardModifier.ControlModifier)
        await settle(20)
        second: Any = open_sheet(host)
        seen = second.text.text(), second.words.text()
        host.desk.refusal = None
        QTest.keyClick(second.text, ENTER, Qt.KeyboardModifier.ControlModifier)
        await asyncio.wait_for(task, 5)
        return seen

    words, told = gui(run())
    assert words == "Hallo [Name], erledigt."
    assert "another version" in told
    saved = [c for c in host.desk.sent if isinstance(c, SaveTemplate)]
    assert saved[-1].template.version == GERMAN.version


def test_a_new_template_gets_its_id_from_its_name(gui: Gui, host: FakeHost) -> None:
    async def run() -> Template:
        task = asyncio.ensure_future(edit_template(host))
        await settle()
        sheet: Any = open_sheet(host)
        press_each("Lost property")
        sheet.text.setPlainText("Hi [Name],")
        QTest.keyClick(sheet.text, ENTER, Qt.KeyboardModifier.ControlModifier)
        await asyncio.wait_for(task, 5)
        (command,) = host.desk.sent
        assert isinstance(command, SaveTemplate)
        return command.template

    template: Template = gui(run())
    assert (template.id, template.version, template.area) == ("lost-property", 0, "support")


# ── files ──


def test_files_are_read_whole_with_their_kind(gui: Gui, host: FakeHost, tmp_path: Path) -> None:
    (tmp_path / "seen.png").write_bytes(b"\x89PNG")
    (found,) = gui(read_files([tmp_path / "seen.png"]))
    assert (found.filename, found.media_type, found.content) == ("seen.png", "image/png", b"\x89PNG")


def test_a_file_that_is_too_large_or_gone_is_refused_in_words(gui: Gui, host: FakeHost, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    for path, says in ((large, "larger than 25 MB"), (tmp_path / "gone.txt", "cannot be read")):
        with pytest.raises(ConsoleError, match=says):
            gui(read_files([path]))


def test_roles_that_cannot_work_tickets_are_not_offered() -> None:
    from hotmess_console.domain.people import Colleague, Staff
    from hotmess_console.ui.dialogs.assign import assignees

    reader = Colleague(Login("eve"), "Eve Audit", "eve", "EA", frozenset({Role.AUDITOR}))
    assert all("Eve" not in choice.title for choice in assignees(Staff([*STAFF, reader]), ME))
