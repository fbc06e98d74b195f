"""Former versions of a template can be read by everybody and brought back by those who may edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.templates import TemplateVersion
from hotmess_console.domain.values import Login, Role
from hotmess_console.services.template_commands import SaveTemplate
from hotmess_console.ui.dialogs.template_versions import VersionsSheet, show_versions
from hotmess_console.ui.queues.templates import TemplatesTab
from tests.ui.fakes_composer import JO, NOW, RESOLUTION, FakeHost, make_detail, settle

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
THIRD = replace(RESOLUTION, version=3)
VERSIONS = [
    TemplateVersion(1, "Solved", "Hello [Name],\n\nit is solved.", Login("postgres"), NOW - timedelta(days=40)),
    TemplateVersion(2, "Done", "Dear [Name],\n\nit is done.", JO, NOW - timedelta(days=2)),
    TemplateVersion(3, THIRD.subject, THIRD.body, Login("gone"), NOW - timedelta(hours=1)),
]


def host(window: QWidget, *roles: Role) -> FakeHost:
    made = FakeHost(window, make_detail(), roles=frozenset({Role.AGENT, *roles}))
    made.queries.version_list = VERSIONS
    return made


async def shown(window: QWidget) -> VersionsSheet:
    for _ in range(200):
        found = [sheet for sheet in window.findChildren(VersionsSheet) if sheet.isVisible()]
        if found:
            return found[0]
        await asyncio.sleep(0.005)
    raise AssertionError("no sheet was opened")


def press(key: Qt.Key) -> None:
    at: Any = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, key)


def test_each_version_says_who_saved_it_and_when_and_shows_its_words(gui: Gui, window: QWidget) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(show_versions(host(window), THIRD, ZoneInfo("Europe/London")))
        sheet = await shown(window)
        rows = [(choice.title, choice.detail.partition(" · ")[2]) for choice in sheet.list.choices()]
        assert rows == [("v3, in use", "a former colleague"), ("v2", "Jo Kerr"), ("v1", "came with the console")]
        assert sheet.list.choices()[0].detail.startswith("01:31 ·")
        assert sheet.why_not() == "This is the text in use."
        press(Qt.Key.Key_Down)
        assert sheet.subject.text() == "Subject: Done"
        assert "it is done." in sheet.text.toPlainText()
        press(Qt.Key.Key_Escape)
        await task

    gui(run())


def test_a_manager_brings_a_former_text_back_as_a_new_version(gui: Gui, window: QWidget) -> None:
    async def run() -> None:
        desk = host(window, Role.MANAGER)
        task = asyncio.ensure_future(show_versions(desk, THIRD))
        await shown(window)
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        await task
        [sent] = desk.desk.sent
        assert isinstance(sent, SaveTemplate)
        assert (sent.template.version, sent.template.subject) == (3, "Solved")
        assert sent.template.body == VERSIONS[0].body
        assert sent.template.name == THIRD.name

    gui(run())


def test_who_may_not_edit_reads_but_brings_nothing_back(gui: Gui, window: QWidget) -> None:
    async def run() -> None:
        desk = host(window)
        task = asyncio.ensure_future(show_versions(desk, THIRD))
        sheet = await shown(window)
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        await settle(5)
        assert sheet.isVisible()
        assert sheet.problem.text() == "Templates are edited by managers."
        press(Qt.Key.Key_Escape)
        await task
        assert desk.desk.sent == []

    gui(run())


def test_v_on_the_templates_page_opens_the_versions_of_the_lit_template(gui: Gui, window: QWidget) -> None:
    async def run() -> None:
        tab = TemplatesTab(host(window))
        tab.setParent(window)
        tab.resize(1200, 700)
        tab.show()
        tab.show_templates([THIRD])
        tab.focus_queue()
        await settle(5)
        press(Qt.Key.Key_V)
        sheet = await shown(window)
        assert THIRD.name in sheet.title.text()
        press(Qt.Key.Key_Escape)
        await settle(5)

    gui(run())
