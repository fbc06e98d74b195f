"""How the whole window looks: golden pictures in each theme and in each state that is no ordinary one.

`UPDATE_GOLDENS=1` paints the golden pictures anew; look at each before it is committed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import Unreachable
from hotmess_console.domain.values import CaseId, Status
from hotmess_console.services.queries import SendingState
from hotmess_console.services.replies import Reply
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.theme.style import theme
from tests.ui.fakes_shell import LONDON, FakeDesk, closed, mine, opened, until
from tests.ui.queue_samples import busy_night, make_case
from tests.ui.test_queue_pictures import SHARE_TOLERANCE, share_that_differs

pytestmark = pytest.mark.foundation

GOLDENS = Path(__file__).resolve().parents[1] / "goldens"
SMALL, LARGE = (1280, 800), (1920, 1080)
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
State = Callable[[Shell, FakeDesk], Coroutine[Any, Any, None]]


async def settled(shell: Shell) -> None:
    """Give everything asked its time, and the layouts theirs."""
    await asyncio.sleep(0.3)
    shell.tick()
    await asyncio.sleep(0.05)


async def at_work(shell: Shell, desk: FakeDesk) -> None:
    """A case is open, another reply is held."""
    assert shell.parts is not None
    tab = shell.parts.tickets
    tab.queue.list.go_to(CaseId(UUID(int=474)))
    case = desk.queries.held[CaseId(UUID(int=470))]
    desk.queries.sending = SendingState(1, 0, 0)
    await shell.decide(Reply(case=case.ref, body="Hello", then=Status.IN_PROGRESS), f"Reply on {case.reference}")
    shell.line.look_at_mail()


async def narrowed(shell: Shell, desk: FakeDesk) -> None:
    """Conditions are typed, three cases are ticked."""
    assert shell.parts is not None
    tab = shell.parts.tickets
    tab.filter_bar.field.line.setText("status:open level:1,2 ")
    tab.filter_bar.field.take()
    await until(lambda: tab.model.rowCount() == 5, "the filter holds")
    tab.queue.list.extend(2)


async def empty(shell: Shell, desk: FakeDesk) -> None:
    """Nothing of mine is left."""
    assert shell.parts is not None
    shell.parts.tickets.filter_bar.open_view("My queue")
    await until(lambda: bool(shell.parts and shell.parts.tickets.queue.is_empty), "the queue is empty")


async def unmatched(shell: Shell, desk: FakeDesk) -> None:
    """Nothing meets what was typed."""
    assert shell.parts is not None
    tab = shell.parts.tickets
    tab.filter_bar.field.line.setFocus()
    tab.filter_bar.field.line.setText("status:closed")
    QTest.keyClick(tab.filter_bar.field.line, Qt.Key.Key_Return)
    await until(lambda: tab.queue.is_empty, "nothing matches")


async def offline(shell: Shell, desk: FakeDesk) -> None:
    """The line broke six minutes ago."""
    await at_work(shell, desk)
    await settled(shell)
    desk.seconds += 360
    desk.lose()
    await until(shell.banners.offline.isVisible, "the banner is there")


async def masked(shell: Shell, desk: FakeDesk) -> None:
    """Names are hidden."""
    await at_work(shell, desk)
    await settled(shell)
    shell.toggle_mask()


async def holding(shell: Shell, desk: FakeDesk) -> None:
    """The window is being closed over held mail."""
    desk.queries.sending = SendingState(2, 0, 0)
    shell.line.look_at_mail()
    await until(lambda: shell.line.mail.waiting == 2, "the mail is known")
    shell.close()


PICTURES: dict[str, tuple[str, tuple[int, int], State]] = {
    "shell-dark-1280": ("dark", SMALL, at_work),
    "shell-light-1280": ("light", SMALL, at_work),
    "shell-high-contrast-1280": ("high contrast", SMALL, at_work),
    "shell-dark-1920": ("dark", LARGE, at_work),
    "shell-filter-dark-1280": ("dark", SMALL, narrowed),
    "shell-empty-dark-1280": ("dark", SMALL, empty),
    "shell-unmatched-dark-1280": ("dark", SMALL, unmatched),
    "shell-offline-dark-1280": ("dark", SMALL, offline),
    "shell-masked-dark-1280": ("dark", SMALL, masked),
    "shell-closing-dark-1280": ("dark", SMALL, holding),
}


async def picture(state: State, size: tuple[int, int]) -> QImage:
    """The window over the busy night, in a state."""
    night = [case for case in busy_night() if state is not empty or case.assignee is None]
    desk = FakeDesk(night)
    shell = await opened(desk, size=size, first="Team")
    try:
        await state(shell, desk)
        await settled(shell)
        return shell.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    finally:
        await closed(shell, desk)


@pytest.mark.parametrize("name", PICTURES)
def test_the_window_looks_as_it_was_approved(gui: Gui, qapp: QApplication, name: str, tmp_path: Path) -> None:
    look, size, state = PICTURES[name]
    theme().apply(qapp, look)
    painted = gui(picture(state, size))
    golden = GOLDENS / f"{name}.png"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        assert painted.save(str(golden))
    painted.save(str(tmp_path / golden.name))
    approved = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert share_that_differs(painted, approved) <= SHARE_TOLERANCE, f"compare {tmp_path / golden.name}"


@pytest.mark.parametrize("name", ["shell-opening-dark-1280", "shell-refused-dark-1280"])
def test_the_window_without_a_desk_looks_as_it_was_approved(gui: Gui, name: str, tmp_path: Path) -> None:
    async def journey() -> QImage:
        why = Unreachable("The server at the office does not answer.", hint="Check the network, then try again.")
        desk = FakeDesk(mine(1), refuses=why)
        shell = Shell(desk.bridge, monotonic=desk.monotonic, zone=LONDON)
        shell.status.set_time("Mon 23 Nov, 02:31 GMT")
        shell.resize(*SMALL)
        shell.show()
        if "refused" in name:
            desk.bridge.start()
            await until(lambda: shell.opening.trouble is not None, "it was refused")
        await asyncio.sleep(0.25)
        try:
            return shell.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        finally:
            await closed(shell, desk)

    painted = gui(journey())
    golden = GOLDENS / f"{name}.png"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        assert painted.save(str(golden))
    painted.save(str(tmp_path / golden.name))
    approved = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert share_that_differs(painted, approved) <= SHARE_TOLERANCE, f"compare {tmp_path / golden.name}"


def test_an_empty_queue_looks_different_from_one_with_a_case(gui: Gui) -> None:
    async def journey(cases: int) -> QImage:
        desk = FakeDesk([make_case(number) for number in range(1, cases + 1)])
        shell = await opened(desk, first="Team")
        try:
            return shell.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        finally:
            await closed(shell, desk)

    assert share_that_differs(gui(journey(0)), gui(journey(2))) > SHARE_TOLERANCE
