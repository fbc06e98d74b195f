"""Working the actions and sheets of a `FakeHost` as a person does: with keys, wherever the keyboard is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.actions.registry import Action
from hotmess_console.ui.host import Context
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.fakes_composer import FakeHost, make_detail, make_ticket, settle

DOWN, ENTER, ESC, TAB = Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab


def press(key: str | Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press one key, or the keys of a text."""
    at = QApplication.focusWidget()
    assert at is not None, "nothing has the keyboard"
    if isinstance(key, str):
        QTest.keyClicks(at, key)
    else:
        QTest.keyClick(at, key, modifier)


def press_each(*keys: str | Qt.Key) -> None:
    """Press keys one after the other, each where the keyboard is by then."""
    for key in keys:
        for stroke in key if isinstance(key, str) else (key,):
            press(stroke)


async def driven(asking: Awaitable[Any], *keys: str | Qt.Key) -> Any:
    """Open something, press keys with a rest between them, and return its answer."""
    task = asyncio.ensure_future(asking)
    await settle(20)
    for key in keys:
        press_each(key)
        await asyncio.sleep(0.2 if isinstance(key, str) and len(key) > 1 else 0)
        await settle()
    return await asyncio.wait_for(task, 5)


def open_sheet(host: FakeHost) -> Sheet:
    """Return the sheet on top."""
    return [sheet for sheet in host.window.findChildren(Sheet) if sheet.isVisible()][-1]


async def carried_out(action: Action, host: FakeHost) -> None:
    """Do what the action does, to its end."""
    await action.run(host)


def looking_at(host: FakeHost, **changes: object) -> Context:
    """The context with one open ticket that differs from the ordinary one by `changes`."""
    detail = make_detail(make_ticket(**changes))  # type: ignore[arg-type]
    host.detail, host.chosen = detail, (detail.case,)
    return host.context()
