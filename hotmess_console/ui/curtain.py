"""The first thing on screen: the window's frame, painted before anything else of the program is imported."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMainWindow, QWidget

# The planes of the two palettes (ui/theme/palettes), repeated because importing them would cost the first paint;
# a test keeps them equal.
PLANES = {
    "dark": ("#050507", "#0D0D0D", "#1D1D20", "#C8962C"),
    "light": ("#EBEBEE", "#FFFFFF", "#E6E6EA", "#C8962C"),
    "high contrast": ("#000000", "#000000", "#7A7A80", "#FFC94D"),
}
APP_BAR, FILTER_BAR, STATUS_BAR = 48, 44, 28


class Curtain(QMainWindow):
    """The empty frame of the window in the colours of `theme`; the window proper takes its place and its geometry."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        self.setWindowTitle("HOTMESS Console")
        self.resize(1280, 800)
        self.setCentralWidget(_Frame(PLANES.get(theme) or PLANES[_system()]))


def _system() -> str:
    # Qt's names are made when they are first asked for, all of them: 14 ms that only a first start ever waits for
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication

    dark = QGuiApplication.styleHints().colorScheme() is not Qt.ColorScheme.Light
    return "dark" if dark else "light"


class _Frame(QWidget):
    def __init__(self, planes: tuple[str, str, str, str]) -> None:
        super().__init__()
        self._bg, self._surface, self._line, self._gold = (_plain(plane) for plane in planes)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, lines and the mark: what stands still when the window proper appears."""
        painter = QPainter(self)
        w, h = self.width(), self.height()
        top, bottom = APP_BAR + FILTER_BAR, h - STATUS_BAR
        painter.drawPixmap(0, 0, w, h, self._bg)
        painter.drawPixmap(0, top, w, bottom - top, self._surface)
        for y in (APP_BAR - 1, top - 1, bottom):
            painter.drawPixmap(0, y, w, 1, self._line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = QPainterPath()
        mark.addRoundedRect(QRectF(14, 17, 14, 14), 4, 4)
        painter.fillPath(mark, QBrush(self._gold))
        painter.end()


def _plain(colour: str) -> QPixmap:
    """Return one pixel to paint with: where a colour would do, Qt's colour names would be a choice, and be made."""
    pixel = QPixmap(1, 1)
    pixel.fill(QColor(colour))
    return pixel
