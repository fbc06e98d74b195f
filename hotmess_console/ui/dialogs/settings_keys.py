"""The settings page where keys are changed: find an action, press a key, see at once what it would collide with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.ui.dialogs.key_recorder import KeyRecorder
from hotmess_console.ui.dialogs.palette_list import PaletteList
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels.key_text import spoken
from hotmess_console.ui.viewmodels.keymap import Bindable, Keymap, KeyTaken
from hotmess_console.ui.viewmodels.palette_match import Entry, Matcher
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel

_IDLE = "Arrows choose an action, Enter changes its key."


class _Find(Field):
    """The field over the list; arrows and Enter belong to the list."""

    keyed: Callable[[QKeyEvent], bool]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keyed(event):
            super().keyPressEvent(event)


class KeysPage(QWidget):
    """Every action with its key. A change is in force, and kept, the moment it is taken."""

    def __init__(self, keymap: Keymap, preferences: LivePreferences) -> None:
        super().__init__()
        self._keymap, self._preferences = keymap, preferences
        self.field = _Find("Find an action", hint="Find an action or a key", icon="search")
        self.field.keyed = self._field_key
        self.list = PaletteList()
        self.list.setAccessibleName("Actions and their keys")
        self.list.setMinimumHeight(px(220))
        self.words = SafeLabel(_IDLE, "small", "muted", wrap=True)
        self.recorder = KeyRecorder()
        self.use = Button("Use it", Kind.PRIMARY)
        self.swap = Button("Swap the two")
        self.none = Button("No key", Kind.QUIET)
        self.own = Button("Its own key", Kind.QUIET)
        self.reset_all = Button("Reset all keys", icon="refresh-cw")
        self.copy, self.paste = Button("Copy settings", icon="copy"), Button("Paste settings", icon="download")
        self._changing: Bindable | None = None
        self._arrange()
        self._connect()
        self.fill()
        self._record(None)
        for trouble in keymap.troubles[:1]:
            self._say(trouble, "warn_text")

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(SPACE["s"]))
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.words)
        for parts in (
            (self.recorder, self.use, self.swap, self.none, self.own),
            (self.reset_all, self.copy, self.paste),
        ):
            row = QHBoxLayout()
            row.setSpacing(px(SPACE["s"]))
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
            column.addLayout(row)

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self.fill())
        self.list.clicked.connect(lambda _index: self.change())
        self.recorder.changed.connect(lambda _keys: self._judge())
        self.recorder.taken.connect(self._take)
        self.recorder.given_up.connect(lambda: self._record(None))
        self.use.clicked.connect(lambda: self._do(self._assign))
        self.swap.clicked.connect(lambda: self._do(self._swap))
        self.none.clicked.connect(lambda: self._do(lambda action: self._keymap.unassign(action.id)))
        self.own.clicked.connect(lambda: self._do(lambda action: self._keymap.reset(action.id)))
        self.reset_all.clicked.connect(self._reset_all)
        self.copy.clicked.connect(self._copy)
        self.paste.clicked.connect(self._paste)

    # ── the list ──

    def fill(self) -> None:
        """Show the actions that fit what was typed, by area; changed keys are marked."""
        lit = self.list.current()
        entries = sorted(map(self._entry, self._keymap), key=lambda entry: self._areas().index(entry.section))
        self.list.show_hits(Matcher(entries).find(self.field.text()), None if lit is None else lit.does)

    def _areas(self) -> list[str]:
        return list(dict.fromkeys(action.area for action in self._keymap))

    def _entry(self, action: Bindable) -> Entry:
        keys = self._keymap.shown(action.id)
        detail = "changed" if self._keymap.is_changed(action.id) else "" if keys else "no key"
        words = f"{action.id} {' '.join(self._keymap.keys(action.id))}"
        return Entry(action.title, action.id, action.area, detail, keys, action.icon, words)

    def _field_key(self, event: QKeyEvent) -> bool:
        page = self.list.page()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        key = Qt.Key(event.key())
        if key in steps:
            self.list.step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.change()
        else:
            return False
        return True

    # ── changing one ──

    def change(self) -> None:
        """Listen for the new key of the lit action."""
        lit = self.list.current()
        if lit is not None:
            self._record(self._keymap.action(lit.does))

    def _record(self, action: Bindable | None) -> None:
        self._changing = action
        for part in (self.recorder, self.use, self.swap, self.none, self.own):
            part.setVisible(action is not None)
        self.recorder.clear()
        if action is None:
            self._say(_IDLE)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.own.setVisible(self._keymap.is_changed(action.id))
        self.recorder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self) -> None:
        """Say what the pressed key would mean, before it is taken."""
        action, keys = self._changing, self.recorder.keys
        if action is None:
            return
        if not keys:
            self._say(f"New key for “{action.title}”: press it, then Enter. Esc gives up.")
            self._offer(use="Press a key first.", swap=False)
            return
        found = self._keymap.conflict(action.id, keys)
        if found is None:
            self._say(f"{spoken(keys)} is free. Enter takes it for “{action.title}”.")
            self._offer(use="", swap=False)
        else:
            self._say(f"{found.words} Swap the two, or press another key.", "warn_text")
            self._offer(use=found.words, swap=True)

    def _offer(self, *, use: str, swap: bool) -> None:
        self.use.set_reason(use)
        self.swap.setVisible(swap)

    def _take(self) -> None:
        if self.use.isEnabled():
            self._do(self._assign)
        elif self.recorder.keys:
            self.swap.setFocus(Qt.FocusReason.TabFocusReason)

    def _assign(self, action: Bindable) -> None:
        self._keymap.assign(action.id, self.recorder.keys)

    def _swap(self, action: Bindable) -> None:
        self._keymap.swap(action.id, self.recorder.keys)

    def _do(self, change: Callable[[Bindable], None]) -> None:
        action = self._changing
        if action is None:
            return
        try:
            change(action)
        except KeyTaken as error:
            self._say(f"{error} {error.hint}", "warn_text")
            return
        except ConsoleError as error:
            self._say(f"{error} {error.hint}", "warn_text")
            self.recorder.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        keys = self._keymap.shown(action.id)
        self._record(None)
        self._keep(f"“{action.title}” is {spoken(keys)} now." if keys else f"“{action.title}” has no key now.")

    # ── all of them ──

    def _reset_all(self) -> None:
        self._keymap.reset_all()
        self._keep("Every action has its own key again.")

    def _keep(self, words: str) -> None:
        self.fill()
        try:
            self._preferences.keep_keys(self._keymap.overrides())
        except ConsoleError as error:
            self._say(f"{error} {error.hint}", "warn_text")
        else:
            self._say(words, "ok_text")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._preferences.as_text())
        self._say("Your settings are on the clipboard: paste them here on another machine, or into a file.", "ok_text")

    def _paste(self) -> None:
        try:
            self._preferences.take_over(QGuiApplication.clipboard().text())
        except ConsoleError as error:
            self._say(f"What is on the clipboard cannot be used: {error}. Copy settings first.", "warn_text")
            return
        self._keymap.load(self._preferences.now.keys)
        self.fill()
        self._say(next(iter(self._keymap.troubles), "These settings are in force now."), "ok_text")

    def _say(self, words: str, role: str = "muted") -> None:
        self.words.set_text(words)
        self.words.set_role(role)
