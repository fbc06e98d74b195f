"""A case that no row of the list stands for: it alone is what keys act on, and the list marks no other."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.values import Status
from hotmess_console.services.support import Claim
from hotmess_console.ui.queues.tickets import TicketsTab
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.theme.style import colour
from tests.ui.fakes_shell import ME, FakeDesk, mine, on_desk, until
from tests.ui.queue_samples import make_case
from tests.ui.shell_parts import case_id, keyboard, shown_number, tab_of

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def desk_with_a_stranger() -> FakeDesk:
    """Three cases of mine, and one that is nobody's and so in another view."""
    return FakeDesk([*mine(3), make_case(70)])


async def visit(shell: Shell, desk: FakeDesk) -> TicketsTab:
    """Open the case that is not in the view, as palette and search do."""
    await shell.open_case(case_id(70))
    await until(lambda: shown_number(shell) == 10_070, "the visited case is shown")
    desk.seconds += 1  # so that no key comes too soon after the change
    return tab_of(shell)


def marked_rows(tab: TicketsTab) -> list[int]:
    """The rows painted with the gold bar of the open case, looked at in the picture."""
    rows = tab.queue.list
    picture = rows.viewport().grab().toImage()
    gold = colour("focus").rgb()
    places = (rows.visualRect(tab.model.index(row)).center().y() for row in range(tab.model.rowCount()))
    return [row for row, y in enumerate(places) if picture.pixel(1, y) == gold]


def test_a_case_outside_the_view_is_open_and_no_row_looks_as_if_it_were(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        assert marked_rows(tab) == [0]
        await visit(shell, desk)
        assert marked_rows(tab) == []
        assert "HM-10070 is open" in shell.status.told.text()
        QTest.keyClick(keyboard(), Qt.Key.Key_J)
        await until(lambda: shown_number(shell) == 10_001, "J goes back to the row that was left")
        assert marked_rows(tab) == [0]
        QTest.keyClick(keyboard(), Qt.Key.Key_Down)
        await until(lambda: shown_number(shell) == 10_002, "and then on")

    gui(on_desk(desk_with_a_stranger(), journey))


def test_x_says_that_a_case_without_a_row_cannot_be_selected_and_selects_no_other(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = await visit(shell, desk)
        QTest.keyClick(keyboard(), Qt.Key.Key_X)
        told = shell.status.told
        await until(lambda: told.text().startswith("HM-10070 has no row in this list"), "X says so")
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: shown_number(shell) == 10_001, "moving goes back to the row that was left")
        assert not tab.model.ticked

    gui(on_desk(desk_with_a_stranger(), journey))


def test_keys_act_on_the_open_case_alone_whatever_is_ticked_in_the_list(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        tab.queue.list.tick_all_matching()
        await visit(shell, desk)
        assert [case.number for case in shell.context().chosen] == [10_070]
        assert shell.context().all_matching is None
        QTest.keyClick(keyboard(), Qt.Key.Key_C)
        await until(lambda: bool(desk.bus.sent), "the claim is sent")
        [claim] = desk.bus.sent
        assert isinstance(claim, Claim)
        assert [ref.id for ref in claim.cases] == [case_id(70)]

    gui(on_desk(desk_with_a_stranger(), journey))


def test_ctrl_a_goes_back_to_the_list_before_it_selects_what_is_there(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = await visit(shell, desk)
        QTest.keyClick(keyboard(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: shown_number(shell) == 10_001, "the list's case is open again")
        assert shell.context().all_matching == tab.controller.filter

    gui(on_desk(desk_with_a_stranger(), journey))


def test_escape_goes_back_to_the_lists_own_case(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = await visit(shell, desk)
        QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
        await until(lambda: shown_number(shell) == 10_001, "the list's case is open again")
        assert marked_rows(tab) == [0]

    gui(on_desk(desk_with_a_stranger(), journey))


def test_a_click_on_the_row_that_was_left_opens_its_case_again(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = await visit(shell, desk)
        rows = tab.queue.list
        at = rows.visualRect(tab.model.index(0)).center()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
        await until(lambda: shown_number(shell) == 10_001, "the row's case is open again")

    gui(on_desk(desk_with_a_stranger(), journey))


def test_rows_that_come_and_go_by_other_hands_leave_the_visited_case_open(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = await visit(shell, desk)
        desk.change(case_id(1), status=Status.RESOLVED)
        await until(lambda: tab.model.row_of(case_id(1)) is None, "the row that was left is gone")
        assert shown_number(shell) == 10_070
        assert shell.context().current == tab.open.visiting
        assert marked_rows(tab) == []

    gui(on_desk(desk_with_a_stranger(), journey))


def test_a_visited_case_that_comes_into_the_list_gets_its_row_marked(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = await visit(shell, desk)
        desk.change(case_id(70), assignee=ME)
        await until(lambda: tab.model.row_of(case_id(70)) is not None, "it is in the list")
        assert shown_number(shell) == 10_070
        assert marked_rows(tab) == [tab.model.row_of(case_id(70))]
        desk.seconds += 1
        QTest.keyClick(keyboard(), Qt.Key.Key_X)
        await until(lambda: case_id(70) in tab.model.ticked, "X selects it")

    stranger = replace(make_case(70), urgency=mine(1)[0].urgency)
    gui(on_desk(FakeDesk([*mine(3), stranger]), journey))


def test_a_decision_in_the_moment_when_another_case_was_opened_is_ignored(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await shell.open_case(case_id(70))
        QTest.keyClick(keyboard(), Qt.Key.Key_C)
        assert "The case changed as you pressed" in shell.status.told.text()
        assert desk.bus.sent == []

    gui(on_desk(desk_with_a_stranger(), journey))
