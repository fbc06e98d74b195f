"""After a bulk action that leaves the queue empty the keyboard is where the next step is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.shell import Shell
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.fakes_shell import FakeDesk, mine, on_desk, until
from tests.ui.shell_parts import keyboard, open_sheet, tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.mark.parametrize("closed_by", [ENTER, ESC])
def test_every_case_resolved_at_once_leaves_a_window_that_hears_keys(gui: Gui, closed_by: Qt.Key) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.focus_queue()
        QTest.keyClick(keyboard(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        desk.seconds += 1  # no decision follows a change of the case at once
        await asyncio.sleep(0.02)
        QTest.keyClick(keyboard(), Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: open_sheet(shell) is not None, "the preview is shown")
        QTest.keyClick(keyboard(), ENTER)
        await until(lambda: not tab_of(shell).queue.list.isVisible(), "the queue is empty")
        await asyncio.sleep(0.2)  # the preview becomes the receipt
        QTest.keyClick(keyboard(), closed_by)
        await until(lambda: open_sheet(shell) is None, "the receipt is closed")
        await until(lambda: not tab_of(shell).model.ticked, "nothing is ticked that comes later")
        at = QApplication.focusWidget()
        assert at is not None
        assert at.isVisible()
        assert tab_of(shell).queue.isAncestorOf(at)
        QTest.keyClick(keyboard(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: any(sheet.isVisible() for sheet in shell.findChildren(Sheet)), "the palette opens")

    gui(on_desk(FakeDesk(mine(3)), journey))
