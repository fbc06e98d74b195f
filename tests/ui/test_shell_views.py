"""Views of one's own from the keyboard, and the way to every part of the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.views import QueueFilter, SavedView
from hotmess_console.services.desk_commands import DropView, RenameView, SaveView
from hotmess_console.ui.dialogs.choose import Choose
from hotmess_console.ui.dialogs.name_view import NameView
from hotmess_console.ui.shell import Shell
from tests.ui.fakes_shell import FakeDesk, mine, on_desk, until
from tests.ui.queue_samples import busy_night
from tests.ui.shell_parts import keyboard, open_sheet, tab_of

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
OWN = SavedView(UUID(int=7), "Second line", QueueFilter(overdue=True))
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def desk_with_a_view() -> FakeDesk:
    desk = FakeDesk(busy_night())
    desk.queries.views = [OWN, SavedView(UUID(int=8), "Weekend", QueueFilter())]
    return desk


async def asked(shell: Shell, kind: type[Any]) -> Any:
    """The sheet of this kind, once it is open."""
    await until(lambda: isinstance(open_sheet(shell), kind), f"{kind.__name__} is open")
    return open_sheet(shell)


def test_the_present_filter_is_saved_by_key(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        bar = tab_of(shell).filter_bar
        bar.field.line.setText("level:2")
        bar.field.take()
        wanted = bar.filter
        QTest.keyClick(keyboard(), Qt.Key.Key_S, CTRL)
        await asked(shell, NameView)
        desk.queries.views = [SavedView(UUID(int=9), "Level two", wanted)]
        QTest.keyClicks(keyboard(), "Level two")
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: bar.views.current() == "Level two", "the view is open")
        [sent] = desk.bus.sent
        assert isinstance(sent, SaveView)
        assert (sent.title, sent.filter) == ("Level two", wanted)

    gui(on_desk(FakeDesk(busy_night()), journey, first="Team"))


def test_a_view_gets_another_name_by_key_but_never_that_of_another(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        bar = tab_of(shell).filter_bar
        QTest.keyClick(keyboard(), Qt.Key.Key_F2)
        sheet = await asked(shell, NameView)
        assert sheet.field.text() == "Second line"
        for taken, why in (("weekend", "You have another view of that name."), ("TEAM", "Everybody has a view")):
            sheet.field.setText(taken)
            assert why in sheet.why_not()
        sheet.field.selectAll()
        desk.queries.views = [SavedView(UUID(int=10), "Late ones", OWN.filter)]
        QTest.keyClicks(sheet.field, "Late ones")
        QTest.keyClick(sheet.field, Qt.Key.Key_Return)
        await until(lambda: bar.views.current() == "Late ones", "the view has its new name")
        [sent] = desk.bus.sent
        assert isinstance(sent, RenameView)
        assert (sent.view, sent.title, sent.filter) == (OWN.id, "Late ones", OWN.filter)

    gui(on_desk(desk_with_a_view(), journey, first="Second line"))


def test_a_view_is_deleted_only_after_asking_and_enter_alone_keeps_it(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        bar = tab_of(shell).filter_bar
        QTest.keyClick(keyboard(), Qt.Key.Key_Delete, CTRL)
        await asked(shell, Choose)
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: open_sheet(shell) is None, "the question is answered")
        assert desk.bus.sent == []
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_Delete, CTRL)
        await asked(shell, Choose)
        desk.queries.views = desk.queries.views[1:]
        QTest.keyClick(keyboard(), Qt.Key.Key_1)
        await until(lambda: bar.views.current() == "My queue", "a view that is left is open")
        [sent] = desk.bus.sent
        assert isinstance(sent, DropView)
        assert sent.view == OWN.id
        assert "Second line" not in bar.views.items
        assert "“Second line” is deleted" in shell.status.told.text()

    gui(on_desk(desk_with_a_view(), journey, first="Second line"))


def test_what_everybody_has_is_neither_renamed_nor_deleted(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        for key, held in ((Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Delete, CTRL)):
            shell.status.told.set_text("")
            QTest.keyClick(keyboard(), key, held)
            await until(lambda: "Everybody has “Team”" in shell.status.told.text(), "it says so")
        assert open_sheet(shell) is None

    gui(on_desk(FakeDesk(mine(1)), journey, first="Team"))


def part_with_the_keyboard(shell: Shell) -> str:
    """Which part of the window has the keyboard; in the bars, which control."""
    tab, at = tab_of(shell), keyboard()
    parts = {
        "app bar": shell.app_bar,
        "filter bar": tab.filter_bar,
        "queue": tab.queue,
        "composer": tab.composer,
        "detail": tab.detail,
        "person": tab.person,
    }
    return next(name for name, part in parts.items() if part.isAncestorOf(at))


def test_f6_goes_round_the_parts_of_the_window_and_shift_f6_back(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await asyncio.sleep(0.05)
        seen = [part_with_the_keyboard(shell)]
        for _ in range(6):
            desk.seconds += 1
            QTest.keyClick(keyboard(), Qt.Key.Key_F6)
            await asyncio.sleep(0.01)
            seen.append(part_with_the_keyboard(shell))
        assert seen == ["queue", "detail", "composer", "person", "app bar", "filter bar", "queue"]
        assert keyboard() is tab_of(shell).queue.list
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_F6, SHIFT)
        await asyncio.sleep(0.01)
        assert keyboard() is tab_of(shell).filter_bar.views.items["My queue"]

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_tab_reaches_tabs_search_bell_views_the_plus_and_the_filter_in_reading_order(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab, bar = tab_of(shell), shell.app_bar
        first = bar.tabs.items["tickets"]
        first.setFocus()
        order = [
            first, bar.search, bar.bell, bar.mask_button, bar.face,
            tab.filter_bar.views.items["My queue"], tab.filter_bar.save, tab.filter_bar.field.line, tab.queue.list,
        ]  # fmt: skip
        for expected in order:
            assert QApplication.focusWidget() is expected, (expected, QApplication.focusWidget())
            shell.focusNextPrevChild(True)

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_every_stop_of_tab_looks_different_when_it_has_the_keyboard(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab, bar = tab_of(shell), shell.app_bar
        stops = [
            bar.tabs.items["tickets"], bar.search, bar.bell, bar.mask_button, bar.face,
            tab.filter_bar.views.items["My queue"], tab.filter_bar.save,
        ]  # fmt: skip
        tab.queue.list.setFocus()
        await asyncio.sleep(0.02)
        for stop in stops:
            rest = stop.grab().toImage()
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            assert stop.grab().toImage() != rest, stop.accessibleName()

    gui(on_desk(FakeDesk(mine(2)), journey))
