"""What is typed into the filter field narrows the view as read, and what means nothing is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.values import Category, Level, Login, Priority, Status
from hotmess_console.domain.views import DUE_SOON, MINE, WAITING, QueueFilter, Snooze, Whose
from hotmess_console.ui.viewmodels.filters import EXAMPLES, added, applied, read

pytestmark = pytest.mark.foundation

STAFF = Staff([Colleague(Login("console_jo"), "Jo Kerr", "jo", "JK")])


def narrowed(typed: str, view: QueueFilter | None = None) -> QueueFilter:
    found = read(typed, STAFF)
    assert found.unknown == ()
    return applied(view or QueueFilter(), found.tokens, found.text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("status:waiting", QueueFilter(statuses=frozenset({Status.WAITING}))),
        ("STATUS:Progress", QueueFilter(statuses=frozenset({Status.IN_PROGRESS}))),
        ("level:2", QueueFilter(levels=frozenset({Level.SENIOR}))),
        ("level:L1,l3", QueueFilter(levels=frozenset({Level.SUPPORT, Level.MANAGEMENT}))),
        ("category:billing", QueueFilter(categories=frozenset({Category.BILLING}))),
        ("priority:high", QueueFilter(priorities=frozenset({Priority.HIGH}))),
        ("mine", QueueFilter(Whose.MINE)),
        ("unassigned", QueueFilter(Whose.UNASSIGNED)),
        ("assignee:nobody", QueueFilter(Whose.UNASSIGNED)),
        ("assignee:@jo", QueueFilter(Whose.COLLEAGUE, Login("console_jo"))),
        ("overdue", QueueFilter(overdue=True)),
        ("snoozed", QueueFilter(snooze=Snooze.SNOOZED)),
        ("lang:de", QueueFilter(languages=frozenset({"de"}))),
        ("is:unassigned", QueueFilter(Whose.UNASSIGNED)),
        ("is:open", QueueFilter(statuses=frozenset({Status.OPEN}))),
        ("due:2h", QueueFilter(due_within_minutes=120)),
        ("due:30min", QueueFilter(due_within_minutes=30)),
        ("refund HM-10482", QueueFilter(text="refund HM-10482")),
        ("re:refund https://hotmess.example", QueueFilter(text="re:refund https://hotmess.example")),
        ('"mine" "status:open"', QueueFilter(text="mine status:open")),
        ("level:2 refund mine", QueueFilter(Whose.MINE, levels=frozenset({Level.SENIOR}), text="refund")),
        ("mine unassigned", QueueFilter(Whose.UNASSIGNED)),
        ("", QueueFilter()),
    ],
)
def test_a_typed_line_becomes_the_filter_it_names(typed: str, expected: QueueFilter) -> None:
    assert narrowed(typed) == expected


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("status:wating", "There is no status “wating”. Did you mean waiting?"),
        ("category:xyz", f"There is no category “xyz”. Try {', '.join(Category)}."),
        ("level:9", "There is no level “9”. Try 1, 2, 3."),
        ("assignee:@jon", "There is no colleague “jon”. Did you mean jo?"),
        ("lang:english", "“english” is no language code. Try en, de or pt-br."),
        ("due:soon", "“soon” is no time to be due in. Try due:2h or due:30min."),
        ("is:unasigned", "There is no condition “unasigned”. Did you mean unassigned?"),
        ("priority:urgnt", "There is no priority “urgnt”. Did you mean urgent?"),
    ],
)  # fmt: skip
def test_a_condition_that_means_nothing_is_said_in_words_and_searched_for_by_nobody(typed: str, told: str) -> None:
    found = read(typed, STAFF)
    assert found.unknown == (told,)
    assert found.tokens == ()
    assert found.text == ""


def test_a_condition_with_a_misspelt_name_is_searched_for_and_said() -> None:
    found = read("stats:open 12:30 about:refund", STAFF)
    assert found.unknown == ("“stats:open” is searched for as words. Did you mean status:open?",)
    assert found.text == "stats:open 12:30 about:refund"


def test_what_is_typed_stands_for_the_views_own_statuses_and_keeps_the_rest() -> None:
    assert narrowed("status:open", WAITING.filter).statuses == {Status.OPEN}
    assert narrowed("level:2", MINE.filter).whose is Whose.MINE
    assert narrowed("refund", DUE_SOON.filter).due_within_minutes == 120


def test_the_example_shown_to_people_is_understood_except_for_its_placeholder() -> None:
    found = read(EXAMPLES, STAFF)
    assert len(found.tokens) == 8
    assert [words.split(".")[0] for words in found.unknown] == ["There is no colleague “handle”"]


def test_chips_add_up_within_a_field_and_the_last_owner_counts() -> None:
    first = read("level:1 mine", STAFF).tokens
    both = added(first, read("level:2 unassigned level:1", STAFF).tokens)
    assert [token.words for token in both] == ["level: L1", "level: L2", "unassigned"]


@given(st.text(max_size=200))
def test_any_line_can_be_typed(typed: str) -> None:
    found = read(typed, STAFF)
    assert isinstance(applied(QueueFilter(), found.tokens, found.text), QueueFilter)
    assert len(found.text) <= len(typed)
