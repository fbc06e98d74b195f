"""What is written and not sent is marked where it waits, and a key that would send it says how to go back to it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.services.drafts import DraftKind
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.queue_rows import Row, draft_words
from tests.ui.fakes_shell import FakeDesk, mine, on_desk, until
from tests.ui.shell_parts import case_id, tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
SEND_AND_RESOLVE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def keyboard() -> QWidget:
    at = QApplication.focusWidget()
    assert at is not None
    return at


def written(shell: Shell, kind: DraftKind, words: str) -> None:
    """Write something and leave it with Esc."""
    (shell.start_note if kind is DraftKind.NOTE else shell.start_reply)()
    QTest.keyClicks(keyboard(), words)
    QTest.keyClick(keyboard(), Qt.Key.Key_Escape)


def draft_on(shell: Shell, number: int) -> str:
    """What the row of this case says of a draft."""
    return row_on(shell, number).draft


def row_on(shell: Shell, number: int) -> Row:
    model = tab_of(shell).model
    at = model.row_of(case_id(number))
    assert at is not None
    return model.row_at(at)


def said_after(shell: Shell, desk: FakeDesk, modifier: Qt.KeyboardModifier) -> str:
    desk.seconds += 1
    shell.focus_queue()
    QTest.keyClick(keyboard(), Qt.Key.Key_Return, modifier)
    return shell.status.told.text()


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], "Nothing is being written: press R for a reply or N for a note."),
        ([DraftKind.NOTE], "Nothing was sent or kept: press N to go back to your note."),
        ([DraftKind.REPLY], "Nothing was sent: press R to go back to your reply."),
        (list(DraftKind), "Nothing was sent or kept: press R to go back to your reply, or N to your note."),
    ],
)
def test_a_sending_key_outside_the_composer_says_how_to_go_back_to_what_is_written(
    gui: Gui, kinds: list[DraftKind], words: str
) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        for kind in kinds:
            written(shell, kind, "Words.")
        for modifier in (SEND_AND_RESOLVE, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier):
            assert said_after(shell, desk, modifier) == words
        assert not desk.bus.sent

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_a_note_that_waits_is_marked_on_the_toggle_and_on_the_row_until_it_is_gone(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        note = tab.composer.head.kinds.items[DraftKind.NOTE.value]
        assert draft_on(shell, 1) == ""
        written(shell, DraftKind.NOTE, "For colleagues.")
        assert draft_on(shell, 1) == "Note draft"
        assert "note draft" in row_on(shell, 1).spoken()
        shell.start_reply()
        assert note.accessibleName() == "Note, draft"
        shell.start_note()
        assert note.accessibleName() == "Note"
        tab.composer.editor.selectAll()
        QTest.keyClick(keyboard(), Qt.Key.Key_Delete)
        assert draft_on(shell, 1) == ""

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_a_reply_that_was_sent_waits_no_longer_and_marks_only_its_own_row(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        def drafts() -> list[str]:
            return [draft_on(shell, number) for number in (1, 2)]

        shell.start_reply()
        QTest.keyClicks(keyboard(), "Hello Rowan, it is done.")
        assert drafts() == ["Reply draft", ""]
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: len(desk.bus.sent) == 1, "it is sent")
        await until(lambda: drafts() == ["", ""], "no draft waits")

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_two_drafts_of_one_case_are_both_named() -> None:
    assert draft_words(frozenset(DraftKind)) == "Reply and note drafts"
    assert draft_words(frozenset({DraftKind.REPLY})) == "Reply draft"
