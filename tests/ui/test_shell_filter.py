"""Narrowing the window's queue: typed conditions, counts, views of one's own, and an empty queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.views import SavedView
from hotmess_console.services.desk_commands import SaveView
from hotmess_console.services.support import Claim
from hotmess_console.ui.dialogs.name_view import NameView
from hotmess_console.ui.shell import Shell
from tests.ui.fakes_shell import FakeDesk, mine, on_desk, until
from tests.ui.queue_samples import busy_night, make_case
from tests.ui.shell_parts import case_id, shown_number, tab_of

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def test_typed_conditions_become_chips_and_narrow_the_queue(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab, field = tab_of(shell), tab_of(shell).filter_bar.field
        QTest.keyClick(tab.queue.list, Qt.Key.Key_Slash)
        await until(lambda: QApplication.focusWidget() is field.line, "the field has the keyboard")
        QTest.keyClicks(field.line, "level:2 ")
        await until(lambda: len(field.tokens) == 1, "the condition is a chip")
        assert field.line.text() == ""
        await until(lambda: tab.model.rowCount() == 4, "only level 2 is left")
        QTest.keyClicks(field.line, "refund")
        await until(lambda: tab.model.rowCount() == 2, "the words were searched for")
        QTest.keyClicks(field.line, " status:wating")
        QTest.keyClick(field.line, Qt.Key.Key_Return)
        assert shell.status.told.text() == "There is no status “wating”. Did you mean waiting?"
        assert QApplication.focusWidget() is tab.queue.list
        field.line.clear()
        field.take()
        field.line.setFocus()
        QTest.keyClick(field.line, Qt.Key.Key_Backspace)
        await until(lambda: tab.model.rowCount() == 11, "everything is shown again")

    gui(on_desk(FakeDesk(busy_night()), journey, first="Team"))


def test_counts_are_capped_in_words_and_asked_for_at_most_once_a_second(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        await until(lambda: tab.filter_bar.views.items["Team"].count == 1_000, "the counts are there")
        assert tab.filter_bar.views.items["Team"].accessibleName() == "Team, 999+"
        assert shell.app_bar.tabs.items["tickets"].accessibleName() == "Tickets, 999+"
        before = desk.queries.asked.count("count")
        for _ in range(20):
            tab.counts.refresh()
        await asyncio.sleep(0.3)
        views = len(tab.filter_bar.views.items)
        assert desk.queries.asked.count("count") - before <= views

    desk = FakeDesk(mine(3))
    desk.queries.least_count = 5_000
    gui(on_desk(desk, journey))


def test_a_filter_is_saved_as_a_view_under_a_typed_name(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        tab.filter_bar.field.line.setText("level:2")
        tab.filter_bar.field.take()
        wanted = tab.filter_bar.filter
        desk.queries.views = [SavedView(UUID(int=7), "Second line", wanted)]
        tab.filter_bar.save.click()
        await until(lambda: shell.findChild(NameView) is not None, "the name is asked for")
        sheet = shell.findChild(NameView)
        assert isinstance(sheet, NameView)
        QTest.keyClicks(sheet.field, "Second line")
        QTest.keyClick(sheet.field, Qt.Key.Key_Return)
        await until(lambda: tab.filter_bar.views.current() == "Second line", "the view is open")
        command = desk.bus.sent[-1]
        assert isinstance(command, SaveView)
        assert (command.title, command.filter) == ("Second line", wanted)
        assert tab.filter_bar.field.tokens == ()

    gui(on_desk(FakeDesk(busy_night()), journey, first="Team"))


def test_enter_after_a_filter_that_finds_nothing_shows_the_view_again_and_takes_no_case(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        tab.queue.list.setFocus()
        tab.filter_bar.field.line.setFocus()
        QTest.keyClicks(tab.filter_bar.field.line, "level:3")
        QTest.keyClick(tab.filter_bar.field.line, Qt.Key.Key_Return)
        await until(lambda: tab.queue.is_empty, "nothing matches")
        focused = QApplication.focusWidget()
        assert focused is tab.queue.unmatched.action
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Return)
        await until(lambda: tab.model.rowCount() == 3, "the whole view is shown")
        assert QApplication.focusWidget() is tab.queue.list
        assert tab.filter_bar.field.tokens == ()
        assert desk.bus.sent == []

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_an_empty_queue_offers_the_next_case_and_takes_it(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        assert tab.queue.is_empty
        assert tab.queue.empty.title.text() == "Nothing is waiting in My queue"
        assert tab.queue.empty.action is not None
        tab.queue.empty.action.click()
        await until(lambda: bool(desk.bus.sent), "a case was claimed")
        assert isinstance(desk.bus.sent[-1], Claim)
        await until(lambda: tab.model.row_of(case_id(1)) == 0, "it is in my queue")
        await until(lambda: shown_number(shell) == 10_001, "it is open")

    gui(on_desk(FakeDesk([make_case(1), make_case(2)]), journey))
