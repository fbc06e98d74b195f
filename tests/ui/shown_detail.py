"""A window with the detail pane of a ticket in it, for the tests that press and look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.threads import DeliveryState, Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.ui.details.cards import ThreadCard
from hotmess_console.ui.details.tickets import TicketDetailPane
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.chip import Chip
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_details import (
    LONDON,
    FakeHost,
    incoming,
    outgoing,
)

Run = Callable[[Any], Any]


@dataclass
class Shown:
    """A window with the pane in it; `opened` are addresses that went to the browser, `places` the answers to Save."""

    window: QWidget
    host: FakeHost
    pane: TicketDetailPane
    opened: list[str]
    places: list[Path | None]

    def settle(self) -> None:
        for _ in range(200):
            QApplication.processEvents()
            if self.pane.messages.complete:
                return
        raise AssertionError("the thread is never complete")

    def show(self, given: TicketDetail) -> None:
        self.pane.show_ticket(given)
        self.settle()

    def cards(self) -> list[ThreadCard]:
        return self.pane.messages.cards()

    def card(self, number: int) -> ThreadCard:
        return next(card for card in self.cards() if card.row.key == str(UUID(int=number)))

    def chips(self) -> list[str]:
        parts = self.pane.header._chips.findChildren(QWidget)
        seen = [w for w in parts if w.isVisibleTo(self.pane)]
        return [w.text if isinstance(w, Chip) else w.text() for w in seen if isinstance(w, Chip | SafeLabel | Button)]


@contextmanager
def shown_detail(app: QApplication) -> Iterator[Shown]:
    """A window with an empty detail pane, closed and deleted afterwards."""
    theme().apply(app, "dark")
    window = QWidget()
    window.resize(568, 600)
    host, opened, places = FakeHost(window), list[str](), list[Path | None]()

    async def choose(_window: QWidget, _name: str) -> Path | None:
        return places.pop()

    def browse(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    pane = TicketDetailPane(host, zone=LONDON, choose_place=choose, open_url=browse, parent=window)
    pane.resize(window.size())
    window.show()
    yield Shown(window, host, pane, opened, places)
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def long_thread(count: int, body: str = "A line that somebody wrote. ") -> tuple[Message, ...]:
    """So many messages, theirs and ours in turn."""
    return tuple(
        incoming(n, 3_000 - n, body * 3) if n % 2 else outgoing(n, 3_000 - n, body, DeliveryState.SENT)
        for n in range(1, count + 1)
    )


async def until(true: Callable[[], bool]) -> None:
    """Wait for what a press started; raise AssertionError when it takes too long."""
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")
