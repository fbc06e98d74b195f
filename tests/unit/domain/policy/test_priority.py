"""What a new ticket starts with."""

from __future__ import annotations

import pytest

from hotmess_console.domain.policy.priority import Start, initial
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.values import URGENCY_OF, Category, Level, Priority, Urgency

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("category", "priority"),
    [
        (Category.BILLING, Priority.HIGH),
        (Category.TECHNICAL, Priority.NORMAL),
        (Category.GENERAL, Priority.NORMAL),
        (Category.FEEDBACK, Priority.LOW),
        (Category.BUSINESS, Priority.NORMAL),
        (Category.OTHER, Priority.NORMAL),
    ],
)
def test_the_category_decides_and_the_support_team_begins(category: Category, priority: Priority) -> None:
    assert initial(category, MANUAL) == Start(priority, Level.SUPPORT)


def test_a_safety_ticket_is_urgent_at_once_and_goes_to_senior_support() -> None:
    start = initial(Category.SAFETY, MANUAL)
    assert start == Start(Priority.URGENT, Level.SENIOR)
    assert URGENCY_OF[start.priority] is Urgency.IMMEDIATE


@pytest.mark.parametrize("category", list(Category))
def test_immediate_danger_goes_to_management_whatever_the_category(category: Category) -> None:
    assert initial(category, MANUAL, immediate_danger=True) == Start(Priority.URGENT, Level.MANAGEMENT)


def test_urgency_follows_the_meaning_of_a_priority_and_not_its_spelling() -> None:
    by_rank = sorted(Priority, key=lambda priority: URGENCY_OF[priority])
    assert by_rank == [Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW]
