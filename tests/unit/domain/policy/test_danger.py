"""Words that place a question before a person, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.policy.danger import HINTS, danger_hints

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    "text",
    [
        "Please, he is FOLLOWING  me",
        "he won’t let me leave",
        "Creo que estoy en peligro",
        "esta siguiendo: me esta siguiendo",
        "Il est là, il me suit.",
        "Ich bin in Gefahr!",
        "mi sta seguendo",
        "bıçağı var",
    ],
)
def test_a_cry_for_help_is_noticed_whatever_its_language_case_and_accents(text: str) -> None:
    assert danger_hints(text)


@pytest.mark.parametrize(
    "text", ["", "How do I follow an event?", "My card was charged twice", "This listing is endangered", "indanger"]
)
def test_ordinary_words_raise_nothing(text: str) -> None:
    assert danger_hints(text) == ()


@pytest.mark.parametrize("hint", [hint for hints in HINTS.values() for hint in hints])
def test_every_hint_is_found_in_its_own_words(hint: str) -> None:
    assert danger_hints(f"… {hint.upper()}, …")


def test_each_phrase_is_named_once() -> None:
    assert danger_hints("in danger, in danger, in danger") == ("in danger",)


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(danger_hints(text), tuple)
