"""A person as a disc: initials on a steady hue, a ring while present, no initials while masked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import font, px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.viewmodels.faces import hue_of
from hotmess_console.ui.widgets.safe_text import clean_line, set_safe_tooltip


def initials(name: str) -> str:
    """One or two capital letters for a name; ``?`` when it holds none."""
    firsts = [next((c for c in word if c.isalnum()), "") for word in clean_line(name, 80).split()]
    letters = [letter for letter in firsts if letter]
    picked = letters[:1] + letters[1:][-1:]
    return "".join(picked).upper()[:2] or "?"


def hue(name: str) -> QColor:
    """The person's hue in the present palette; the same name always has the same place in it."""
    return QColor(theme().palette.avatars[hue_of(name)])


def draw_avatar(painter: QPainter, box: QRectF, name: str | None, *, ring: bool = False, masked: bool = False) -> None:
    """Paint a person (None: nobody, a dashed circle) into a square; smooth edges must be on."""
    if name is None:
        pen = QPen(colour("control"), 1)
        pen.setDashPattern([3, 2.2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(hue(name))
    painter.drawEllipse(box)
    _draw_face(painter, box, name, masked)
    if ring:
        painter.setPen(QPen(colour("ok"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))


def _draw_face(painter: QPainter, box: QRectF, name: str, masked: bool) -> None:
    if masked:
        size = max(10, round(box.width() * 0.58))
        person = icons.pixmap("user", size, "on_danger")
        half = px(size) / 2
        painter.drawPixmap(QPointF(box.center().x() - half, box.center().y() - half), person)
        return
    face = font("micro", 700)
    # A picture, not text to read: the name is in the tip, so it may be smaller than 11 px.
    face.setPixelSize(max(7, round(box.width() * 0.42)))
    painter.setFont(face)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), initials(name))


class Avatar(QWidget):
    """A person's disc, `size` design pixels wide; `None` is nobody."""

    def __init__(
        self,
        name: str | None,
        size: int = 24,
        *,
        ring: bool = False,
        masked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.size_px, self.ring = size, ring
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_person(name, masked=masked)

    def set_person(self, name: str | None, *, masked: bool = False) -> None:
        """Show somebody else, or nobody."""
        self.name, self.masked = name, masked
        shown = "Nobody" if name is None else "Masked person" if masked else clean_line(name, 80)
        self.setAccessibleName(f"{shown}, here now" if self.ring else shown)
        set_safe_tooltip(self, shown)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self.size_px), px(self.size_px))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        draw_avatar(painter, QRectF(self.rect()), self.name, ring=self.ring, masked=self.masked)
        painter.end()
