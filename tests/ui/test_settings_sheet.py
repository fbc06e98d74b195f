"""Keys and looks are changed by keyboard alone, at once and for good, and every collision is named first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import SetupError, Unreachable
from hotmess_console.services.preferences import ForgetfulStore, Preferences, to_text
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.dialogs.settings import SettingsSheet
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.approved import assert_as_approved, picture_of
from tests.ui.fakes_actions import FakeWindow, Run

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

_Key, _Mod = Qt.Key, Qt.KeyboardModifier


class FullDisk(ForgetfulStore):
    def save(self, preferences: Preferences) -> None:
        raise SetupError("Your settings could not be saved (no space left).", hint="Make room.")


class Open:
    """The settings over a window."""

    def __init__(self, page: str, store: ForgetfulStore, settings: Mapping[str, object] | Exception) -> None:
        self.window, self.store = FakeWindow(), store
        self.preferences = LivePreferences(store)
        self.keymap = Keymap(build_registry(), self.preferences.now.keys)
        self.settings = settings
        self.window.window.show()
        self.sheet = SettingsSheet(self.window.window, self.keymap, self.preferences, self.ask, page)
        self.keys = self.sheet.keys
        self.answer = self.sheet.open()

    async def ask(self) -> Mapping[str, object]:
        if isinstance(self.settings, Exception):
            raise self.settings
        return self.settings

    def change(self, typed: str, key: Qt.Key, held: Qt.KeyboardModifier = _Mod.NoModifier) -> None:
        self.keys.field.setText(typed)
        QTest.keyClick(self.keys.field, _Key.Key_Return)
        QTest.keyClick(self.keys.recorder, key, held)

    def said(self) -> str:
        return self.keys.words.text()


def at_settings(
    gui: Run,
    journey: Callable[[Open], Awaitable[None]],
    page: str = "",
    store: ForgetfulStore | None = None,
    settings: Mapping[str, object] | Exception | None = None,
) -> None:
    async def live() -> None:
        opened = Open(page, store or ForgetfulStore(), settings if settings is not None else {})
        try:
            await journey(opened)
        finally:
            if not opened.answer.done():
                opened.sheet.cancel()
            opened.window.window.close()
            opened.window.window.deleteLater()
            await asyncio.sleep(0)

    gui(live())


def test_a_key_is_changed_by_keyboard_alone_and_kept(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_V)
        assert opened.said() == "V is free. Enter takes it for “Claim”."
        QTest.keyClick(opened.keys.recorder, _Key.Key_Return)
        assert opened.keymap.keys("ticket.claim") == ("V",)
        assert opened.store.preferences.keys == {"ticket.claim": ("V",)}
        assert opened.said() == "“Claim” is V now."
        assert opened.keys.list.current() is not None

    at_settings(gui, journey)


def test_a_chord_is_two_letters(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_G)
        QTest.keyClick(opened.keys.recorder, _Key.Key_C)
        QTest.keyClick(opened.keys.recorder, _Key.Key_Return)
        assert opened.keymap.keys("ticket.claim") == ("G, C",)

    at_settings(gui, journey)


def test_a_key_with_control_stands_alone_and_backspace_begins_again(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_G)
        QTest.keyClick(opened.keys.recorder, _Key.Key_Backspace)
        assert opened.keys.recorder.keys == ""
        QTest.keyClick(opened.keys.recorder, _Key.Key_F9, _Mod.ControlModifier)
        assert opened.keys.recorder.keys == "Ctrl+F9"

    at_settings(gui, journey)


def test_a_taken_key_names_its_action_and_is_not_used_by_enter(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_E)
        assert opened.said() == "E already starts “Escalate”. Swap the two, or press another key."
        QTest.keyClick(opened.keys.recorder, _Key.Key_Return)
        assert opened.keymap.keys("ticket.claim") == ("C",)
        assert opened.keys.swap.isVisible()
        QTest.keyClick(opened.keys.swap, _Key.Key_Space)
        assert opened.keymap.keys("ticket.claim") == ("E",)
        assert opened.keymap.keys("ticket.escalate") == ("C",)

    at_settings(gui, journey)


def test_a_key_that_moves_the_cursor_is_refused_with_words(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_Down)
        QTest.keyClick(opened.keys.recorder, _Key.Key_Return)
        assert "moves about the window" in opened.said()
        assert opened.keymap.keys("ticket.claim") == ("C",)

    at_settings(gui, journey)


def test_esc_gives_up_the_recording_first_and_then_closes(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_V)
        QTest.keyClick(opened.keys.recorder, _Key.Key_Escape)
        assert not opened.keys.recorder.isVisible()
        assert not opened.answer.done()
        QTest.keyClick(opened.keys.field, _Key.Key_Escape)
        assert await opened.answer is None
        assert opened.keymap.overrides() == {}

    at_settings(gui, journey)


def test_one_key_or_all_go_back_to_their_own(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        for typed, key in (("claim", _Key.Key_V), ("escalate", _Key.Key_U)):
            opened.change(typed, key)
            QTest.keyClick(opened.keys.recorder, _Key.Key_Return)
        opened.change("claim", _Key.Key_Q)
        opened.keys.own.click()
        assert opened.keymap.keys("ticket.claim") == ("C",)
        opened.keys.reset_all.click()
        assert opened.store.preferences.keys == {}

    at_settings(gui, journey)


def test_an_action_can_be_left_without_a_key(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_V)
        opened.keys.none.click()
        assert opened.keymap.keys("ticket.claim") == ()
        assert opened.said() == "“Claim” has no key now."

    at_settings(gui, journey)


def test_every_action_stands_in_the_list(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        rows = opened.keys.list.rows
        shown = [hit.entry.does for row in range(rows.rowCount()) if (hit := rows.hit(row)) is not None]
        assert sorted(shown) == sorted(action.id for action in build_registry())

    at_settings(gui, journey)


def test_tab_reaches_every_control_of_every_page(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_E)
        stops = set(opened.sheet.stops())
        keys = opened.keys
        assert {keys.field, keys.recorder, keys.swap, keys.none, keys.reset_all, keys.copy, keys.paste} <= stops
        assert set(opened.sheet.bar.items.values()) <= stops
        opened.sheet.show_page("look")
        assert {opened.sheet.look.theme, opened.sheet.look.names} <= set(opened.sheet.stops())

    at_settings(gui, journey)


def test_settings_travel_by_the_clipboard(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        elsewhere = Preferences("light", True, {"ticket.claim": ("V",)})
        QApplication.clipboard().setText(to_text(elsewhere))
        opened.keys.paste.click()
        assert opened.store.preferences == elsewhere
        assert opened.keymap.keys("ticket.claim") == ("V",)
        assert theme().palette.name == "light"
        opened.keys.copy.click()
        assert QApplication.clipboard().text() == to_text(elsewhere)

    at_settings(gui, journey)


def test_a_clipboard_that_holds_something_else_changes_nothing(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        QApplication.clipboard().setText("<b>not settings</b>")
        opened.keys.paste.click()
        assert "cannot be used" in opened.said()
        assert opened.store.preferences == Preferences()

    at_settings(gui, journey)


def test_a_choice_that_cannot_be_kept_holds_for_now_and_says_so(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        opened.change("claim", _Key.Key_V)
        QTest.keyClick(opened.keys.recorder, _Key.Key_Return)
        assert "no space left" in opened.said()
        assert opened.keymap.keys("ticket.claim") == ("V",)

    at_settings(gui, journey, store=FullDisk())


def test_the_look_is_changed_and_kept_at_once(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        look = opened.sheet.look
        look.theme.setFocus()
        look.theme.setCurrentIndex(look.theme.findData("high contrast"))
        look.names.setCurrentIndex(look.names.findData(True))
        assert opened.store.preferences == Preferences("high contrast", True)
        assert theme().palette.name == "high contrast"

    at_settings(gui, journey, "look")


def test_the_page_asked_for_is_open(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        assert opened.sheet.pages.currentWidget() is opened.sheet.look
        assert opened.sheet.bar.current() == "look"

    at_settings(gui, journey, "look")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"messages.hold_seconds": 20}, "20 seconds"),
        ({}, "The desk has not set this."),
        ({"messages.hold_seconds": "soon"}, "The desk has not set this."),
        (Unreachable("The database cannot be reached.", hint="Wait."), "The database cannot be reached. Wait."),
    ],
)
def test_how_long_replies_are_held_comes_from_the_desk(
    gui: Run, settings: Mapping[str, object] | Exception, words: str
) -> None:
    async def journey(opened: Open) -> None:
        await opened.sheet.sending.read()
        assert words in [label.text() for label in opened.sheet.sending.findChildren(SafeLabel)]

    at_settings(gui, journey, "sending", settings=settings)


def test_the_settings_look_as_they_were_approved(gui: Run, qapp: QApplication, tmp_path: Path) -> None:
    taken: list[QImage] = []

    async def journey(opened: Open) -> None:
        theme().apply(qapp, "dark")
        opened.change("claim", _Key.Key_E)
        taken.append(picture_of(opened.sheet.panel))

    at_settings(gui, journey)
    assert_as_approved(taken[0], "settings-keys-dark.png", tmp_path)
