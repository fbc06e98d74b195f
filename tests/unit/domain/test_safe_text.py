"""Text written by strangers is capped and shows everything that tries to hide."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.safe_text import LONGEST_LINE, MOST_MARKS, clean, clean_line, isolate, links

pytestmark = pytest.mark.foundation

NASTY = st.text(st.one_of(st.characters(), st.sampled_from("\0\t\n\r\x1b\u202e\u2066\u200d\u0301\u0316e👩")))
BIDI = [chr(c) for c in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@given(NASTY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text, 60), 60) == clean(text, 60)


@given(NASTY, st.integers(40, 200), st.integers(1, 5))
def test_the_result_never_exceeds_its_limits(text: str, limit: int, lines: int) -> None:
    shown = clean(text, limit, lines=lines)
    assert len(shown) <= limit
    assert shown.count("\n") < lines


@given(NASTY)
def test_nothing_hidden_or_reordering_is_left(text: str) -> None:
    left = {c for c in clean(text) if unicodedata.category(c) in {"Cc", "Cf", "Cs"}}
    assert left - {"\n", "\u00ad", "\u200c", "\u200d", "\u06dd", "\u070f", "\u08e2"} <= {
        chr(c) for c in (*range(0x600, 0x606), *range(0xE0020, 0xE0080), 0x110BD, 0x110CD)
    }


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\u3164\uffa0"), max_size=200))
def test_ordinary_writing_of_any_script_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("control", BIDI, ids=[f"U+{ord(c):04X}" for c in BIDI])
def test_a_bidirectional_control_is_shown_as_its_code_point(control: str) -> None:
    assert clean(f"invoice{control}gpj.exe") == f"invoice⟦U+{ord(control):04X}⟧gpj.exe"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\0b", "a␀b"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x7f", "␡"),
        ("\x9b31m", "⟦U+009B⟧31m"),
        ("\ufeffhello", "⟦U+FEFF⟧hello"),
        ("\ud800", "⟦U+D800⟧"),
        ("\uffff", "⟦U+FFFF⟧"),
        ("a\tb", "a    b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u3164", "⟦U+3164⟧"),
        ("\U000e0041", "⟦U+E0041⟧"),
    ],
)
def test_what_cannot_be_seen_gets_a_picture(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",
        "👩‍👩‍👧‍👦 ❤️",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Việt Nam",
        "नमस्ते",
        "สวัสดี",
        "שָׁלוֹם",
        "🇬🇧 1️⃣",
    ],
)
def test_living_scripts_and_emoji_stay_whole(text: str) -> None:
    assert clean(text) == text


def test_marks_piled_on_one_letter_are_capped() -> None:
    assert clean("e" + "\u0301" * 500 + "!") == "e" + "\u0301" * MOST_MARKS + "!"


def test_joiners_between_marks_do_not_lift_the_cap() -> None:
    assert len(clean("e" + "\u0301\u200d" * 500)) == 1 + MOST_MARKS


def test_a_tag_that_follows_no_flag_is_shown() -> None:
    assert clean("x\U000e0067") == "x⟦U+E0067⟧"


def test_what_was_left_out_is_counted() -> None:
    shown = clean("a" * 1_000, 100)
    kept = len(shown) - len("… (940 more characters)")
    assert shown == "a" * kept + f"… ({1_000 - kept} more characters)"


def test_a_line_of_300_000_characters_is_broken_and_costs_no_time() -> None:
    begun = time.process_time()
    shown = clean("x" * 300_000)
    assert max(map(len, shown.split("\n"))) <= LONGEST_LINE
    assert time.process_time() - begun < 0.5


def test_a_million_line_breaks_become_few() -> None:
    assert clean("\n" * 1_000_000).count("\n") < 1_000


def test_a_line_for_a_list_holds_no_breaks_and_is_cut() -> None:
    assert clean_line("  one\n\ntwo\u2029three  ") == "one two three"
    assert clean_line("word " * 100, 50) == ("word " * 100)[:49] + "…"


def test_an_isolated_name_cannot_reorder_its_sentence() -> None:
    assert isolate("שלום\u202e") == "\u2068שלום⟦U+202E⟧\u2069"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("see https://example.org/help.", "example.org"),
        ("https://pаypal.com/login", "xn--pypal-4ve.com"),
        ("https://bank.example@evil.example/x", "evil.example"),
        ("HTTP://EXAMPLE.ORG:8080", "example.org"),
        ("https://例え.jp", "xn--r8jz45g.jp"),
    ],
)
def test_a_link_names_the_host_that_it_really_leads_to(text: str, host: str) -> None:
    assert [link.host for link in links(text)] == [host]


def test_a_link_ends_before_its_full_stop_and_before_a_hidden_character() -> None:
    text = clean("Go to https://a.example/x. Then https://b.example/\u202ey")
    assert [text[link.start : link.end] for link in links(text)] == [
        "https://a.example/x",
        "https://b.example/",
    ]


def test_what_is_no_web_address_is_no_link() -> None:
    assert links("javascript:alert(1) file:///etc/passwd https:// https://[::1 data:text/html,x") == ()


@given(NASTY)
def test_looking_for_links_never_fails(text: str) -> None:
    assert all(link.host.isascii() for link in links(clean("https://" + text)))
