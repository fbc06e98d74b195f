"""How values are made fit to stand in a message."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.money import Money
from hotmess_console.domain.placeholders import SLOTS, Slot, Value, one_line, rendered

pytestmark = pytest.mark.foundation

NO_CHARACTERS = [
    *map(chr, range(0xFDD0, 0xFDF0)),
    *(chr((plane << 16) + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)),
]
"""What Unicode keeps for programs' own use; a text editor takes two of them for the ends of a frame."""
HEADER_BREAKS = "\r\n\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
NASTY = st.text(st.one_of(st.characters(), st.sampled_from(HEADER_BREAKS + "[]{}%\u202e\u200d\ud800")), max_size=400)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Name", "Rowan", "Rowan"),
        ("ID", "HM-10482", "HM-10482"),
        ("ID", "#HM-10482", "HM-10482"),
        ("amount", Money(999, "GBP"), "9.99"),
        ("amount", "£9.99", "9.99"),
        ("amount", " 9.99 ", "9.99"),
        ("currency", "EUR", "EUR"),
        ("date", date(2026, 12, 21), "21 December 2026"),
        ("date", datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026, 00:30 (London)"),
        ("Details of resolution", "First line.\r\n\r\nSecond.\n", "First line.\n\nSecond."),
        ("subject", "Charged\r\nBcc: everyone@example.org", "Charged Bcc: everyone@example.org"),
    ],
)
def test_each_kind_of_value_is_worded_for_its_place(name: str, value: Value, words: str) -> None:
    assert rendered(name, value) == words


@given(st.sampled_from(sorted(set(SLOTS) - {n for n, slot in SLOTS.items() if slot is Slot.FREE})), NASTY)
@settings(max_examples=150)
def test_no_single_line_value_can_end_a_mail_header(name: str, value: str) -> None:
    shown = rendered(name, value)
    assert len(shown.splitlines()) <= 1
    assert len(shown) <= 300
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    shown.encode("utf-8")


@given(NASTY)
@settings(max_examples=60)
def test_free_text_keeps_its_lines_and_no_other_control_character(value: str) -> None:
    shown = rendered("Details of resolution", value)
    assert not [char for char in shown.replace("\n", "") if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert rendered("Details of resolution", shown) == shown


# a list of characters, because st.text would melt both into one alphabet, in which the marks are too rare to be met
MARKED = st.lists(st.one_of(st.sampled_from(NO_CHARACTERS), st.characters()), max_size=60).map("".join)


@given(st.sampled_from(sorted(SLOTS)), MARKED)
@settings(max_examples=100)
def test_no_value_brings_a_mark_that_an_editor_takes_for_its_own(name: str, value: str) -> None:
    assert not set(rendered(name, value)) & set(NO_CHARACTERS)


def test_a_value_made_of_such_marks_alone_counts_as_empty() -> None:
    assert rendered("Name", "\ufdd0\ufdd1\U0010ffff") == ""


def test_long_values_are_cut() -> None:
    assert len(rendered("Name", "x" * 1_000)) == 80
    assert len(rendered("subject", "x" * 1_000)) == 200
    assert len(rendered("Details of resolution", "x" * 9_000)) == 5_000


def test_letters_that_turn_the_line_round_are_dropped_and_families_of_emoji_kept() -> None:
    assert one_line("Ro\u202ewan 👨\u200d👩\u200d👧") == "Rowan 👨\u200d👩\u200d👧"
