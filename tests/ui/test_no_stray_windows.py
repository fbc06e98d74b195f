"""Nothing but the window itself ever stands on the desk: a stray part would flash up and take the keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.values import CaseId, CommandId
from hotmess_console.services.drafts import Draft, DraftKind
from hotmess_console.services.queries import DeskNotice, Undoable
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.actions.registry import Action
from hotmess_console.ui.composer.compare_sheet import CompareSheet
from hotmess_console.ui.composer.comparison import Comparison
from hotmess_console.ui.dialogs.name_view import NameView
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.shell_sheets import HeldMail, UnsentWords
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_shell import JO, NOW, FakeDesk, closed, mine, on_desk, opened, until
from tests.ui.shell_parts import open_sheet

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
CASE = CaseId(UUID(int=1))
LEAVES = {"window.quit"}
"""Ends the program, so there is no window left to look at."""
ASKS = {
    "template.insert", "ticket.assign", "ticket.escalate", "ticket.category", "ticket.priority", "ticket.snooze",
    "ticket.merge", "ticket.link", "ticket.new", "person.find", "desk.notices", "window.palette", "window.undo_list",
    "window.settings", "window.keys", "window.cheat_sheet",
}  # fmt: skip
"""Actions that open a sheet; were one refused here, its sheet would not have been looked at."""
POPUPS = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
"""Menus, completion lists and tips are windows by nature, and go away by themselves."""


class Watch(QObject):
    """Notes every part that is shown as a window of its own, from the moment it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._stray(watched):
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()[:40]!r}")
        return False

    def _stray(self, part: QWidget) -> bool:
        return part.isWindow() and not isinstance(part, Shell) and part.windowType() not in POPUPS


@contextmanager
def watched(app: QApplication) -> Iterator[list[str]]:
    watch = Watch()
    app.installEventFilter(watch)
    yield watch.seen
    app.removeEventFilter(watch)


def eventful() -> FakeDesk:
    """A desk on which every list has something to show."""
    desk = FakeDesk(mine(4))
    first = CaseId(UUID(int=1))
    desk.queries.told = [DeskNotice("5", "mention", first, 10_001, "Question 1", JO, NOW)]
    desk.queries.done = [Undoable(CommandId(UUID(int=6)), "ticket.claim", NOW, (first,), (10_001,), None)]
    return desk


async def settled() -> None:
    for _ in range(6):
        await asyncio.sleep(0.005)


async def carried_out(shell: Shell, action: Action) -> str:
    """Start an action, close whatever sheet it opens; returns the name of that sheet."""
    shell.run_action(action.id)
    await settled()
    sheet = open_sheet(shell)
    if sheet is not None:
        sheet.cancel()
        await settled()
    return type(sheet).__name__ if sheet is not None else ""


def test_building_the_window_shows_no_part_as_a_window_of_its_own(gui: Gui, qapp: QApplication) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(4))
        shell = await opened(desk)
        await closed(shell, desk)

    with watched(qapp) as seen:
        gui(journey())
    assert seen == []


def test_no_action_and_no_sheet_shows_a_part_as_a_window_of_its_own(gui: Gui, qapp: QApplication) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        opened_by = {
            action.id: await carried_out(shell, action) for action in build_registry() if action.id not in LEAVES
        }
        assert {id for id, sheet in opened_by.items() if sheet} >= ASKS, opened_by

    with watched(qapp) as seen:
        gui(on_desk(eventful(), journey))
    assert seen == []


def test_previewing_many_cases_shows_no_part_as_a_window_of_its_own(gui: Gui, qapp: QApplication) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        for action in build_registry():
            if action.decides:
                shell.run_action("queue.tick_all")
                await settled()
                await carried_out(shell, action)

    with watched(qapp) as seen:
        gui(on_desk(eventful(), journey))
    assert seen == []


@pytest.mark.parametrize(
    "make",
    [
        lambda w: NameView(w, "Billing"),
        lambda w: HeldMail(w, 2),
        lambda w: HeldMail(w, 1, "Nobody is sending."),
        lambda w: UnsentWords(w, {(CASE, DraftKind.NOTE): Draft("Words")}, {CASE: "HM-1"}),
        lambda w: CompareSheet(w, Comparison("HM-1", "Rowan", (), (), (), ""), "Mine"),
    ],
    ids=["view", "mail", "stuck mail", "unsent", "compare"],
)
def test_the_windows_own_questions_show_no_part_as_a_window_of_its_own(
    gui: Gui, qapp: QApplication, make: Callable[[QWidget], Sheet]
) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        sheet = make(shell)
        sheet.open()
        await until(sheet.isVisible, "the question is asked")
        sheet.cancel()

    with watched(qapp) as seen:
        gui(on_desk(FakeDesk(mine(1)), journey))
    assert seen == []


def test_a_stray_part_would_be_noticed_even_if_it_found_its_place_at_once(gui: Gui, qapp: QApplication) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        label = SafeLabel("stray")
        label.setVisible(True)
        label.setParent(shell)

    with watched(qapp) as seen:
        gui(on_desk(FakeDesk(mine(1)), journey))
    assert seen == ["SafeLabel 'stray'"]
