"""The window comes back where it was closed, with the panes as wide as they were, on whatever screen there is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from hotmess_console.domain.errors import SetupError
from hotmess_console.services.preferences import ForgetfulStore, Layout, Preferences, from_text, to_text
from hotmess_console.ui.curtain import PLANES, Curtain
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.widgets.pane_split import widths
from hotmess_console.ui.window_place import fitted, place_window
from tests.ui.fakes_shell import LONDON, FakeDesk, closed, mine, until
from tests.ui.shell_parts import tab_of

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
ROOM = QRect(0, 0, 1_280, 720)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (QRect(100, 50, 1_000, 600), QRect(100, 50, 1_000, 600)),
        (QRect(900, 400, 1_000, 600), QRect(280, 120, 1_000, 600)),
        (QRect(-700, -90, 1_000, 600), QRect(0, 0, 1_000, 600)),
        (QRect(2_500, 1_200, 1_900, 1_000), QRect(0, 0, 1_280, 720)),
    ],
)
def test_a_window_is_moved_and_shrunk_into_the_screen_that_is_there(wanted: QRect, expected: QRect) -> None:
    assert fitted(wanted, ROOM) == expected


def test_a_window_of_a_screen_that_is_gone_comes_back_on_one_that_is_there(qapp: QApplication) -> None:
    window = QMainWindow()
    assert not place_window(window, Layout())
    assert place_window(window, Layout((9_000, 9_000, 4_000, 3_000)))
    assert qapp.primaryScreen().availableGeometry().contains(window.geometry())
    assert place_window(window, Layout((0, 0, 700, 500), maximised=True))
    assert window.windowState() & Qt.WindowState.WindowMaximized


async def lived(store: ForgetfulStore, live: Callable[[Shell], None]) -> None:
    """Open the window with these preferences, do something in it, and close it."""
    desk = FakeDesk(mine(2))
    shell = Shell(desk.bridge, LivePreferences(store), monotonic=desk.monotonic, zone=LONDON)
    place_window(shell, store.preferences.layout)
    shell.resize(1_280, 760)  # the screen of a test is smaller
    shell.show()
    desk.bridge.start()
    await until(lambda: shell.parts is not None and shell.parts.finished, "the desk stands")
    await asyncio.sleep(0.02)
    try:
        live(shell)
    finally:
        await closed(shell, desk)


def test_size_widths_and_fold_are_as_they_were_left(gui: Gui) -> None:
    store = ForgetfulStore()

    def drag(shell: Shell) -> None:
        split = tab_of(shell).split
        split.moveSplitter(400, 1)
        assert split.sizes()[0] == 400

    def look(shell: Shell) -> None:
        split = tab_of(shell).split
        window = store.preferences.layout.window
        assert window is not None
        assert window[2:] == (1_280, 760)
        assert split.sizes()[0] == 400
        assert not split.is_folded
        split.ask_fold(True)

    def look_again(shell: Shell) -> None:
        assert tab_of(shell).split.is_folded
        assert tab_of(shell).person.folded

    async def journey() -> None:
        for live in (drag, look, look_again):
            await lived(store, live)

    gui(journey())
    assert from_text(to_text(store.preferences)).layout == store.preferences.layout


def test_a_window_that_follows_the_system_opens_in_what_it_wore_last(gui: Gui) -> None:
    store = ForgetfulStore(Preferences(theme="light"))
    gui(lived(store, lambda shell: shell.preferences.dress()))
    assert store.preferences.layout.worn == "light"
    assert from_text(to_text(store.preferences)).layout.worn == "light"
    for name in PLANES:
        curtain = Curtain(name)
        assert curtain.grab().toImage().pixelColor(2, 2).name().upper() == PLANES[name][0]


def test_a_pane_dragged_wide_on_a_large_screen_leaves_the_detail_its_room_on_a_small_one() -> None:
    found = widths(1_280, folded=False, queue=1_400, person=1_900)
    assert 1_280 - found.queue - found.person >= 480


@pytest.mark.parametrize(
    "layout",
    [
        "null",
        "[]",
        '{"window": [1, 2, 3]}',
        '{"window": [0, 0, -5, 10]}',
        '{"window": ["0", 0, 5, 10], "narrow": [true, 1], "wide": [1e9, 5], "folded": "yes", "worn": 4}',
    ],
)
def test_a_damaged_layout_counts_as_never_moved_and_costs_no_other_setting(layout: str) -> None:
    found = from_text(f'{{"format": 1, "theme": "light", "layout": {layout}}}')
    assert (found.theme, found.layout) == ("light", Layout())


def test_a_full_disk_does_not_keep_the_window_from_closing(gui: Gui) -> None:
    class FullDisk(ForgetfulStore):
        def save(self, preferences: Preferences) -> None:
            raise SetupError("Your settings could not be saved.", hint="Make room.")

    seen: list[bool] = []
    gui(lived(FullDisk(), lambda shell: seen.append(shell.isVisible())))
    assert seen == [True]
