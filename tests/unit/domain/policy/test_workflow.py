"""Which way a ticket may go."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.policy.workflow import EDGES, may_go, transition
from hotmess_console.domain.values import Status

pytestmark = pytest.mark.foundation

OPEN, IN_PROGRESS, WAITING, RESOLVED, CLOSED = Status


def test_the_manuals_way_can_be_walked_from_end_to_end_and_back() -> None:
    way = [OPEN, IN_PROGRESS, WAITING, IN_PROGRESS, RESOLVED, CLOSED, OPEN]
    assert [transition(start, to) for start, to in pairwise(way)] == way[1:]


@pytest.mark.parametrize("status", [OPEN, IN_PROGRESS])
def test_a_ticket_that_waits_for_us_is_never_simply_closed(status: Status) -> None:
    assert not may_go(status, CLOSED)
    with pytest.raises(StateError) as refusal:
        transition(status, CLOSED)
    assert refusal.value.hint == "Resolve it first."


@pytest.mark.parametrize("status", [WAITING, RESOLVED, CLOSED])
@pytest.mark.parametrize("to", [OPEN, IN_PROGRESS])
def test_a_new_message_brings_a_ticket_back_to_its_person_or_to_the_queue(status: Status, to: Status) -> None:
    assert may_go(status, to)


@pytest.mark.parametrize("to", [WAITING, RESOLVED])
def test_a_closed_ticket_is_reopened_before_anything_else(to: Status) -> None:
    with pytest.raises(StateError) as refusal:
        transition(CLOSED, to)
    assert refusal.value.hint == "Reopen it first."


def test_no_status_leads_to_itself() -> None:
    assert not [status for status in Status if may_go(status, status)]


def test_every_status_can_be_reached_from_every_other() -> None:
    reached = {(a, b) for a, b in EDGES}
    for middle, start, end in product(Status, repeat=3):
        if (start, middle) in reached and (middle, end) in reached:
            reached.add((start, end))
    assert reached >= {(a, b) for a, b in product(Status, repeat=2) if a is not b}


def test_every_refusal_names_both_statuses_and_says_what_to_do() -> None:
    for start, to in set(product(Status, repeat=2)) - EDGES:
        with pytest.raises(StateError) as refusal:
            transition(start, to)
        assert refusal.value.hint
        assert "cannot become" in str(refusal.value)
