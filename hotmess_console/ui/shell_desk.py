"""What stands in the window once the desk is open: tabs, keys, menus, and the sheets that the window opens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QStackedWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.threads import DeliveryState
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.domain.views import UNASSIGNED
from hotmess_console.services.desk_commands import SaveView
from hotmess_console.services.queries import Queries, Undoable
from hotmess_console.services.replies import SendAgain
from hotmess_console.services.support import Claim
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.actions.dispatcher import KeyDispatcher
from hotmess_console.ui.actions.opening import change_settings, find_and_run, show_keys
from hotmess_console.ui.actions.tickets import TICKETS
from hotmess_console.ui.actions.window import Window
from hotmess_console.ui.dialogs.choose import find
from hotmess_console.ui.dialogs.notices import open_notices
from hotmess_console.ui.dialogs.undo_list import deed_words, undo_choice
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.queues.templates import TemplatesTab
from hotmess_console.ui.queues.tickets import TicketsTab
from hotmess_console.ui.running import Running
from hotmess_console.ui.shell_decisions import Decisions
from hotmess_console.ui.shell_line import Line
from hotmess_console.ui.shell_sheets import HeldMail, Leave, NameView
from hotmess_console.ui.theme.style import CHOICES
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.widgets.app_bar import AppBar
from hotmess_console.ui.widgets.safe_text import clean_line

_TAKE_BACK = "A message that has left cannot be taken back. A case that somebody changed since stays as it is."


class Frame(Window, Protocol):
    """The window, as what stands in it sees it."""

    desk_time: DeskTime
    running: Running
    app_bar: AppBar
    line: Line
    decisions: Decisions
    pages: QStackedWidget

    @property
    def monotonic(self) -> Callable[[], float]: ...
    @property
    def zone(self) -> ZoneInfo: ...
    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]: ...
    def tell_ignored(self, words: str) -> None: ...
    def close_now(self) -> None: ...


class DeskParts:
    """Built once, when the desk is open."""

    def __init__(self, shell: Frame) -> None:
        self._shell = shell
        self.tickets = TicketsTab(shell, shell.desk_time, shell.running, monotonic=shell.monotonic, zone=shell.zone)
        self.templates = TemplatesTab(shell)
        self.registry = build_registry()
        self.keymap = Keymap(self.registry, shell.preferences.now.keys)
        self.dispatcher = KeyDispatcher(shell, self.registry, self.keymap, clock=shell.monotonic)
        self.dispatcher.may_decide = self.tickets.queue.list.may_decide
        self._leaving = False
        self._menu: QMenu | None = None
        self._asking_notices = False
        self._connect()
        self.show_keys()
        shell.start(self.templates.refresh())
        self.look_at_notices()

    def _connect(self) -> None:
        tab, shell = self.tickets, self._shell
        tab.told.connect(shell.tell)
        tab.ignored.connect(shell.tell_ignored)
        tab.counted.connect(lambda counts: shell.app_bar.tabs.set_count("tickets", counts.get("Team")))
        tab.save_asked.connect(lambda: shell.start(self._save_view()))
        shell.preferences.changed.connect(lambda _now: self.show_keys())
        tab.next_asked.connect(lambda: shell.start(self._take_next()))

    def show_keys(self) -> None:
        """Write the keys in force where the actions are."""
        keys = {action.id: self.keymap.shown(action.id) for action in self.registry}
        self.tickets.detail.set_keys(keys)
        bar = self._shell.app_bar
        bar.set_keys(search=keys.get("window.palette", ""), mask=keys.get("window.mask", ""))

    def run(self, id: str) -> None:
        """Start the action of this id; a refusal is told."""
        self.dispatcher.run(id)

    # ── views ──

    def step_view(self, by: int) -> None:
        """Open the view so many places further on, beginning again at the end."""
        self.tickets.step_view(by)

    async def _save_view(self) -> None:
        bar = self.tickets.filter_bar
        conditions = ", ".join([bar.view.name, *(token.words for token in bar.field.tokens), bar.field.text])
        name = await NameView(self._shell.window, conditions.rstrip(", ")).open()
        if not isinstance(name, str):
            return
        outcome = await self._shell.bridge.send(SaveView(title=name, filter=bar.filter))
        self._shell.tell(Notice(outcome.words))
        self.tickets.set_views(await self._shell.bridge.ask(lambda q: q.saved_views()))
        self.tickets.filter_bar.open_view(name)

    async def _take_next(self) -> None:
        page = await self._shell.bridge.ask(lambda q: q.page(UNASSIGNED.filter, None, 1))
        if not page.cases:
            self._shell.tell(Notice("Nothing is unassigned: the whole team is up to date."))
            return
        case = page.cases[0]
        if await self._shell.decide(Claim(cases=(case.ref,)), f"Took {case.reference}") is not None:
            await self._shell.open_case(case.id)

    # ── notices and undo ──

    def look_at_notices(self) -> None:
        """Ask how many notices are new, unless that is being asked."""
        if not self._asking_notices:
            self._asking_notices = True
            self._shell.running.start(self._count_notices(), lambda _error: None)

    async def _count_notices(self) -> None:
        try:
            # several changes come together; one look at the end of them is enough
            await asyncio.sleep(0.5)
            notices = await self._shell.bridge.ask(lambda q: q.notices())
        finally:
            self._asking_notices = False
        self._shell.app_bar.set_notices(len(notices))

    def open_notices(self) -> None:
        """Show what colleagues want this person to see."""
        self._shell.start(self._notices())

    async def _notices(self) -> None:
        await open_notices(self._shell)
        self.look_at_notices()

    def open_undo_list(self) -> None:
        """Show what can still be taken back."""
        self._shell.start(self._undo_list())

    async def _undo_list(self) -> None:
        shell = self._shell
        done: Sequence[Undoable] = await shell.bridge.ask(lambda q: q.undoable())
        if not done:
            shell.tell(Notice("There is nothing to take back.", "What you do from now on will be listed here."))
            return
        choices = [undo_choice(one, shell.desk_time.now()) for one in done]
        chosen = await find(shell.window, "Take something back", choices, words=_TAKE_BACK, icon="history")
        if isinstance(chosen, Undoable):
            await shell.decisions.take_back(chosen.command, chosen.cases, deed_words(chosen))

    # ── menus and sheets ──

    def open_menu(self) -> None:
        """Open the menu below one's own face."""
        shell, face = self._shell, self._shell.app_bar.face
        menu = QMenu(shell.window)
        menu.setAccessibleName("Your menu")
        who = menu.addAction(_plain(f"{shell.me.name}, signed in as {shell.me.login}"))
        who.setEnabled(False)
        menu.addSeparator()
        self._add_themes(menu.addMenu("Theme"))
        for id in ("window.settings", "window.keys", "window.undo_list", "window.cheat_sheet"):
            self._add(menu, id)
        menu.addSeparator()
        self._add(menu, "window.quit")
        self._menu = menu
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(face.mapToGlobal(QPoint(face.width() - menu.sizeHint().width(), face.height() + 4)))

    def _add(self, menu: QMenu, id: str) -> None:
        key = self.keymap.shown(id)
        item = menu.addAction(_plain(self.registry[id].title) + (f"\t{key}" if key else ""))
        item.triggered.connect(lambda _checked: self.dispatcher.run(id))

    def _add_themes(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for choice in CHOICES:
            item = QAction(choice.capitalize(), menu, checkable=True)
            item.setChecked(self._shell.preferences.now.theme == choice)
            item.triggered.connect(lambda _checked, to=choice: self._shell.preferences.choose_theme(to))
            group.addAction(item)
            menu.addAction(item)

    def open_palette(self) -> None:
        """Open the search over everything."""
        self._shell.start(find_and_run(self._shell, self.registry, self.keymap))

    def open_cheat_sheet(self) -> None:
        """Show all keys, the open tab's first."""
        present = TICKETS if self._shell.pages.currentWidget() is self.tickets else ""
        self._shell.start(show_keys(self._shell, self.registry, self.keymap, present))

    def open_settings(self, page: str) -> None:
        """Open the settings at a page."""
        self._shell.start(change_settings(self._shell, self.keymap, page))

    # ── leaving ──

    def ask_to_leave(self) -> None:
        """Messages are held and the window is being closed: ask what to do with them, once."""
        if not self._leaving:
            self._leaving = True
            self._shell.start(self._leave())

    async def _leave(self) -> None:
        shell = self._shell
        try:
            answer = await HeldMail(shell.window, shell.line.mail.waiting).open()
            if answer is Leave.SEND:
                await self._send_held()
            if answer in (Leave.SEND, Leave.WAIT):
                shell.tell(Notice("The window closes when the last message has left.", "Keep it open until then."))
                await self._all_sent()
            if answer is not None:
                shell.close_now()
        finally:
            self._leaving = False

    async def _all_sent(self) -> None:
        moved = asyncio.Event()
        self._shell.line.mail_changed.connect(moved.set)
        self._shell.line.look_at_mail()
        while self._shell.line.mail.waiting:
            await moved.wait()
            moved.clear()

    async def _send_held(self) -> None:
        bridge = self._shell.bridge
        mine = await bridge.ask(lambda q: q.undoable())
        for case in dict.fromkeys(case for one in mine if one.hold_until is not None for case in one.cases):
            detail = await bridge.ask(partial(_ticket, case))
            held = tuple(
                MessageId(message.id)
                for message in detail.messages
                if message.delivery is not None and message.delivery.state is DeliveryState.HELD
            )
            if held:
                try:
                    await bridge.send(SendAgain(case=case, messages=held))
                except ConsoleError as error:
                    # one that has just left by itself is no failure; anything else is told, and the rest still goes
                    self._shell.tell(Notice(str(error), error.hint))


async def _ticket(case: CaseId, queries: Queries) -> TicketDetail:
    return await queries.ticket(case)


def _plain(words: str) -> str:
    return clean_line(words, 80).replace("&", "&&")
