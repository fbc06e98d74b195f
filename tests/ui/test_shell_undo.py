"""One way back for one deed, and lines in the status bar that end with their cause."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.errors import StateError, Unreachable
from hotmess_console.domain.values import Status
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.support import Claim, Resolve
from hotmess_console.services.undo import Undo
from hotmess_console.ui.shell import Shell
from tests.ui.fakes_shell import FakeBus, FakeDesk, mine, on_desk, until
from tests.ui.shell_parts import case_id, keyboard, tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


async def resolved_in_portions(shell: Shell, desk: FakeDesk, numbers: tuple[int, ...]) -> list[Resolve]:
    """Resolve cases one command each, and offer them as one deed, as a bulk action of several portions does."""
    commands = [Resolve(cases=(desk.queries.held[case_id(number)].ref,)) for number in numbers]
    for place, command in enumerate(commands, 1):
        await shell.bridge.send(command)
        done = [sent.id for sent in commands[:place]]
        shell.offer_undo(done, f"Resolved {place} cases", [case_id(number) for number in numbers[:place]])
    return commands


def test_z_takes_back_every_portion_of_a_bulk_action_the_newest_first(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        commands = await resolved_in_portions(shell, desk, (1, 2, 3))
        assert shell.status.undo.words.text() == "Resolved 3 cases"
        assert len(shell.decisions.done) == 1
        shell.focus_queue()
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_Z)
        await until(lambda: shell.status.told.text() == "Taken back: Resolved 3 cases.", "it is taken back")
        undone = [sent.taken_back for sent in desk.bus.sent if isinstance(sent, Undo)]
        assert undone == [command.id for command in reversed(commands)]
        assert {case.status for case in desk.queries.held.values()} == {Status.IN_PROGRESS}
        assert not shell.status.undo.isVisible()
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_Z)
        await until(lambda: "nothing of yours" in shell.status.told.text(), "there is nothing more")

    gui(on_desk(FakeDesk(mine(4)), journey))


def test_a_line_lost_half_way_leaves_the_rest_of_the_deed_to_be_taken_back(gui: Gui) -> None:
    class Breaking(FakeBus):
        async def execute(self, command: Command) -> Outcome:
            if isinstance(command, Undo) and any(isinstance(sent, Undo) for sent in self.sent) and not self.mended:
                raise Unreachable("The database cannot be reached.")
            return await super().execute(command)

        mended = False

    async def journey(shell: Shell, desk: FakeDesk) -> None:
        commands = await resolved_in_portions(shell, desk, (1, 2, 3))
        await shell.undo()
        assert shell.status.told.text() == "Only 1 of them was taken back: Resolved 3 cases."
        newest = shell.decisions.done.newest()
        assert newest is not None
        assert newest.commands == (commands[0].id, commands[1].id)
        bus.mended = True
        await shell.undo()
        assert shell.status.told.text() == "Taken back: Resolved 3 cases."

    desk = FakeDesk(mine(4))
    bus = desk.bus = Breaking(desk.queries)
    gui(on_desk(desk, journey))


def test_what_the_receipt_took_back_is_not_offered_again(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        commands = await resolved_in_portions(shell, desk, (1, 2))
        shell.withdraw_undo([command.id for command in commands])
        assert not shell.status.undo.isVisible()
        assert shell.decisions.done.newest() is None

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_a_refusal_is_told_until_something_that_was_begun_after_it_succeeds(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        command = Claim(cases=(desk.queries.held[case_id(1)].ref,))
        desk.bus.refuses = StateError("HM-10001 cannot be claimed now.")
        assert await shell.decide(command, "Claimed") is None
        assert shell.status.told.text() == "HM-10001 cannot be claimed now."
        desk.bus.refuses = None
        assert await shell.decide(Claim(cases=command.cases), "Claimed") is not None
        assert shell.status.told.text() == ""

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_why_a_key_did_nothing_is_told_until_a_key_does_something(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.focus_queue()
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "Nothing is being written" in shell.status.told.text()
        QTest.keyClick(keyboard(), Qt.Key.Key_R)
        assert shell.status.told.text() == ""
        await until(tab_of(shell).composer.has_focus_inside, "the key did what it is for")

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_a_chord_is_told_only_while_it_waits(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.focus_queue()
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_G)
        assert shell.status.told.text() == "G …"
        QTest.keyClick(keyboard(), Qt.Key.Key_T)
        assert shell.status.told.text() == ""

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_ctrl_shift_enter_in_a_note_says_why_not(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.start_note()
        QTest.keyClicks(keyboard(), "For colleagues.")
        desk.seconds += 1
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(keyboard(), Qt.Key.Key_Return, held)
        await until(lambda: "does not resolve the case" in shell.status.told.text(), "it is told")
        assert tab_of(shell).composer.text() == "For colleagues."
        assert not desk.bus.sent

    gui(on_desk(FakeDesk(mine(2)), journey))
