"""A window without a desk: it records what actions ask of it, and its focus is what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar, cast

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Staff
from hotmess_console.domain.values import CaseId, CommandId, Login, Permission
from hotmess_console.domain.views import SavedView
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.preferences import ForgetfulStore
from hotmess_console.services.queries import Me, Queries
from hotmess_console.ui.actions.registry import Action
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Context, Focus, Host
from hotmess_console.ui.viewmodels.preferences import LivePreferences

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""What the `gui` fixture is."""


class FakeBridge:
    """Asks its queries at once, on the GUI's loop."""

    def __init__(self, queries: object) -> None:
        self.queries = queries

    async def ask(self, question: Callable[[Queries], Awaitable[T]]) -> T:
        return await question(cast(Queries, self.queries))


class FakeWindow:
    """Every call that an action makes is noted in `asked`."""

    def __init__(self, *, current: Case | None = None, queries: object = None) -> None:
        self.window = QWidget()
        self.window.resize(1280, 800)
        self.field, self.text = QLineEdit(), QPlainTextEdit()
        self.read_only, self.button = QLineEdit("read me"), QPushButton("a button")
        self.read_only.setReadOnly(True)
        column = QVBoxLayout(self.window)
        for part in (self.field, self.text, self.read_only, self.button):
            column.addWidget(part)
        self.current = current
        self.focus = Focus.QUEUE
        self.permissions = frozenset(Permission)
        self.masked = False
        self.asked: list[Any] = []
        self.told: list[Notice] = []
        self.untold: list[Notice] = []
        self.bridge = cast(Bridge, FakeBridge(queries))
        self.me = Me(Login("mina"), frozenset(), "Mina Dale")
        self.staff = Staff()
        self.preferences = LivePreferences(ForgetfulStore())

    def context(self) -> Context:
        chosen = () if self.current is None else (self.current,)
        return Context(self.current, chosen, None, None, self.permissions, self.focus)

    def run_action(self, id: str) -> None:
        self.asked.append(("run_action", id))

    async def decide(self, command: Command, words: str, *, leaves_queue: Sequence[CaseId] = ()) -> Outcome | None:
        self.asked.append(("decide", command))
        return None

    async def undo(self) -> None:
        self.asked.append("undo")

    def offer_undo(self, commands: Sequence[CommandId], words: str, cases: Sequence[CaseId]) -> None:
        self.asked.append("offer_undo")

    def withdraw_undo(self, commands: Sequence[CommandId]) -> None:
        self.asked.append("withdraw_undo")

    def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    def untell(self, notice: Notice) -> None:
        self.untold.append(notice)

    async def open_case(self, case: CaseId) -> None:
        self.asked.append(("open_case", case))

    def go_to(self, tab: str) -> None:
        self.asked.append(("go_to", tab))

    def focus_queue(self) -> None:
        self.asked.append("focus_queue")

    def start_reply(self, template: str | None = None) -> None:
        self.asked.append("start_reply")

    def start_note(self) -> None:
        self.asked.append("start_note")

    async def send_draft(self, then: str) -> None:
        self.asked.append(("send_draft", then))

    def focus_search(self) -> None:
        self.asked.append("focus_search")

    async def refresh(self) -> None:
        self.asked.append("refresh")

    def toggle_mask(self) -> None:
        self.asked.append("toggle_mask")

    def open_palette(self) -> None:
        self.asked.append("open_palette")

    def open_cheat_sheet(self) -> None:
        self.asked.append("open_cheat_sheet")

    def open_settings(self, page: str = "") -> None:
        self.asked.append(("open_settings", page))

    def open_undo_list(self) -> None:
        self.asked.append("open_undo_list")

    def step_view(self, by: int) -> None:
        self.asked.append(("step_view", by))

    def show_view(self, view: SavedView) -> None:
        self.asked.append(("show_view", view))


def noting(id: str, *keys: str, **more: Any) -> Action:
    """An action that notes its id with the window it ran in."""

    async def run(host: Host) -> None:
        cast(FakeWindow, host).asked.append(id)

    return Action(id, id.partition(".")[2].capitalize(), keys, run, **more)


async def settled() -> None:
    """Let started tasks run."""
    for _ in range(5):
        await asyncio.sleep(0)
