"""The manual's table of response times, as figures and as a setting."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.policy.targets import MANUAL, MANUAL_ROWS, Target, Targets
from hotmess_console.domain.values import Category, Priority

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("category", "priority", "due", "breach"),
    [
        (Category.SAFETY, Priority.URGENT, 1, 1),
        (Category.BILLING, Priority.HIGH, 4, 4),
        (Category.TECHNICAL, Priority.NORMAL, 24, 24),
        (Category.GENERAL, Priority.NORMAL, 24, 48),
        (Category.FEEDBACK, Priority.LOW, 48, 72),
        (Category.BUSINESS, Priority.NORMAL, 24, 24),
        (Category.OTHER, Priority.NORMAL, 24, 48),
        (None, Priority.NORMAL, 24, 48),
    ],
)
def test_the_figures_are_the_manuals(category: Category | None, priority: Priority, due: int, breach: int) -> None:
    promised = Target(priority, timedelta(hours=due), timedelta(hours=breach))
    assert MANUAL.of(category) == promised
    assert MANUAL.resolving(category) == promised


MINUTES = st.integers(1, 90 * 24 * 60)


@st.composite
def tables(draw: st.DrawFn) -> dict[Category, Target]:
    rows = {}
    for category in MANUAL_ROWS:
        due, breach = sorted((draw(MINUTES), draw(MINUTES)))
        priority = Priority.URGENT if category is Category.SAFETY else draw(st.sampled_from(Priority))
        rows[category] = Target(priority, timedelta(minutes=due), timedelta(minutes=breach))
    return rows


@given(tables(), tables())
@settings(max_examples=40)
def test_targets_survive_being_stored(response: dict[Category, Target], resolution: dict[Category, Target]) -> None:
    targets = Targets(response, resolution)
    assert Targets.from_json(json.loads(json.dumps(targets.to_json()))) == targets


def stored() -> dict[str, Any]:
    return MANUAL.to_json()


def refused(value: object) -> BadInput:
    with pytest.raises(BadInput) as refusal:
        Targets.from_json(value)
    return refusal.value


def test_a_misspelt_category_is_named_with_the_nearest_valid_one() -> None:
    value = stored()
    value["response"]["biling"] = value["response"].pop("billing")
    error = refused(value)
    assert "biling" in str(error)
    assert "billing" in error.hint


def test_a_misspelt_figure_is_named_with_its_place() -> None:
    value = stored()
    value["resolution"]["feedback"]["due_minuts"] = value["resolution"]["feedback"].pop("due_minutes")
    error = refused(value)
    assert "resolution.feedback" in str(error)
    assert "due_minutes" in error.hint


def test_a_missing_category_is_named() -> None:
    value = stored()
    del value["response"]["safety"]
    assert "safety" in str(refused(value))


def test_other_cannot_have_figures_of_its_own() -> None:
    value = stored()
    value["response"]["other"] = value["response"]["general"]
    assert "counts as general" in str(refused(value))


def test_a_safety_ticket_cannot_be_made_less_than_urgent() -> None:
    value = stored()
    value["response"]["safety"]["priority"] = "high"
    assert "must stay urgent" in str(refused(value))


@pytest.mark.parametrize("minutes", [0, -5, 90 * 24 * 60 + 1, float("nan"), float("inf"), "60", None, True, [60]])
def test_a_figure_that_is_no_span_of_time_is_refused_by_name(minutes: object) -> None:
    value = stored()
    value["response"]["general"]["due_minutes"] = minutes
    assert "response.general.due_minutes" in str(refused(value))


def test_a_ticket_cannot_be_breached_before_it_is_due() -> None:
    value = stored()
    value["response"]["general"]["breach_minutes"] = 60
    assert "breached before it is due" in str(refused(value))


def test_an_unknown_priority_is_refused_with_the_nearest_one() -> None:
    value = stored()
    value["response"]["general"]["priority"] = "norml"
    assert "normal" in refused(value).hint


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
@settings(max_examples=60)
def test_a_damaged_setting_is_refused_in_words(value: object) -> None:
    assert refused(value).hint


@given(st.sampled_from(["response", "resolution"]), st.none() | st.integers() | st.text() | st.lists(st.none()))
@settings(max_examples=30)
def test_a_damaged_part_is_refused_by_name(part: str, damage: object) -> None:
    assert part in str(refused({**stored(), part: damage}))
