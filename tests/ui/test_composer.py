"""Writing to people: nothing half-filled leaves, nothing typed is lost, nothing pasted is more than plain words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.values import Role
from hotmess_console.services.drafts import DraftKind
from hotmess_console.services.replies import LONGEST, AddNote, File
from hotmess_console.ui.actions.addressing import ADD_ADDRESS
from hotmess_console.ui.dialogs.send_preview import SendPreview
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.composer_window import Desk
from tests.ui.fakes_composer import make_detail, make_ticket, message, settle

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


# ── placeholders ──


def test_an_unfilled_placeholder_keeps_the_reply_from_being_sent(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.host.decided == []
    assert desk.composer.verdict.words == "2 of 3 placeholders are empty: amount, next step"
    assert desk.host.told[-1].hint == "Tab fills it"
    assert desk.composer.bar.send.reason


def test_tab_goes_round_the_empty_placeholders_and_typing_fills_them(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        desk.type("9.99")
        desk.press(Qt.Key.Key_Tab)
        desk.type("Nothing else to do.")
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.last_reply().body.startswith("Hi Rowan,\n\nWe've returned £9.99 to your card.")
    assert desk.last_reply().body.endswith("Nothing else to do.")
    assert desk.last_reply().template_version == 3


def test_backtab_goes_to_the_placeholder_before(gui: Gui, desk: Desk) -> None:
    gui(desk.reply_with("refund-confirmation"))
    desk.press(Qt.Key.Key_Tab)
    assert desk.composer.editor.textCursor().selectedText() == "[next step]"
    desk.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert desk.composer.editor.textCursor().selectedText() == "[amount]"


def test_tab_leaves_the_text_once_nothing_is_empty(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        desk.composer.start_reply()
        desk.type("All is well.")
        desk.press(Qt.Key.Key_Tab)

    gui(run())
    assert not desk.composer.editor.hasFocus()
    assert desk.composer.has_focus_inside()
    assert "\t" not in desk.composer.text()


def test_brackets_in_a_value_from_the_case_are_not_a_placeholder(gui: Gui) -> None:
    desk = Desk(make_detail(make_ticket(requester_name="[amount] [date]")))

    async def run() -> None:
        desk.composer.set_case(desk.host.detail)
        await desk.reply_with("resolution")

    gui(run())
    assert desk.composer.text().startswith("Hi [amount],")
    assert desk.composer.verdict.words == "1 of 2 placeholders is empty: Details of resolution"
    desk.window.close()


def test_a_filled_value_stays_marked_while_words_are_typed_before_it(gui: Gui, desk: Desk) -> None:
    gui(desk.reply_with("refund-confirmation"))
    desk.press(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    desk.composer.editor.textCursor().insertText("🙂 Good evening. ")
    (slot, *_) = desk.composer.editor.filled()
    cursor = desk.composer.editor.textCursor()
    cursor.setPosition(slot.start)
    cursor.setPosition(slot.end, cursor.MoveMode.KeepAnchor)
    assert cursor.selectedText() == "Rowan"


def test_one_step_back_in_the_editor_takes_a_template_out_again(gui: Gui, desk: Desk) -> None:
    gui(desk.reply_with("resolution"))
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.composer.text() == ""


# ── notes ──


def test_a_note_never_becomes_a_reply_and_a_reply_never_a_note(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        desk.composer.start_reply()
        desk.type("To the person.")
        desk.composer.start_note()
        assert desk.composer.text() == ""
        desk.type("To colleagues.")
        await desk.composer.send("in_progress")
        desk.composer.start_reply()

    gui(run())
    (command, words, leaves) = desk.host.decided[0]
    assert isinstance(command, AddNote)
    assert (command.body, words, leaves) == ("To colleagues.", "Note on HM-10482", ())
    assert desk.composer.text() == "To the person."


def test_at_offers_colleagues_and_enter_takes_one(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        desk.composer.start_note()
        desk.type("Please look, @o")
        await settle()
        assert desk.composer.mentions.isVisible()
        desk.press(Qt.Key.Key_Return)

    gui(run())
    assert desk.composer.text() == "Please look, @ada.o "
    assert not desk.composer.mentions.isVisible()


def test_an_address_in_a_note_offers_nobody(gui: Gui, desk: Desk) -> None:
    desk.composer.start_note()
    desk.type("write to x@j")
    assert not desk.composer.mentions.isVisible()


# ── who cannot be answered ──


def test_a_person_without_an_address_gets_a_note_and_the_reason_is_shown(gui: Gui) -> None:
    desk = Desk(make_detail(make_ticket(requester_email="row-12@import.invalid")))

    async def run() -> None:
        desk.composer.set_case(desk.host.detail)
        desk.composer.start_reply()
        await settle()

    gui(run())
    assert desk.composer.kind is DraftKind.NOTE
    assert "No address: cannot be answered" in desk.composer.head.who.text()
    assert desk.host.told[-1].text == "No address: cannot be answered"
    # the way out has a name and a key, and both are the action's own
    assert ADD_ADDRESS.title in desk.host.told[-1].hint
    assert ADD_ADDRESS.keys[0] in desk.host.told[-1].hint
    assert ADD_ADDRESS.keys[0] in desk.composer.head.who.text()
    desk.window.close()


def test_somebody_who_may_only_read_can_write_nothing(gui: Gui) -> None:
    desk = Desk(roles=frozenset({Role.AUDITOR}))

    async def run() -> None:
        desk.composer.set_case(desk.host.detail)
        desk.type("x")
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.composer.text() == ""
    assert desk.host.decided == []
    desk.window.close()


def test_the_mask_hides_whom_it_goes_to(gui: Gui, desk: Desk) -> None:
    desk.host.is_masked = True
    desk.composer.refresh_mask()
    shown = [label.text() for label in desk.composer.head.findChildren(SafeLabel)]
    assert not any("Rowan" in text or "example.org" in text for text in shown)


# ── hostile text ──


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "<img src='http://x.example/a.png'>", "&lt;script&gt;", "[Name](http://x.example)"]
)
def test_pasted_markup_stays_as_it_is_written(gui: Gui, desk: Desk, text: str) -> None:
    desk.composer.start_reply()
    pasted = QMimeData()
    pasted.setHtml("<h1>HUGE</h1>")
    pasted.setText(text)
    desk.composer.editor.insertFromMimeData(pasted)
    assert desk.composer.text() == text
    assert desk.composer.editor.currentFont().pointSize() == desk.composer.editor.font().pointSize()


def test_a_paste_without_words_pastes_nothing(gui: Gui, desk: Desk) -> None:
    pasted = QMimeData()
    pasted.setData("image/png", b"\x89PNG")
    assert not desk.composer.editor.canInsertFromMimeData(pasted)


def test_a_paste_of_300_kilobytes_is_cut_with_words(gui: Gui, desk: Desk) -> None:
    desk.composer.start_reply()
    pasted = QMimeData()
    pasted.setText("x" * 300_000)
    desk.composer.editor.insertFromMimeData(pasted)
    assert len(desk.composer.text()) <= LONGEST
    assert desk.host.told[-1].text == "280,000 characters did not fit and were left out."


def test_controls_that_turn_letters_round_become_visible_when_pasted(gui: Gui, desk: Desk) -> None:
    pasted = QMimeData()
    pasted.setText("safe\u202etxt.exe\x00")
    desk.composer.editor.insertFromMimeData(pasted)
    assert "\u202e" not in desk.composer.text()
    assert "\x00" not in desk.composer.text()


# ── preview, files, risk ──


def test_the_preview_shows_exactly_what_will_be_sent(gui: Gui, desk: Desk) -> None:
    async def run() -> SendPreview:
        desk.composer.start_reply()
        desk.type("Both payments are back.")
        showing = asyncio.ensure_future(desk.composer.preview())
        await settle()
        (sheet,) = [s for s in desk.window.findChildren(SendPreview) if s.isVisible()]
        QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await showing
        return sheet

    sheet: SendPreview = gui(run())
    assert sheet.message.sender == "HOTMESS Support <support@example.org>"
    assert sheet.message.recipient == "Rowan Hale <rowan.hale@example.org>"
    assert sheet.message.subject == "[HM-10482] Re: Charged twice for PLUS in November"
    assert sheet.message.body == desk.last_reply().body == "Both payments are back."


def test_a_blocked_reply_cannot_be_sent_from_its_preview(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        showing = asyncio.ensure_future(desk.composer.preview())
        await settle()
        (sheet,) = [s for s in desk.window.findChildren(Sheet) if s.isVisible()]
        QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert not showing.done()
        sheet.cancel()
        await showing

    gui(run())
    assert desk.host.decided == []


def test_files_go_along_and_can_be_taken_off(gui: Gui, desk: Desk) -> None:
    files = (File("a.txt", "text/plain", b"a" * 2_000), File("b.txt", "text/plain", b"b"))

    async def run() -> None:
        desk.composer.start_reply()
        desk.type("See the file.")
        desk.composer._keep(replace(desk.composer._draft, files=files))
        desk.composer.check_now()
        desk.composer.files.removed.emit(0)
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.last_reply().files == files[1:]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Your password is safe.", "password"),
        ("Your card 4111 1111 1111 1111 was charged.", "card number"),
        ("See https://elsewhere.example/x", "elsewhere.example"),
    ],
)
def test_risky_words_are_remarked_on_and_never_stop_sending(gui: Gui, desk: Desk, text: str, says: str) -> None:
    async def run() -> None:
        desk.composer.start_reply()
        desk.type(text)
        assert says in desk.composer.verdict.words
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.last_reply().body == text


def test_another_person_of_the_thread_is_remarked_on(gui: Gui) -> None:
    desk = Desk(make_detail(make_ticket(), message("It was me.", author="Sol Bryce"), message("Help.")))

    async def run() -> None:
        desk.composer.set_case(desk.host.detail)
        await settle()
        desk.composer.start_reply()
        desk.type("Sol Bryce told us.")

    gui(run())
    assert "another person" in desk.composer.verdict.words
    desk.window.close()


def test_the_bar_keeps_its_height_and_its_buttons_whatever_the_state(gui: Gui, desk: Desk) -> None:
    heights = set()
    for width in (480, 560, 720, 1200):
        desk.window.resize(width, 400)
        QApplication.processEvents()
        bar = desk.composer.bar
        heights.add(bar.height())
        for shown in (bar.template, bar.wait, bar.resolve, bar.send):
            assert shown.isVisible()
            assert shown.width() >= shown.sizeHint().width()
        assert bar.attach.isVisible() or bar.attach_icon.isVisible()
    assert len(heights) == 1


# ── values of the right kind ──


def paste(desk: Desk, words: str) -> None:
    pasted = QMimeData()
    pasted.setText(words)
    desk.composer.editor.insertFromMimeData(pasted)


def test_words_where_an_amount_belongs_keep_the_reply_from_being_sent(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        desk.type("abc")
        desk.press(Qt.Key.Key_Tab)
        desk.type("Nothing else to do.")
        await desk.composer.send("in_progress")

    gui(run())
    assert desk.host.decided == []
    assert desk.composer.verdict.words == "“abc” is no amount of money."
    assert desk.composer.bar.send.reason


def test_a_second_pound_sign_is_never_sent(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        paste(desk, "£9.9")
        desk.press(Qt.Key.Key_Tab)
        paste(desk, "😀 Nothing else to do.")
        await desk.composer.send("in_progress")

    gui(run())
    assert "We've returned £9.90 to your card." in desk.last_reply().body


def test_euros_in_the_refund_in_pounds_point_to_the_variant(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        paste(desk, "€9.99")
        desk.press(Qt.Key.Key_Tab)
        desk.type("Nothing else to do.")

    gui(run())
    assert desk.composer.verdict.blocks
    assert desk.composer.verdict.hint == "Press T and use its variant for other currencies."
