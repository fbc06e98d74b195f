"""A window with the key dispatcher in it, for the tests of keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import StateError
from hotmess_console.domain.values import Permission
from hotmess_console.ui.actions.dispatcher import KeyDispatcher
from hotmess_console.ui.actions.registry import ALL_FOCUS, Registry
from hotmess_console.ui.host import Context, Focus, Host
from hotmess_console.ui.viewmodels.keymap import Keymap
from tests.ui.fakes_actions import FakeWindow, Run, noting, settled

_NONE = Qt.KeyboardModifier.NoModifier


async def fail_known(host: Host) -> None:
    raise StateError("HM-1 is closed.", hint="Reopen it first.")


async def fail_badly(host: Host) -> None:
    raise RuntimeError("a bug")


def not_now(context: Context) -> str:
    return "Not now: it is snoozed."


def registry() -> Registry:
    return Registry(
        [
            noting("case.claim", "C", decides=True, permission=Permission.TICKET_WORK),
            noting("case.off", "O", why_not=not_now),
            noting("queue.next", "J", travels=True),
            noting("queue.all", "Ctrl+A", where=ALL_FOCUS),
            noting("window.palette", "Ctrl+K", where=ALL_FOCUS),
            noting("window.undo", "Z", "Ctrl+Z", where=ALL_FOCUS),
            noting("window.back", "Esc", where=ALL_FOCUS),
            noting("window.help", "?"),
            noting("go.tickets", "G, T"),
            noting("go.templates", "G, E"),
            noting("case.delete", "D", decides=True),
            noting("text.send", "Ctrl+Return", where=frozenset({Focus.COMPOSER})),
            noting("bad.known", "1"),
            noting("bad.bug", "2"),
        ]
    )


class Desk:
    """The window with its dispatcher, and a clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.window = FakeWindow()
        made = {action.id: action for action in registry()}
        for id, fails in (("bad.known", fail_known), ("bad.bug", fail_badly)):
            object.__setattr__(made[id], "run", fails)
        self.registry = Registry(made.values())
        self.keys = KeyDispatcher(
            cast(Host, self.window), self.registry, Keymap(self.registry), clock=lambda: self.seconds
        )
        self.window.window.show()
        self.window.window.activateWindow()
        self.window.button.setFocus()

    @property
    def asked(self) -> list[Any]:
        return self.window.asked

    @property
    def told(self) -> list[str]:
        return [notice.text for notice in self.window.told]

    async def press(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, *, wait: float = 1.0
    ) -> None:
        self.seconds += wait
        QTest.keyClick(QApplication.focusWidget() or self.window.window, key, held)
        await settled()


def at_desk(gui: Run, journey: Callable[[Desk], Awaitable[None]]) -> Desk:
    async def live() -> Desk:
        desk = Desk()
        while QApplication.focusWidget() is not desk.window.button:  # the platform answers in its own time
            await asyncio.sleep(0.005)
        try:
            await journey(desk)
        finally:
            desk.window.window.close()
            desk.window.window.deleteLater()
            await settled()
        return desk

    made: Desk = gui(live())
    return made
