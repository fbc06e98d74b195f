"""Two keys in a row: the first waits for its second, says so, and is given up without harm."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt

from tests.ui.dispatcher_desk import Desk, at_desk
from tests.ui.fakes_actions import Run

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

_Key = Qt.Key


def test_a_chord_goes_to_a_tab_and_says_meanwhile_how_it_goes_on(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        begun: list[str] = []
        desk.keys.chord_changed.connect(begun.append)
        await desk.press(_Key.Key_G)
        assert desk.told == ["G …"]
        assert desk.window.told[0].hint == "T Tickets · E Templates"
        await desk.press(_Key.Key_T)
        assert (desk.asked, begun) == (["go.tickets"], ["G", ""])

    at_desk(gui, journey)


def test_the_second_key_of_a_chord_never_acts_by_itself(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        await desk.press(_Key.Key_G)
        await desk.press(_Key.Key_D)
        assert desk.asked == []
        assert desk.told[-1] == "G then D is no key."
        await desk.press(_Key.Key_D)
        assert desk.asked == ["case.delete"]

    at_desk(gui, journey)


def test_esc_gives_a_chord_up_and_nothing_else(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        await desk.press(_Key.Key_G)
        await desk.press(_Key.Key_Escape)
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_a_chord_is_forgotten_when_its_time_is_over(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.keys._patience.setInterval(30)
        await desk.press(_Key.Key_G)
        await asyncio.sleep(0.1)
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)
