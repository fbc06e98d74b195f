"""The quiet look before sending."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.risk import Risk, remarks

pytestmark = pytest.mark.foundation


def risks(text: str, **others: tuple[str, ...]) -> list[tuple[Risk, str]]:
    return [(remark.risk, text[remark.start : remark.end]) for remark in remarks(text, **others)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Hi Rowan,\n\nWe've processed your refund request for £9.99.\n\nBest,\nHOTMESS Support Team",
        "Your reference is RF-20871, ticket #HM-10482, on 23 November 2026 at 14:05.",
        "The funds should appear in your account within 5-10 business days.",
        "It takes 24-48 hours, and 3 of 5 payments failed. Version 2.14.3 repairs it.",
        "See https://hotmess.london/help and https://www.hotmess.london/faq.",
        "You can reach the Samaritans on 116 123, or 0808 2000 247.",
    ],
)
def test_an_ordinary_answer_passes_without_remarks(text: str) -> None:
    assert remarks(text) == ()


def test_another_persons_name_is_noticed_as_a_whole_word_in_any_case() -> None:
    text = "We have spoken to ALEX  moreno; alexandra is somebody else."
    assert risks(text, people=("Alex Moreno", "Alex", "a")) == [
        (Risk.PERSON, "ALEX"),
        (Risk.PERSON, "ALEX  moreno"),
    ]


def test_what_only_the_reporter_could_know_is_noticed() -> None:
    assert risks("You wrote that on the night bus.", private=("on the night bus",)) == [
        (Risk.PRIVATE, "on the night bus")
    ]


@pytest.mark.parametrize("place", ["E8 3DL", "sw1a 1aa", "51.5412, -0.0557", "14 Mare Street", "221b baker street"])
def test_places_are_noticed(place: str) -> None:
    assert (Risk.LOCATION, place) in risks(f"They were seen at {place} yesterday.")


def test_a_link_elsewhere_is_noticed_with_the_host_it_really_leads_to() -> None:
    (remark,) = remarks("Look at https://hotmess.london@example.net/login.")
    assert remark.risk is Risk.LINK
    assert "example.net" in remark.words


@pytest.mark.parametrize("link", ["https://hotmess.london.example.net/", "https://nothotmess.london/"])
def test_a_host_that_only_looks_like_ours_is_noticed(link: str) -> None:
    assert risks(link) == [(Risk.LINK, link)]


@pytest.mark.parametrize("word", ["password", "Passwords", "Passwort", "contraseña", "mot de passe", "senha", "hasło"])
def test_passwords_are_noticed_in_several_languages(word: str) -> None:
    assert risks(f"Send us your {word}, please.") == [(Risk.PASSWORD, word)]


@pytest.mark.parametrize(
    "number",
    ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "3782 822463 10005", "6011 0009 9013 9424"],
)
def test_a_card_number_is_noticed_however_it_is_grouped(number: str) -> None:
    assert risks(f"Is {number} your card?") == [(Risk.CARD, number)]


def test_a_card_number_is_noticed_also_when_its_expiry_date_follows() -> None:
    assert risks("4242 4242 4242 4242 12 27") == [(Risk.CARD, "4242 4242 4242 4242")]


@pytest.mark.parametrize("number", ["4242 4242 4242 4243", "0000 0000 0000 0000", "12345", "4" * 30])
def test_other_figures_are_no_card_number(number: str) -> None:
    assert risks(number) == []


def test_a_remark_never_repeats_what_it_found() -> None:
    for remark in remarks("Alex, 4242 4242 4242 4242, E8 3DL", people=("Alex",)):
        assert "4242" not in remark.words
        assert "Alex" not in remark.words
        assert "E8" not in remark.words


@given(st.text(max_size=300), st.lists(st.text(max_size=10), max_size=4))
@settings(max_examples=80)
def test_every_remark_lies_within_the_text(text: str, people: list[str]) -> None:
    for remark in remarks(text, people=people):
        assert 0 <= remark.start < remark.end <= len(text)


@pytest.mark.parametrize("unit", ["1 ", "111 ", "1", "1.111,", "1a a ", "https://", "a1 ", "1234-", "12 Abc "])
def test_the_longest_reply_is_looked_over_at_once(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    # this thread's own work, whatever else the machine does; a search that grows with the square would take minutes
    started = time.thread_time()
    remarks(text, people=("Rowan Hale", "1 1 1"))
    assert time.thread_time() - started < 0.5


@pytest.mark.parametrize("text", ["Dear Idris,\n\nGood news", "hi idris!", "\nHello Idris Cole, we", "Hola Idris:"])
def test_a_greeting_of_somebody_else_is_remarked_on(text: str) -> None:
    [found] = remarks(text, to="Amara Diallo")
    assert found.risk is Risk.GREETING
    assert text[found.start : found.end].casefold() == "idris"


@pytest.mark.parametrize(
    "text",
    [
        "Dear Amara,",
        "Hi AMARA",
        "Hello Diallo",
        "Hi there,",
        "Dear Ms Diallo,",
        "Good news: Idris is here",
        "Chère Amára,",
        "Hi,",
    ],
)
def test_a_greeting_of_the_reader_or_of_nobody_is_not(text: str) -> None:
    assert remarks(text, to="Amara Diallo") == ()


def test_where_no_name_is_known_no_greeting_is_wrong() -> None:
    assert remarks("Dear Idris,") == ()
