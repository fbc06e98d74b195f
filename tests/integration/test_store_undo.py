"""Taking back, one thing after the other, and whatever else has happened meanwhile."""

from __future__ import annotations

import pytest

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.values import Category, Priority, Status
from hotmess_console.services.replies import Reply
from hotmess_console.services.support import SetCategory, SetPriority
from hotmess_console.services.undo import Undo
from tests.desks import OTHER_AGENT, DeskDatabase

pytestmark = pytest.mark.foundation

DELIVERY = (
    "SELECT d.state FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id WHERE m.command_id = %s"
)


async def test_a_held_reply_is_stopped_even_when_the_case_has_moved_on(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        case = await seat.new_case()
        reply = Reply(case=case.ref, body="Sent in haste.", then=Status.WAITING)
        await seat.do(reply)
        await other.do(SetPriority(cases=((await other.case(case.id)).ref,), priority=Priority.URGENT))
        outcome = await seat.do(Undo(taken_back=reply.id))
        after = await seat.case(case.id)
        ticket = seat.platform_id(case)
    assert desk_database.one(DELIVERY, reply.id) == "cancelled"
    assert desk_database.rows("SELECT message FROM public.ticket_responses WHERE ticket_id = %s", ticket) == []
    assert after.priority is Priority.URGENT, "what the colleague did stays"
    assert "stopped" in outcome.words
    assert [skipped.case for skipped in outcome.skipped] == [case.id]


async def test_two_changes_of_one_case_are_taken_back_one_after_the_other(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="technical")
        first = SetPriority(cases=(case.ref,), priority=Priority.URGENT)
        await seat.do(first)
        second = SetCategory(cases=((await seat.case(case.id)).ref,), category=Category.FEEDBACK)
        await seat.do(second)
        await seat.do(Undo(taken_back=second.id))
        await seat.do(Undo(taken_back=first.id))
        after = await seat.case(case.id)
    assert (after.priority, after.category, after.due_at) == (case.priority, case.category, case.due_at)


async def test_an_older_change_is_not_taken_back_below_one_that_stands(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="technical")
        first = SetPriority(cases=(case.ref,), priority=Priority.URGENT)
        await seat.do(first)
        await seat.do(SetCategory(cases=((await seat.case(case.id)).ref,), category=Category.FEEDBACK))
        with pytest.raises(StateError):
            await seat.do(Undo(taken_back=first.id))
        assert (await seat.case(case.id)).category is Category.FEEDBACK


LEAVES = "UPDATE console.deliveries SET state = %s WHERE message_id = " \
    "(SELECT id FROM console.messages WHERE body = 'Left.') RETURNING state"  # fmt: skip


async def test_the_list_offers_only_what_can_still_be_taken_back(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        first, second = await seat.new_cases([{}, {}])
        held, left = Reply(case=first.ref, body="Held."), Reply(case=second.ref, body="Left.")
        for command in (held, left):
            await seat.do(command)
        for state in ("sending", "sent"):
            desk_database.rows(LEAVES, state)
        assert [item.command for item in await seat.queries.undoable()] == [held.id]
        with pytest.raises(StateError, match="already left"):
            await seat.do(Undo(taken_back=left.id))
