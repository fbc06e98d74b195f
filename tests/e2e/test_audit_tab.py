"""The audit tab over a real database: whoever may read it opens it by key; nobody else has it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.services.support import Claim
from hotmess_console.ui.dialogs.case_then import ThenSheet
from hotmess_console.ui.queues.trail import TrailTab
from hotmess_console.ui.shell import Shell
from tests.desks import AGENT, AUDITOR, MANAGER, DeskDatabase
from tests.e2e.real_window import window_on
from tests.ui.conftest import gui  # noqa: F401  the loop that the window runs on
from tests.ui.fakes_shell import until
from tests.ui.shell_parts import keyboard

pytestmark = pytest.mark.authority
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


async def at_window(database: DeskDatabase, login: str, journey: Callable[[Shell], Coroutine[Any, Any, None]]) -> None:
    """Live through `journey` in a window on this database."""
    async with window_on(database, login) as (shell, _bridge):
        await journey(shell)


def to_audit() -> None:
    QTest.keyClick(keyboard(), Qt.Key.Key_G)
    QTest.keyClick(keyboard(), Qt.Key.Key_A)


@pytest.mark.parametrize("login", [MANAGER, AUDITOR])
def test_g_a_shows_who_did_what_and_enter_the_case_as_it_was(
    gui: Gui,  # noqa: F811
    desk_database: DeskDatabase,
    login: str,
) -> None:
    async def journey(shell: Shell) -> None:
        async with desk_database.sit_down() as seat:
            case = await seat.new_case()
            await seat.do(Claim(cases=(case.ref,)))
        assert "audit" in shell.app_bar.tabs.items
        to_audit()
        await until(lambda: bool(shell.findChildren(TrailTab)), "the tab opens")
        [tab] = shell.findChildren(TrailTab)
        await until(lambda: bool(tab.list.choices()), "the audit is read")
        assert shell.app_bar.tabs.current() == "audit"
        tab.focus_search()
        QTest.keyClicks(keyboard(), f"case:{case.number} did:ticket.claim")
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: [row.title for row in tab.list.choices()] == ["Claimed"], "it is narrowed")
        assert case.reference in tab.list.choices()[0].detail
        await until(lambda: len(tab._entries) > 1, "its entries are read")
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: any(s.isVisible() for s in shell.findChildren(ThenSheet)), "the case as it was is shown")
        [sheet] = shell.findChildren(ThenSheet)
        assert sheet.title.text().startswith(f"{case.reference} as it was on ")
        QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
        await until(lambda: tab.list.hasFocus(), "the keyboard is back in the list")

    gui(at_window(desk_database, login, journey))


def test_who_may_not_read_the_audit_has_no_such_tab(gui: Gui, desk_database: DeskDatabase) -> None:  # noqa: F811
    async def journey(shell: Shell) -> None:
        assert list(shell.app_bar.tabs.items) == ["tickets", "templates"]
        to_audit()
        await until(lambda: shell.status.told.text() == "Your role does not include this.", "the key is refused")
        shell.go_to("audit")
        assert shell.status.told.text() == "There is no such tab for your role."
        assert shell.findChildren(TrailTab) == []
        assert shell.app_bar.tabs.current() == "tickets"

    gui(at_window(desk_database, AGENT, journey))
