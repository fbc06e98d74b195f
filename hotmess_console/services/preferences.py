"""What one person prefers on this workstation, and the port by which it is kept. Nothing secret belongs here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Protocol

from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import BadInput

FORMAT = 1
_OWN = frozenset({"format", "theme", "mask_on_start", "keys", "layout", "server"})
FOLLOW_SYSTEM = "system"
_SECRET = re.compile(r"\bpassword\b|://[^/@:]*:[^/@]*@", re.IGNORECASE)
_FARTHEST = 100_000
"""Pixels; no desktop reaches further."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the window stood when it was closed; None for what was never moved."""

    window: tuple[int, int, int, int] | None = None
    """Left, top, width and height in pixels of the desktop, as it is when it is not maximised."""
    maximised: bool = False
    narrow: tuple[int, int] | None = None
    """Design pixels of queue and person pane in a window below 1600; 0 for the usual width."""
    wide: tuple[int, int] | None = None
    """The same from 1600 on."""
    folded: bool | None = None
    """Whether the person pane was folded by hand; None when it folds by itself."""
    worn: str = ""
    """The palette that it wore: what the next start paints first where the theme follows the system."""


@dataclass(frozen=True, slots=True)
class Server:
    """Which database this workstation signs in to, and by what way; never with a password."""

    dsn: str = ""
    mode: Mode = Mode.DIRECT


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of the settings sheet. `keys` are keys by action id where they differ from the program's own."""

    theme: str = FOLLOW_SYSTEM
    mask_on_start: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: Mapping[str, object] = field(default_factory=dict)
    """What a newer version wrote: not understood here, and written back untouched."""
    layout: Layout = Layout()
    server: Server = Server()


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
        "layout": asdict(preferences.layout),
        "server": asdict(preferences.server),
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
    return Preferences(
        theme,
        masked,
        _keys(content.get("keys", {})),
        others,
        _layout(content.get("layout")),
        _server(content.get("server")),
    )


def _layout(found: object) -> Layout:
    """Read where the window stood; what cannot be read counts as never moved, for nobody types it by hand."""
    if not isinstance(found, dict):
        return Layout()
    window, narrow, wide = (
        _numbers(found.get(name), many) for name, many in (("window", 4), ("narrow", 2), ("wide", 2))
    )
    folded = found.get("folded")
    return Layout(
        (window[0], window[1], window[2], window[3]) if window and min(window[2:]) > 0 else None,
        found.get("maximised") is True,
        (narrow[0], narrow[1]) if narrow else None,
        (wide[0], wide[1]) if wide else None,
        folded if isinstance(folded, bool) else None,
        worn if isinstance(worn := found.get("worn"), str) else "",
    )


def _server(found: object) -> Server:
    """Read which server it is. Raises BadInput for a password: this file is copied and shown to others."""
    if found is None:
        return Server()
    if not isinstance(found, dict) or not isinstance(dsn := found.get("dsn", ""), str):
        raise BadInput("the server is not written as expected")
    if _SECRET.search(dsn):
        raise BadInput("its server line holds a password, which does not belong there")
    mode = found.get("mode", Mode.DIRECT)
    if mode not in list(Mode):
        raise BadInput(f"the server's mode is none of {', '.join(Mode)}")
    return Server(dsn, Mode(mode))


def _numbers(found: object, many: int) -> list[int]:
    """Return so many whole numbers, or none."""
    if not isinstance(found, list) or len(found) != many:
        return []
    return found if all(type(n) is int and abs(n) <= _FARTHEST for n in found) else []


def _keys(found: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(found, dict):
        raise BadInput("the keys are not written as expected")
    keys: dict[str, tuple[str, ...]] = {}
    for id, listed in found.items():
        if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
            raise BadInput(f"the keys of “{id[:40]}” are not written as expected")
        keys[id] = tuple(listed)
    return keys
