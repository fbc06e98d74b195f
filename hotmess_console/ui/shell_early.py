"""Keys pressed before the window knows what they mean: kept in order, and handed on when it does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

MOVES = frozenset(
    {
        Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End,
        Qt.Key.Key_PageDown, Qt.Key.Key_PageUp,
    }
)  # fmt: skip
"""What the list of a queue does by itself, unless the person has given keys of their own."""


class EarlyKeys(QObject):
    """Listens to `window` and its `rows` until `hand_on`. Moves go through at once while nothing waits before them."""

    def __init__(self, window: QWidget, rows: QWidget, *, own_keys: bool) -> None:
        super().__init__(window)
        self._window, self._rows, self._own_keys = window, rows, own_keys
        self._held: list[QKeyEvent] = []
        for listened in (window, rows):
            listened.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold a key press, unless the list may take it."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if watched is self._rows and self._moves(event):
            return False
        self._held.append(_copy(event))
        return True

    def _moves(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and event.key() in MOVES and not self._held and not self._own_keys

    def hand_on(self) -> None:
        """From now on keys mean something: stop listening, and press those again that were held."""
        for listened in (self._window, self._rows):
            listened.removeEventFilter(self)
        held, self._held = self._held, []
        for event in held:
            QCoreApplication.postEvent(QApplication.focusWidget() or self._window, event)


def _copy(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(
        event.type(), event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count()
    )  # fmt: skip
