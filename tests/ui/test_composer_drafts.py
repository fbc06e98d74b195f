"""No word is lost: drafts survive other cases, refusals, second thoughts, and what others do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt

from hotmess_console.domain.errors import StaleError
from hotmess_console.domain.threads import Note
from hotmess_console.domain.values import CommandId, MessageId, NoteId, Status
from hotmess_console.services.drafts import DraftKind
from hotmess_console.services.ids import part_of
from tests.ui.composer_window import Desk
from tests.ui.fakes_composer import NOW, make_detail, make_ticket, message, settle

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_draft_is_there_again_after_looking_at_another_case(gui: Gui, desk: Desk) -> None:
    other = make_detail(make_ticket(10_483))

    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        desk.type("9.99")
        desk.composer.set_case(other)
        assert desk.composer.text() == ""
        desk.composer.set_case(desk.host.detail)

    gui(run())
    assert "£9.99 to your card" in desk.composer.text()
    assert [slot.name for slot in desk.composer.editor.filled()] == ["Name", "amount"]
    assert desk.composer.head.template.text == "Refund confirmation · v3"


def test_a_refused_reply_is_back_in_the_editor(gui: Gui, desk: Desk) -> None:
    desk.host.desk.refusal = StaleError("Somebody else changed this case.", hint="Look again.")

    async def run() -> None:
        desk.composer.start_reply()
        desk.type("The second charge went back.")
        await desk.composer.send("resolved")

    gui(run())
    assert desk.composer.text() == "The second charge went back."
    assert desk.host.told


def test_the_editor_is_empty_at_the_key_press_and_keeps_what_is_typed_meanwhile(gui: Gui, desk: Desk) -> None:
    desk.host.desk.refusal = StaleError("Somebody else changed this case.")
    desk.host.gate = asyncio.Event()

    async def run() -> None:
        desk.composer.start_reply()
        desk.type("First words.")
        sending = asyncio.ensure_future(desk.composer.send("in_progress"))
        await settle()
        assert desk.composer.text() == ""
        desk.type("Second words.")
        assert desk.host.gate is not None
        desk.host.gate.set()
        await sending

    gui(run())
    assert desk.composer.text() == "First words.\n\nSecond words."


def test_a_sent_reply_leaves_no_draft_behind(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        desk.composer.start_reply()
        desk.type("It is settled.")
        await desk.composer.send("waiting_response")
        desk.composer.set_case(None)
        desk.composer.set_case(desk.host.detail)

    gui(run())
    assert desk.last_reply().then is Status.WAITING
    assert desk.host.decided[-1][1] == "Reply on HM-10482"
    assert desk.composer.text() == ""


def test_only_a_resolved_case_leaves_the_queue(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        for then in ("in_progress", "resolved"):
            desk.composer.start_reply()
            desk.type("Good.")
            await desk.composer.send(then)

    gui(run())
    assert [len(leaves) for _, _, leaves in desk.host.decided] == [0, 1]


def test_taking_a_reply_back_puts_its_text_into_the_composer(gui: Gui, desk: Desk) -> None:
    detail = desk.host.detail
    assert detail is not None

    async def run() -> None:
        desk.composer.start_reply()
        desk.type("Sent too soon.")
        await desk.composer.send("in_progress")
        id = MessageId(part_of(CommandId(desk.host.decided[-1][0].id), "reply"))
        taken = replace(message("Sent too soon.", incoming=False, retracted=True), id=id)
        desk.composer.set_case(replace(detail, messages=(*detail.messages, taken)))

    gui(run())
    assert desk.composer.text() == "Sent too soon."


def test_taking_a_note_back_puts_its_text_back_as_a_note(gui: Gui, desk: Desk) -> None:
    detail = desk.host.detail
    assert detail is not None

    async def run() -> None:
        desk.composer.start_note()
        desk.type("Wrong case.")
        await desk.composer.send("in_progress")
        id = NoteId(part_of(CommandId(desk.host.decided[-1][0].id), "note"))
        desk.composer.set_case(
            replace(detail, notes=(Note(id, desk.host.me.login, "Wrong case.", NOW, retracted=True),))
        )

    gui(run())
    assert (desk.composer.kind, desk.composer.text()) == (DraftKind.NOTE, "Wrong case.")


def test_esc_goes_back_to_the_queue_and_keeps_the_draft(gui: Gui, desk: Desk) -> None:
    desk.composer.start_reply()
    desk.type("Half a thou")
    desk.press(Qt.Key.Key_Escape)
    assert desk.host.calls == ["focus queue"]
    assert desk.composer.text() == "Half a thou"


# ── what is told ──


def test_what_kept_a_reply_back_is_told_no_longer_than_it_is_true(gui: Gui, desk: Desk) -> None:
    async def run() -> None:
        await desk.reply_with("refund-confirmation")
        await desk.composer.send("in_progress")
        assert desk.host.told[-1].text == "2 of 3 placeholders are empty: amount, next step"
        desk.type("9.99")
        desk.press(Qt.Key.Key_Tab)
        assert not desk.host.untold
        desk.type("Nothing else to do.")

    gui(run())
    assert desk.host.untold == [desk.host.told[-1]]


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("resolved", "A note is never sent, so it does not resolve the case."),
        ("waiting_response", "A note is never sent, so it does not make the case wait for an answer."),
    ],
)
def test_a_note_says_why_it_cannot_be_sent_and_stays(gui: Gui, desk: Desk, then: str, words: str) -> None:
    async def run() -> None:
        desk.composer.start_note()
        desk.type("For colleagues.")
        await desk.composer.send(then)
        assert desk.host.told[-1].text == words
        assert desk.composer.text() == "For colleagues."
        assert not desk.host.decided
        await desk.composer.send("in_progress")

    gui(run())
    assert len(desk.host.decided) == 1
    assert desk.host.untold == [desk.host.told[0]]
