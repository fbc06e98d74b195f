"""How writing to people looks: the composer's states, handing a case up, many cases at once, in the dark theme.

`UPDATE_GOLDENS=1` paints the pictures anew; look at each before it is committed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hotmess_console.domain.values import Level, Status
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.replies import File
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS
from hotmess_console.ui.composer.composer import Composer
from hotmess_console.ui.dialogs.escalate import ask_escalation
from hotmess_console.ui.dialogs.templates_picker import pick_template
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.pane import Pane
from tests.ui.fakes_composer import JO, ME, STAFF, TEMPLATES, FakeHost, make_detail, make_ticket, message, settle
from tests.ui.test_queue_pictures import GOLDENS, SHARE_TOLERANCE, share_that_differs

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def show(width: int, height: int) -> QWidget:
    window = QWidget()
    window.resize(width, height)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    return window


def compare(window: QWidget, name: str) -> None:
    for _ in range(3):
        QApplication.processEvents()
    seen = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    golden = GOLDENS / f"{name}.png"
    if os.environ.get("UPDATE_GOLDENS"):
        assert seen.save(str(golden))
    before = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert share_that_differs(seen, before) <= SHARE_TOLERANCE


async def _empty(composer: Composer, host: FakeHost) -> None:
    composer.setFocus()


async def _blocked(composer: Composer, host: FakeHost) -> None:
    composer.start_reply("refund-confirmation")
    await settle()
    QTest.keyClicks(composer.editor, "9.99")


async def _ready(composer: Composer, host: FakeHost) -> None:
    await _blocked(composer, host)
    QTest.keyClick(composer.editor, Qt.Key.Key_Tab)
    QTest.keyClicks(composer.editor, "You need not do anything.")


async def _remarked(composer: Composer, host: FakeHost) -> None:
    composer.start_reply()
    QTest.keyClicks(composer.editor, "Please see https://elsewhere.example/form first.")
    composer._keep(replace(composer._draft, files=(File("statement.png", "image/png", b"x" * 212_000),)))
    composer.check_now()


async def _news(composer: Composer, host: FakeHost) -> None:
    composer.start_reply()
    QTest.keyClicks(composer.editor, "Both payments are back.")
    assert host.detail is not None
    composer.set_case(replace(host.detail, messages=(*host.detail.messages, message("One came back already."))))


async def _note(composer: Composer, host: FakeHost) -> None:
    composer.start_note()
    QTest.keyClicks(composer.editor, "Second charge came from a repeated tap. @lena, may I refund it?")


async def _masked(composer: Composer, host: FakeHost) -> None:
    host.is_masked = True
    composer.start_reply()
    QTest.keyClicks(composer.editor, "Thank you for writing.")
    composer.refresh_mask()


STATES: dict[str, tuple[int, Callable[[Composer, FakeHost], Awaitable[None]]]] = {
    "empty": (568, _empty),
    "blocked": (568, _blocked),
    "ready": (860, _ready),
    "remarked": (860, _remarked),
    "news": (568, _news),
    "note": (568, _note),
    "masked": (860, _masked),
}


@pytest.mark.parametrize("name", STATES)
def test_the_composer_looks_as_approved(gui: Gui, name: str) -> None:
    QApplication.setCursorFlashTime(0)
    width, prepare = STATES[name]
    window = show(width, 264)
    pane = Pane("surface", parent=window)
    pane.resize(window.size())
    host = FakeHost(window, make_detail())
    composer = Composer(host)
    inset = QVBoxLayout()
    inset.setContentsMargins(12, 12, 12, 12)
    inset.addWidget(composer)
    pane.column.addLayout(inset)
    pane.show()

    async def run() -> None:
        composer.set_case(host.detail)
        await settle()
        await prepare(composer, host)
        await settle()

    gui(run())
    compare(window, f"composer-{name}-dark")
    window.close()


def picture_of_sheet(gui: Gui, name: str, open_it: Callable[[FakeHost], Awaitable[object]], keys: str = "") -> None:
    """Open a sheet over an empty window, type, and compare; then leave it by Esc."""
    QApplication.setCursorFlashTime(0)
    window = show(1280, 800)
    host = FakeHost(window, make_detail())

    async def run() -> None:
        task = asyncio.ensure_future(open_it(host))
        await settle(40)
        for key in keys:
            at: Any = QApplication.focusWidget()
            QTest.keyClicks(at, key)
        await settle()
        compare(window, name)
        for sheet in window.findChildren(Sheet):
            if sheet.isVisible():
                sheet.cancel()
        await asyncio.wait_for(task, 5)

    gui(run())
    window.close()


def test_escalating_looks_as_approved(gui: Gui) -> None:
    def ask(host: FakeHost) -> Awaitable[object]:
        return ask_escalation(host.window, STAFF, ME, what="HM-10482", start=Level.SUPPORT)

    picture_of_sheet(gui, "escalate-dark", ask, "4Their solicitor wrote")


def test_picking_a_template_looks_as_approved(gui: Gui) -> None:
    def ask(host: FakeHost) -> Awaitable[object]:
        return pick_template(host.window, TEMPLATES, {"Name": "Rowan", "amount": "9.99"}, "en")

    picture_of_sheet(gui, "template-picker-dark", ask)


def test_the_preview_of_many_cases_looks_as_approved(gui: Gui) -> None:
    def resolve(host: FakeHost) -> Awaitable[object]:
        states = [Status.RESOLVED, *[Status.OPEN] * 11]
        tickets = [
            make_ticket(
                10_500 + n, status=states[n % 12], assignee=JO if n % 3 else None, subject=f"Ticket resale, {n}"
            )
            for n in range(37)
        ]
        host.queries.tickets = {ticket.id: make_detail(ticket) for ticket in tickets}
        host.all_matching = QueueFilter()
        return next(action for action in TICKET_ACTIONS if action.id == "ticket.resolve").run(host)

    picture_of_sheet(gui, "bulk-preview-dark", resolve, "33")
