"""Colleagues named in a note."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.mentions import mentioned

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("note", "handles"),
    [
        ("@jonas can you look?", ("jonas",)),
        ("Thanks @Priya, and @jonas.k.", ("priya", "jonas.k")),
        ("(@ana_maria)", ("ana_maria",)),
        ("@priya's idea", ("priya",)),
        ("@jonas @JONAS @priya", ("jonas", "priya")),
        ("line one\n@jonas", ("jonas",)),
    ],
)
def test_a_handle_behind_an_at_sign_names_a_colleague(note: str, handles: tuple[str, ...]) -> None:
    assert mentioned(note) == handles


@pytest.mark.parametrize(
    "note", ["", "@", "@ jonas", "rowan.hale@example.org", "@@jonas", "é@jonas", "@-jonas", "@jonasé", "@" + "a" * 41]
)
def test_addresses_and_half_words_name_nobody(note: str) -> None:
    assert mentioned(note) == ()


HANDLES = st.from_regex(re.compile(r"[a-z0-9][a-z0-9._-]{0,20}[a-z0-9_]", re.ASCII), fullmatch=True)


@given(st.lists(HANDLES, unique=True, max_size=5), st.sampled_from([" ", ", ", ". ", "\n", " (", ") "]))
@settings(max_examples=60)
def test_all_are_found_in_their_order(handles: list[str], between: str) -> None:
    assert mentioned(between.join(f"@{handle}" for handle in handles)) == tuple(handles)


def test_a_very_long_note_is_searched_at_once() -> None:
    # this thread's own work, whatever else the machine does; a search that grows with the square would take minutes
    started = time.thread_time()
    mentioned("@a.-" * 50_000 + "@" * 100_000 + "a.b" * 50_000)
    assert time.thread_time() - started < 1
