"""What one person prefers on this workstation, and the port by which it is kept. Nothing secret belongs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

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
