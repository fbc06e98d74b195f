"""The privacy mask over texts: nobody whom the case knows is named in what strangers or we have written."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.people import Account, Person
from hotmess_console.ui.viewmodels.mask import HIDDEN_ADDRESS, Mask, mask_for, pseudonym
from tests.ui.fakes_composer import make_detail, make_ticket, message

pytestmark = pytest.mark.foundation

ACCOUNT = Account(
    UUID(int=1), "rowan@example.org", "Ro the Great", "ro_hale", None, None, None, None, None, None, None, None
)
PERSON = Person("Rowan Hale", "rowan@example.org", ACCOUNT)


def masked() -> Mask:
    """The mask of an ordinary case with a second writer."""
    return mask_for(make_detail(make_ticket(), message("x"), message("y", author="Zora Quill")), True, PERSON)


@pytest.mark.parametrize(
    "text",
    [
        "I am Rowan.",
        "ROWAN HALE here",
        "find me as @ro_hale",
        "my handle is ro_hale",
        "@somebody_else told me",
        "write to zora.q@example.net",
        "Zora wrote this",
        "Dear Idris, how are you",
        "my name is Ada Lovelace",
        "They call me Ro the Great",
    ],
)
def test_a_text_names_nobody_whom_the_case_knows_or_who_is_greeted(text: str) -> None:
    shown = masked().text(text)
    gone = ("rowan", "hale", "ro_hale", "somebody_else", "zora", "idris", "ada", "great", "example")
    assert not [name for name in gone if name in shown.casefold()], shown


def test_what_names_nobody_is_left_as_it_is() -> None:
    text = "Hi there, my card was charged £9.99 at 9:30, twice. Hello HOTMESS, thanks @ all!"
    assert masked().text(text) == text


def test_without_the_mask_every_text_passes() -> None:
    text = "Dear Rowan, write to rowan@example.org or @ro_hale"
    assert replace(masked(), on=False).text(text) == text


def test_the_person_keeps_one_pseudonym_in_all_texts() -> None:
    assert masked().text("Rowan") == pseudonym("Rowan Hale", make_ticket().requester_email)
    assert masked().text("a@b.org") == HIDDEN_ADDRESS


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["Rowan", "Rowan Hale", "@ro_hale", "Zora Quill"]))
def test_wherever_a_known_name_stands_it_is_gone(before: str, after: str, name: str) -> None:
    shown = masked().text(f"{before} {name} {after}")
    again = masked().text(f"{before}  {after}")
    assert shown.casefold().count(name.casefold()) <= again.casefold().count(name.casefold())


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(masked().text(text), str)
