"""A panel that floats in the window over a dimmed screen; opened and awaited, with no loop of its own."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.theme.tokens import RADIUS, SPACE
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.key_cap import KeyCap
from hotmess_console.ui.widgets.pane import Rule
from hotmess_console.ui.widgets.safe_text import SafeLabel

_SHADOW = 14
_MARGIN = 24


class Sheet(QWidget):
    """The base of all dialogs.

    Put content into `body` and buttons into `foot`, then ``answer = await sheet.open()``. The answer is
    whatever was given to `finish`; Esc, a closed window and `cancel` answer None. Focus stays inside while
    it is open and goes back to where it was. Must be opened inside the GUI thread's running event loop.
    """

    def __init__(self, window: QWidget, title: str, words: str = "", *, icon: str = "", width: int = 560) -> None:
        super().__init__(window)
        self._window = window
        self.wide = width
        self._answer: asyncio.Future[object] | None = None
        self._came_from: QWidget | None = None
        self.title = SafeLabel(title, "title", "text", wrap=True, limit=200)
        self.words = SafeLabel(words, "body", "muted", wrap=True)
        self.panel = _Panel(self)
        self._layout = QVBoxLayout(self.panel)
        self.body, self.foot = QVBoxLayout(), QHBoxLayout()
        self._arrange(icon)
        # Only now that it has a place: shown without a parent it would be a window and take the keyboard.
        self.words.setVisible(bool(words))
        self.setAccessibleName(title)
        self.hide()

    def _arrange(self, icon: str) -> None:
        head, first = QVBoxLayout(), QHBoxLayout()
        first.setSpacing(px(10))
        if icon:
            first.addWidget(IconView(icon, 20, "gold_text"))
        first.addWidget(self.title, 1)
        first.addWidget(KeyCap("Esc"), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(first)
        head.addWidget(self.words)
        head.setSpacing(px(SPACE["xs"]))
        whole, side = self._layout, px(SPACE["xl"])
        whole.setSpacing(0)
        whole.setContentsMargins(1, 1, 1, 1)
        for part, above, below in ((head, px(18), px(14)), (self.body, px(SPACE["l"]), px(SPACE["l"]))):
            part.setContentsMargins(side, above, side, below)
            whole.addLayout(part, int(part is self.body))
            whole.addWidget(Rule("line_strong"))
        self.body.setSpacing(px(SPACE["s"]))
        self.foot.setContentsMargins(side, px(SPACE["m"]), side, px(SPACE["m"]))
        self.foot.setSpacing(px(SPACE["s"]))
        whole.addLayout(self.foot)

    def open(self) -> asyncio.Future[object]:
        """Show the sheet and return the answer to await; opening it twice returns the same answer."""
        if self._answer is not None:
            return self._answer
        self._answer = asyncio.get_running_loop().create_future()
        self._came_from = QApplication.focusWidget()
        self.window_shown().installEventFilter(self)
        self._cover()
        self.show()
        self.raise_()
        # Layouts of hidden widgets know their height only once they are shown.
        self._cover()
        self.take_keyboard()
        return self._answer

    def take_keyboard(self) -> None:
        """Bring the keyboard inside, wherever it is now."""
        self.focus_first()
        if not self.has_keyboard():  # a control that is switched off takes no focus
            Sheet.focus_first(self)

    def has_keyboard(self) -> bool:
        """Whether what is typed now goes into this sheet."""
        at = QApplication.focusWidget()
        return at is not None and (at is self or self.isAncestorOf(at))

    def covers(self, part: QWidget | None) -> bool:
        """Whether `part` of the window lies behind this sheet; None is a window that lost track of its focus."""
        return part is None or not (part is self or self.isAncestorOf(part))

    def focus_first(self) -> None:
        """Give the keyboard to the first control; override where another is the better start."""
        inside = self.stops()
        (inside[0] if inside else self).setFocus(Qt.FocusReason.PopupFocusReason)

    def finish(self, answer: object) -> None:
        """Close with this answer."""
        waiting, self._answer = self._answer, None
        self.window_shown().removeEventFilter(self)
        self.hide()
        # where what it came from is gone, as with the rows of a queue that is empty now, the window knows the way
        back = self._came_from if self._came_from is not None and self._came_from.isVisible() else self._window
        back.setFocus(Qt.FocusReason.PopupFocusReason)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def cancel(self) -> None:
        """Close without an answer."""
        self.finish(None)

    def window_shown(self) -> QWidget:
        """The window that the sheet floats in."""
        return self._window

    def stops(self) -> list[QWidget]:
        """The controls inside, in the order of Tab."""
        found, at = [], self.nextInFocusChain()
        while at is not self and at is not None:
            tabs = at.focusPolicy() & Qt.FocusPolicy.TabFocus
            if tabs and at.isEnabled() and at.isVisible() and self.isAncestorOf(at):
                found.append(at)
            at = at.nextInFocusChain()
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        inside, now = self.stops(), self.focusWidget()
        if not inside:
            return True
        at = inside.index(now) if now in inside else -1
        step = 1 if forward else -1
        inside[(at + step) % len(inside)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._cover()
        if event.type() == QEvent.Type.Close:
            self.cancel()
        return False

    def _cover(self) -> None:
        window = self.window_shown()
        self.setGeometry(window.rect())
        wide = min(px(self.wide), window.width() - 2 * px(_MARGIN))
        layout = self._layout
        wanted = layout.heightForWidth(wide) if layout.hasHeightForWidth() else layout.sizeHint().height()
        high = min(wanted, window.height() - 2 * px(_MARGIN))
        self.panel.setGeometry((window.width() - wide) // 2, max(0, (window.height() - high) * 2 // 5), wide, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        # Nothing typed here may reach the screen behind.
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A press beside the panel does nothing: closing by accident would lose what was typed.
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        dim = colour("scrim")
        dim.setAlpha(theme().palette.scrim_alpha)
        painter.fillRect(self.rect(), dim)
        box = self.panel.geometry()
        for spread in range(px(_SHADOW), 0, -2):
            shade = QColor(0, 0, 0, 9)
            grown = box.adjusted(-spread, -spread + px(4), spread, spread + px(4))
            paint.frame(painter, grown, px(RADIUS["panel"]) + spread, shade)
        painter.end()


class _Panel(QWidget):
    """The raised plane of a sheet."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        box = QRect(self.rect())
        paint.frame(painter, box, px(RADIUS["panel"]), colour("raised"), colour("line_strong"))
        painter.end()
