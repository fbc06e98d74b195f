"""The "?" sheet shows every key from the one registry, the present tab first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.actions.listing import cheat_groups
from hotmess_console.ui.actions.opening import show_keys
from hotmess_console.ui.actions.window import Window
from hotmess_console.ui.dialogs.cheat_sheet import CheatSheet
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.viewmodels.cheat_groups import KeyGroup, KeyRow, columns, groups, matching
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.widgets.key_cap import KeyCap
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.approved import assert_as_approved, picture_of
from tests.ui.fakes_actions import FakeWindow, Run, noting

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

REGISTRY = build_registry()
SAMPLE = tuple(
    KeyGroup(area, tuple(KeyRow(title, (keys,)) for title, keys in rows))
    for area, rows in (
        ("Tickets", [("Insert a template", "T"), ("Send", "Ctrl+Return"), ("Send and resolve", "Ctrl+Shift+Return")]),
        ("In every queue", [("Reply", "R"), ("Next case", "J"), ("Select all that match the filter", "Ctrl+A")]),
        ("Go to", [("Tickets", "G, T"), ("Templates", "G, E")]),
        ("Everywhere", [("Find or run anything", "Ctrl+K"), ("Settings", "Ctrl+,"), ("Back to the queue", "Esc")]),
    )
)
"""For the picture, which must not change whenever the program learns something."""
Journey = Callable[[FakeWindow, CheatSheet], Awaitable[None]]


def at_sheet(
    gui: Run,
    journey: Journey,
    *,
    keymap: Keymap | None = None,
    size: tuple[int, int] = (1280, 800),
    made: tuple[KeyGroup, ...] = (),
) -> None:
    async def live() -> None:
        window = FakeWindow()
        window.window.resize(*size)
        window.window.show()
        shown = made or cheat_groups(REGISTRY, keymap or Keymap(REGISTRY), "Tickets")
        sheet = CheatSheet(window.window, shown, "Tickets")
        answer = sheet.open()
        try:
            await journey(window, sheet)
        finally:
            if not answer.done():
                sheet.cancel()
            window.window.close()
            window.window.deleteLater()
            await asyncio.sleep(0)

    gui(live())


def inside(sheet: CheatSheet) -> QWidget:
    shown = sheet.area.widget()
    assert shown is not None
    return shown


def words(sheet: CheatSheet) -> list[str]:
    return [label.text() for label in inside(sheet).findChildren(SafeLabel)]


def caps(sheet: CheatSheet) -> list[str]:
    return [cap.key for cap in inside(sheet).findChildren(KeyCap)]


def test_every_action_with_a_key_stands_there_and_the_present_tab_first(gui: Run) -> None:
    async def journey(window: FakeWindow, sheet: CheatSheet) -> None:
        shown = words(sheet)
        assert shown[0] == "Tickets"
        assert {action.title for action in REGISTRY if action.keys} <= set(shown)

    at_sheet(gui, journey)


def test_a_changed_key_is_shown_as_it_is_now(gui: Run) -> None:
    keymap = Keymap(REGISTRY)
    keymap.assign("ticket.claim", "Ctrl+F9")

    async def journey(window: FakeWindow, sheet: CheatSheet) -> None:
        sheet.field.setText("claim")
        assert caps(sheet) == ["Ctrl", "F9"]

    at_sheet(gui, journey, keymap=keymap)


def test_typing_finds_by_word_area_or_key(gui: Run) -> None:
    async def journey(window: FakeWindow, sheet: CheatSheet) -> None:
        QTest.keyClicks(sheet.field, "escal")
        assert words(sheet) == ["In every queue", "Escalate"]
        sheet.field.setText("ctrl+k")
        assert words(sheet) == ["Everywhere", "Find or run anything"]
        sheet.field.setText("nothing of that name")
        assert words(sheet)[0] == "No key and no action of that name."

    at_sheet(gui, journey)


def test_arrows_and_pages_scroll_while_one_types(gui: Run) -> None:
    async def journey(window: FakeWindow, sheet: CheatSheet) -> None:
        bar = sheet.area.verticalScrollBar()
        for key, further in ((Qt.Key.Key_Down, True), (Qt.Key.Key_PageDown, True), (Qt.Key.Key_PageUp, False)):
            before = bar.value()
            QTest.keyClick(sheet.field, key)
            assert (bar.value() > before) is further
        assert sheet.field.text() == ""

    at_sheet(gui, journey, size=(900, 560))


def test_esc_closes_and_change_keys_leads_to_the_settings(gui: Run) -> None:
    async def journey() -> None:
        window = FakeWindow()
        window.window.show()
        for leave in (lambda sheet: QTest.keyClick(sheet.field, Qt.Key.Key_Escape), lambda sheet: sheet.change.click()):
            running = asyncio.ensure_future(show_keys(cast(Window, window), REGISTRY, Keymap(REGISTRY), "Tickets"))
            await asyncio.sleep(0)
            leave(window.window.findChildren(CheatSheet)[-1])
            await running
        assert window.asked == [("open_settings", "keys")]
        window.window.close()

    gui(journey())


@pytest.mark.parametrize(("width", "count"), [(1280, 3), (820, 2)])
def test_a_narrow_window_has_fewer_columns(gui: Run, width: int, count: int) -> None:
    async def journey(window: FakeWindow, sheet: CheatSheet) -> None:
        layout = inside(sheet).layout()
        assert layout is not None
        assert layout.count() == count

    at_sheet(gui, journey, size=(width, 700))


def test_an_action_without_a_key_is_left_to_the_palette() -> None:
    keymap = Keymap([noting("a.with", "V"), noting("a.without")])
    assert [row.title for group in groups(keymap, ()) for row in group.rows] == ["With"]


_GROUPS = st.lists(
    st.builds(
        KeyGroup, st.text(max_size=9), st.lists(st.builds(KeyRow, st.text(max_size=9), st.just(("V",)))).map(tuple)
    )
)


@given(_GROUPS, st.integers(1, 4))
def test_columns_lose_and_double_nothing(made: list[KeyGroup], count: int) -> None:
    spread = columns(made, count)
    assert len(spread) == count
    assert sorted((group for column in spread for group in column), key=repr) == sorted(made, key=repr)
    assert not made or spread[0][0] is made[0]


@given(_GROUPS, st.text(max_size=8))
def test_what_was_typed_only_ever_narrows(made: list[KeyGroup], typed: str) -> None:
    rows = [row for group in made for row in group.rows]
    assert all(row in rows for group in matching(made, typed) for row in group.rows)
    assert sum(len(group.rows) for group in matching(made, "")) == len(rows)


def test_the_cheat_sheet_looks_as_it_was_approved(gui: Run, qapp: QApplication, tmp_path: Path) -> None:
    taken: list[QImage] = []

    async def journey(window: FakeWindow, sheet: CheatSheet) -> None:
        theme().apply(qapp, "dark")
        sheet.setFocus()
        taken.append(picture_of(sheet.panel))

    at_sheet(gui, journey, made=SAMPLE)
    assert_as_approved(taken[0], "cheat-sheet-dark.png", tmp_path)
