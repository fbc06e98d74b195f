"""The window's queue: keys move, deciding shows the next case at once, and nobody's changes move what is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.events import CasesChanged, Resync
from hotmess_console.domain.values import Category, Status
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.support import Claim, Resolve
from hotmess_console.services.undo import Undo
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.queue_model import ROW
from tests.ui.fakes_shell import JO, ME, FakeDesk, mine, on_desk, until
from tests.ui.queue_samples import busy_night, make_case
from tests.ui.shell_parts import all_read_ahead, case_id, keyboard, shown_number, tab_of

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def test_j_and_k_move_along_the_queue_and_the_middle_follows(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        assert shown_number(shell) == 10_001
        for key, number in ((Qt.Key.Key_J, 10_002), (Qt.Key.Key_J, 10_003), (Qt.Key.Key_K, 10_002)):
            desk.seconds += 1
            QTest.keyClick(tab.queue.list, key)
            await until(lambda wanted=number: shown_number(shell) == wanted, f"{number} is shown")  # type: ignore[misc]
        assert [case.number for case in shell.context().chosen] == [10_002]

    gui(on_desk(FakeDesk(mine(5)), journey))


def test_a_held_key_asks_only_for_the_case_it_stops_at(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        await all_read_ahead(tab)
        before = desk.queries.asked.count("ticket")
        for _ in range(30):
            tab.queue.list.step(1)
        await until(lambda: shown_number(shell) == 10_031, "the last one is shown")
        assert desk.queries.asked.count("ticket") - before < 90
        await shell.running.finished()
        asked = desk.queries.asked.count("ticket")
        assert asked - before <= 33

    gui(on_desk(FakeDesk(mine(45)), journey))


def test_deciding_shows_the_next_case_in_the_same_frame_while_the_database_is_silent(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        await all_read_ahead(tab)
        desk.bus.gate.clear()
        case = tab.case
        assert case is not None
        deciding = asyncio.ensure_future(shell.decide(Resolve(cases=(case.ref,)), "Resolved", leaves_queue=[case.id]))
        await asyncio.sleep(0)
        # no answer has come: everything on screen is already the next case
        assert not desk.bus.sent or not deciding.done()
        assert tab.model.row_of(case.id) is None
        assert shown_number(shell) == 10_002
        assert tab.person.isVisible()
        assert shell.status.undo.isVisible()
        assert shell.status.undo.words.text() == "Resolved"
        desk.bus.gate.set()
        outcome = await deciding
        assert outcome is not None
        assert outcome.changed == (case.id,)
        assert desk.queries.held[case.id].status is Status.RESOLVED
        assert tab.model.row_of(case.id) is None

    gui(on_desk(FakeDesk(mine(5)), journey))


def test_claiming_takes_a_case_out_of_the_unassigned_in_the_same_frame_and_out_of_no_other_view(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        desk.bus.gate.clear()
        for view, gone in (("Unassigned", True), ("Team", False)):
            tab.filter_bar.open_view(view)
            await until(lambda: tab.controller.state.value == "ready" and tab.model.rowCount() > 0, "it is there")
            case = tab.case
            assert case is not None
            shell.start(shell.decide(Claim(cases=(case.ref,)), "Claimed"))
            await asyncio.sleep(0)
            assert (tab.model.row_of(case.id) is None) is gone
        desk.bus.gate.set()

    gui(on_desk(FakeDesk([make_case(number) for number in range(1, 5)]), journey, first="Team"))


def test_a_refused_decision_comes_back_with_its_reason_and_offers_no_undo(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        case = tab.case
        assert case is not None
        desk.bus.refuses = StateError("HM-10001 was merged into another case.", hint="Open that case instead.")
        outcome = await shell.decide(Resolve(cases=(case.ref,)), "Resolved", leaves_queue=[case.id])
        assert outcome is None
        row = tab.model.row_of(case.id)
        assert row == 0
        assert tab.model.row_at(row).notice == "HM-10001 was merged into another case."
        assert not shell.status.undo.isVisible()
        assert shell.status.told.text() == "HM-10001 was merged into another case."
        assert shell.status.hint.text() == "Open that case instead."
        # what was opened meanwhile stays open: nothing jumps under the person's hands
        assert tab.queue.list.current == case_id(2)

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_z_takes_the_newest_command_back_and_opens_its_case(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        case = tab.case
        assert case is not None
        await shell.decide(Resolve(cases=(case.ref,)), "Resolved HM-10001", leaves_queue=[case.id])
        QTest.keyClick(tab.queue.list, Qt.Key.Key_Z)
        await until(lambda: tab.model.row_of(case.id) is not None, "the row is back")
        await until(lambda: tab.queue.list.current == case.id, "its case is open")
        assert isinstance(desk.bus.sent[-1], Undo)
        assert shell.status.told.text() == "Taken back: Resolved HM-10001."
        assert not shell.status.undo.isVisible()
        await shell.undo()
        assert shell.status.told.text() == "There is nothing of yours to take back."

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_two_commands_on_one_case_are_sent_in_order_and_the_second_builds_on_the_first(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        case = tab_of(shell).case
        assert case is not None
        desk.bus.gate.clear()
        first = asyncio.ensure_future(shell.decide(Claim(cases=(case.ref,)), "Took it"))
        second = asyncio.ensure_future(shell.decide(Resolve(cases=(case.ref,)), "Resolved", leaves_queue=[case.id]))
        await asyncio.sleep(0.05)
        assert [type(command) for command in desk.bus.sent] == [Claim]
        desk.bus.gate.set()
        assert await first is not None
        assert await second is not None
        assert desk.queries.held[case.id].version == case.version + 2

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_a_version_that_somebody_else_changed_is_refused_even_behind_ones_own_command(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        case = tab_of(shell).case
        assert case is not None
        desk.bus.gate.clear()
        first = asyncio.ensure_future(shell.decide(Claim(cases=(case.ref,)), "Took it"))
        second = asyncio.ensure_future(shell.decide(Resolve(cases=(case.ref,)), "Resolved", leaves_queue=[case.id]))
        await asyncio.sleep(0.02)
        was = desk.queries.held[case.id]
        desk.queries.held[case.id] = replace(was, version=was.version + 1)
        desk.bus.gate.set()
        assert await first is None
        assert await second is None

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_a_change_elsewhere_keeps_focus_scroll_and_ticks(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        tab.queue.list.go_to(case_id(20))
        tab.queue.list.toggle_tick()
        await asyncio.sleep(0.05)
        top = tab.queue.list.indexAt(tab.queue.list.viewport().rect().topLeft()).row()
        assert top > 0
        first_shown = tab.model.id_at(top)
        new = replace(make_case(900, due_minutes=-100), assignee=ME)
        desk.queries.held[new.id] = new
        desk.happen(CasesChanged((new.id,)))
        await until(lambda: tab.model.row_of(new.id) == 0, "the new case is on top")
        assert tab.queue.list.current == case_id(20)
        assert case_id(20) in tab.model.ticked
        assert tab.model.id_at(tab.queue.list.indexAt(tab.queue.list.viewport().rect().topLeft()).row()) == first_shown

    gui(on_desk(FakeDesk(mine(40)), journey))


def test_a_case_that_no_longer_matches_leaves_and_one_that_does_arrives_within_a_second(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        desk.change(case_id(3), assignee=JO)
        await until(lambda: tab.model.row_of(case_id(3)) is None, "it left", seconds=1)
        desk.change(case_id(3), assignee=ME)
        await until(lambda: tab.model.row_of(case_id(3)) is not None, "it is back", seconds=1)

    gui(on_desk(FakeDesk(mine(5)), journey))


def test_a_newer_version_of_the_open_case_is_shown_without_a_gap(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        desk.change(case_id(1), subject="Now with another subject")
        await until(lambda: tab.shown is not None and tab.shown.case.version == 2, "the new version is shown")
        assert tab.shown is not None
        assert tab.shown.case.subject == "Now with another subject"

    gui(on_desk(FakeDesk(mine(2)), journey))


def test_changes_that_may_have_been_missed_are_read_again_with_the_focus_kept(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        tab.queue.list.go_to(case_id(4))
        del desk.queries.held[case_id(2)]
        desk.happen(Resync())
        await until(lambda: tab.model.row_of(case_id(2)) is None, "the missing one is gone")
        assert tab.queue.list.current == case_id(4)

    gui(on_desk(FakeDesk(mine(6)), journey))


def test_more_pages_are_read_as_the_person_nears_the_end(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        tab.queue.list.go_last()
        await until(lambda: tab.model.rowCount() == 100, "the second page is there")
        tab.queue.list.go_last()
        await until(lambda: tab.model.rowCount() == 130, "the third page is there")
        assert tab.model.complete

    gui(on_desk(FakeDesk(mine(130)), journey))


def test_the_answer_to_an_older_question_is_never_shown(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        desk.queries.pause = 0.1
        tab.filter_bar.open_view("Resolved")
        desk.queries.pause = 0.0
        tab.filter_bar.open_view("Team")
        await until(lambda: tab.model.rowCount() == 11, "the team's queue is there")
        await asyncio.sleep(0.2)
        assert tab.model.rowCount() == 11

    gui(on_desk(FakeDesk(busy_night()), journey))


def test_a_case_that_leaves_while_somebody_writes_stays_under_their_hands(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        shell.start_reply()
        await until(tab.composer.has_focus_inside, "the composer has the keyboard")
        QTest.keyClicks(keyboard(), "Dear Theo")
        desk.change(case_id(1), assignee=JO)
        await until(lambda: tab.model.row_of(case_id(1)) is None, "the row is gone")
        QTest.keyClicks(keyboard(), ", hello")
        assert tab.composer.text() == "Dear Theo, hello"
        assert shown_number(shell) == 10_001
        current = shell.context().current
        assert current is not None
        assert current.id == case_id(1)
        assert "has left this queue while you write" in shell.status.told.text()
        QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
        await until(lambda: shown_number(shell) == 10_002, "the queue's case is shown")
        assert tab.composer.text() == ""

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_ticked_cases_are_chosen_and_all_that_match_is_the_filter_itself(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        QTest.keyClick(tab.queue.list, Qt.Key.Key_X)
        await until(lambda: tab.queue.head.ticked == "1 ticked", "one is ticked")
        desk.seconds += 1
        QTest.keyClick(tab.queue.list, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: tab.queue.head.ticked == "2 ticked", "two are ticked")
        assert [case.number for case in shell.context().chosen] == [10_001, 10_002]
        QTest.keyClick(tab.queue.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: tab.model.ticked.all_matching, "all are ticked")
        assert shell.context().all_matching == tab.controller.filter
        assert tab.queue.head.ticked == "All that match"

    gui(on_desk(FakeDesk(mine(5)), journey))


def test_the_loop_goes_on_while_the_database_takes_its_time(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab, loop = tab_of(shell), asyncio.get_running_loop()
        desk.queries.pause = 0.4
        tab.filter_bar.open_view("Team")
        longest, last = 0.0, loop.time()
        end = last + 0.35
        while last < end:
            await asyncio.sleep(0)
            longest, last = max(longest, loop.time() - last), loop.time()
        assert longest < 0.1
        assert tab.queue.loading.drawn or tab.queue.loading.isVisible()
        desk.queries.pause = 0.0

    gui(on_desk(FakeDesk(mine(50)), journey))


def test_the_row_and_the_head_of_the_open_case_say_the_same_time_left_at_the_same_instant(gui: Gui) -> None:
    def agree(shell: Shell) -> None:
        tab = tab_of(shell)
        assert tab.case is not None
        row = tab.model.row_of(tab.case.id)
        assert row is not None
        due = tab.model.index(row).data(ROW).due
        said = tab.detail.clock.words.text().partition(" · ")[0]
        assert said.endswith(f" due in {due}") or said.lower().endswith(f" {due.lower()}")

    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await all_read_ahead(tab_of(shell))
        for _ in range(70):
            desk.seconds += 1
            shell.tick()
            agree(shell)
        for number in (10_002, 10_003):  # read ahead, and since then minutes have gone by
            desk.seconds += 93
            shell.tick()
            QTest.keyClick(tab_of(shell).queue.list, Qt.Key.Key_J)
            await until(lambda wanted=number: shown_number(shell) == wanted, f"{number} is shown")  # type: ignore[misc]
            agree(shell)

    gui(on_desk(FakeDesk(mine(5)), journey))


def test_the_case_under_the_cursor_is_in_sight_in_another_queue(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        rows = tab.queue.list

        def seen() -> bool:
            return rows.viewport().rect().contains(rows.visualRect(rows.currentIndex()))

        async def narrowed(wanted: QueueFilter) -> None:
            tab.controller.open(wanted)
            await until(lambda: tab.controller.state.value == "ready", "the queue is there")
            assert seen(), rows.currentIndex().row()

        await narrowed(QueueFilter(categories=frozenset({Category.TECHNICAL})))
        rows.go_last()
        await narrowed(QueueFilter())
        assert rows.currentIndex().row() > rows.page_rows()
        rows.go_first()
        rows.verticalScrollBar().setValue(rows.verticalScrollBar().maximum())
        await narrowed(QueueFilter(categories=frozenset({Category.TECHNICAL})))

    cases = [
        replace(case, category=Category.TECHNICAL if n % 3 else Category.BILLING) for n, case in enumerate(mine(45))
    ]
    gui(on_desk(FakeDesk(cases), journey))
