"""Buttons: one gold per pane, the key at the right, and always a reason when off."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, SPACE
from hotmess_console.ui.widgets.key_cap import cap_text, cap_width, draw_cap
from hotmess_console.ui.widgets.pressable import PRESSES, Pressable
from hotmess_console.ui.widgets.safe_text import clean_line, set_safe_tooltip

_WORKING = "working"


class Kind(StrEnum):
    """What a press means: the one main action of a pane, another, a light one, or one without return."""

    PRIMARY = "primary"
    SECOND = "second"
    QUIET = "quiet"
    DANGER = "danger"
    SOS = "sos"


class _Look(NamedTuple):
    """Roles of one kind: plane, plane under the pointer, edge, words, plane of the key cap."""

    fill: str | None
    over: str
    edge: str | None
    ink: str


_LOOKS = {
    Kind.PRIMARY: _Look("gold", "gold_hover", None, "on_gold"),
    Kind.SECOND: _Look("card", "raised", "line_strong", "text"),
    Kind.QUIET: _Look(None, "card", None, "text"),
    Kind.DANGER: _Look("danger_tint", "danger_tint", "danger", "danger_text"),
    Kind.SOS: _Look("danger_fill", "danger_fill", None, "on_danger"),
}
_OFF = _Look("card", "card", "line_strong", "muted")
_FILLED = frozenset({Kind.PRIMARY, Kind.SOS})


class Button(Pressable):
    """A button with a verb, perhaps an icon at the left and a key cap at the right.

    `size` is ``control``, ``control_small`` or ``control_large`` of `tokens.HEIGHT`.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = Kind.SECOND,
        *,
        key: str = "",
        icon: str = "",
        size: str = "control",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind, self.key, self.icon_name, self.size_name = kind, key, icon, size
        self.reason = ""
        self.working = False
        self._width_kept = 0
        self.setFont(font("row", 600 if kind in _FILLED else 500))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Change the verb."""
        self.setText(clean_line(text, 80).replace("&", "&&"))
        self._describe()
        self.updateGeometry()

    def set_reason(self, reason: str) -> None:
        """Switch off for this reason, which the screen also shows beside it; an empty one switches on."""
        self.reason = reason
        self.setEnabled(not reason)
        self._describe()

    def set_working(self, working: bool) -> None:
        """Say ``working`` at the same width until the answer has come; presses are ignored meanwhile."""
        self._width_kept = self.sizeHint().width() if working else 0
        self.working = working
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, working)
        self._describe()
        self.update()

    def words(self) -> str:
        """The verb as it is shown."""
        return _WORKING if self.working else self.text().replace("&&", "&")

    def _describe(self) -> None:
        self.setAccessibleName(self.words())
        set_safe_tooltip(self, self.reason or (f"{self.words()}: {cap_text(self.key)}" if self.key else ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let no second press through before the answer to the first has come."""
        if self.working and event.key() in PRESSES:
            event.accept()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        if self._width_kept:
            return QSize(self._width_kept, px(HEIGHT[self.size_name]))
        return QSize(sum(self._parts()) + 2 * self._padding(), px(HEIGHT[self.size_name]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _padding(self) -> int:
        return px(SPACE["s"] if self.size_name == "control_small" else SPACE["m"])

    def _parts(self) -> tuple[int, int, int]:
        """Widths of icon, words and key cap, each with the gap beside it."""
        words = QFontMetrics(self.font()).horizontalAdvance(self.text().replace("&&", "&")) + 1
        icon = px(HEIGHT["icon"]) + (px(SPACE["s"]) if self.text() else 0) if self.icon_name else 0
        return icon, words if self.text() else 0, cap_width(self.key) + px(SPACE["s"]) if self.key else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        look = _LOOKS[self.kind] if self.isEnabled() else _OFF
        self._paint_plane(painter, look)
        self._paint_content(painter, look)
        painter.end()

    def _paint_plane(self, painter: QPainter, look: _Look) -> None:
        box, radius = self.rect(), px(RADIUS["control"])
        over = self.isEnabled() and self.underMouse() and not self.isDown()
        fill = look.over if over else look.fill
        edge = colour(look.edge) if look.edge else None
        if not self.hasFocus():
            paint.frame(painter, box, radius, colour(fill) if fill else None, edge)
        elif self.kind in _FILLED:
            # A gold ring would drown in gold: a bright one stands off by a pixel.
            paint.frame(painter, box.adjusted(3, 3, -3, -3), radius - 2, colour(fill or "gold"))
            paint.focus_ring(painter, box, radius, "text")
        else:
            paint.frame(painter, box, radius, colour(fill) if fill else None, edge)
            paint.focus_ring(painter, box, radius)

    def _paint_content(self, painter: QPainter, look: _Look) -> None:
        icon, words, cap = self._parts()
        left = max(self._padding(), (self.width() - icon - words - cap) // 2)
        middle, ink = self.height() // 2, colour(look.ink)
        if self.icon_name:
            size = px(HEIGHT["icon"])
            painter.drawPixmap(QPoint(left, middle - size // 2), icons.pixmap(self.icon_name, 16, look.ink))
        room = QRect(left + icon, 0, self.width() - left - icon - cap - px(SPACE["xs"]), self.height())
        middle_of = Qt.AlignmentFlag.AlignHCenter if self.working else Qt.AlignmentFlag.AlignLeft
        paint.words(painter, room, self.words(), self.font(), ink, middle_of)
        if self.key:
            at = left + icon + words + px(SPACE["s"])
            draw_cap(painter, at, middle, self.key, ink=ink, **self._cap_colours(look))

    def _cap_colours(self, look: _Look) -> dict[str, QColor]:
        if self.kind in _FILLED and self.isEnabled():
            shade = QColor(colour(look.ink))
            shade.setAlpha(38)
            return {"fill": shade, "edge": shade}
        edge = QColor(colour(look.ink if self.kind is Kind.DANGER else "line_strong"))
        edge.setAlpha(110 if self.kind is Kind.DANGER else 255)
        return {"fill": colour("hover" if look.fill == "card" else "card"), "edge": edge}


class IconButton(Button):
    """A square button with an icon alone; its name and key are in the tip and the accessible name."""

    def __init__(
        self, icon: str, name: str, *, key: str = "", framed: bool = False, parent: QWidget | None = None
    ) -> None:
        self.name = name
        super().__init__("", Kind.SECOND if framed else Kind.QUIET, icon=icon, parent=parent)
        self.key_told = key
        self._describe()

    def _describe(self) -> None:
        key = getattr(self, "key_told", "")
        self.setAccessibleName(self.name)
        set_safe_tooltip(self, self.reason or (f"{self.name}: {cap_text(key)}" if key else self.name))

    def words(self) -> str:
        return ""

    def sizeHint(self) -> QSize:
        side = px(HEIGHT[self.size_name])
        return QSize(side, side)

    def _padding(self) -> int:
        return 0
