"""How the questions before closing look, and the three columns over a case that changed meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.threads import Delivery, DeliveryState, Message
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.drafts import Draft, DraftKind
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.shell_sheets import HeldMail, UnsentWords
from tests.ui.approved import assert_as_approved, picture_of
from tests.ui.fakes_shell import JO, NOW, FakeDesk, busy_mine, detail_of, on_desk, until
from tests.ui.shell_parts import keyboard, open_sheet, tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def looked_at(gui: Gui, prepare: Callable[[Shell, FakeDesk], Coroutine[Any, Any, None]], size: tuple[int, int]) -> Any:
    found: list[QImage] = []

    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await prepare(shell, desk)
        await asyncio.sleep(0.05)
        found.append(picture_of(shell))
        sheet = open_sheet(shell)
        if sheet is not None:
            sheet.cancel()
            await asyncio.sleep(0.02)

    gui(on_desk(FakeDesk(busy_mine()), journey, size=size))
    return found[0]


async def _stuck(shell: Shell, desk: FakeDesk) -> None:
    HeldMail(shell, 1, "Nobody is sending: no mail server is set.").open()


async def _unsent(shell: Shell, desk: FakeDesk) -> None:
    cases = list(desk.queries.held.values())[:2]
    drafts = {
        (cases[0].id, DraftKind.REPLY): Draft("Both payments are on their way back to you."),
        (cases[0].id, DraftKind.NOTE): Draft("Second tap"),
        (cases[1].id, DraftKind.REPLY): Draft("Thank you"),
    }
    UnsentWords(shell, drafts, {case.id: case.reference for case in cases}).open()


async def _compare(shell: Shell, desk: FakeDesk) -> None:
    tab = tab_of(shell)
    case = tab.case
    assert case is not None
    shell.start_reply()
    QTest.keyClicks(keyboard(), "Hello, both payments are on their way back to you. It takes five to ten days.")
    person = detail_of(case).ticket.requester_name
    sent = Delivery(DeliveryState.HELD, "a@example.org", NOW)
    desk.queries.said[case.id] = (
        _said(1, False, "Jo Kerr", "We have asked the payments team to return the second charge.", sent),
        _said(2, True, person, "Thank you, Jo! One more thing: will my membership stay on until 21 December?", None),
    )
    desk.change(CaseId(case.id), assignee=JO)
    await until(lambda: "New since" in tab.composer.line.words.text(), "the news is there")
    shell.start(shell.send_draft("in_progress"))
    await until(lambda: open_sheet(shell) is not None, "it is compared")


def _said(number: int, incoming: bool, author: str, body: str, delivery: Delivery | None) -> Message:
    login = None if incoming else JO
    return Message(MessageId(UUID(int=number)), incoming, "reply", login, author, body, NOW, "email", delivery)


PICTURES: dict[str, tuple[Callable[[Shell, FakeDesk], Coroutine[Any, Any, None]], tuple[int, int]]] = {
    "leaving-stuck": (_stuck, (1280, 800)),
    "leaving-unsent": (_unsent, (1280, 800)),
    "compare-1280": (_compare, (1280, 800)),
    "compare-1920": (_compare, (1920, 1080)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_approved(gui: Gui, qapp: QApplication, tmp_path: Path, name: str) -> None:
    prepare, size = PICTURES[name]
    assert_as_approved(looked_at(gui, prepare, size), f"{name}.png", tmp_path)
