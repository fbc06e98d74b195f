"""Keys can be changed, never so that one key starts two things, and always back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.actions.registry import Action
from hotmess_console.ui.host import Focus
from hotmess_console.ui.viewmodels.key_text import canonical, caps, pressed, spoken, strokes, types_text
from hotmess_console.ui.viewmodels.keymap import Keymap, KeyTaken
from tests.ui.fakes_actions import noting

pytestmark = pytest.mark.foundation

_QUEUE, _WRITING = frozenset({Focus.QUEUE}), frozenset({Focus.COMPOSER})


def actions() -> list[Action]:
    return [
        noting("case.claim", "C"),
        noting("case.escalate", "E"),
        noting("go.tickets", "G, T"),
        noting("go.templates", "G, E"),
        noting("window.undo", "Z", "Ctrl+Z"),
        noting("text.send", "Ctrl+Return", where=_WRITING),
        noting("case.silent"),
    ]


def assert_sound(keymap: Keymap) -> None:
    """No key, and no beginning of a chord, may mean two things in one part of the window."""
    for one in keymap:
        for key in keymap.keys(one.id):
            assert keymap.conflict(one.id, key) is None
            assert all(keymap.find(strokes(key), focus) == one.id for focus in one.where)


def test_a_free_key_replaces_the_old_one() -> None:
    keymap = Keymap(actions())
    keymap.assign("case.claim", "v")
    assert keymap.keys("case.claim") == ("V",)
    assert keymap.find(("C",), "queue") is None
    assert keymap.overrides() == {"case.claim": ("V",)}


def test_a_taken_key_is_refused_and_the_other_action_is_named() -> None:
    keymap = Keymap(actions())
    with pytest.raises(KeyTaken, match="E already starts “Escalate”") as refused:
        keymap.assign("case.claim", "E")
    assert refused.value.conflict.other == "case.escalate"
    assert keymap.keys("case.claim") == ("C",)


def test_swapping_gives_each_the_others_key() -> None:
    keymap = Keymap(actions())
    keymap.swap("case.claim", "E")
    assert (keymap.keys("case.claim"), keymap.keys("case.escalate")) == (("E",), ("C",))
    assert_sound(keymap)


def test_the_beginning_of_a_chord_cannot_be_a_key_of_its_own() -> None:
    keymap = Keymap(actions())
    with pytest.raises(KeyTaken, match="G then T"):
        keymap.assign("case.claim", "G")
    with pytest.raises(KeyTaken):
        keymap.swap("case.claim", "G")
    assert keymap.overrides() == {}
    assert_sound(keymap)


def test_the_same_key_may_mean_two_things_in_two_parts_of_the_window() -> None:
    keymap = Keymap([noting("a.one", "Ctrl+L", where=_QUEUE), noting("a.two", "Ctrl+M", where=_WRITING)])
    keymap.assign("a.two", "Ctrl+L")
    assert (keymap.find(("Ctrl+L",), "queue"), keymap.find(("Ctrl+L",), "composer")) == ("a.one", "a.two")


@pytest.mark.parametrize("keys", ["Tab", "Return", "Space", "Up", "Ctrl+C", "G, Esc", "", "no such key"])
def test_keys_that_everybody_needs_or_nobody_has_are_refused(keys: str) -> None:
    keymap = Keymap(actions())
    with pytest.raises(BadInput):
        keymap.assign("case.claim", keys)
    assert keymap.keys("case.claim") == ("C",)


def test_one_action_or_all_get_their_own_keys_back() -> None:
    keymap = Keymap(actions())
    keymap.assign("case.claim", "V")
    keymap.assign("window.undo", "U")
    keymap.reset("window.undo")
    assert keymap.keys("window.undo") == ("Z", "Ctrl+Z")
    assert keymap.is_changed("case.claim")
    keymap.reset_all()
    assert keymap.overrides() == {}


def test_a_key_that_went_to_another_action_meanwhile_is_not_taken_back_silently() -> None:
    keymap = Keymap(actions())
    keymap.assign("case.claim", "V")
    keymap.assign("case.silent", "C")
    with pytest.raises(KeyTaken, match="Silent"):
        keymap.reset("case.claim")
    assert keymap.keys("case.claim") == ("V",)


def test_an_action_can_go_without_a_key() -> None:
    keymap = Keymap(actions())
    keymap.unassign("case.claim")
    assert keymap.shown("case.claim") == ""
    assert Keymap(actions(), keymap.overrides()).keys("case.claim") == ()


def test_a_kept_choice_outranks_a_newer_versions_own_key_and_that_is_told() -> None:
    keymap = Keymap(actions(), {"case.silent": ["E"]})
    assert keymap.find(("E",), "queue") == "case.silent"
    assert keymap.keys("case.escalate") == ()
    assert "“Escalate” has lost its key" in keymap.troubles[0]


def test_keys_of_unknown_actions_are_kept_for_the_version_that_knows_them() -> None:
    assert Keymap(actions(), {"moon.land": ["L"]}).overrides() == {"moon.land": ("L",)}


def test_a_key_that_is_none_is_left_out_and_told() -> None:
    keymap = Keymap(actions(), {"case.claim": ["<b>boom</b>"]})
    assert keymap.keys("case.claim") == ("C",)
    assert "“Claim” was left out" in keymap.troubles[0]


def test_a_begun_chord_says_how_it_goes_on() -> None:
    assert Keymap(actions()).follow_ups(("G",), "queue") == {"T": "go.tickets", "E": "go.templates"}


_IDS = [action.id for action in actions()]
_KEYS = ["C", "E", "G", "T", "V", "Z", "G, T", "G, V", "C, V", "Ctrl+Z", "Ctrl+Return", "F6", "Shift+C", "?"]
_CHANGES = st.lists(
    st.tuples(st.sampled_from(["assign", "swap", "unassign", "reset"]), st.sampled_from(_IDS), st.sampled_from(_KEYS)),
    max_size=12,
)


@given(_CHANGES)
def test_whatever_is_changed_no_key_ever_starts_two_actions(changes: list[tuple[str, str, str]]) -> None:
    keymap = Keymap(actions())
    for how, id, keys in changes:
        before = {action.id: keymap.keys(action.id) for action in keymap}
        try:
            if how in ("assign", "swap"):
                getattr(keymap, how)(id, keys)
                assert keymap.keys(id)[0] == keys
            else:
                getattr(keymap, how)(id)
        except BadInput:
            assert {action.id: keymap.keys(action.id) for action in keymap} == before
        assert_sound(keymap)
    again = Keymap(actions(), keymap.overrides())
    assert {action.id: again.keys(action.id) for action in again} == {a.id: keymap.keys(a.id) for a in keymap}


@given(st.dictionaries(st.sampled_from(_IDS), st.lists(st.sampled_from(_KEYS), max_size=3), max_size=6))
def test_any_overrides_from_a_file_leave_every_key_with_one_meaning(overrides: dict[str, list[str]]) -> None:
    assert_sound(Keymap(actions(), overrides))


@given(st.text(max_size=30))
def test_any_text_is_one_spelling_of_a_key_or_none(text: str) -> None:
    known = canonical(text)
    assert canonical(known) == known
    assert ", ".join(strokes(known)) == known


def press(key: Qt.Key, text: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
    return pressed(QKeyEvent(QEvent.Type.KeyPress, key, held, text))


_Mod = Qt.KeyboardModifier


@pytest.mark.parametrize(
    ("key", "text", "held", "told"),
    [
        (Qt.Key.Key_J, "j", _Mod.NoModifier, "J"),
        (Qt.Key.Key_J, "J", _Mod.ShiftModifier, "Shift+J"),
        (Qt.Key.Key_J, "J", _Mod.NoModifier, "J"),  # caps lock
        (Qt.Key.Key_Question, "?", _Mod.ShiftModifier, "?"),
        (Qt.Key.Key_Slash, "/", _Mod.ShiftModifier, "/"),  # German: Shift and 7
        (Qt.Key.Key_BracketRight, "]", _Mod.ControlModifier | _Mod.AltModifier, "]"),  # AltGr on Windows
        (Qt.Key.Key_BracketRight, "]", _Mod.GroupSwitchModifier, "]"),  # AltGr elsewhere
        (Qt.Key.Key_Enter, "\r", _Mod.KeypadModifier | _Mod.ControlModifier, "Ctrl+Return"),
        (Qt.Key.Key_K, "\x0b", _Mod.ControlModifier, "Ctrl+K"),
        (Qt.Key.Key_M, "\r", _Mod.ControlModifier | _Mod.ShiftModifier, "Ctrl+Shift+M"),
        (Qt.Key.Key_Comma, ",", _Mod.ControlModifier, "Ctrl+,"),
        (Qt.Key.Key_Shift, "", _Mod.ShiftModifier, ""),
        (Qt.Key.Key_Dead_Acute, "", _Mod.NoModifier, ""),
        (Qt.Key.Key_unknown, "", _Mod.NoModifier, ""),
        (Qt.Key.Key_Backtab, "", _Mod.ShiftModifier, "Shift+Tab"),
    ],
)
def test_a_press_has_one_name_on_every_keyboard(key: Qt.Key, text: str, held: Qt.KeyboardModifier, told: str) -> None:
    assert press(key, text, held) == told


def test_caps_and_words_show_each_key_by_itself() -> None:
    assert caps("Ctrl+Shift+Return") == ("Ctrl", "⇧", "↵")
    assert caps("G, T") == ("G", "T")
    assert caps("Ctrl++") == ("Ctrl", "+")
    assert caps("") == ()
    assert spoken("G, T") == "G then T"
    assert [types_text(key) for key in ("J", "Shift+J", "?", "Ctrl+J", "F5", "Esc")] == [True, True, True] + [False] * 3
