"""A ticket through its life: by example, and over any sequence of what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.errors import BadInput, StateError
from hotmess_console.domain.policy import workflow
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.ticket_memory import remembered, restored, state_of
from hotmess_console.domain.tickets import Ticket, opened
from hotmess_console.domain.values import CaseId, Category, Level, Login, Priority, Status
from hotmess_console.services.ids import new_id

pytestmark = pytest.mark.foundation

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ME, OTHER = Login("imani"), Login("rowan")
HOUR = timedelta(hours=1)


def a_ticket(category: Category = Category.BILLING, **values: Any) -> Ticket:
    """A new ticket, opened at NOW."""
    return opened(CaseId(new_id()), 10001, subject="Help", category=category, now=NOW, targets=MANUAL, **values)


@pytest.mark.parametrize(
    ("category", "priority", "level", "due"),
    [
        (Category.SAFETY, Priority.URGENT, Level.SENIOR, 1),
        (Category.BILLING, Priority.HIGH, Level.SUPPORT, 4),
        (Category.TECHNICAL, Priority.NORMAL, Level.SUPPORT, 24),
        (Category.GENERAL, Priority.NORMAL, Level.SUPPORT, 24),
        (Category.OTHER, Priority.NORMAL, Level.SUPPORT, 24),
        (Category.FEEDBACK, Priority.LOW, Level.SUPPORT, 48),
        (Category.BUSINESS, Priority.NORMAL, Level.SUPPORT, 24),
    ],
)
def test_a_new_ticket_starts_as_its_category_says(
    category: Category, priority: Priority, level: Level, due: int
) -> None:
    ticket = a_ticket(category)
    assert (ticket.status, ticket.priority, ticket.level) == (Status.OPEN, priority, level)
    assert ticket.clock is not None
    assert ticket.clock.due_at == NOW + due * HOUR


def test_a_ticket_that_waited_on_the_platform_is_due_from_when_it_was_written() -> None:
    ticket = a_ticket(opened_at=NOW - 3 * HOUR)
    assert ticket.clock is not None
    assert ticket.clock.due_at == NOW + HOUR


def test_the_usual_way_from_open_to_closed() -> None:
    ticket = a_ticket().claimed(ME, NOW)
    assert (ticket.status, ticket.assignee) == (Status.IN_PROGRESS, ME)
    asked = ticket.replied(ME, Status.WAITING, NOW + HOUR, MANUAL)
    assert asked.clock is not None
    assert (asked.clock.running, asked.clock.left) == (False, 4 * HOUR)
    heard = asked.received(NOW + 50 * HOUR, MANUAL)
    assert heard.clock is not None
    assert (heard.status, heard.unread, heard.clock.due_at) == (Status.IN_PROGRESS, True, NOW + 54 * HOUR)
    done = heard.replied(ME, Status.RESOLVED, NOW + 51 * HOUR, MANUAL)
    assert (done.status, done.resolved_at) == (Status.RESOLVED, NOW + 51 * HOUR)
    closed = done.closed(NOW + 300 * HOUR)
    assert (closed.status, closed.resolved_at) == (Status.CLOSED, NOW + 51 * HOUR)
    again = closed.received(NOW + 400 * HOUR, MANUAL)
    assert again.clock is not None
    assert (again.status, again.resolved_at, again.clock.due_at) == (Status.IN_PROGRESS, None, NOW + 404 * HOUR)


def test_a_second_reply_does_not_start_the_time_to_resolve_again() -> None:
    first = a_ticket().replied(ME, Status.IN_PROGRESS, NOW + HOUR, MANUAL)
    second = first.replied(ME, Status.IN_PROGRESS, NOW + 2 * HOUR, MANUAL)
    assert second.clock == first.clock
    assert (second.first_response_at, second.last_outbound_at) == (NOW + HOUR, NOW + 2 * HOUR)


@pytest.mark.parametrize("then", [Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED])
@pytest.mark.parametrize("finished", [Status.RESOLVED, Status.CLOSED])
def test_answering_a_finished_ticket_makes_it_work_again(finished: Status, then: Status) -> None:
    ticket = a_ticket().resolved(NOW)
    ticket = ticket if finished is Status.RESOLVED else ticket.closed(NOW)
    answered = ticket.replied(ME, then, NOW + HOUR, MANUAL)
    assert answered.status is then
    assert (answered.resolved_at is None) == (then is not Status.RESOLVED)


def test_a_reply_belongs_to_whoever_has_the_ticket_already() -> None:
    assert a_ticket().claimed(OTHER, NOW).replied(ME, Status.WAITING, NOW, MANUAL).assignee == OTHER


def test_a_message_wakes_a_snoozed_ticket_and_leaves_an_open_one_open() -> None:
    heard = a_ticket().snoozed(NOW + HOUR, NOW).read().received(NOW, MANUAL)
    assert (heard.snoozed_until, heard.unread, heard.status) == (None, True, Status.OPEN)


def test_a_safety_ticket_stays_urgent_while_it_is_one() -> None:
    with pytest.raises(StateError, match="stays urgent"):
        a_ticket(Category.SAFETY).prioritised(Priority.NORMAL)
    assert a_ticket(Category.SAFETY).categorised(Category.GENERAL, MANUAL).prioritised(Priority.LOW)


def test_a_ticket_goes_up_for_one_of_the_manuals_reasons_and_is_free_there() -> None:
    up = a_ticket().claimed(ME, NOW).escalated(Level.MANAGEMENT, "legal")
    assert (up.level, up.assignee, up.status) == (Level.MANAGEMENT, None, Status.OPEN)
    with pytest.raises(BadInput):
        a_ticket().escalated(Level.SENIOR, "legal")
    with pytest.raises(StateError):
        up.escalated(Level.SENIOR, "billing-dispute")
    assert up.returned(Level.SUPPORT).level is Level.SUPPORT
    with pytest.raises(StateError):
        a_ticket().returned(Level.SUPPORT)


@pytest.mark.parametrize("email", ["", "row-9@import.invalid"])
def test_somebody_without_an_address_cannot_be_reached(email: str) -> None:
    assert not a_ticket(email=email).reachable
    assert a_ticket(email="a@example.org").reachable


@pytest.mark.parametrize(
    "act",
    [
        lambda t: t.claimed(ME, NOW),
        lambda t: t.assigned(OTHER, NOW),
        lambda t: t.released(NOW),
        lambda t: t.escalated(Level.MANAGEMENT, "legal"),
        lambda t: t.returned(Level.SUPPORT),
        lambda t: t.snoozed(NOW + HOUR, NOW),
    ],
    ids=["claim", "assign", "release", "escalate", "return", "snooze"],
)
def test_finished_and_merged_tickets_are_left_alone_with_words(act: Callable[[Ticket], Ticket]) -> None:
    for ticket in (a_ticket().resolved(NOW), a_ticket().resolved(NOW).closed(NOW), a_ticket().merged(CaseId(new_id()))):
        with pytest.raises(StateError) as refused:
            act(ticket)
        assert refused.value.hint


ACTS: dict[str, Callable[[Ticket, datetime], Ticket]] = {
    "claim": lambda t, now: t.claimed(ME, now),
    "release": lambda t, now: t.released(now),
    "assign": lambda t, now: t.assigned(OTHER, now),
    "safety": lambda t, now: t.categorised(Category.SAFETY, MANUAL),
    "feedback": lambda t, now: t.categorised(Category.FEEDBACK, MANUAL),
    "low": lambda t, now: t.prioritised(Priority.LOW),
    "up": lambda t, now: t.escalated(Level.MANAGEMENT, "legal"),
    "down": lambda t, now: t.returned(Level.SUPPORT),
    "answer": lambda t, now: t.replied(ME, Status.IN_PROGRESS, now, MANUAL),
    "ask": lambda t, now: t.replied(ME, Status.WAITING, now, MANUAL),
    "finish": lambda t, now: t.replied(ME, Status.RESOLVED, now, MANUAL),
    "resolve": lambda t, now: t.resolved(now),
    "wait": lambda t, now: t.waiting(now),
    "resume": lambda t, now: t.resumed(now),
    "close": lambda t, now: t.closed(now),
    "reopen": lambda t, now: t.reopened(now, MANUAL),
    "hear": lambda t, now: t.received(now, MANUAL),
    "snooze": lambda t, now: t.snoozed(now + HOUR, now),
    "wake": lambda t, now: t.awake(),
    "read": lambda t, now: t.read(),
}
LIVES = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 3000)), max_size=25)


def live(acts: list[tuple[str, int]]) -> list[tuple[str, Ticket, Ticket, datetime]]:
    """What each act that was possible did, one after the other, minutes apart."""
    ticket, now, steps = a_ticket(), NOW, []
    for name, minutes in acts:
        now += timedelta(minutes=minutes)
        try:
            after = ACTS[name](ticket, now)
        except StateError:
            continue
        steps.append((name, ticket, after, now))
        ticket = after
    return steps


@given(LIVES)
@settings(max_examples=300, deadline=None)
def test_whatever_is_done_status_clock_and_resolution_agree(acts: list[tuple[str, int]]) -> None:
    for name, _, ticket, _ in live(acts):
        clock = ticket.clock
        assert clock is not None
        live_now = ticket.status in (Status.OPEN, Status.IN_PROGRESS)
        assert clock.running == live_now, (name, ticket)
        assert (clock.paused_at is not None) == (ticket.status is Status.WAITING), (name, ticket)
        if ticket.status is not Status.CLOSED:  # one that nobody answered is closed without being resolved
            assert (ticket.resolved_at is not None) == (ticket.status is Status.RESOLVED), (name, ticket)
        if ticket.category is Category.SAFETY:
            assert ticket.priority is Priority.URGENT


@given(LIVES)
@settings(max_examples=300, deadline=None)
def test_whatever_is_done_only_known_ways_are_gone(acts: list[tuple[str, int]]) -> None:
    for name, before, after, _ in live(acts):
        direct = before.status is after.status or workflow.may_go(before.status, after.status)
        through = workflow.may_go(before.status, Status.IN_PROGRESS) and workflow.may_go(
            Status.IN_PROGRESS, after.status
        )
        reopened = before.status in (Status.RESOLVED, Status.CLOSED) and through
        assert direct or reopened, (name, before.status, after.status)
        assert (after.id, after.number, after.version) == (before.id, before.number, before.version)


@given(LIVES)
@settings(max_examples=300, deadline=None)
def test_every_state_can_be_remembered_as_json_and_put_back(acts: list[tuple[str, int]]) -> None:
    import json

    for _, before, after, _ in live(acts):
        memory = json.loads(json.dumps(remembered(before)))
        assert restored(after, memory) == before
        assert state_of(restored(after, memory)) == state_of(before)


def test_a_ticket_without_a_clock_never_gets_one_by_being_worked_on() -> None:
    from dataclasses import replace

    ticket = replace(a_ticket(), clock=None)
    assert ticket.replied(ME, Status.WAITING, NOW, MANUAL).clock is None
    assert ticket.categorised(Category.SAFETY, MANUAL).clock is None
    assert ticket.resolved(NOW).clock is None
    assert restored(a_ticket(), remembered(ticket)).clock is None


def test_a_memory_of_a_merge_keeps_where_it_went() -> None:
    whole = CaseId(new_id())
    merged = a_ticket().merged(whole)
    assert restored(a_ticket(), remembered(merged)).merged_into == whole
    with pytest.raises(StateError):
        merged.merged(CaseId(new_id()))
