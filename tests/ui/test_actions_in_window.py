"""The keys of the whole window, pressed one after another as a person would."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.dialogs.cheat_sheet import CheatSheet
from hotmess_console.ui.dialogs.palette import PaletteSheet
from hotmess_console.ui.dialogs.settings import SettingsSheet
from hotmess_console.ui.host import Focus
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.fakes_actions import Run
from tests.ui.fakes_shell import FakeDesk, busy_mine, mine, on_desk, until

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

_Key, _Mod = Qt.Key, Qt.KeyboardModifier


def press(shell: Shell, desk: FakeDesk, key: Qt.Key, held: Qt.KeyboardModifier = _Mod.NoModifier) -> None:
    desk.seconds += 1
    QTest.keyClick(QApplication.focusWidget() or shell, key, held)


def sheets(shell: Shell) -> list[type[Sheet]]:
    return [type(sheet) for sheet in shell.findChildren(Sheet) if sheet.isVisible()]


@pytest.mark.parametrize(
    ("key", "held", "sheet"),
    [
        (_Key.Key_K, _Mod.ControlModifier, PaletteSheet),
        (_Key.Key_Question, _Mod.ShiftModifier, CheatSheet),
        (_Key.Key_Comma, _Mod.ControlModifier, SettingsSheet),
    ],
)
def test_a_key_opens_a_sheet_and_esc_leads_back_to_the_queue(
    gui: Run, key: Qt.Key, held: Qt.KeyboardModifier, sheet: type[Sheet]
) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        press(shell, desk, key, held)
        await until(lambda: sheets(shell) == [sheet], "the sheet is open")
        press(shell, desk, _Key.Key_Escape)
        await until(lambda: sheets(shell) == [], "the sheet is closed")
        await until(lambda: shell.context().focus is Focus.QUEUE, "the queue has the keyboard")

    gui(on_desk(FakeDesk(busy_mine()), journey))


def test_one_goes_to_a_tab_and_back_by_g_and_a_letter(gui: Run) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        press(shell, desk, _Key.Key_G)
        press(shell, desk, _Key.Key_E)
        await until(lambda: shell.app_bar.tabs.current() == "templates", "the templates are open")
        press(shell, desk, _Key.Key_G)
        press(shell, desk, _Key.Key_T)
        await until(lambda: shell.app_bar.tabs.current() == "tickets", "the tickets are open")

    gui(on_desk(FakeDesk(busy_mine()), journey))


def test_j_and_k_move_along_the_queue_and_brackets_between_views(gui: Run) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        queue, bar = shell.parts.tickets.queue.list, shell.parts.tickets.filter_bar
        first, view = queue.current, bar.view.name
        press(shell, desk, _Key.Key_J)
        await until(lambda: queue.current != first, "the next case has the focus")
        press(shell, desk, _Key.Key_K)
        await until(lambda: queue.current == first, "the first case has it again")
        press(shell, desk, _Key.Key_BracketRight)
        await until(lambda: bar.view.name != view, "the next view is open")
        press(shell, desk, _Key.Key_BracketLeft)
        await until(lambda: bar.view.name == view, "the first view is open again")

    gui(on_desk(FakeDesk(busy_mine()), journey))


def test_letters_go_into_a_reply_and_esc_leads_out_of_it(gui: Run) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        press(shell, desk, _Key.Key_R)
        await until(lambda: shell.context().focus is Focus.COMPOSER, "the composer has the keyboard")
        before = shell.context().current
        QTest.keyClicks(QApplication.focusWidget() or shell, "cejk")
        assert shell.context().current == before
        press(shell, desk, _Key.Key_Escape)
        await until(lambda: shell.context().focus is Focus.QUEUE, "the queue has the keyboard")

    gui(on_desk(FakeDesk(busy_mine()), journey))


def test_claiming_all_of_a_queue_that_is_mine_opens_nothing_and_leaves_the_keys_to_the_queue(gui: Run) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        press(shell, desk, _Key.Key_A, _Mod.ControlModifier)
        await until(lambda: shell.context().all_matching is not None, "all are ticked")
        press(shell, desk, _Key.Key_C)
        await until(lambda: bool(shell.status.told.text()), "it is told")
        assert shell.status.told.text() == "Claim: nothing to do for any of the 8 ticked cases."
        assert shell.status.hint.text() == "They are like this already."
        assert sheets(shell) == []
        assert shell.context().focus is Focus.QUEUE
        before = shell.context().current
        press(shell, desk, _Key.Key_J)
        await until(lambda: shell.context().current != before, "J moves in the queue")
        assert not desk.bus.sent

    gui(on_desk(FakeDesk(mine(8)), journey))


@pytest.mark.parametrize("key", [_Key.Key_J, _Key.Key_R, _Key.Key_H, _Key.Key_Return])
def test_no_key_of_the_window_acts_behind_a_preview_that_lost_the_keyboard(gui: Run, key: Qt.Key) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        tab = shell.parts.tickets
        before = tab.case
        press(shell, desk, _Key.Key_A, _Mod.ControlModifier)
        await until(lambda: shell.context().all_matching is not None, "all are ticked")
        shell.run_action("ticket.resolve")
        await until(lambda: len(sheets(shell)) == 1, "it is previewed")
        for behind in (tab.queue.list, tab.composer.editor):
            behind.setFocus()
            held = _Mod.ControlModifier if key == _Key.Key_Return else _Mod.NoModifier
            press(shell, desk, key, held)
            assert tab.case == before
            assert tab.composer.text() == ""
            (sheet,) = [sheet for sheet in shell.findChildren(Sheet) if sheet.isVisible()]
            assert sheet.has_keyboard()
        tab.queue.list.setFocus()
        press(shell, desk, _Key.Key_Escape)
        await until(lambda: sheets(shell) == [], "Esc closes the sheet")
        assert not desk.bus.sent

    gui(on_desk(FakeDesk(mine(8)), journey))
