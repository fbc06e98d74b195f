"""Closing the window: nothing on its way is cut off, nothing held is forgotten, and no word is lost unasked."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from hotmess_console.domain.events import MessagesMoved
from hotmess_console.domain.threads import Delivery, DeliveryState, Message
from hotmess_console.domain.values import MessageId, Status
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.drafts import DraftKind
from hotmess_console.services.ids import part_of
from hotmess_console.services.queries import SendingState, Undoable
from hotmess_console.services.replies import Reply, SendAgain
from hotmess_console.services.support import Claim
from hotmess_console.services.undo import Undo
from hotmess_console.ui.running import Running, let_go
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.shell_sheets import HeldMail, UnsentWords
from tests.ui.fakes_shell import ME, NOW, FakeBus, FakeDesk, closed, mine, on_desk, opened, until
from tests.ui.shell_parts import case_id, keyboard, open_sheet, shown_number, tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


class HoldingBus(FakeBus):
    """Holds replies as the ledger does, until they are released or taken back."""

    async def execute(self, command: Command) -> Outcome:
        queries = self._queries
        outcome = await super().execute(command)
        if isinstance(command, Reply):
            case = command.case.id
            delivery = Delivery(DeliveryState.HELD, "a@example.org", NOW)
            id = MessageId(part_of(command.id, "reply"))
            said = Message(id, False, "reply", ME, "Mina Dale", command.body, NOW, "email", delivery=delivery)
            queries.said[case] = (*queries.said.get(case, ()), said)
            queries.done.insert(0, Undoable(command.id, "ticket.reply", NOW, (case,), (10_000,), NOW))
        if isinstance(command, Undo):
            self._settle(MessageId(part_of(command.taken_back, "reply")), DeliveryState.CANCELLED)
            queries.done = [one for one in queries.done if one.command != command.taken_back]
        if isinstance(command, SendAgain):
            for message in command.messages:
                self._settle(message, DeliveryState.SENT)
        held = [m for said in queries.said.values() for m in said if m.delivery and m.delivery.state == "held"]
        queries.sending = SendingState(len(held), 0, 0)
        self.publish(MessagesMoved(outcome.changed))
        return outcome

    def _settle(self, message: MessageId, state: DeliveryState) -> None:
        said = self._queries.said
        for case, messages in said.items():
            said[case] = tuple(
                replace(m, delivery=replace(m.delivery, state=state), retracted=state is DeliveryState.CANCELLED)
                if m.id == message and m.delivery
                else m
                for m in messages
            )


def holding(count: int = 3) -> FakeDesk:
    desk = FakeDesk(mine(count))
    desk.bus = HoldingBus(desk.queries)
    return desk


def write(shell: Shell, text: str) -> None:
    """Type a reply to the open case, as a person would."""
    shell.start_reply()
    QTest.keyClicks(keyboard(), text)


async def asked(shell: Shell, kind: type[HeldMail | UnsentWords]) -> Any:
    await until(lambda: isinstance(open_sheet(shell), kind), "it is asked")
    return open_sheet(shell)


# ── nothing in the way ──


def test_a_window_with_nothing_held_or_unsent_closes_at_once(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(1))
        shell = await opened(desk)
        assert shell.close()
        await closed(shell, desk)

    gui(journey())


def test_what_was_pressed_just_before_closing_is_answered_first(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        case = desk.queries.held[case_id(1)]
        desk.bus.gate.clear()
        deciding = asyncio.ensure_future(shell.decide(Claim(cases=(case.ref,)), "Took it"))
        await until(lambda: bool(desk.bus.sent), "the command is on its way")
        assert not shell.close()
        await asyncio.sleep(0.1)
        assert shell.isVisible()
        assert open_sheet(shell) is None
        desk.bus.gate.set()
        assert await deciding is not None
        await until(lambda: not shell.isVisible(), "it closed by itself")

    gui(on_desk(FakeDesk(mine(2)), journey))


# ── words that are unsent ──


def test_closing_over_unsent_words_names_their_cases_and_esc_stays(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        write(shell, "Half a thought")
        shell.start_note()
        QTest.keyClicks(keyboard(), "For later")
        assert not shell.close()
        sheet = await asked(shell, UnsentWords)
        assert sheet.title.text() == "Your words on HM-10001 were not sent"
        rows = [(choice.title, choice.detail) for choice in sheet.list.choices()]
        assert rows == [("HM-10001", "Reply, 3 words"), ("HM-10001", "Note, 2 words")]
        QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
        await asyncio.sleep(0.05)
        assert shell.isVisible()
        assert open_sheet(shell) is None
        assert len(tab_of(shell).composer.unsent()) == 2

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_enter_goes_to_the_words_that_were_not_sent(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        write(shell, "Half a thought")
        await shell.open_case(case_id(3))
        await until(lambda: shown_number(shell) == 10_003, "another case is open")
        assert not shell.close()
        await asked(shell, UnsentWords)
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: shown_number(shell) == 10_001, "the case is open")
        await until(lambda: tab_of(shell).composer.text() == "Half a thought", "its words are there")
        assert shell.isVisible()

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_words_are_given_up_only_by_their_own_button(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        write(shell, "Half a thought")
        assert not shell.close()
        sheet = await asked(shell, UnsentWords)
        sheet.lose.setFocus()
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: not shell.isVisible(), "it closed")

    gui(on_desk(FakeDesk(mine(2)), journey))


# ── mail that is held ──


@pytest.mark.parametrize("choice", ["stay", "wait"])
def test_closing_over_held_mail_asks_first(gui: Gui, choice: str) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        desk.queries.sending = SendingState(2, 0, 0)
        shell.line.look_at_mail()
        await until(lambda: shell.line.mail.waiting == 2, "the held mail is known")
        assert not shell.close()
        sheet = await asked(shell, HeldMail)
        assert sheet.title.text() == "2 messages are still held"
        assert not sheet.quit.isVisible()
        getattr(sheet, choice).click()
        await asyncio.sleep(0.05)
        assert shell.isVisible()
        if choice == "wait":
            desk.queries.sending = SendingState(0, 0, 0)
            desk.happen(MessagesMoved((case_id(1),)))
            await until(lambda: not shell.isVisible(), "it closed")

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_whoever_waits_for_mail_may_close_again_and_choose_anew(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        desk.queries.sending = SendingState(1, 0, 0)
        shell.line.look_at_mail()
        await until(lambda: shell.line.mail.waiting == 1, "the held mail is known")
        shell.close()
        (await asked(shell, HeldMail)).wait.click()
        await until(lambda: open_sheet(shell) is None, "it waits")
        shell.line.look_at_mail()
        await asyncio.sleep(0.05)
        assert open_sheet(shell) is None
        shell.close()
        (await asked(shell, HeldMail)).stay.click()
        await asyncio.sleep(0.05)
        assert shell.isVisible()

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_mail_may_be_left_held_only_where_nobody_can_send_it(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        desk.queries.sending = SendingState(1, 0, 0)
        desk.bridge.on_sending("Nobody is sending: no mail server is set.")
        shell.line.look_at_mail()
        await until(lambda: bool(shell.line.mail.waiting and shell.line.mail.trouble), "the trouble is known")
        shell.close()
        await asked(shell, HeldMail)
        QTest.keyClick(keyboard(), Qt.Key.Key_L)
        await until(lambda: not shell.isVisible(), "it closed")

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_a_reply_sent_just_before_closing_counts_as_held(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        write(shell, "It is settled.")
        sending = asyncio.ensure_future(shell.send_draft("in_progress"))
        await until(lambda: any(isinstance(sent, Reply) for sent in desk.bus.sent), "it is on its way")
        assert not shell.close()
        (await asked(shell, HeldMail)).stay.click()
        await sending
        assert shell.isVisible()

    gui(on_desk(holding(), journey))


def test_keeping_held_mail_as_drafts_stops_it_and_puts_the_words_back_into_the_open_window(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        write(shell, "It is settled.")
        await shell.send_draft("in_progress")
        await until(lambda: shell.line.mail.waiting == 1, "it is held")
        shell.close()
        await asked(shell, HeldMail)
        QTest.keyClick(keyboard(), Qt.Key.Key_K)
        await until(lambda: "1 message was stopped" in shell.status.told.text(), "it is told")
        (reply,) = [sent for sent in desk.bus.sent if isinstance(sent, Reply)]
        assert [sent.taken_back for sent in desk.bus.sent if isinstance(sent, Undo)] == [reply.id]
        assert "The window stays open" in shell.status.hint.text()
        assert shell.isVisible()
        await asyncio.sleep(0.1)
        assert tab_of(shell).composer.text() == "It is settled."
        await until(lambda: shell.line.mail.waiting == 0, "nothing is held")
        # closing once more asks about the words, since only this window has them
        shell.close()
        (await asked(shell, UnsentWords)).stay.click()

    gui(on_desk(holding(), journey))


def test_mail_that_another_window_of_mine_sent_becomes_a_draft_once(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        case = desk.queries.held[case_id(2)]
        await shell.bridge.send(Reply(case=case.ref, body="From before the restart.", then=Status.IN_PROGRESS))
        await until(lambda: shell.line.mail.waiting == 1, "it is held")
        shell.close()
        (await asked(shell, HeldMail)).keep.click()
        await until(lambda: "1 message was stopped" in shell.status.told.text(), "it is told")
        await asyncio.sleep(0.1)
        drafts = tab_of(shell).composer.unsent()
        assert {of: draft.text for of, draft in drafts.items()} == {
            (case.id, DraftKind.REPLY): "From before the restart."
        }

    gui(on_desk(holding(), journey))


def test_sending_held_mail_now_releases_it_and_closes(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        write(shell, "It is settled.")
        await shell.send_draft("in_progress")
        await until(lambda: shell.line.mail.waiting == 1, "it is held")
        shell.close()
        await asked(shell, HeldMail)
        QTest.keyClick(keyboard(), Qt.Key.Key_S)
        await until(lambda: not shell.isVisible(), "it closed")
        assert any(isinstance(sent, SendAgain) for sent in desk.bus.sent)

    gui(on_desk(holding(), journey))


# ── letting go ──


def test_no_timer_of_a_closed_window_runs_and_nothing_is_begun_any_more(gui: Gui, caplog: Any) -> None:
    async def journey() -> Shell:
        desk = FakeDesk(mine(3))
        shell = await opened(desk)
        tab_of(shell).reader.want(replace(desk.queries.held[case_id(3)], version=99))
        assert any(timer.isActive() for timer in shell.findChildren(QTimer))
        assert shell.close()
        assert not any(timer.isActive() for timer in shell.findChildren(QTimer))
        await closed(shell, desk)
        return shell

    with caplog.at_level(logging.ERROR):
        gui(journey())
        gc.collect()  # a coroutine that nobody awaited warns here, and warnings are errors
    assert not caplog.records


def test_work_that_comes_after_the_end_is_not_begun_even_without_a_loop() -> None:
    running = Running(lambda error: None)
    timer = QTimer()
    let_go(timer, running)

    async def work() -> None:
        raise AssertionError("begun")

    assert running.start(work()) is None
    gc.collect()
