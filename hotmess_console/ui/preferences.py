"""What a person chose for this workstation: theme, keys, where the panes stand."""

from __future__ import annotations

from typing import Protocol


class Preferences(Protocol):
    """Choices by name, as JSON values. They are about the window only, never about cases."""

    def get(self, name: str) -> object:
        """Return what was chosen, None where nothing was."""
        ...

    def put(self, name: str, value: object) -> None: ...


class PreferencesInMemory:
    """`Preferences` for as long as the program runs."""

    def __init__(self) -> None:
        self._chosen: dict[str, object] = {}

    def get(self, name: str) -> object:
        """Return what was chosen, None where nothing was."""
        return self._chosen.get(name)

    def put(self, name: str, value: object) -> None:
        """Choose `value` from now on."""
        self._chosen[name] = value
