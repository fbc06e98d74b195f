"""Lucide's line icons in the colour of a role, crisp at any scale and drawn once."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.resources import resource
from hotmess_console.ui.theme.style import theme

_FILLED = frozenset({"pause"})  # two thin outlines would read as four bars


def names() -> tuple[str, ...]:
    """Every icon that there is."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def pixmap(name: str, size: int = 16, role: str = "muted", ratio: float | None = None) -> QPixmap:
    """An icon `size` design pixels wide in the colour of a palette role; raise `BadInput` for unknown names.

    The picture follows the desktop's scale and, unless `ratio` is given, the sharpest screen.
    """
    sharpness = ratio or _sharpest()
    return _pixmap(name, px(size), size, getattr(theme().palette, role), sharpness)


def icon(name: str, size: int = 16, role: str = "muted") -> QIcon:
    """The same as a `QIcon`, for menus and views; make it again when the theme changes."""
    return QIcon(pixmap(name, size, role))


def _sharpest() -> float:
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)


@lru_cache(maxsize=1024)
def _pixmap(name: str, width: int, size: int, colour: str, ratio: float) -> QPixmap:
    picture = QPixmap(round(width * ratio), round(width * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour, size).render(painter, QRectF(0, 0, width, width))
    painter.end()
    return picture


def _renderer(name: str, colour: str, size: int) -> QSvgRenderer:
    svg = _source(name).replace("currentColor", colour)
    if name in _FILLED:
        svg = svg.replace('fill="none"', f'fill="{colour}"')
    # The drawing is 24 wide. Lines of 1.75 px on a 16 px icon and 2 px below would smear at 24/16.
    stroke = 1.75 if size >= 16 else 2.0
    return QSvgRenderer(QByteArray(re.sub(r'stroke-width="2"', f'stroke-width="{stroke}"', svg).encode()))


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    path = resource("icons", f"{name}.svg")
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise BadInput(f"There is no icon called {name}.")
    return path.read_text(encoding="utf-8")
