"""The settings sheet: keys, look and what the desk says about sending. All of it works by keyboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.ui.dialogs.settings_keys import KeysPage
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import CHOICES
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.pane import Facts
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.select import Select
from hotmess_console.ui.widgets.tabs import ViewBar

PAGES = (("keys", "Keys"), ("look", "Look"), ("sending", "Sending"))
HOLD_SETTING = "messages.hold_seconds"
AskSettings = Callable[[], Awaitable[Mapping[str, object]]]
"""Reads the desk's settings. May raise ConsoleError."""
_THEME_WORDS = {"system": "Follow the system", "dark": "Dark", "light": "Light", "high contrast": "High contrast"}


class SettingsSheet(Sheet):
    """Answers None; every choice is in force and kept at once. `page` is ``keys``, ``look`` or ``sending``."""

    def __init__(
        self, window: QWidget, keymap: Keymap, preferences: LivePreferences, ask: AskSettings, page: str = ""
    ) -> None:
        super().__init__(window, "Settings", icon="settings", width=720)
        self.words.set_text("For you, on this workstation. Every choice is in force at once.")
        self.words.show()
        self.keys, self.look, self.sending = KeysPage(keymap, preferences), LookPage(preferences), SendingPage(ask)
        self.bar, self.pages = ViewBar(), QStackedWidget()
        self.bar.setAccessibleName("Pages of the settings")
        self.bar.set_items(PAGES)
        for made in (self.keys, self.look, self.sending):
            self.pages.addWidget(made)
        self.pages.setMinimumHeight(px(430))
        self.body.addWidget(self.bar)
        self.body.addWidget(self.pages, 1)
        done = Button("Done", Kind.SECOND, key="Esc", size="control_large")
        done.clicked.connect(lambda: self.cancel())
        self.foot.addStretch(1)
        self.foot.addWidget(done)
        self.bar.chosen.connect(self.show_page)
        self.show_page(page if page in dict(PAGES) else "keys")

    def show_page(self, page: str) -> None:
        """Turn to a page."""
        self.bar.set_current(page)
        self.pages.setCurrentIndex([name for name, _title in PAGES].index(page))

    def focus_first(self) -> None:
        """On the page asked for, not on the row of pages."""
        first = {"keys": self.keys.field, "look": self.look.theme}.get(self.bar.current())
        (first or self.bar.items[self.bar.current()]).setFocus()


class LookPage(QWidget):
    """The theme, and whether the window starts with names hidden."""

    def __init__(self, preferences: LivePreferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.theme, self.names = Select("Theme"), Select("Names when the console starts")
        self.words = SafeLabel("", "small", "warn_text", wrap=True)
        for choice in CHOICES:
            self.theme.add_choice(_THEME_WORDS.get(choice, choice.capitalize()), choice)
        self.names.add_choice("Show names and addresses", False)
        self.names.add_choice("Hide them, for screen sharing", True)
        now = preferences.now
        self.theme.setCurrentIndex(max(0, self.theme.findData(now.theme)))
        self.names.setCurrentIndex(self.names.findData(now.mask_on_start))
        form = QGridLayout()
        form.setColumnMinimumWidth(0, px(200))
        form.setColumnStretch(1, 1)
        for at, (label, part) in enumerate((("Theme", self.theme), ("When the console starts", self.names))):
            form.addWidget(SafeLabel(label, "body", "muted"), at, 0, Qt.AlignmentFlag.AlignVCenter)
            form.addWidget(part, at, 1, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(SPACE["s"]), 0, 0)
        column.setSpacing(px(SPACE["m"]))
        column.addLayout(form)
        column.addWidget(SafeLabel("Sizes follow the font that your system is set to.", "small", "muted"))
        column.addWidget(self.words)
        column.addStretch(1)
        self.theme.currentIndexChanged.connect(lambda _at: self._keep())
        self.names.currentIndexChanged.connect(lambda _at: self._keep())

    def _keep(self) -> None:
        now, theme, masked = self._preferences.now, self.theme.currentData(), self.names.currentData()
        try:
            if theme != now.theme:
                self._preferences.choose_theme(theme)
            if masked != now.mask_on_start:
                self._preferences.mask_on_start(masked)
        except ConsoleError as error:
            self.words.set_text(f"{error} {error.hint}")
        else:
            self.words.set_text("")


class SendingPage(QWidget):
    """What the desk has set for everyone; read only, since it is not one person's to change."""

    def __init__(self, ask: AskSettings) -> None:
        super().__init__()
        self._ask = ask
        self.facts = Facts(200)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(SPACE["s"]), 0, 0)
        column.setSpacing(px(SPACE["m"]))
        column.addWidget(self.facts)
        words = (
            "Until then Undo takes a reply back and nobody hears of it. This is set for the whole desk by a manager."
        )
        column.addWidget(SafeLabel(words, "small", "muted", wrap=True))
        column.addStretch(1)
        self._show("Reading…")

    async def read(self) -> None:
        """Ask the desk; without a connection the page says so."""
        try:
            held = (await self._ask()).get(HOLD_SETTING)
        except ConsoleError as error:
            self._show(f"{error} {error.hint}")
            return
        known = isinstance(held, int) and not isinstance(held, bool)
        self._show(f"{held} seconds" if known else "The desk has not set this.")

    def _show(self, words: str) -> None:
        self.facts.set_rows([("Replies are held for", words)])
