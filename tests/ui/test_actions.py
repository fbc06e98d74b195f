"""Every action of the program, walked: reachable, named, drawn, and never two on one key."""

from __future__ import annotations

from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.actions import everywhere, navigation
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.actions.listing import LEFT_OUT, cheat_groups, palette_entries
from hotmess_console.ui.actions.registry import Action, Registry, refusal
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS
from hotmess_console.ui.host import Context, Focus, Host
from hotmess_console.ui.theme import icons
from hotmess_console.ui.viewmodels.key_text import canonical, strokes, types_text
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.viewmodels.palette_match import Matcher
from tests.ui.fakes_actions import FakeWindow, Run, noting
from tests.ui.queue_samples import make_case

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

ACTIONS = tuple({action.id: action for action in (*build_registry(), *TICKET_ACTIONS)}.values())
REGISTRY = Registry(ACTIONS)
EXPERIENCE = {
    "window.palette": "Ctrl+K", "window.cheat_sheet": "?", "window.search": "/", "window.refresh": "F5",
    "window.undo": "Z", "window.mask": "Ctrl+Shift+M", "window.theme": "Ctrl+Shift+L", "window.settings": "Ctrl+,",
    "window.back": "Esc", "window.quit": "Ctrl+Q", "case.copy_link": "Y", "queue.next": "J", "queue.previous": "K",
    "queue.tick": "X", "queue.tick_all": "Ctrl+A", "queue.next_view": "]", "queue.previous_view": "[",
    "go.tickets": "G, T", "go.templates": "G, E", "ticket.claim": "C", "ticket.escalate": "E", "ticket.reply": "R",
    "note.write": "N", "template.insert": "T", "reply.send": "Ctrl+Return", "reply.send_wait": "Alt+Return",
    "reply.send_resolve": "Ctrl+Shift+Return",
}  # fmt: skip
"""The keys that people were promised."""


def nowhere(focus: Focus = Focus.QUEUE) -> Context:
    return FakeWindow().context()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_each_action_has_an_id_of_area_and_verb_a_title_and_an_icon_that_exists(action: Action) -> None:
    area, _dot, verb = action.id.partition(".")
    assert area.isidentifier()
    assert verb.isidentifier()
    assert action.title.strip() == action.title != ""
    assert len(action.title) <= 40
    assert action.area
    assert action.icon in icons.names()
    assert action.where


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_each_key_of_an_action_is_a_key_in_its_one_spelling(action: Action) -> None:
    assert [canonical(key) for key in action.keys] == list(action.keys)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_no_letter_starts_anything_where_somebody_writes(action: Action) -> None:
    letters = [key for key in action.keys if types_text(strokes(key)[0])]
    assert not letters or Focus.COMPOSER not in action.where


def test_no_two_actions_answer_to_the_same_key_in_the_same_place() -> None:
    keymap = Keymap(ACTIONS)
    assert keymap.troubles == ()
    assert all(keymap.keys(action.id) == action.keys for action in ACTIONS)


def test_two_actions_on_one_key_would_be_noticed() -> None:
    keymap = Keymap([noting("a.one", "C"), noting("a.two", "C")])
    assert "Two" in keymap.troubles[0]


def test_two_actions_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.one"):
        Registry([noting("a.one"), noting("a.one")])


def test_people_find_the_keys_that_they_were_promised() -> None:
    assert {id: Keymap(ACTIONS).shown(id) for id in EXPERIENCE} == EXPERIENCE


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_each_action_can_be_found_in_the_palette_by_its_title_and_its_id(action: Action) -> None:
    entries = palette_entries(REGISTRY, Keymap(REGISTRY), nowhere())
    if action.id in LEFT_OUT:
        assert action.id not in {entry.does for entry in entries}
        return
    matcher = Matcher(entries)
    for typed in (action.title, action.id):
        assert action.id in {hit.entry.does for hit in matcher.find(typed)}, typed


def test_each_action_with_a_key_is_on_the_cheat_sheet_once() -> None:
    groups = cheat_groups(REGISTRY, Keymap(REGISTRY), "Tickets")
    shown = [row.title for group in groups for row in group.rows]
    assert sorted(shown) == sorted(action.title for action in ACTIONS if action.keys)
    assert groups[0].title == "Tickets"
    assert groups[-1].title == "Everywhere"


def test_the_palette_puts_this_cases_actions_first_and_says_why_others_cannot_be_done() -> None:
    with_case = FakeWindow(current=make_case(7)).context()
    entries = palette_entries(REGISTRY, Keymap(REGISTRY), with_case)
    sections = list(dict.fromkeys(entry.section for entry in entries))
    assert sections == ["For this case", "Go to", "Everywhere"]
    assert "ticket.claim" in {entry.does for entry in entries if entry.section == "For this case"}
    without = {entry.does: entry for entry in palette_entries(REGISTRY, Keymap(REGISTRY), nowhere())}
    assert without["case.copy_link"].why_not == "No case is open: choose one in the queue first."


def test_an_action_of_another_role_says_so() -> None:
    window = FakeWindow()
    window.permissions = frozenset()
    claim = REGISTRY["ticket.claim"]
    assert refusal(claim, window.context()) == "Your role does not include this."


@pytest.mark.parametrize(
    ("id", "asked"),
    [
        ("window.palette", "open_palette"),
        ("window.cheat_sheet", "open_cheat_sheet"),
        ("window.search", "focus_search"),
        ("window.refresh", "refresh"),
        ("window.undo", "undo"),
        ("window.undo_list", "open_undo_list"),
        ("window.mask", "toggle_mask"),
        ("window.back", "focus_queue"),
        ("window.settings", ("open_settings", "")),
        ("window.keys", ("open_settings", "keys")),
        ("queue.next_view", ("step_view", 1)),
        ("queue.previous_view", ("step_view", -1)),
        ("go.tickets", ("go_to", "tickets")),
        ("go.templates", ("go_to", "templates")),
    ],
)
def test_actions_of_the_window_ask_the_window(gui: Run, id: str, asked: Any) -> None:
    window = FakeWindow()
    gui(_run(REGISTRY[id], window))
    assert window.asked == [asked]


async def _run(action: Action, window: FakeWindow) -> None:
    await action.run(cast(Host, window))


def test_the_link_to_a_case_goes_to_the_clipboard_as_a_line_that_can_be_run(gui: Run) -> None:
    window = FakeWindow(current=make_case(482))
    gui(_run(REGISTRY["case.copy_link"], window))
    assert QApplication.clipboard().text() == "hotmess-console open HM-10482"
    assert "HM-10482" in window.told[0].text


def test_the_theme_goes_round_and_is_kept(gui: Run) -> None:
    window = FakeWindow()
    seen = []
    for _ in range(3):
        gui(_run(REGISTRY["window.theme"], window))
        seen.append(window.preferences.now.theme)
    assert sorted(seen) == ["dark", "high contrast", "light"]


def test_quit_closes_the_window(gui: Run) -> None:
    window = FakeWindow()
    window.window.show()
    gui(_run(REGISTRY["window.quit"], window))
    assert not window.window.isVisible()


def test_moving_along_a_queue_that_is_not_there_does_nothing(gui: Run) -> None:
    window = FakeWindow()
    for action in navigation.ACTIONS:
        if action.id.startswith("queue.") and "view" not in action.id:
            gui(_run(action, window))
    assert window.asked == []
    assert len(everywhere.ACTIONS) > 10
