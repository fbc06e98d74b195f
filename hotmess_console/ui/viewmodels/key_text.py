"""Key presses as portable text ("Ctrl+K", "G, T"): one spelling for one press on every keyboard layout."""

from __future__ import annotations

import re

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_Key, _Mod = Qt.Key, Qt.KeyboardModifier
_HELD = _Mod.ShiftModifier | _Mod.ControlModifier | _Mod.AltModifier | _Mod.MetaModifier
_ALONE = frozenset(
    {
        _Key.Key_Shift,
        _Key.Key_Control,
        _Key.Key_Alt,
        _Key.Key_AltGr,
        _Key.Key_Meta,
        _Key.Key_Super_L,
        _Key.Key_Super_R,
        _Key.Key_CapsLock,
        _Key.Key_NumLock,
        _Key.Key_ScrollLock,
        _Key.Key_Mode_switch,
        _Key.Key_Multi_key,
        _Key.Key_unknown,
    }
)
_JOINT = re.compile(r"(?<=\S), (?=\S)")  # "Ctrl+K, ," is Ctrl+K and then a comma
_ENTER = re.compile(r"\bEnter\b")
_DEAD = range(_Key.Key_Dead_Grave.value, _Key.Key_Dead_Longsolidusoverlay.value + 1)
_SIGNS = {
    "Return": "↵",
    "Enter": "↵",
    "Shift": "⇧",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "PgUp": "Page ↑",
    "PgDown": "Page ↓",
    "Del": "Delete",
}
WIDGET_KEYS = frozenset(
    {"Esc", "Tab", "Backtab", "Return", "Space", "Backspace", "Del", "Ins", "Menu"}
    | {"Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown"}
)
"""Keys by which every control is worked: a control that has a use for one goes before any action."""
WRITING_KEYS = frozenset(
    {"Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Y"}
    | {"Ctrl+Shift+Z", "Ctrl+Shift+V", "Ctrl+Backspace", "Ctrl+Del"}
)
"""What people press while they edit text; in a field these always mean the text."""


def canonical(text: str) -> str:
    """Return the one spelling of these keys ("g, t" → "G, T"); empty when they name no key."""
    found = QKeySequence.fromString(text.strip(), _PORTABLE).toString(_PORTABLE)
    # Qt reads keys even out of nonsense; a key is only what it also reads back.
    stable = QKeySequence.fromString(found, _PORTABLE).toString(_PORTABLE) == found
    named = all(part.strip() and part.isprintable() for part in _JOINT.split(found))
    return _ENTER.sub("Return", found) if stable and named else ""


def strokes(keys: str) -> tuple[str, ...]:
    """Return the presses of a key or chord, in order: "G, T" → ("G", "T")."""
    known = canonical(keys)
    return tuple(_JOINT.split(known)) if known else ()


def pressed(event: QKeyEvent) -> str:
    """Return the press as text; empty for modifiers alone, dead keys and what an input method is composing."""
    key = event.key()
    if key in (0, *_ALONE) or key in _DEAD:
        return ""
    held = event.modifiers() & _HELD
    typed = event.text()
    if len(typed) == 1 and typed.isprintable() and not typed.isalnum() and not typed.isspace():
        # "?" is Shift with "/" here and with "ß" there, "]" needs AltGr elsewhere: what was typed is what counts
        sign = _on_sign(held)
        if sign is not None:
            return QKeySequence(QKeyCombination(sign, _Key(ord(typed.upper())))).toString(_PORTABLE)
    plain = {_Key.Key_Enter: _Key.Key_Return, _Key.Key_Backtab: _Key.Key_Tab}.get(_Key(key), _Key(key))
    return QKeySequence(QKeyCombination(held, plain)).toString(_PORTABLE)


def _on_sign(held: Qt.KeyboardModifier) -> Qt.KeyboardModifier | None:
    """What is still held beside a typed sign, once the modifiers that made the sign are taken off."""
    without_shift = held & ~_Mod.ShiftModifier
    if without_shift in (_Mod.NoModifier, _Mod.ControlModifier | _Mod.AltModifier):
        return _Mod.NoModifier
    return None


def types_text(stroke: str) -> bool:
    """Whether this press would write something in a text field."""
    if stroke in WIDGET_KEYS:
        return stroke == "Space"
    rest = stroke.removeprefix("Shift+")
    return len(rest) == 1


def for_widget(stroke: str) -> bool:
    """Whether this press works the control that has the keyboard, before it can start an action."""
    return stroke.removeprefix("Shift+") in WIDGET_KEYS


def caps(keys: str) -> tuple[str, ...]:
    """Return what stands on each key cap: "Ctrl+Shift+M" → ("Ctrl", "⇧", "M"), "G, T" → ("G", "T")."""
    return tuple(_SIGNS.get(part, part) for stroke in strokes(keys) for part in _parts(stroke))


def _parts(stroke: str) -> list[str]:
    if stroke.endswith("+"):
        return [*stroke[:-1].rstrip("+").split("+"), "+"] if len(stroke) > 1 else ["+"]
    return stroke.split("+")


def spoken(keys: str) -> str:
    """Return the keys as a sentence says them: "Ctrl+Shift+M" stays, "G, T" becomes "G then T"."""
    return " then ".join(strokes(keys))
