"""What an agent can do to tickets, one or many at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.errors import BadInput, NotFound, StaleError, StateError
from hotmess_console.domain.values import CaseId, Category, Level, Login, Priority, Status
from hotmess_console.services.ids import new_id
from hotmess_console.services.support import (
    LONGEST_REASON,
    Assign,
    Claim,
    Escalate,
    Merge,
    Reopen,
    Resolve,
    ReturnToLevel,
    SetCategory,
    SetPriority,
    SnoozeUntil,
    TicketCommand,
    Wait,
    Wake,
)
from tests.unit.services.desk import Desk

pytestmark = pytest.mark.foundation

ROWAN = Login("rowan")


async def test_claiming_takes_the_ticket_and_the_platform_shows_it_in_progress() -> None:
    desk = Desk()
    ticket = desk.ticket()
    await desk.do(Claim(cases=(ticket.ref,)))
    assert (desk.now(ticket).assignee, desk.now(ticket).status) == ("imani", Status.IN_PROGRESS)
    assert desk.row(ticket)["status"] == "in_progress"


async def test_a_colleagues_ticket_is_assigned_and_not_claimed() -> None:
    desk = Desk()
    ticket = desk.ticket()
    desk.world.tickets[ticket.id] = replace(ticket, assignee=ROWAN, status=Status.IN_PROGRESS)
    with pytest.raises(StateError, match="somebody else"):
        await desk.do(Claim(cases=(ticket.ref,)))
    await desk.do(Assign(cases=(ticket.ref,), to=Login("imani")))
    assert desk.now(ticket).assignee == "imani"
    assert desk.world.notices == []


async def test_whom_a_ticket_is_given_to_is_told_and_giving_it_back_tells_nobody() -> None:
    desk = Desk()
    ticket = desk.ticket()
    await desk.do(Assign(cases=(ticket.ref,), to=ROWAN))
    assert desk.world.notices == [("assigned", ticket.id, ROWAN)]
    await desk.do(Assign(cases=(desk.now(ticket).ref,), to=None))
    assert desk.now(ticket).status is Status.OPEN
    assert len(desk.world.notices) == 1


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("kit", "Kit no longer works at this desk."),
        ("gideon", "Gideon's role does not include working on tickets."),
        ("worker", "Worker's role does not include working on tickets."),
        ("nobody_we_know", "There is no such colleague at this desk."),
    ],
)
async def test_a_ticket_is_given_only_to_somebody_who_can_work_on_it(to: str, words: str) -> None:
    desk = Desk()
    ticket = desk.ticket()
    with pytest.raises(BadInput, match=words) as refused:
        await desk.do(Assign(cases=(ticket.ref,), to=Login(to)))
    assert refused.value.hint
    assert (desk.now(ticket), desk.world.notices, desk.world.commands) == (ticket, [], {})


async def test_a_new_category_brings_its_priority_and_its_time_and_reaches_the_platform() -> None:
    desk = Desk()
    ticket = desk.ticket(Category.GENERAL)
    await desk.do(SetCategory(cases=(ticket.ref,), category=Category.SAFETY))
    after = desk.now(ticket)
    assert (after.priority, after.level) == (Priority.URGENT, Level.SENIOR)
    assert after.clock is not None
    assert after.clock.due_at == desk.world.now + timedelta(hours=1)
    assert (desk.row(ticket)["category"], desk.row(ticket)["priority"]) == ("safety", "urgent")


async def test_an_escalation_needs_a_reason_of_a_bearable_length_and_tells_the_level() -> None:
    desk = Desk()
    ticket = desk.ticket()
    for reason in ("", "  \n", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(BadInput):
            await desk.do(Escalate(cases=(ticket.ref,), to=Level.SENIOR, criterion="billing-dispute", reason=reason))
    await desk.do(Escalate(cases=(ticket.ref,), to=Level.SENIOR, criterion="billing-dispute", reason="Two charges"))
    assert desk.now(ticket).level is Level.SENIOR
    assert desk.world.notices == [("escalated", ticket.id, Login("mehreen"))]
    with pytest.raises(BadInput):
        await desk.do(ReturnToLevel(cases=(desk.now(ticket).ref,), to=Level.SUPPORT, reason=" "))
    await desk.do(ReturnToLevel(cases=(desk.now(ticket).ref,), to=Level.SUPPORT, reason="Solved above"))
    assert desk.now(ticket).level is Level.SUPPORT


async def test_waiting_pauses_the_clock_and_resolving_stops_it() -> None:
    desk = Desk()
    ticket = desk.ticket()
    desk.world.pass_time(hours=1)
    await desk.do(Wait(cases=(ticket.ref,)))
    paused = desk.now(ticket).clock
    assert paused is not None
    assert (paused.running, paused.left) == (False, timedelta(hours=3))
    desk.world.pass_time(days=2)
    await desk.do(Resolve(cases=(desk.now(ticket).ref,)))
    stopped = desk.now(ticket).clock
    assert stopped is not None
    assert (stopped.paused_at, stopped.left) == (None, timedelta(hours=3))
    await desk.do(Reopen(cases=(desk.now(ticket).ref,)))
    reopened = desk.now(ticket)
    assert reopened.clock is not None
    assert reopened.clock.due_at == desk.world.now + timedelta(hours=4)
    assert reopened.resolved_at is None


async def test_a_snooze_ends_in_the_future_and_can_be_ended_early() -> None:
    desk = Desk()
    ticket = desk.ticket()
    with pytest.raises(StateError, match="has passed"):
        await desk.do(SnoozeUntil(cases=(ticket.ref,), until=desk.world.now))
    await desk.do(SnoozeUntil(cases=(ticket.ref,), until=desk.world.now + timedelta(hours=1)))
    assert desk.now(ticket).snoozed_until is not None
    assert desk.now(ticket).clock == ticket.clock
    await desk.do(Wake(cases=(desk.now(ticket).ref,)))
    assert desk.now(ticket).snoozed_until is None


async def test_merging_takes_a_ticket_out_once_and_never_into_itself_or_a_circle() -> None:
    desk = Desk()
    one, two = desk.ticket(), desk.ticket()
    with pytest.raises(StateError):
        await desk.do(Merge(cases=(one.ref,), into=one.id))
    await desk.do(Merge(cases=(one.ref,), into=two.id))
    assert desk.now(one).merged_into == two.id
    with pytest.raises(NotFound):
        await desk.do(Merge(cases=(two.ref,), into=one.id))
    with pytest.raises(StateError):
        await desk.do(Claim(cases=(desk.now(one).ref,)))


async def test_a_gone_case_and_a_changed_case_are_told_apart() -> None:
    desk = Desk()
    ticket = desk.ticket()
    with pytest.raises(NotFound):
        await desk.do(Claim(cases=(CaseRef(CaseId(new_id()), 1),)))
    with pytest.raises(StaleError):
        await desk.do(Claim(cases=(CaseRef(ticket.id, ticket.version + 1),)))


async def test_doing_what_is_done_already_says_so() -> None:
    desk = Desk()
    ticket = desk.ticket()
    with pytest.raises(StateError, match="nothing to change"):
        await desk.do(SetPriority(cases=(ticket.ref,), priority=ticket.priority))


@pytest.mark.parametrize("bad", ["gone", "changed", "merged"])
async def test_in_a_bulk_action_one_bad_case_spoils_nothing(bad: str) -> None:
    desk = Desk()
    tickets = [desk.ticket() for _ in range(3)]
    refs = [ticket.ref for ticket in tickets]
    if bad == "gone":
        refs[1] = CaseRef(CaseId(new_id()), 1)
    elif bad == "changed":
        refs[1] = CaseRef(refs[1].id, 7)
    else:
        desk.world.tickets[refs[1].id] = replace(tickets[1], merged_into=tickets[0].id)
    outcome = await desk.do(Claim(cases=tuple(refs)))
    assert outcome.changed == (refs[0].id, refs[2].id)
    assert [skipped.case for skipped in outcome.skipped] == [refs[1].id]
    assert outcome.skipped[0].reason.endswith(".")
    assert desk.row(tickets[1])["status"] == "open"


def test_every_kind_of_ticket_command_was_looked_at() -> None:
    tried = {
        Claim,
        Assign,
        SetCategory,
        SetPriority,
        Escalate,
        ReturnToLevel,
        Wait,
        Resolve,
        Reopen,
        SnoozeUntil,
        Wake,
        Merge,
    }
    names = {kind.__name__ for kind in TicketCommand.__subclasses__()}
    assert names - {kind.__name__ for kind in tried} <= {
        "Resume",
        "Close",
        "MarkRead",
        "SetRequesterAddress",
        "RaiseDanger",  # these two in test_danger
        "DismissDanger",
    }
