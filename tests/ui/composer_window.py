"""A small window with a composer in it, for the composer's tests."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Role
from hotmess_console.services.replies import Reply
from hotmess_console.ui.composer.composer import Composer
from tests.ui.fakes_composer import FakeHost, make_detail, settle


class Desk:
    """A window with a composer in it, and the fake host it lives in."""

    def __init__(self, *details: TicketDetail, roles: frozenset[Role] = frozenset({Role.AGENT})) -> None:
        self.window = QWidget()
        self.sending: asyncio.Future[None]
        self.window.resize(900, 500)
        self.host = FakeHost(self.window, *(details or (make_detail(),)), roles=roles)
        self.composer = Composer(self.host)
        QVBoxLayout(self.window).addWidget(self.composer)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.composer.left.connect(self.host.focus_queue)

    @property
    def editor(self) -> QWidget:
        return self.composer.editor

    def type(self, text: str) -> None:
        QTest.keyClicks(self.editor, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.editor, key, modifier)

    async def reply_with(self, template: str) -> None:
        self.composer.start_reply(template)
        await settle()

    def last_reply(self) -> Reply:
        command = self.host.decided[-1][0]
        assert isinstance(command, Reply)
        return command
