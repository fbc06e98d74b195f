"""Getting about in the window: tabs, views, panes, Tab and the names that are spoken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget

from hotmess_console.domain.views import MINE, QueueFilter, SavedView
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.widgets.pane_split import widths
from tests.ui.fakes_shell import FakeDesk, mine, on_desk, until
from tests.ui.shell_parts import keyboard, open_sheet

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]


# ── places ──


def test_tabs_are_reached_by_key_and_the_templates_can_be_read(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        await until(lambda: bool(shell.parts and shell.parts.templates.list.choices()), "templates are there")
        QTest.keyClick(keyboard(), Qt.Key.Key_G)
        QTest.keyClick(keyboard(), Qt.Key.Key_E)
        await until(shell.parts.templates.isVisible, "the templates tab is open")
        assert shell.app_bar.tabs.current() == "templates"
        assert shell.parts.templates.title.text() == "Refund confirmation"
        assert "Your £[amount]" in shell.parts.templates.text.toPlainText()
        assert shell.context().current is None
        shell.go_to("tickets")
        assert shell.context().current is not None
        shell.go_to("billing")
        assert shell.status.told.text() == "There is no such tab for your role."

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_views_are_stepped_through_and_begin_again(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        views = shell.parts.tickets.filter_bar.views
        QTest.keyClick(keyboard(), Qt.Key.Key_BracketRight)
        await until(lambda: views.current() == "Unassigned", "the next view is open")
        shell.step_view(-2)
        assert views.current() == "Resolved"
        shell.step_view(1)
        assert views.current() == MINE.name

    gui(on_desk(FakeDesk(mine(1)), journey))


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (1_280, (456, 256, False)),
        (1_192, (456, 256, False)),
        (1_191, (456, 40, True)),
        (960, (440, 40, True)),
        (900, (380, 40, True)),
        (1_600, (760, 320, False)),
        (1_920, (760, 320, False)),
    ],
)
def test_the_person_folds_first_and_the_queue_narrows_next(room: int, expected: tuple[int, int, bool]) -> None:
    found = widths(room)
    assert (found.queue, found.person, found.folded) == expected
    assert room - found.queue - found.person >= 480


def test_folding_by_hand_is_kept(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        tab = shell.parts.tickets
        tab.person.fold.click()
        assert tab.person.folded
        assert tab.split.sizes()[2] == 40
        shell.resize(1_400, 800)
        await asyncio.sleep(0.02)
        assert tab.split.sizes()[2] == 40
        tab.person.unfold.click()
        assert tab.split.sizes()[2] == 256

    gui(on_desk(FakeDesk(mine(1)), journey))


# ── by keyboard and by ear ──


def test_everything_that_can_be_pressed_has_a_name(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        parts = [*shell.findChildren(QAbstractButton), *shell.findChildren(QLineEdit)]
        named = [part for part in parts if part.isVisible()]
        assert len(named) > 20
        nameless = [part for part in named if not spoken_name(part)]
        assert nameless == []

    gui(on_desk(FakeDesk(mine(2)), journey))


def spoken_name(part: QWidget) -> str:
    """What a screen reader would say."""
    if part.accessibleName():
        return part.accessibleName()
    interface = QAccessible.queryAccessibleInterface(part)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def test_tab_leads_from_the_filter_through_every_pane(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        tab = shell.parts.tickets
        tab.filter_bar.field.line.setFocus()
        seen: list[str] = []
        panes = {"queue": tab.queue, "detail": tab.detail, "person": tab.person}
        for _ in range(60):
            at = QApplication.focusWidget()
            seen += [name for name, pane in panes.items() if at is not None and pane.isAncestorOf(at)]
            if at is None or not shell.focusNextPrevChild(True):
                break
        assert list(dict.fromkeys(seen)) == ["queue", "detail", "person"]

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_no_two_actions_want_the_same_key() -> None:
    assert Keymap(build_registry()).troubles == ()


def test_many_saved_views_do_not_widen_the_window_and_the_open_one_is_in_sight(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        bar = shell.parts.tickets.filter_bar
        bar.open_view("A view of mine 11")
        await asyncio.sleep(0.05)
        assert shell.width() == 1_280
        item = bar.views.items["A view of mine 11"]
        assert bar.shelf.viewport().rect().contains(item.mapTo(bar.shelf.viewport(), item.rect().center()))

    desk = FakeDesk(mine(1))
    desk.queries.views = [SavedView(UUID(int=n), f"A view of mine {n}", QueueFilter()) for n in range(1, 12)]
    gui(on_desk(desk, journey))


def test_settings_and_keys_open_from_the_window(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        for open_it in (shell.open_settings, shell.open_palette, shell.open_cheat_sheet):
            open_it()
            await until(lambda: open_sheet(shell) is not None, "a sheet is open")
            QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
            await until(lambda: open_sheet(shell) is None, "it is closed")

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_the_menu_leads_to_what_has_no_button(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.app_bar.face.click()
        await asyncio.sleep(0.05)
        menu = shell.findChild(QMenu)
        assert isinstance(menu, QMenu)
        words = [item.text().split("\t")[0] for item in menu.actions() if item.text()]
        assert words[0] == "Mina Dale, signed in as mina"
        assert {"Theme", "Settings", "Quit"} <= set(words)
        menu.close()

    gui(on_desk(FakeDesk(mine(1)), journey))
