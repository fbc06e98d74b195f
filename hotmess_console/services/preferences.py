"""What one person prefers on this workstation, and the port by which it is kept. Nothing secret belongs here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hotmess_console.domain.errors import BadInput

FORMAT = 1
_OWN = frozenset({"format", "theme", "mask_on_start", "keys"})
FOLLOW_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of the settings sheet. `keys` are keys by action id where they differ from the program's own."""

    theme: str = FOLLOW_SYSTEM
    mask_on_start: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: Mapping[str, object] = field(default_factory=dict)
    """What a newer version wrote: not understood here, and written back untouched."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found, and what to tell the person about it: what happened, then what to do. Empty when all is well."""

    preferences: Preferences
    trouble: str = ""
    hint: str = ""


class PreferenceStore(Protocol):
    """Where preferences are kept."""

    def load(self) -> Kept:
        """Return what is kept, or the defaults; never raises for a file that is missing, broken or unreadable."""
        ...

    def save(self, preferences: Preferences) -> None:
        """Keep these whole or not at all. Raises SetupError when they cannot be written."""
        ...


class ForgetfulStore:
    """Keeps preferences only as long as the program runs."""

    def __init__(self, preferences: Preferences | None = None) -> None:
        self.preferences = preferences or Preferences()

    def load(self) -> Kept:
        """Return what was saved last."""
        return Kept(self.preferences)

    def save(self, preferences: Preferences) -> None:
        """Remember these."""
        self.preferences = preferences


def to_text(preferences: Preferences) -> str:
    """Return the preferences as JSON, for the file and for carrying them to another machine."""
    content = {
        **preferences.others,
        "format": FORMAT,
        "theme": preferences.theme,
        "mask_on_start": preferences.mask_on_start,
        "keys": {id: list(keys) for id, keys in sorted(preferences.keys.items())},
    }
    return json.dumps(content, indent=2) + "\n"


def from_text(text: str) -> Preferences:
    """Return what `to_text` wrote. Raises BadInput, whose words say why, when it is something else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("it is not valid JSON") from error
    if not isinstance(content, dict):
        raise BadInput("it is not a settings file")
    if content.get("format") != FORMAT:
        raise BadInput(f"its format is {json.dumps(content.get('format'))[:20]}, and this version reads {FORMAT}")
    theme, masked = content.get("theme", Preferences().theme), content.get("mask_on_start", False)
    if not isinstance(theme, str) or not isinstance(masked, bool):
        raise BadInput("the theme or the mask is not written as expected")
    others = {name: value for name, value in content.items() if name not in _OWN}
    return Preferences(theme, masked, _keys(content.get("keys", {})), others)


def _keys(found: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(found, dict):
        raise BadInput("the keys are not written as expected")
    keys: dict[str, tuple[str, ...]] = {}
    for id, listed in found.items():
        if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
            raise BadInput(f"the keys of “{id[:40]}” are not written as expected")
        keys[id] = tuple(listed)
    return keys
