"""Writing on a case that changes meanwhile: theirs, what is new and mine side by side, and nothing sent unread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import StaleError
from hotmess_console.domain.threads import Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.services.drafts import DraftKind
from hotmess_console.services.replies import AddNote, Reply
from hotmess_console.ui.composer.compare_sheet import CompareSheet
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.composer_window import Desk
from tests.ui.fakes_composer import JO, make_detail, make_ticket, message, settle

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
ENTER, ESC, CTRL = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.KeyboardModifier.ControlModifier
SETTLED_S = 0.3


def with_more(desk: Desk, *more: Message, **ticket: object) -> TicketDetail:
    """The open case with more messages and a changed ticket."""
    detail = desk.host.detail
    assert detail is not None
    changed = replace(detail.ticket, version=8, **ticket)  # type: ignore[arg-type]
    return replace(detail, ticket=changed, messages=(*detail.messages, *more))


def answered() -> Message:
    return message("We have asked the payments team.", incoming=False, author="")


async def compared(desk: Desk, *more: Message, kind: str = "reply", text: str = "All done.") -> CompareSheet:
    """Write, let `more` happen, and try to send: the columns are open."""
    desk.composer.start_reply() if kind == "reply" else desk.composer.start_note()
    desk.type(text)
    desk.composer.set_case(with_more(desk, *(more or (answered(), message("Wait, please!")))))
    desk.sending = asyncio.ensure_future(desk.composer.send("resolved" if kind == "reply" else "in_progress"))
    await settle()
    sheet = desk.composer.comparing.sheet
    assert sheet is not None
    assert sheet.isVisible()
    return sheet


async def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at: Any = QApplication.focusWidget()
    QTest.keyClick(at, key, modifier)
    await settle()


def texts(sheet: CompareSheet) -> list[list[str]]:
    columns = (sheet.theirs, sheet.new, sheet.mine)
    return [[text.toPlainText() for text in column.texts] for column in columns]


def test_theirs_the_new_message_and_mine_stand_side_by_side_and_nothing_is_sent(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        sheet = await compared(desk)
        assert texts(sheet) == [["We have asked the payments team."], ["Wait, please!"], ["All done."]]
        assert sheet.title.text() == "HM-10482 changed while you were writing"
        assert "Nothing was sent" in sheet.words.text()
        lefts = [column.mapTo(sheet, column.rect().topLeft()).x() for column in (sheet.theirs, sheet.new, sheet.mine)]
        assert lefts == sorted(set(lefts))
        assert desk.host.decided == []
        await press(ESC)
        await desk.sending

    gui(run())
    assert desk.host.decided == []
    assert desk.composer.text() == "All done."


def test_what_a_colleague_did_besides_writing_is_among_theirs(gui: Gui, desk: Desk) -> None:
    async def run() -> str:
        desk.composer.start_reply()
        desk.type("All done.")
        desk.composer.set_case(with_more(desk, assignee=JO))
        desk.sending = asyncio.ensure_future(desk.composer.send("resolved"))
        await settle()
        sheet = desk.composer.comparing.sheet
        assert sheet is not None
        said = " ".join(label.text() for label in sheet.theirs.findChildren(SafeLabel))
        await press(ESC)
        await desk.sending
        return said

    assert "Jo Kerr took it." in gui(run())


def test_enter_goes_back_to_the_words_and_sending_again_sends_them(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await compared(desk)
        await press(ENTER)
        await desk.sending
        assert desk.composer.editor.hasFocus()
        desk.type(" Really.")
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.last_reply().body == "All done. Really."


def test_ctrl_enter_sends_mine_as_it_was_meant_once_the_columns_were_in_sight(gui: Gui, desk: Desk) -> None:
    async def run() -> Any:
        sheet = await compared(desk)
        assert sheet.send.words() == "Send mine and resolve"
        await press(ENTER, CTRL)
        early = list(desk.host.decided)
        assert "Ignored" in sheet.ignored.text()
        await asyncio.sleep(SETTLED_S)
        await press(ENTER, CTRL)
        await desk.sending
        return early

    assert gui(run()) == []
    assert (desk.last_reply().body, desk.last_reply().then) == ("All done.", "resolved")
    command = desk.last_reply()
    assert command.case.version == 8


def test_d_drops_mine_and_the_editor_can_still_bring_it_back(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await compared(desk)
        await asyncio.sleep(SETTLED_S)
        await press(Qt.Key.Key_D)
        await desk.sending

    gui(run())
    assert desk.host.decided == []
    assert desk.composer.text() == ""
    assert not desk.composer.unsent()
    desk.composer.start_reply()
    desk.press(Qt.Key.Key_Z, CTRL)
    assert desk.composer.text() == "All done."


def test_n_keeps_mine_as_a_note_and_sends_nothing(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await compared(desk)
        await asyncio.sleep(SETTLED_S)
        await press(Qt.Key.Key_N)
        await desk.sending

    gui(run())
    ((command, _words, _leaves),) = desk.host.decided
    assert isinstance(command, AddNote)
    assert command.body == "All done."
    assert not desk.composer.unsent()


def test_a_note_is_compared_as_well_and_says_that_it_is_kept_not_sent(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        sheet = await compared(desk, kind="note")
        assert sheet.send.words() == "Keep the note anyway"
        assert not sheet.as_note.isVisible()
        await press(Qt.Key.Key_N)
        assert sheet.isVisible()
        await press(ESC)
        await desk.sending

    gui(run())
    assert desk.composer.kind is DraftKind.NOTE


def test_more_that_happens_meanwhile_comes_into_the_columns_and_keys_wait_for_it_to_be_seen(
    gui: Gui, desk: Desk
) -> None:
    async def run() -> None:
        sheet = await compared(desk, answered())
        await asyncio.sleep(SETTLED_S)
        desk.composer.set_case(with_more(desk, answered(), message("And one thing more.")))
        assert texts(sheet)[1] == ["And one thing more."]
        await press(ENTER, CTRL)
        assert sheet.isVisible()
        await press(ESC)
        await desk.sending

    gui(run())
    assert desk.host.decided == []


def test_another_case_takes_the_columns_away_and_keeps_the_words(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await compared(desk)
        desk.composer.set_case(make_detail(make_ticket(10_483)))
        await desk.sending
        assert desk.composer.comparing.sheet is None
        assert desk.composer.text() == ""

    gui(run())
    (draft,) = desk.composer.unsent().values()
    assert draft.text == "All done."


def test_a_refused_reply_is_compared_with_what_came_first(gui: Gui, desk: Desk) -> None:
    desk.host.queries.add(with_more(desk, message("It happened again.")))
    desk.host.desk.refusal = StaleError("Somebody else changed this case.", hint="Look again.")

    async def run() -> None:
        desk.composer.start_reply()
        desk.type("Done.")
        sending = asyncio.ensure_future(desk.composer.send("in_progress"))
        await settle()
        sheet = desk.composer.comparing.sheet
        assert sheet is not None
        assert texts(sheet)[1:] == [["It happened again."], ["Done."]]
        desk.host.desk.refusal = None
        await asyncio.sleep(SETTLED_S)
        await press(ENTER, CTRL)
        await sending

    gui(run())
    sent = [command for command in desk.host.desk.sent if isinstance(command, Reply)]
    assert [command.case.version for command in sent] == [7, 8]


def test_the_mask_also_covers_the_columns(gui: Gui, desk: Desk) -> None:
    desk.host.is_masked = True

    async def run() -> None:
        sheet = await compared(desk, message("Rowan Hale again, rowan.hale@example.org"))
        shown = " ".join([*texts(sheet)[1], *(label.text() for label in sheet.new.findChildren(SafeLabel))])
        assert "Rowan" not in shown
        assert "rowan.hale" not in shown
        await press(ESC)
        await desk.sending

    gui(run())
