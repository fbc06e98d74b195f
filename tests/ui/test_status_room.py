"""The status bar at 1280 pixels: what matters is readable in full, what can be spared steps aside, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.status_bar import StatusBar

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
LONG = "All connections to the database are in use, and none was free within ten seconds of waiting for one."
TODO = "Nothing was changed. Try again in a moment, or ask whoever runs the database to raise the limit."


@pytest.fixture
def bar(gui: Gui) -> Iterator[StatusBar]:
    """A bar with every fact that it can show."""
    made = StatusBar()
    made.resize(1280, made.height())
    made.set_connection("Connected", "confirmed 0 s ago", known=True, lost=False)
    made.set_mail("1 held", urgent=False)
    made.set_seals("Audit sealed 4 s ago", bad=False)
    made.set_who("Mina Dale · demo")
    made.set_time("Mon 23 Nov, 02:31 GMT")
    made.show()
    yield made
    made.close()


def settle(gui: Gui) -> None:
    gui(asyncio.sleep(0.02))


def whole(label: SafeLabel) -> bool:
    return label.isVisible() and label.width() >= label.sizeHint().width()


def facts(bar: StatusBar) -> tuple[SafeLabel, ...]:
    return bar.age, bar.mail, bar.seals, bar.who, bar.time


def test_with_nothing_told_every_fact_is_shown_in_full(gui: Gui, bar: StatusBar) -> None:
    settle(gui)
    assert all(whole(fact) for fact in facts(bar))
    bar.offer_undo("Reply on HM-10244 leaves in", 15)
    settle(gui)
    assert all(whole(fact) for fact in (*facts(bar), bar.undo.words))


def test_what_can_be_undone_and_what_was_told_take_the_room_of_what_can_be_spared(gui: Gui, bar: StatusBar) -> None:
    bar.offer_undo("Reply on HM-10244 leaves in", 15)
    bar.tell("HM-10244 is open from outside this list; keys act on it.", "Esc goes back to the list.")
    settle(gui)
    assert whole(bar.undo.words)
    assert whole(bar.undo.left)
    assert whole(bar.told)
    assert whole(bar.hint)
    assert bar.seals.isHidden()
    assert bar.time.geometry().right() < bar.width()


def test_of_words_too_long_for_the_bar_the_middle_is_cut_and_what_to_do_stays_readable(
    gui: Gui, bar: StatusBar
) -> None:
    bar.offer_undo("Reply on HM-10244 leaves in", 15)
    bar.tell(LONG, TODO)
    settle(gui)
    assert whole(bar.undo.words)
    assert whole(bar.hint)
    assert not whole(bar.told)
    assert bar.hint.geometry().right() < bar.width()
    assert bar.told.accessibleDescription() == f"{LONG} {TODO}"
    assert bar.told.accessibleDescription() == bar.hint.accessibleDescription()


def test_what_is_wrong_never_steps_aside(gui: Gui, bar: StatusBar) -> None:
    bar.set_connection("Offline", "last confirmed 6 min ago", known=True, lost=True)
    bar.set_mail("2 held, 1 failed", urgent=True)
    bar.set_seals("The audit was changed", bad=True)
    bar.tell(LONG, TODO)
    settle(gui)
    assert whole(bar.age)
    assert whole(bar.mail)
    assert whole(bar.seals)


def test_every_fact_comes_back_once_what_was_told_is_over(gui: Gui, bar: StatusBar) -> None:
    bar.tell(LONG, TODO)
    settle(gui)
    assert not any(fact.isVisible() for fact in (bar.seals, bar.age))
    bar.untell(LONG)
    settle(gui)
    assert all(whole(fact) for fact in facts(bar))


def test_the_bar_lies_still_once_its_room_is_shared_out(
    gui: Gui, bar: StatusBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar.offer_undo("Reply on HM-10244 leaves in", 15)
    bar.tell(LONG, TODO)
    settle(gui)
    shared: list[int] = []
    monkeypatch.setattr(bar, "_share_out", lambda: shared.append(1))
    settle(gui)
    assert not shared
