"""The preferences in force: changed in one place, kept at once, and told to whoever shows them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import SetupError
from hotmess_console.services.preferences import Layout, Preferences, PreferenceStore, from_text, to_text
from hotmess_console.ui.theme.style import CHOICES, SYSTEM, theme

_log = logging.getLogger(__name__)


class LivePreferences(QObject):
    """Holds the preferences of this window; every change is saved before it is told by `changed`."""

    changed = Signal(object)
    """The new `Preferences`."""

    def __init__(self, store: PreferenceStore) -> None:
        super().__init__()
        self._store = store
        kept = store.load()
        self._now = kept.preferences
        self.trouble, self.hint = kept.trouble, kept.hint
        """What to tell the person once the window stands; empty when all is well."""

    @property
    def now(self) -> Preferences:
        """The preferences in force."""
        return self._now

    def choose_theme(self, choice: str) -> None:
        """Dress the program in a theme of `theme.style.CHOICES` and keep the choice. Raises SetupError, BadInput."""
        self._dress(choice)
        self._change(replace(self._now, theme=choice))

    def dress(self) -> None:
        """Dress the program as preferred; a theme that this version does not know counts as the system's."""
        self._dress(self._now.theme if self._now.theme in CHOICES else SYSTEM)

    def mask_on_start(self, masked: bool) -> None:
        """Keep whether the window starts with names hidden. Raises SetupError."""
        self._change(replace(self._now, mask_on_start=masked))

    def keep_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Keep the keys that differ from the program's own. Raises SetupError."""
        self._change(replace(self._now, keys=dict(keys)))

    def keep_layout(self, layout: Layout) -> None:
        """Keep where the window stands. It is closing: a disk that refuses is only noted in the log."""
        if layout == self._now.layout:
            return
        self._now = replace(self._now, layout=layout)
        try:
            self._store.save(self._now)
        except SetupError as error:
            _log.warning("where the window stood was not kept: %s", error)

    def as_text(self) -> str:
        """Return everything as JSON, to be carried to another machine."""
        return to_text(self._now)

    def take_over(self, text: str) -> None:
        """Put what `as_text` gave elsewhere in force here and keep it. Raises BadInput, SetupError."""
        wanted = from_text(text)
        self._dress(wanted.theme if wanted.theme in CHOICES else SYSTEM)
        self._change(wanted)

    def _dress(self, choice: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme().apply(app, choice)

    def _change(self, wanted: Preferences) -> None:
        # In force for this session even where the disk refuses: the person sees the notice and their choice.
        self._now = wanted
        self.changed.emit(wanted)
        self._store.save(wanted)
