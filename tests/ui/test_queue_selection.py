"""What is ticked, as a value."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.values import CaseId
from hotmess_console.ui.viewmodels.selection import Selection

pytestmark = pytest.mark.foundation

ALL = frozenset(CaseId(UUID(int=n)) for n in range(1, 9))
A, B, C = sorted(ALL)[:3]
some = st.frozensets(st.sampled_from(sorted(ALL)))
selections = st.builds(Selection, some, st.booleans())


def members(selection: Selection) -> frozenset[CaseId]:
    return frozenset(case for case in ALL if case in selection)


def test_nothing_is_ticked_at_first() -> None:
    assert not Selection.nothing()
    assert members(Selection.nothing()) == frozenset()
    assert Selection.nothing().words() == ""


def test_all_that_match_includes_cases_that_were_never_loaded() -> None:
    assert CaseId(UUID(int=999_999)) in Selection.everything()


def test_unticking_one_of_all_leaves_all_but_that_one() -> None:
    selection = Selection.everything().toggled(A)
    assert A not in selection
    assert B in selection
    assert selection.count(matching=120) == 119
    assert selection.words() == "All that match, except 1"


def test_how_many_are_ticked_is_unknown_while_the_number_of_matches_is() -> None:
    assert Selection.everything().count(None) is None
    assert Selection(frozenset({A, B})).count(None) == 2


def test_an_exception_from_all_survives_the_case_leaving_the_queue() -> None:
    assert A not in Selection.everything().toggled(A).forgetting([A])


def test_a_ticked_case_that_leaves_the_queue_is_no_longer_ticked() -> None:
    assert members(Selection(frozenset({A, B})).forgetting([A])) == {B}


@given(selections, st.sampled_from(sorted(ALL)))
def test_toggling_changes_exactly_one_case(selection: Selection, case: CaseId) -> None:
    assert members(selection.toggled(case)) == members(selection) ^ {case}


@given(selections, some)
def test_including_and_excluding_do_what_set_algebra_says(selection: Selection, cases: frozenset[CaseId]) -> None:
    assert members(selection.including(cases)) == members(selection) | cases
    assert members(selection.excluding(cases)) == members(selection) - cases
