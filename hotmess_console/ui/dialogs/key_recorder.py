"""Press a key, see what it would start, and take it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS
from hotmess_console.ui.viewmodels.key_text import caps, pressed, spoken, types_text
from hotmess_console.ui.widgets.key_cap import cap_width, draw_cap

_PROMPT = "Press the new key"
_LONGEST = 2


class KeyRecorder(QWidget):
    """Shows the keys as they are pressed: one press, or two letters for a chord. Enter takes them, Esc gives up."""

    changed = Signal(str)
    """The keys pressed so far, as portable text."""
    taken = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(px(HEIGHT["control_large"]))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tell()

    def clear(self) -> None:
        """Forget what was pressed."""
        self._set("")

    def sizeHint(self) -> QSize:
        return QSize(px(180), px(HEIGHT["control_large"]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key is recorded but Enter, Esc and Backspace; Tab leads on to the buttons."""
        stroke = pressed(event)
        event.accept()
        if event.isAutoRepeat() or not stroke:
            return
        match stroke:
            case "Esc":
                self.given_up.emit()
            case "Return":
                self.taken.emit()
            case "Backspace":
                self.clear()
            case _:
                self._add(stroke)

    def _add(self, stroke: str) -> None:
        before = self.keys.split(", ") if self.keys else []
        chord = 0 < len(before) < _LONGEST and types_text(before[0]) and types_text(stroke)
        self._set(", ".join([*before, stroke]) if chord else stroke)

    def _set(self, keys: str) -> None:
        self.keys = keys
        self._tell()
        self.changed.emit(keys)
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(f"New key: {spoken(self.keys)}" if self.keys else _PROMPT)

    def event(self, event: QEvent) -> bool:
        # Otherwise a key that a menu or the window claims would never arrive here.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, radius = paint.begin(self), px(RADIUS["control"])
        paint.frame(painter, self.rect(), radius, colour("card"), colour("control"))
        left, middle = px(10), self.height() // 2
        for part in caps(self.keys):
            draw_cap(painter, left, middle, part)
            left += cap_width(part) + px(6)
        if not self.keys:
            room = self.rect().adjusted(left, 0, -px(8), 0)
            paint.words(painter, room, _PROMPT, font("row"), colour("muted"))
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        painter.end()
