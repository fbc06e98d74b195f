"""Where the window stands on the desktop: put back where it was, wholly on a screen that is there now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from hotmess_console.services.preferences import Layout
    from hotmess_console.ui.widgets.pane_split import PaneSplit


def place_window(window: QMainWindow, layout: Layout) -> bool:
    """Put the window back where `layout` says; False when that says nothing. Call before it is shown."""
    if layout.window is None:
        return False
    wanted = QRect(*layout.window)
    screen = QGuiApplication.screenAt(wanted.center()) or QGuiApplication.primaryScreen()
    window.setGeometry(fitted(wanted, screen.availableGeometry()))
    if layout.maximised:
        # Qt's names are made when they are first asked for, which the first paint need not wait for
        from PySide6.QtCore import Qt

        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
    return True


def fitted(wanted: QRect, room: QRect) -> QRect:
    """Return `wanted` moved into `room`, and made smaller where it is too large for it."""
    wide, high = min(wanted.width(), room.width()), min(wanted.height(), room.height())
    left = max(room.left(), min(wanted.left(), room.right() + 1 - wide))
    top = max(room.top(), min(wanted.top(), room.bottom() + 1 - high))
    return QRect(left, top, wide, high)


def layout_of(window: QMainWindow, before: Layout, split: PaneSplit | None) -> Layout:
    """Return how the window and its panes stand; of panes that are not built yet what was kept `before`."""
    from dataclasses import replace

    from hotmess_console.ui.theme.style import theme

    maximised = window.isMaximized() or window.isFullScreen()
    at = window.normalGeometry() if maximised else window.geometry()
    kept = before if split is None else split.kept(before)
    place = (at.x(), at.y(), at.width(), at.height())
    return replace(kept, window=place, maximised=maximised, worn=theme().palette.name)
