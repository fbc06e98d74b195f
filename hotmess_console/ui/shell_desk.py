"""What stands in the window once the desk is open: tabs, keys, menus, and the sheets that the window opens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from hotmess_console.domain.policy.permissions import granted
from hotmess_console.domain.values import Permission
from hotmess_console.domain.views import UNASSIGNED
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.queues.tickets import TicketsTab
from hotmess_console.ui.shell_early import EarlyKeys

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from hotmess_console.domain.values import Login
    from hotmess_console.services.queries import Undoable
    from hotmess_console.ui.actions.dispatcher import KeyDispatcher
    from hotmess_console.ui.actions.registry import Registry
    from hotmess_console.ui.queues.templates import TemplatesTab
    from hotmess_console.ui.queues.trail import TrailTab
    from hotmess_console.ui.shell_frame import Frame
    from hotmess_console.ui.shell_leaving import Leaving
    from hotmess_console.ui.viewmodels.keymap import Keymap

FIRST_KEY_S = 0.02
"""Seconds that the first page is left alone: whoever moves as the rows appear does not wait for what follows."""
_TAKE_BACK = "A message that has left cannot be taken back. A case that somebody changed since stays as it is."


class DeskParts:
    """Built once, when the desk is open: the queue at once, the rest when it is asked for or by `finish`."""

    def __init__(self, shell: Frame) -> None:
        self._shell = shell
        self.tickets = TicketsTab(shell, shell.desk_time, shell.running, monotonic=shell.monotonic, zone=shell.zone)
        self.tickets.split.restore(shell.preferences.now.layout)
        self._early = EarlyKeys(shell.window, self.tickets.queue.list, own_keys=bool(shell.preferences.now.keys))
        self._menu: QMenu | None = None
        self._trail: TrailTab | None = None
        self._asking_notices = False
        self.finished = False
        self._connect()

    async def finish(self) -> None:
        """Build what the first page did without, a little at a time, so that keys and paint come in between."""
        await asyncio.sleep(FIRST_KEY_S)
        for part in (lambda: self.dispatcher, self.show_keys, *IMPORTS, self.tickets.finish, lambda: self.templates):
            await asyncio.sleep(0)
            part()
        self.finished = True
        self.look_at_notices()

    @cached_property
    def registry(self) -> Registry:
        """Every action of the program."""
        from hotmess_console.ui.actions.all import build_registry

        return build_registry()

    @cached_property
    def keymap(self) -> Keymap:
        """The keys in force."""
        from hotmess_console.ui.viewmodels.keymap import Keymap

        return Keymap(self.registry, self._shell.preferences.now.keys)

    @cached_property
    def dispatcher(self) -> KeyDispatcher:
        """What keys reach; those pressed before it was there are pressed again."""
        from hotmess_console.ui.actions.dispatcher import KeyDispatcher

        made = KeyDispatcher(self._shell, self.registry, self.keymap, clock=self._shell.monotonic)
        made.may_decide = self.tickets.queue.list.may_decide
        self._early.hand_on()
        return made

    @cached_property
    def templates(self) -> TemplatesTab:
        """The tab of the wording library."""
        from hotmess_console.ui.queues.templates import TemplatesTab

        made = TemplatesTab(self._shell)
        self._shell.pages.addWidget(made)
        self._shell.start(made.refresh())
        return made

    def _open_trail(self) -> TrailTab | None:
        """Return the tab of the audit, built when it is first opened; None for who may not read it."""
        if self._trail is None and self._reads_audit():
            from hotmess_console.ui.queues.trail import TrailTab

            self._trail = TrailTab(self._shell, self._shell.desk_time, self._shell.running, self._shell.zone)
            self._shell.pages.addWidget(self._trail)
        return self._trail

    def tabs(self) -> Sequence[tuple[str, str]]:
        """Return id and name of the tabs that this person's roles can use."""
        both = (("tickets", "Tickets"), ("templates", "Templates"))
        return (*both, ("audit", "Audit")) if self._reads_audit() else both

    def _reads_audit(self) -> bool:
        return Permission.AUDIT_READ in granted(self._shell.me.roles)

    def page(self, tab: str) -> TicketsTab | TemplatesTab | TrailTab | None:
        """Return the page of a tab, None where there is no such tab for this person."""
        if tab == "audit":
            return self._open_trail()
        return self.tickets if tab == "tickets" else self.templates if tab == "templates" else None

    @property
    def present(self) -> TicketsTab | TemplatesTab | TrailTab:
        """The page that is open."""
        return next((page for page in self._built() if page is self._shell.pages.currentWidget()), self.tickets)

    def _built(self) -> list[TicketsTab | TemplatesTab | TrailTab]:
        return [self.tickets, self.templates, *([] if self._trail is None else [self._trail])]

    def focus_search(self) -> None:
        """Put the cursor into the filter of the open tab; one without leads to the cases."""
        if self._trail is not None and self.present is self._trail:
            self._trail.focus_search()
            return
        self._shell.go_to("tickets")
        self.tickets.filter_bar.field.line.setFocus()

    async def refresh(self) -> None:
        """Read everything on screen again. Raises Unreachable."""
        self.tickets.refresh()
        await self.templates.refresh()
        if self._trail is not None and self.present is self._trail:
            await self._trail.refresh()

    def _connect(self) -> None:
        tab, shell = self.tickets, self._shell
        tab.told.connect(shell.tell)
        tab.ignored.connect(shell.tell_ignored)
        tab.counted.connect(lambda counts: shell.app_bar.tabs.set_count("tickets", counts.get("Team")))
        tab.save_asked.connect(lambda: self.run("view.save"))
        shell.preferences.changed.connect(lambda _now: self.show_keys())
        tab.next_asked.connect(lambda: shell.start(self._take_next()))

    def show_keys(self) -> None:
        """Write the keys in force where the actions are."""
        keys = {action.id: self.keymap.shown(action.id) for action in self.registry}
        self.tickets.set_keys(keys)
        bar = self._shell.app_bar
        bar.set_keys(search=keys.get("window.palette", ""), mask=keys.get("window.mask", ""))

    def run(self, id: str) -> None:
        """Start the action of this id; a refusal is told."""
        self.dispatcher.run(id)

    # ── views ──

    def step_view(self, by: int) -> None:
        """Open the view so many places further on, beginning again at the end."""
        self.tickets.step_view(by)

    async def _take_next(self) -> None:
        page = await self._shell.bridge.ask(lambda q: q.page(UNASSIGNED.filter, None, 1))
        if not page.cases:
            self._shell.tell(Notice("Nothing is unassigned: the whole team is up to date."))
            return
        case = page.cases[0]
        from hotmess_console.services.support import Claim

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
        from hotmess_console.ui.dialogs.notices import open_notices

        await open_notices(self._shell)
        self.look_at_notices()

    def open_undo_list(self) -> None:
        """Show what can still be taken back."""
        self._shell.start(self._undo_list())

    async def _undo_list(self) -> None:
        from hotmess_console.services.queries import Undoable
        from hotmess_console.ui.dialogs.choose import find
        from hotmess_console.ui.dialogs.undo_list import deed_words, undo_choice

        shell = self._shell
        done: Sequence[Undoable] = await shell.bridge.ask(lambda q: q.undoable())
        if not done:
            shell.tell(Notice("There is nothing to take back.", "What you do from now on will be listed here."))
            return
        choices = [undo_choice(one, shell.desk_time.now()) for one in done]
        chosen = await find(shell.window, "Take something back", choices, words=_TAKE_BACK, icon="history")
        if isinstance(chosen, Undoable):
            await shell.decisions.take_back((chosen.command,), chosen.cases, deed_words(chosen))

    # ── menus and sheets ──

    def open_menu(self) -> None:
        """Open the menu below one's own face."""
        from hotmess_console.ui.shell_menu import own_menu

        self._menu = own_menu(self._shell, self.registry, self.keymap, self.run)

    def open_palette(self) -> None:
        """Open the search over everything."""
        from hotmess_console.ui.actions.opening import find_and_run

        self._shell.start(find_and_run(self._shell, self.registry, self.keymap))

    def open_cheat_sheet(self) -> None:
        """Show all keys, the open tab's first."""
        from hotmess_console.ui.actions.opening import show_keys
        from hotmess_console.ui.actions.tickets import TICKETS

        present = TICKETS if self._shell.pages.currentWidget() is self.tickets else ""
        self._shell.start(show_keys(self._shell, self.registry, self.keymap, present))

    def open_settings(self, page: str) -> None:
        """Open the settings at a page."""
        from hotmess_console.ui.actions.opening import change_settings

        self._shell.start(change_settings(self._shell, self.keymap, page))

    # ── leaving ──

    def change_person(self, login: Login) -> str:
        """Let somebody else of the demo sit down in this window; return why not, empty where it was begun."""
        shell, console = self._shell, self._shell.bridge.console
        if console is None or console.seats is None:
            return "Only in the demo does somebody else sit down by a key."
        if why := self.leaving.why_stay():
            return why
        console.seats.choose(login)
        self._stand_up()
        shell.bridge.reopen()
        return ""

    def _stand_up(self) -> None:
        """Leave the window's pages and its keys. What still runs for these parts finds them hidden, not gone."""
        shell = self._shell
        self.dispatcher.deleteLater()
        shell.pages.setCurrentIndex(0)
        for page in self._built():
            shell.pages.removeWidget(page)
            page.hide()
            for timer in page.findChildren(QTimer):
                timer.stop()
        shell.decisions.forget_all()
        shell.parts = None

    @cached_property
    def leaving(self) -> Leaving:
        """Whether the window may close, and the question before."""
        from hotmess_console.ui.shell_leaving import Leaving

        return Leaving(self._shell, self.tickets)


def _import_details() -> None:
    from hotmess_console.ui.details import person, tickets  # noqa: F401


def _import_composer() -> None:
    from hotmess_console.ui import case_panes  # noqa: F401


IMPORTS = (_import_details, _import_composer)
