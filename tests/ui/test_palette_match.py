"""A few letters find what they mean, best first, quickly, whatever strangers have written."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.dialogs.palette_list import PaletteList
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.viewmodels.palette_match import MORE, Entry, Matcher, as_found, with_more

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

FRAME_S = 0.016
"""Of this thread's own time: what else the machine does is not counted."""


def entries(*titles: str, section: str = "For this case") -> list[Entry]:
    return [Entry(title, title, section) for title in titles]


def titles(matcher: Matcher, typed: str) -> list[str]:
    return [hit.entry.title for hit in matcher.find(typed)]


def test_a_title_that_begins_so_comes_before_a_word_that_does_before_letters_inside() -> None:
    matcher = Matcher(entries("Undo preferences", "Insert refund template", "Refund"))
    assert titles(matcher, "ref") == ["Refund", "Insert refund template", "Undo preferences"]


@pytest.mark.parametrize(
    ("typed", "lit"),
    [
        ("ref", ["Ref"]),
        ("TEMPL", ["templ"]),
        ("tem ref", ["Ref", "tem"]),
        ("rt", ["R", "t"]),
        ("reftem", ["Ref", "tem"]),
        ("refnud", ["Ref", "nd"]),
        ("templte", ["templ", "te"]),
    ],
)
def test_letters_shorthand_and_slips_find_the_same_and_light_what_was_typed(typed: str, lit: list[str]) -> None:
    (hit,) = Matcher(entries("Refund template", "Zoom out")).find(typed)
    assert [hit.entry.title[start:end] for start, end in hit.spans] == lit


def test_other_words_find_an_entry_without_lighting_its_title() -> None:
    (hit,) = Matcher([Entry("Quit", 1, words="window.quit leave"), Entry("Undo", 2)]).find("leave")
    assert (hit.entry.title, hit.spans) == ("Quit", ())


def test_nonsense_finds_nothing() -> None:
    assert titles(Matcher(entries("Refund template", "Quit")), "qqqq") == []


def test_what_cannot_be_done_stands_below_what_can() -> None:
    matcher = Matcher([Entry("Reopen", 1, why_not="It is open."), Entry("Resolve", 2)])
    assert titles(matcher, "re") == ["Resolve", "Reopen"]
    assert titles(matcher, "") == ["Resolve", "Reopen"]


def test_the_best_of_each_section_comes_first_and_the_rest_is_still_there() -> None:
    hits = Matcher([*entries(*(f"Re {n}" for n in range(6))), *entries("Refresh", section="Everywhere")]).find("re")
    shown = [hit.section for hit in with_more(hits)]
    assert sorted(hit.entry.title for hit in with_more(hits)) == sorted(hit.entry.title for hit in hits)
    assert shown.count("For this case") == 4
    assert shown[-2:] == [MORE, MORE]


_WORDS = st.text(max_size=60)


@given(st.lists(_WORDS, max_size=8), _WORDS)
def test_lit_letters_always_lie_in_the_title_in_order_without_overlap(all_titles: list[str], typed: str) -> None:
    found = Matcher(entries(*all_titles)).find(typed)
    for hit in (*found, *(as_found(entry, typed) for entry in entries(*all_titles))):
        places = [place for span in hit.spans for place in span]
        assert places == sorted(places)
        assert all(0 <= place <= len(hit.entry.title) for place in places)
        assert len(set(hit.spans)) == len(hit.spans)


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_an_entry_is_always_found_by_its_own_title(title: str) -> None:
    made = Entry(title, 1)
    typed = made.title.strip()
    assert not typed or [hit.entry.does for hit in Matcher([made]).find(typed)] == [1]


def test_a_title_made_to_be_slow_is_not() -> None:
    matcher = Matcher(entries(*(["a " * 60] * 30)))
    begun = thread_time()
    matcher.find("aaaaaaaaaaab")
    assert thread_time() - begun < 0.5


def test_three_hundred_actions_are_searched_and_shown_within_a_frame(qapp: QApplication) -> None:
    theme().apply(qapp, "dark")
    many = [Entry(f"Do the thing number {n} to it", n, f"S{n % 3}", "Tickets", words=f"area.{n}") for n in range(300)]
    matcher, shown = Matcher(many), PaletteList()
    shown.resize(640, 344)
    shown.show()
    best: dict[str, float] = {}
    for typed in ("d", "do", "thing", "n 7", "thign"):
        for _ in range(5):
            matcher._kept.clear()
            begun = thread_time()
            shown.show_hits(with_more(matcher.find(typed)))
            best[typed] = min(best.get(typed, 1.0), thread_time() - begun)
    shown.close()
    assert max(best.values()) < FRAME_S, best


def test_guesses_never_flood_the_list() -> None:
    matcher = Matcher(entries("Thign", *(f"Thing {n}" for n in range(50))))
    found = titles(matcher, "thign")
    assert found[0] == "Thign"
    assert len(found) == 21


def test_what_was_asked_before_is_answered_from_memory() -> None:
    matcher = Matcher(entries("Refund"))
    assert matcher.find("re") is matcher.find("RE ")
