"""The menu below one's own face."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from hotmess_console.ui.actions.registry import Registry
from hotmess_console.ui.theme.style import CHOICES
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.widgets.safe_text import clean_line

if TYPE_CHECKING:
    from hotmess_console.ui.shell_frame import Frame


def own_menu(shell: Frame, registry: Registry, keymap: Keymap, run: Callable[[str], None]) -> QMenu:
    """Open the menu; `run` starts the action that is chosen. It deletes itself when it is hidden."""
    face, menu = shell.app_bar.face, QMenu(shell.window)
    menu.setAccessibleName("Your menu")
    who = menu.addAction(_plain(f"{shell.me.name}, signed in as {shell.me.login}"))
    who.setEnabled(False)
    menu.addSeparator()
    _add_themes(shell, menu.addMenu("Theme"))

    def add(id: str) -> None:
        key = keymap.shown(id)
        item = menu.addAction(_plain(registry[id].title) + (f"\t{key}" if key else ""))
        item.triggered.connect(lambda _checked: run(id))

    for id in ("window.settings", "window.keys", "window.undo_list", "window.cheat_sheet"):
        add(id)
    menu.addSeparator()
    add("window.quit")
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(face.mapToGlobal(QPoint(face.width() - menu.sizeHint().width(), face.height() + 4)))
    return menu


def _add_themes(shell: Frame, menu: QMenu) -> None:
    group = QActionGroup(menu)
    for choice in CHOICES:
        item = QAction(choice.capitalize(), menu, checkable=True)
        item.setChecked(shell.preferences.now.theme == choice)
        item.triggered.connect(lambda _checked, to=choice: shell.preferences.choose_theme(to))
        group.addAction(item)
        menu.addAction(item)


def _plain(words: str) -> str:
    return clean_line(words, 80).replace("&", "&&")
