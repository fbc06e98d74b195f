"""The start: what is on screen first is cheap, looks like what follows, and loses no key."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from hotmess_console.ui.curtain import APP_BAR, FILTER_BAR, PLANES, STATUS_BAR
from hotmess_console.ui.shell_early import EarlyKeys
from hotmess_console.ui.theme.tokens import HEIGHT, PALETTES

pytestmark = pytest.mark.foundation

HEAVY = ("sqlalchemy", "psycopg", "stripe", "httpx", "keyring", "alembic", "asyncio", "qasync", "aiosmtpd", "rapidfuzz")
AT_FIRST_PAINT = """
import json, os, pathlib, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QEvent, QObject
from hotmess_console.app.demo import demo
from hotmess_console.services.preferences import ForgetfulStore
from hotmess_console.ui import program
from hotmess_console.ui.curtain import Curtain
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and isinstance(watched, Curtain):
            print(json.dumps(sorted(sys.modules)), flush=True)
            os._exit(0)
        return False
painted = Painted()
program.application().installEventFilter(painted)
program.run(demo(pathlib.Path("unused"), size=1, reset=False), ForgetfulStore())
"""


def test_nothing_heavy_is_imported_by_the_time_of_the_first_paint() -> None:
    command = [sys.executable, "-c", AT_FIRST_PAINT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "PySide6" in imported
    assert sorted(imported & set(HEAVY)) == []
    ours = [name for name in json.loads(done.stdout) if name.startswith("hotmess_console.")]
    assert len(ours) < 20, ours
    assert "hotmess_console.ui.shell" not in ours


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_the_curtain_has_the_colours_of_the_window_that_follows(name: str) -> None:
    palette = PALETTES[name]
    assert PLANES[name] == (palette.bg, palette.surface, palette.line, palette.gold)


def test_the_curtain_has_the_bars_of_the_window_that_follows() -> None:
    assert (HEIGHT["app_bar"], HEIGHT["filter_bar"], HEIGHT["status_bar"]) == (APP_BAR, FILTER_BAR, STATUS_BAR)


def _press(widget: QWidget, key: Qt.Key, text: str) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


@pytest.mark.parametrize(("own_keys", "at_once"), [(False, "j"), (True, "")])
def test_keys_pressed_too_early_come_later_in_their_order(qtbot: QtBot, own_keys: bool, at_once: str) -> None:
    window, rows = QWidget(), QLineEdit()
    rows.setParent(window)
    qtbot.addWidget(window)
    window.show()
    rows.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is rows)
    early = EarlyKeys(window, rows, own_keys=own_keys)
    for key, text in ((Qt.Key.Key_J, "j"), (Qt.Key.Key_C, "c"), (Qt.Key.Key_J, "j"), (Qt.Key.Key_E, "e")):
        _press(rows, key, text)
    assert rows.text() == at_once
    early.hand_on()
    qtbot.waitUntil(lambda: rows.text() == "jcje")
    _press(rows, Qt.Key.Key_X, "x")
    assert rows.text() == "jcjex"
