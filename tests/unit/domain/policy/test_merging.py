"""Two tickets are one person's by address, without any by name, and otherwise nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.policy.merging import Writer, same_person

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Rowan Hale", "rowan@example.org"), ("R. Hale", "Rowan@Example.org "), True),
        (("Rowan Hale", "rowan@example.org"), ("Rowan Hale", "someone@example.org"), False),
        (("Rowan Hale", "rowan@example.org"), ("Rowan Hale", ""), False),
        (("Rowan Hale", ""), ("rowan  hale", ""), True),
        (("Rowan Hale", ""), ("Ines Marlow", ""), False),
        (("", ""), ("", ""), False),
    ],
)
def test_who_counts_as_the_same_person(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert same_person(Writer(*one), Writer(*other)) is same


WORDS = st.text("aB @.é", max_size=4)


@given(WORDS, WORDS, WORDS, WORDS)
def test_it_does_not_matter_which_is_asked_first(name: str, email: str, other: str, address: str) -> None:
    assert same_person(Writer(name, email), Writer(other, address)) is same_person(
        Writer(other, address), Writer(name, email)
    )
