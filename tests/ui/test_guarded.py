"""A safety ticket in an agent's window: the row's facts, why there is no more, and nothing that could be pressed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.policy.guarded import HINT, WORDS
from hotmess_console.domain.values import Category, Level, Status, Urgency
from hotmess_console.ui.actions.registry import refusal
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.queue_rows import row_of
from tests.ui.fakes_shell import JO, LONDON, ME, STAFF, FakeDesk, mine, on_desk, until
from tests.ui.queue_samples import NOW, make_case
from tests.ui.shell_parts import shown_number, tab_of

pytestmark = pytest.mark.authority

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
FREE = {"ticket.new", "person.find", "desk.notices"}
"""Actions that are about no open case."""


def guarded_case(**also: Any) -> Case:
    """A safety ticket as an agent's queue has it, before all others."""
    made = make_case(1, urgency=Urgency.IMMEDIATE, subject="Somebody follows me")
    facts: dict[str, Any] = {
        "category": Category.SAFETY,
        "level": Level.SENIOR,
        "assignee": ME,
        "snippet": "",
        "guarded": True,
    }
    return replace(made, **(facts | also))


def desk_with(case: Case) -> FakeDesk:
    """My queue with this case first."""
    return FakeDesk([case, *mine(4)[1:]])


def test_the_row_says_what_it_is_called_and_that_it_is_safety_and_no_word_of_it() -> None:
    row = row_of(guarded_case(), now=NOW, staff=STAFF, zone=LONDON)
    assert (row.subject, row.category, row.level, row.snippet) == ("Somebody follows me", "Safety", "L2", "")


@pytest.mark.parametrize(
    ("also", "title"),
    [
        ({"assignee": ME}, "Mina Dale is on it"),
        ({"assignee": None}, "Nobody has taken it yet"),
        ({"status": Status.RESOLVED}, "Safety staff have finished this"),
    ],
)
def test_in_the_place_of_the_thread_stands_why_and_who_has_it(gui: Gui, also: dict[str, Any], title: str) -> None:
    case = guarded_case(**also)
    desk = desk_with(case)

    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        if shown_number(shell) != case.number:
            await shell.open_case(case.id)
        await until(lambda: shown_number(shell) == case.number, "it is shown")
        pane = tab.detail
        await until(pane.guarded.isVisible, "the state is there")
        assert (pane.guarded.title.text(), pane.guarded.words.text()) == (title, WORDS)
        assert pane.guarded.keys.text() == HINT
        assert pane.clock.isVisible()
        assert not pane.messages.isVisible()
        for part in (pane.header.claim, pane.header.escalate, pane.header.more, pane.pause):
            assert not part.isVisible()
        panes = tab.open.panes
        assert panes is not None
        assert panes.shut.isVisible()
        assert not panes.composer.isVisible()

    gui(on_desk(desk, journey, first="My queue" if also.get("assignee") is ME else "Team"))


def test_every_key_that_would_act_says_why_not(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await until(lambda: shown_number(shell) == 10_001, "it is shown")
        for action in TICKET_ACTIONS:
            if action.id not in FREE and action.id != "message.send_again":
                assert WORDS in refusal(action, shell.context()), action.id
        sent = len(desk.bus.sent)
        QTest.keyClick(tab_of(shell).queue.list, Qt.Key.Key_C)
        await shell.running.finished()
        assert len(desk.bus.sent) == sent
        desk.seconds += 1
        QTest.keyClick(tab_of(shell).queue.list, Qt.Key.Key_J)
        await until(lambda: shown_number(shell) == 10_002, "the next is shown")
        assert refusal(next(a for a in TICKET_ACTIONS if a.id == "ticket.escalate"), shell.context()) == ""

    gui(on_desk(desk_with(guarded_case()), journey))


def test_the_next_case_has_its_thread_and_its_composer_again_and_an_answer_opens_the_ticket(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        tab = tab_of(shell)
        await until(lambda: shown_number(shell) == 10_001, "it is shown")
        await until(tab.detail.guarded.isVisible, "the state is there")
        assert tab.open.panes is not None
        desk.seconds += 1
        QTest.keyClick(tab.queue.list, Qt.Key.Key_J)
        await until(tab.detail.messages.isVisible, "the thread of the next is there")
        assert tab.open.panes.composer.isVisible()
        assert not tab.open.panes.shut.isVisible()
        QTest.keyClick(tab.queue.list, Qt.Key.Key_K)
        await until(tab.detail.guarded.isVisible, "the state is there again")
        desk.change(guarded_case().id, guarded=False, snippet="Since Tuesday", assignee=JO)
        await until(tab.detail.messages.isVisible, "safety has answered")
        assert tab.open.panes.composer.isVisible()

    gui(on_desk(desk_with(guarded_case()), journey, first="Team"))
