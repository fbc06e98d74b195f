"""A changed case stays in a queue exactly while the queue's filter is true of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.values import CaseId, CaseKind, Category, Level, Login, Priority, Status, Urgency
from hotmess_console.domain.views import BUILT_IN, QueueFilter, Snooze, Whose, matches

pytestmark = pytest.mark.foundation

NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
ME, JO = Login("mina"), Login("jo")
CASE = Case(
    CaseId(UUID(int=1)), 10_001, CaseKind.TICKET, "Subject", "Snippet", Status.IN_PROGRESS, Category.BILLING,
    Priority.HIGH, Urgency.HIGH, Level.SUPPORT, ME, NOW - timedelta(hours=2), NOW + timedelta(hours=1), NOW,
    None, None, "en", False, 3,
)  # fmt: skip


def fits(wanted: QueueFilter, **changes: object) -> bool:
    return matches(replace(CASE, **changes), wanted, me=ME, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "changes", "expected"),
    [
        (QueueFilter(), {}, True),
        (QueueFilter(), {"status": Status.RESOLVED}, False),
        (QueueFilter(statuses=frozenset({Status.RESOLVED})), {"status": Status.RESOLVED}, True),
        (QueueFilter(statuses=frozenset({Status.WAITING})), {}, False),
        (QueueFilter(Whose.MINE), {}, True),
        (QueueFilter(Whose.MINE), {"assignee": JO}, False),
        (QueueFilter(Whose.UNASSIGNED), {}, False),
        (QueueFilter(Whose.UNASSIGNED), {"assignee": None}, True),
        (QueueFilter(Whose.COLLEAGUE, JO), {"assignee": JO}, True),
        (QueueFilter(Whose.COLLEAGUE, JO), {}, False),
        (QueueFilter(categories=frozenset({Category.BILLING})), {}, True),
        (QueueFilter(categories=frozenset({Category.SAFETY})), {}, False),
        (QueueFilter(priorities=frozenset({Priority.LOW})), {}, False),
        (QueueFilter(levels=frozenset({Level.SENIOR})), {}, False),
        (QueueFilter(levels=frozenset({Level.SENIOR})), {"level": Level.SENIOR}, True),
        (QueueFilter(languages=frozenset({"de"})), {}, False),
        (QueueFilter(languages=frozenset({"de"})), {"language": "de"}, True),
        (QueueFilter(overdue=True), {}, False),
        (QueueFilter(overdue=True), {"due_at": NOW - timedelta(seconds=1)}, True),
        (QueueFilter(overdue=True), {"due_at": NOW}, False),
        (QueueFilter(overdue=True), {"due_at": None}, False),
        (QueueFilter(due_within_minutes=60), {}, False),
        (QueueFilter(due_within_minutes=61), {}, True),
        (QueueFilter(due_within_minutes=61), {"due_at": None}, False),
        (QueueFilter(), {"snoozed_until": NOW + timedelta(minutes=1)}, False),
        (QueueFilter(), {"snoozed_until": NOW}, True),
        (QueueFilter(snooze=Snooze.ANY), {"snoozed_until": NOW + timedelta(minutes=1)}, True),
        (QueueFilter(snooze=Snooze.SNOOZED), {}, False),
        (QueueFilter(snooze=Snooze.SNOOZED), {"snoozed_until": NOW + timedelta(minutes=1)}, True),
    ],
)
def test_a_case_matches_a_filter_when_each_condition_is_true(
    wanted: QueueFilter, changes: dict[str, object], expected: bool
) -> None:
    assert fits(wanted, **changes) is expected


def test_a_snoozed_case_that_was_resolved_is_among_the_resolved() -> None:
    wanted = QueueFilter(statuses=frozenset({Status.RESOLVED}))
    assert fits(wanted, status=Status.RESOLVED, snoozed_until=NOW + timedelta(days=1))


def test_each_built_in_view_says_what_its_name_says() -> None:
    shown = {view.name for view in BUILT_IN if fits(view.filter)}
    assert shown == {"My queue", "Team", "Due in 2 h"}
