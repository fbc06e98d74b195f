"""What the audit keeps of a row can be put together again, entry by entry."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.trail import Deed, values_after

pytestmark = pytest.mark.authority

VALUES = st.none() | st.integers() | st.text(max_size=5) | st.booleans()
ROWS = st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=6)


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_the_folded_entries_of_a_row_are_the_row(states: list[dict[str, Any]]) -> None:
    entries: list[tuple[Deed, dict[str, Any]]] = []
    before: dict[str, Any] = {}
    for at, row in enumerate(states):
        if at == 0:
            entries.append((Deed.INSERT, {name: value for name, value in row.items() if value is not None}))
        else:
            changed = {
                name: [before.get(name), row.get(name)]
                for name in {*before, *row}
                if before.get(name) != row.get(name) or type(before.get(name)) is not type(row.get(name))
            }
            entries.append((Deed.UPDATE, changed))
        before = row
    assert values_after(entries) == {name: value for name, value in states[-1].items() if value is not None}


def test_a_value_that_is_not_kept_is_never_guessed() -> None:
    entries: list[tuple[Deed, dict[str, Any]]] = [
        (Deed.INSERT, {"status": "open"}),
        (Deed.UPDATE, {"subject": "changed", "status": ["open", "closed"]}),
    ]
    assert values_after(entries) == {"status": "closed"}


def test_a_deleted_row_has_no_values_and_looking_changes_none() -> None:
    entries: list[tuple[Deed, dict[str, Any]]] = [(Deed.INSERT, {"a": 1}), (Deed.READ, {"a": [1, 2]})]
    assert values_after(entries) == {"a": 1}
    assert values_after([*entries, (Deed.DELETE, {"a": 1})]) == {}
