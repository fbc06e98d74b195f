"""What every control that can be pressed has in common: Enter presses it too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PRESSES = (*_ENTER, Qt.Key.Key_Space, Qt.Key.Key_Select)
"""The keys that press a control."""


class Pressable(QAbstractButton):
    """A button that Enter presses as a blank does; whether Qt's own do is up to the desktop's theme."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press at Enter, once: a key held down repeats nothing."""
        if event.key() not in _ENTER or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()
