"""Taking back: everything that one command did, once, and only what nobody has touched since."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.ticket_memory import state_of
from hotmess_console.domain.values import Category, CommandId, Level, Login, Priority, Status
from hotmess_console.services.ids import new_id
from hotmess_console.services.replies import AddNote, Reply
from hotmess_console.services.support import (
    Assign,
    Claim,
    Escalate,
    Merge,
    Resolve,
    SetCategory,
    SetPriority,
    SnoozeUntil,
    TicketCommand,
    Wait,
)
from hotmess_console.services.undo import Undo
from tests.fakes import NOON
from tests.unit.services.desk import Desk

pytestmark = pytest.mark.foundation


def commands(desk: Desk) -> list[TicketCommand]:
    """One of each kind on a new ticket."""
    refs = (desk.ticket(Category.GENERAL).ref,)
    return [
        Claim(cases=refs),
        Assign(cases=refs, to=Login("rowan")),
        SetCategory(cases=refs, category=Category.SAFETY),
        SetPriority(cases=refs, priority=Priority.LOW),
        Escalate(cases=refs, to=Level.MANAGEMENT, criterion="legal", reason="A letter from a lawyer"),
        Wait(cases=refs),
        Resolve(cases=refs),
        SnoozeUntil(cases=refs, until=NOON.replace(year=2027)),
        Merge(cases=refs, into=desk.ticket().id),
    ]


@pytest.mark.parametrize("which", range(9))
async def test_undo_puts_every_kind_of_change_back(which: int) -> None:
    desk = Desk()
    command = commands(desk)[which]
    before = desk.world.tickets[command.cases[0].id]
    row = dict(desk.row(before))
    await desk.do(command)
    changed = desk.now(before)
    assert state_of(changed) != state_of(before)
    desk.world.pass_time(minutes=5)
    await desk.do(Undo(taken_back=command.id))
    assert state_of(desk.now(before)) == state_of(before)
    assert desk.now(before).version == before.version + 2
    assert desk.row(before) == row


async def test_undoing_a_reply_stops_the_letter_and_clears_the_platform() -> None:
    desk = Desk()
    ticket = desk.ticket()
    row = dict(desk.row(ticket))
    reply = Reply(case=ticket.ref, body="Too early", then=Status.RESOLVED)
    await desk.do(reply)
    await desk.do(Undo(taken_back=reply.id))
    assert list(desk.world.deliveries.values()) == ["cancelled"]
    assert desk.world.platform_replies == {}
    assert desk.row(ticket) == row
    assert state_of(desk.now(ticket)) == state_of(ticket)


@pytest.mark.parametrize("state", ["sending", "sent", "failed", "unknown"])
async def test_once_a_letter_is_on_its_way_nothing_is_undone(state: str) -> None:
    desk = Desk()
    ticket = desk.ticket()
    reply = Reply(case=ticket.ref, body="Gone", then=Status.WAITING)
    await desk.do(reply)
    desk.world.deliveries = dict.fromkeys(desk.world.deliveries, state)
    before = copy.deepcopy(desk.world)
    with pytest.raises(StateError, match="already left") as refused:
        await desk.do(Undo(taken_back=reply.id))
    assert refused.value.hint
    assert desk.world == before


async def test_a_note_is_marked_and_its_words_are_kept() -> None:
    desk = Desk()
    ticket = desk.ticket()
    note = AddNote(case=ticket.id, body="Wrong case")
    await desk.do(note)
    outcome = await desk.do(Undo(taken_back=note.id))
    assert outcome.changed == (ticket.id,)
    assert set(desk.world.notes) == desk.world.retracted
    assert desk.now(ticket) == ticket


async def test_what_somebody_changed_since_stays() -> None:
    desk = Desk()
    ticket = desk.ticket()
    claim = Claim(cases=(ticket.ref,))
    await desk.do(claim)
    await desk.do(SetPriority(cases=(desk.now(ticket).ref,), priority=Priority.LOW))
    before = copy.deepcopy(desk.world)
    with pytest.raises(StateError, match="since"):
        await desk.do(Undo(taken_back=claim.id))
    assert desk.world == before


async def test_in_a_bulk_undo_the_rest_is_put_back_and_the_spared_one_is_named() -> None:
    desk = Desk()
    tickets = [desk.ticket() for _ in range(4)]
    claim = Claim(cases=tuple(ticket.ref for ticket in tickets))
    await desk.do(claim)
    desk.world.tickets[tickets[1].id] = replace(desk.now(tickets[1]), version=9)
    outcome = await desk.do(Undo(taken_back=claim.id))
    assert [skipped.case for skipped in outcome.skipped] == [tickets[1].id]
    assert [desk.now(ticket).assignee for ticket in tickets] == [None, "imani", None, None]


async def test_nothing_is_taken_back_twice_and_an_undo_not_at_all() -> None:
    desk = Desk()
    claim = Claim(cases=(desk.ticket().ref,))
    await desk.do(claim)
    undo = Undo(taken_back=claim.id)
    await desk.do(undo)
    for command, words in (
        (claim.id, "already taken back"),
        (undo.id, "cannot"),
        (CommandId(new_id()), "no such action"),
    ):
        with pytest.raises(StateError, match=words):
            await desk.do(Undo(taken_back=command))


async def test_what_the_platform_changed_meanwhile_is_left_and_named() -> None:
    desk = Desk()
    ticket = desk.ticket()
    resolve = Resolve(cases=(ticket.ref,))
    await desk.do(resolve)
    desk.row(ticket)["status"] = "closed"
    outcome = await desk.do(Undo(taken_back=resolve.id))
    assert ticket.reference in outcome.words
    assert desk.row(ticket)["status"] == "closed"
    assert desk.now(ticket).status is Status.OPEN
