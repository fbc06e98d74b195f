"""One line for several troubles."""

from __future__ import annotations

import pytest

from hotmess_console.services.troubles import Troubles

pytestmark = pytest.mark.foundation


def test_the_end_of_one_trouble_never_hides_another() -> None:
    told: list[str] = []
    troubles = Troubles(told.append)
    intake, sending = troubles.of("intake"), troubles.of("sending")
    sending("Nobody is sending.")
    intake("")
    assert told == ["Nobody is sending."]
    intake("Nothing comes in.")
    sending("")
    intake("")
    assert told == ["Nobody is sending.", "Nothing comes in.", ""]


def test_the_same_words_are_told_once() -> None:
    told: list[str] = []
    take = Troubles(told.append).of("sending")
    for _ in range(3):
        take("Nobody is sending.")
    assert told == ["Nobody is sending."]
