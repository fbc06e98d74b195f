"""The colleagues offered while somebody types @ in a note."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hotmess_console.domain.people import Colleague
from hotmess_console.ui.composer.editor import DraftEditor
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import RADIUS

_TYPED = re.compile(r"(?<![\w@.])@([A-Za-z0-9._-]{0,40})$")
_MOST = 6
_WIDTH = 280


def offered(before: str, colleagues: Iterable[Colleague]) -> tuple[str, tuple[Colleague, ...]] | None:
    """Return what stands after the @ before the cursor, and who fits it; None where nobody is being named."""
    typed = _TYPED.search(before)
    if typed is None:
        return None
    wanted = typed[1].casefold()
    fits = [c for c in colleagues if c.active and (c.handle.startswith(wanted) or _named(c, wanted))]
    return typed[1], tuple(sorted(fits, key=lambda c: (not c.handle.startswith(wanted), c.name))[:_MOST])


def _named(colleague: Colleague, wanted: str) -> bool:
    return any(word.casefold().startswith(wanted) for word in colleague.name.split())


class Mentions(QWidget):
    """A small list over the window; arrows move, Enter or Tab takes, Esc closes. Off unless switched on."""

    def __init__(self, editor: DraftEditor, window: QWidget) -> None:
        super().__init__(window)
        self.on = False
        self._editor, self._over, self._typed = editor, window, ""
        self._colleagues: tuple[Colleague, ...] = ()
        self.list = ChoiceList("Colleagues to name")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._take)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, px(4), 1, px(4))
        inside.addWidget(self.list)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.hide()
        editor.installEventFilter(self)
        editor.textChanged.connect(self.refresh)
        editor.cursorPositionChanged.connect(self.refresh)

    def set_colleagues(self, colleagues: Iterable[Colleague]) -> None:
        """Offer these people."""
        self._colleagues = tuple(colleagues)

    def refresh(self) -> None:
        """Show or hide the list, as the words before the cursor ask."""
        cursor = self._editor.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()][-60:]
        found = offered(before, self._colleagues) if self.on and self._editor.hasFocus() else None
        if found is None or not found[1]:
            self.hide()
            return
        self._typed = found[0]
        self.list.set_choices([Choice(c, c.name, f"@{c.handle}") for c in found[1]])
        self._place()

    def _place(self) -> None:
        high = self.list.sizeHint().height() + px(10)
        caret = self._editor.cursorRect()
        at = self._editor.viewport().mapTo(self._over, caret.topLeft())
        top = at.y() - high - px(4)
        if top < 0:
            top = at.y() + caret.height() + px(4)
        left = max(0, min(at.x(), self._over.width() - px(_WIDTH)))
        self.setGeometry(left, top, px(_WIDTH), high)
        self.show()
        self.raise_()

    def _take(self, colleague: Colleague) -> None:
        cursor = self._editor.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._typed))
        cursor.insertText(f"{colleague.handle} ")
        self._editor.setTextCursor(cursor)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        # Tab arrives as a wish for the next control unless it is claimed here.
        if event.type() != QEvent.Type.KeyPress or not self.isVisible() or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        if event.key() == Qt.Key.Key_Tab:
            self.list.choose()
            return True
        return not event.modifiers() and self.list.take_key(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        paint.frame(painter, self.rect(), px(RADIUS["control"]), colour("raised"), colour("line_strong"))
        painter.end()
