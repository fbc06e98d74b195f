"""Filters as values: what they say in JSON, and the views that everybody has from the start."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category, Level, Login, Priority, Status
from hotmess_console.domain.views import BUILT_IN, MINE, TEAM, UNASSIGNED, QueueFilter, Snooze, Whose

pytestmark = pytest.mark.foundation

FILTERS = st.builds(
    QueueFilter,
    whose=st.sampled_from(Whose),
    colleague=st.none() | st.just(Login("rowan")),
    statuses=st.frozensets(st.sampled_from(Status)),
    categories=st.frozensets(st.sampled_from(Category)),
    priorities=st.frozensets(st.sampled_from(Priority)),
    levels=st.frozensets(st.sampled_from(Level)),
    languages=st.frozensets(st.sampled_from(["en", "de", "pt-BR"])),
    overdue=st.booleans(),
    due_within_minutes=st.none() | st.integers(0, 10_000),
    snooze=st.sampled_from(Snooze),
    text=st.text(max_size=40),
)


@given(FILTERS)
def test_a_filter_comes_back_from_json_as_it_was(wanted: QueueFilter) -> None:
    assert QueueFilter.from_json(json.loads(json.dumps(wanted.to_json()))) == wanted


def test_an_older_view_lacks_keys_and_a_newer_one_has_more() -> None:
    assert QueueFilter.from_json({}) == QueueFilter()
    assert QueueFilter.from_json({"whose": "mine", "planet": "mars"}) == QueueFilter(Whose.MINE)


@pytest.mark.parametrize(
    "damaged",
    [{"whose": "everyone"}, {"statuses": ["asleep"]}, {"levels": [9]}, {"statuses": 7}, {"snooze": "later"}],
)
def test_a_damaged_view_is_told_in_words(damaged: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="saved view") as refused:
        QueueFilter.from_json(damaged)
    assert refused.value.hint


def test_everybody_starts_with_mine_unassigned_and_team() -> None:
    assert BUILT_IN[:3] == (MINE, UNASSIGNED, TEAM)
    assert len({view.name for view in BUILT_IN}) == len(BUILT_IN)
    assert all(view.id is None for view in BUILT_IN)


def test_searching_changes_the_words_and_nothing_else() -> None:
    wanted = QueueFilter(Whose.MINE, overdue=True)
    assert wanted.with_text("refund") == QueueFilter(Whose.MINE, overdue=True, text="refund")
