"""Many cases at once: previewed, counted, stopped, tried again, undone, and each told what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt

from hotmess_console.domain.errors import Unreachable
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, Status
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services import support
from hotmess_console.services.bulk import CHUNK, Foreseen
from hotmess_console.services.bus import Command, Outcome, Skipped
from hotmess_console.services.support import CHANGED_MEANWHILE
from hotmess_console.services.undo import Undo
from hotmess_console.ui.actions.registry import refusal
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS
from hotmess_console.ui.dialogs.bulk_preview import BulkSheet, Plan
from tests.ui.fakes_composer import FakeHost, accepted, case_of, make_detail, make_ticket, settle
from tests.ui.host_parts import ENTER, ESC, press

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
ACTIONS = {action.id: action for action in TICKET_ACTIONS}


def many(host: FakeHost, count: int, done: int = 0) -> list[TicketDetail]:
    """Tick all of `count` cases, of which `done` are resolved already."""
    details = [
        make_detail(make_ticket(20_000 + n, status=Status.RESOLVED if n < done else Status.OPEN, assignee=None))
        for n in range(count)
    ]
    host.queries.tickets = {detail.case.id: detail for detail in details}
    host.all_matching = QueueFilter()
    return details


def sheet_of(host: FakeHost) -> BulkSheet:
    (sheet,) = [sheet for sheet in host.window.findChildren(BulkSheet) if sheet.isVisible()]
    return sheet


async def begin(host: FakeHost, id: str = "ticket.resolve") -> tuple[asyncio.Future[None], BulkSheet]:
    task = asyncio.ensure_future(ACTIONS[id].run(host))
    await settle(40)
    return task, sheet_of(host)


def test_a_bulk_action_does_nothing_before_the_count_is_typed(gui: Gui, host: FakeHost) -> None:
    many(host, 40, done=6)

    async def run() -> tuple[str, list[str]]:
        task, sheet = await begin(host)
        title, reasons = sheet.title.text(), []
        for typed in (ENTER, "40", ENTER):
            press(typed)
            await settle()
            reasons.append(sheet.why_not())
        assert not host.decided
        assert not host.desk.sent
        sheet.typed.clear()
        press("34")
        press(ENTER)
        await settle(20)
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return title, reasons

    title, reasons = gui(run())
    assert title == "Resolve 34 of 40 cases"
    assert reasons == ["Type the count first.", "That is another number.", "That is another number."]
    ((command, words, leaves),) = host.decided
    assert isinstance(command, support.Resolve)
    assert len(command.cases) == len(leaves) == 34
    assert words == "Resolved 34 cases"
    assert "refresh" in host.calls


def test_up_to_25_cases_need_only_enter(gui: Gui, host: FakeHost) -> None:
    many(host, 25)

    async def run() -> None:
        task, sheet = await begin(host)
        assert not sheet.typed_needed
        press(ENTER)
        await settle(20)
        press(ENTER)
        await asyncio.wait_for(task, 5)

    gui(run())
    assert len(host.decided) == 1


def test_esc_leaves_a_preview_without_having_done_anything(gui: Gui, host: FakeHost) -> None:
    many(host, 30)

    async def run() -> None:
        task, _ = await begin(host)
        press(ESC)
        await asyncio.wait_for(task, 5)

    gui(run())
    assert not host.decided
    assert not host.desk.sent


def test_the_preview_says_what_is_skipped_and_why(gui: Gui, host: FakeHost) -> None:
    details = many(host, 10, done=2)

    async def run() -> tuple[Skipped, ...]:
        task, sheet = await begin(host, "ticket.claim")
        press(ESC)
        await task
        return sheet.plan.foreseen.skipped

    skipped = gui(run())
    assert [item.case for item in skipped] == [detail.case.id for detail in details[:2]]
    assert all("resolved and cannot be claimed" in item.reason for item in skipped)


def test_thousands_go_in_portions_and_one_undo_takes_all_back(gui: Gui, host: FakeHost) -> None:
    many(host, 2 * CHUNK + 1)

    async def run() -> str:
        task, sheet = await begin(host)
        press(str(2 * CHUNK + 1))
        press(ENTER)
        await settle(60)
        press(Qt.Key.Key_Z)
        await settle(60)
        words = sheet.words.text()
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return words

    host.desk.answer = lambda c: Outcome((CaseId(uuid4()),) * 7) if isinstance(c, Undo) else accepted(c)
    words = gui(run())
    sent = host.desk.sent
    portions = [command for command in sent if isinstance(command, support.Resolve)]
    undone = [command for command in sent if isinstance(command, Undo)]
    assert [len(command.cases) for command in portions] == [CHUNK, CHUNK, 1]
    assert [command.taken_back for command in undone] == [command.id for command in reversed(portions)]
    assert words == "21 cases are as they were before."


def test_all_portions_are_offered_as_one_deed_and_withdrawn_once_the_receipt_took_them_back(
    gui: Gui, host: FakeHost
) -> None:
    many(host, 2 * CHUNK + 1)

    async def run() -> None:
        task, _sheet = await begin(host)
        press(str(2 * CHUNK + 1))
        press(ENTER)
        await settle(60)
        portions = tuple(command.id for command in host.desk.sent)
        commands, words, cases = host.offered[-1]
        assert commands == portions
        assert len(commands) == 3
        assert words == "Resolved 2,001 cases"
        assert len(cases) == 2 * CHUNK + 1
        assert not host.withdrawn
        press(Qt.Key.Key_Z)
        await settle(60)
        assert host.withdrawn == list(reversed(portions))
        press(ENTER)
        await asyncio.wait_for(task, 5)

    gui(run())


def test_stopping_between_two_portions_leaves_the_rest_alone(gui: Gui, host: FakeHost) -> None:
    many(host, 3 * CHUNK)

    async def run() -> BulkSheet:
        task, sheet = await begin(host)

        def answer(command: Command) -> Outcome:
            sheet.cancel()
            return accepted(command)

        host.desk.answer = answer
        press(str(3 * CHUNK))
        press(ENTER)
        await settle(60)
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return sheet

    sheet = gui(run())
    assert len(host.desk.sent) == 1
    assert sheet.receipt is not None
    assert (len(sheet.receipt.changed), len(sheet.receipt.left_out)) == (CHUNK, 2 * CHUNK)


def test_only_what_failed_is_tried_again_at_its_newest_version(gui: Gui, host: FakeHost) -> None:
    details = many(host, 3)
    late = details[1].case

    def first(command: Command) -> Outcome:
        newer = replace(details[1].ticket, version=99)
        host.queries.tickets[late.id] = replace(details[1], case=case_of(newer), ticket=newer)
        host.desk.answer = accepted
        return Outcome((details[0].case.id, details[2].case.id), (Skipped(late.id, CHANGED_MEANWHILE),))

    host.desk.answer = first

    async def run() -> BulkSheet:
        task, sheet = await begin(host)
        press(ENTER)
        await settle(40)
        press("r")
        await settle(40)
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return sheet

    sheet = gui(run())
    again = host.desk.sent[-1]
    assert isinstance(again, support.Resolve)
    assert [(ref.id, ref.version) for ref in again.cases] == [(late.id, 99)]
    assert sheet.receipt is not None
    assert (len(sheet.receipt.changed), sheet.receipt.failed) == (3, ())


def test_a_lost_connection_in_the_middle_is_a_failure_of_those_cases_only(gui: Gui, host: FakeHost) -> None:
    many(host, CHUNK + 5)

    async def run() -> BulkSheet:
        task, sheet = await begin(host)

        def answer(command: Command) -> Outcome:
            host.desk.refusal = Unreachable("The server cannot be reached.", hint="It is tried again.")
            return accepted(command)

        host.desk.answer = answer
        press(str(CHUNK + 5))
        press(ENTER)
        await settle(60)
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return sheet

    sheet = gui(run())
    assert sheet.receipt is not None
    assert (len(sheet.receipt.changed), len(sheet.receipt.failed)) == (CHUNK, 5)
    assert sheet.receipt.failed[0].reason.startswith("The server cannot be reached.")


def test_ticked_cases_that_none_can_be_done_to_say_so_before_any_preview(host: FakeHost) -> None:
    details = many(host, 3, done=3)
    host.all_matching, host.chosen = None, tuple(detail.case for detail in details)
    assert refusal(ACTIONS["ticket.claim"], host.context()).startswith(
        "None of the 3 ticked cases: HM-20000 is resolved"
    )


def test_a_batch_that_would_change_nothing_opens_no_preview_and_says_why_in_words(gui: Gui, host: FakeHost) -> None:
    details = many(host, 22)
    me = host.me.login
    for detail in details:
        mine = replace(detail.ticket, assignee=me, status=Status.IN_PROGRESS)
        host.queries.tickets[detail.case.id] = replace(detail, case=case_of(mine), ticket=mine)

    async def run() -> bool:
        await asyncio.wait_for(ACTIONS["ticket.claim"].run(host), 5)
        return any(sheet.isVisible() for sheet in host.window.findChildren(BulkSheet))

    assert not gui(run())
    assert not host.decided
    (told,) = host.told
    assert told.text == "Claim: nothing to do for any of the 22 ticked cases."
    assert told.hint == "They are like this already."


def test_a_preview_without_a_case_still_takes_the_keyboard_and_closes_on_esc(gui: Gui, host: FakeHost) -> None:
    plan = Plan("Claim", "Claimed", (), Foreseen((), ()), ())

    async def never(*_: Any) -> Any:
        raise AssertionError("nothing is to be done")

    async def run() -> object:
        sheet = BulkSheet(host.window, plan, host.staff, never, never)
        answer = sheet.open()
        assert sheet.has_keyboard()
        press(ESC)
        return await asyncio.wait_for(answer, 5)

    assert gui(run()) is None


def undone(command: Command, sent: list[Command]) -> Outcome:
    """Take back exactly the cases of the command that is undone."""
    if not isinstance(command, Undo):
        return accepted(command)
    return accepted(next(other for other in sent if other.id == command.taken_back))


def test_the_receipt_says_taken_back_in_title_sum_and_rows_after_undo_all(gui: Gui, host: FakeHost) -> None:
    many(host, CHUNK + 2, done=1)
    host.desk.answer = lambda command: undone(command, host.desk.sent)

    async def run() -> tuple[str, str, set[str], str]:
        task, sheet = await begin(host)
        press(str(CHUNK + 1))
        press(ENTER)
        await settle(60)
        press(Qt.Key.Key_Z)
        await settle(60)
        view = sheet.result_view
        seen = (sheet.title.text(), view.sum.text(), {row.section for row in view.list.choices()}, view.undo.reason)
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return seen

    title, total, sections, reason = gui(run())
    assert title == "Taken back: 1,001 of 1,001 cases"
    assert total == "1,001 taken back, 1 skipped"
    assert sections == {"Taken back", "Skipped"}
    assert reason == "Taken back."


def test_a_portion_that_undo_could_not_reach_stays_done_and_can_be_taken_back_once_more(
    gui: Gui, host: FakeHost
) -> None:
    many(host, CHUNK + 2)

    def answer(command: Command) -> Outcome:
        if isinstance(command, Undo):
            host.desk.refusal = Unreachable("The server cannot be reached.", hint="It is tried again.")
        return undone(command, host.desk.sent)

    host.desk.answer = answer

    async def run() -> tuple[str, str]:
        task, sheet = await begin(host)
        press(str(CHUNK + 2))
        press(ENTER)
        await settle(60)
        press(Qt.Key.Key_Z)
        await settle(60)
        first = sheet.title.text()
        assert sheet.result_view.undo.isEnabled()
        host.desk.refusal, host.desk.answer = None, lambda command: undone(command, host.desk.sent)
        press(Qt.Key.Key_Z)
        await settle(60)
        last = sheet.title.text()
        press(ENTER)
        await asyncio.wait_for(task, 5)
        return first, last

    first, last = gui(run())
    assert first == "Resolved 1,000 of 1,002 cases, took back 2"
    assert last == "Taken back: 1,002 of 1,002 cases"
