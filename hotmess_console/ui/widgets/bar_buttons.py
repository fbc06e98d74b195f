"""The small controls at the right of the app bar: search, bell, mask and one's own face."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS
from hotmess_console.ui.widgets.avatar import draw_avatar
from hotmess_console.ui.widgets.key_cap import cap_text, cap_width, draw_cap
from hotmess_console.ui.widgets.pressable import Pressable
from hotmess_console.ui.widgets.safe_text import clean_line, set_safe_tooltip

_SIDE = 28
_SEARCH_WIDTH = 176


class _BarButton(Pressable):
    """A control of the bar: its name is spoken, its key is in the tip."""

    def __init__(self, name: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_key(self, key: str) -> None:
        """Tell another key."""
        self.key = key
        self.set_name(self.accessibleName())
        self.update()

    def set_name(self, name: str) -> None:
        """Change what is spoken and told in the tip."""
        self.setAccessibleName(name)
        set_safe_tooltip(self, f"{name}: {cap_text(self.key)}" if self.key else name)

    def sizeHint(self) -> QSize:
        return QSize(px(_SIDE), px(_SIDE))


class IconToggle(_BarButton):
    """An icon that may carry a count; gold while it is on."""

    def __init__(self, icon: str, name: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, key, parent)
        self.icon_name, self.count, self.on = icon, 0, False

    def set_count(self, count: int) -> None:
        """Show how many wait; nothing for none."""
        self.count = count
        self.update()

    def set_on(self, on: bool) -> None:
        """Light it while what it switches is on."""
        self.on = on
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        if self.underMouse():
            paint.frame(painter, self.rect(), px(RADIUS["control"]), colour("card"))
        role = "gold_text" if self.on else "text" if self.underMouse() or self.count else "muted"
        at = (px(_SIDE) - px(16)) // 2
        painter.drawPixmap(QPoint(at, at), icons.pixmap(self.icon_name, 16, role))
        if self.count:
            self._paint_count(painter)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), px(RADIUS["control"]))
        painter.end()

    def _paint_count(self, painter: QPainter) -> None:
        words = "9+" if self.count > 9 else str(self.count)
        face = font("micro", 600)
        face.setPixelSize(px(10))  # a picture: the number is in the name that is spoken
        wide = max(px(14), QFontMetrics(face).horizontalAdvance(words) + px(7))
        box = QRect(self.width() - wide, 0, wide, px(14))
        paint.frame(painter, box, px(7), colour("gold"))
        centre = Qt.AlignmentFlag.AlignHCenter
        paint.words(painter, box, words, face, colour("on_gold"), centre)


class FaceButton(_BarButton):
    """One's own face, which opens a menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("You", parent=parent)
        self.person: str | None = None

    def set_person(self, name: str) -> None:
        """Show who is signed in."""
        self.person = name
        self.set_name(f"{clean_line(name, 60)}: your menu")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = paint.begin(self), px(HEIGHT["avatar"])
        at = (px(_SIDE) - side) / 2
        draw_avatar(painter, QRectF(at, at, side, side), self.person)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), px(_SIDE) / 2)
        painter.end()


class SearchBox(_BarButton):
    """Looks like a field and opens the palette, which searches and runs."""

    words = "Search or run…"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Search or run a command", "Ctrl+K", parent)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def sizeHint(self) -> QSize:
        return QSize(px(_SEARCH_WIDTH), px(HEIGHT["control"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, radius = paint.begin(self), px(RADIUS["control"])
        paint.frame(painter, self.rect(), radius, colour("surface"), colour("control"))
        side = px(14)
        middle = self.height() // 2
        painter.drawPixmap(QPoint(px(8), middle - side // 2), icons.pixmap("search", 14, "muted"))
        left, cap = px(8) + side + px(6), cap_width(self.key)
        room = QRect(left, 0, self.width() - left - cap - px(8), self.height())
        paint.words(painter, room, self.words, font("small"), colour("muted"))
        draw_cap(painter, self.width() - cap - px(5), middle, self.key)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect(), radius)
        painter.end()
