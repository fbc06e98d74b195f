"""Danger: words ask, a person answers with one key, and what the source itself says needs no answer."""

from __future__ import annotations

import pytest

from hotmess_console.domain.errors import BadInput, NotAllowed, StateError
from hotmess_console.domain.policy.danger import danger_hints, warned_by
from hotmess_console.domain.values import Category, Danger, Level, Priority, Role, Status
from hotmess_console.services.danger import DismissDanger, RaiseDanger
from hotmess_console.services.opening import NewCase
from hotmess_console.services.support import Claim, Escalate
from hotmess_console.services.undo import Undo
from tests.unit.services.desk import Desk

pytestmark = pytest.mark.foundation


async def test_one_key_makes_an_emergency_of_a_ticket_of_any_category() -> None:
    desk = Desk()
    ticket = desk.ticket(Category.TECHNICAL)
    await desk.do(Claim(cases=(ticket.ref,)))
    await desk.do(RaiseDanger(cases=(desk.now(ticket).ref,)))
    after = desk.now(ticket)
    assert (after.level, after.priority, after.category) == (Level.MANAGEMENT, Priority.URGENT, Category.SAFETY)
    assert (after.danger, after.assignee, after.status) == (Danger.CONFIRMED, None, Status.OPEN)


async def test_an_emergency_can_be_taken_back_whole() -> None:
    desk = Desk()
    ticket = desk.ticket()
    command = RaiseDanger(cases=(ticket.ref,))
    await desk.do(command)
    await desk.do(Undo(taken_back=command.id))
    after = desk.now(ticket)
    assert (after.level, after.category, after.danger) == (ticket.level, ticket.category, Danger.NONE)


async def test_dismissing_answers_the_question_once() -> None:
    desk = Desk()
    ticket = desk.ticket()
    desk.world.tickets[ticket.id] = ticket.warned()
    await desk.do(DismissDanger(cases=(ticket.ref,)))
    assert desk.now(ticket).danger is Danger.DISMISSED
    assert desk.now(ticket).level is ticket.level
    with pytest.raises(StateError):
        await desk.do(DismissDanger(cases=(desk.now(ticket).ref,)))


async def test_who_cannot_escalate_cannot_make_an_emergency() -> None:
    desk = Desk(roles=(Role.AUDITOR,))
    with pytest.raises(NotAllowed):
        await desk.do(RaiseDanger(cases=(desk.ticket().ref,)))


async def test_a_safety_emergency_answers_the_question_too() -> None:
    desk = Desk()
    ticket = desk.ticket()
    desk.world.tickets[ticket.id] = ticket.warned()
    await desk.do(Escalate(cases=(ticket.ref,), to=Level.MANAGEMENT, criterion="safety-emergency", reason="A knife."))
    assert desk.now(ticket).danger is Danger.CONFIRMED
    assert desk.now(ticket).warned() == desk.now(ticket)


async def test_immediate_danger_of_another_category_is_refused_when_a_case_is_opened() -> None:
    words = NewCase(
        email="a@example.org",
        subject="Help",
        category=Category.BILLING,
        body="They rang.",
        outgoing=False,
        immediate_danger=True,
    )
    with pytest.raises(BadInput):
        await Desk().do(words)


@pytest.mark.parametrize(
    ("category", "priority", "said"),
    [
        (Category.SAFETY, "urgent", True),
        (Category.SAFETY, "high", False),
        (Category.SAFETY, "", False),
        (Category.BILLING, "urgent", False),
    ],
)
def test_only_safety_marked_urgent_says_danger_by_itself(category: Category, priority: str, said: bool) -> None:
    assert warned_by(category, priority) is said


@pytest.mark.parametrize(
    "text",
    [
        "He came with a knife.",
        "He said he would be killing me",
        "I think of suicide",
        "there is someone AT MY DOOR",
        "Please call the police",
        "Er hat ein Messer",
        "está en mi puerta",
    ],
)
def test_plain_words_of_violence_ask(text: str) -> None:
    assert danger_hints(text)


@pytest.mark.parametrize(
    "text", ["I love knives-out parties", "What a skill", "weaponised marketing", "a gunmetal case"]
)
def test_words_that_only_contain_them_do_not(text: str) -> None:
    assert danger_hints(text) == ()
