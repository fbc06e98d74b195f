"""The window: it puts the parts together, is the `Host` that they talk to, and lives from opening to closing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QFocusEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from hotmess_console.domain.events import Event, Resync
from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.permissions import granted
from hotmess_console.domain.values import CaseId, CommandId
from hotmess_console.domain.views import SavedView
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.console import Contact
from hotmess_console.services.preferences import ForgetfulStore
from hotmess_console.services.queries import Me
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Context, Focus
from hotmess_console.ui.running import Running, let_go
from hotmess_console.ui.shell_banners import Banners
from hotmess_console.ui.shell_decisions import HOLD_SETTING, Decisions
from hotmess_console.ui.shell_line import Line
from hotmess_console.ui.shell_opening import Opening, furniture
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.viewmodels.desk_time import DeskTime, moment_words
from hotmess_console.ui.viewmodels.in_flight import InFlight
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.viewmodels.when import workstation_zone
from hotmess_console.ui.widgets.app_bar import AppBar
from hotmess_console.ui.widgets.status_bar import IGNORED_MS, StatusBar
from hotmess_console.ui.window_place import layout_of

if TYPE_CHECKING:
    from hotmess_console.ui.shell_desk import DeskParts

REREAD_EVERY_TICKS = 60
"""Seconds between readings of what time alone moves into a queue: due soon, overdue, awake again."""


class Shell(QMainWindow):
    """The one window. Light until it is on screen: the tabs are built when the desk stands.

    `first_case` is the number of a case to open first, `zone` the one times are shown in (the workstation's).
    """

    def __init__(
        self,
        bridge: Bridge,
        preferences: LivePreferences | None = None,
        *,
        first_case: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        zone: ZoneInfo | None = None,
    ) -> None:
        super().__init__()
        self._bridge, self.monotonic, self.zone = bridge, monotonic, zone or workstation_zone()
        self.preferences = preferences or LivePreferences(ForgetfulStore())
        self._first_case = first_case
        self._me: Me | None = None
        self._staff = Staff()
        self._masked = self.preferences.now.mask_on_start
        self._ticks, self._closing = 0, False
        self.desk_time = DeskTime(monotonic)
        self.running = Running(self._tell_failure)
        self.app_bar, self.banners, self.status = AppBar(), Banners(), StatusBar()
        self.opening = Opening()
        self.pages = QStackedWidget()
        self.parts: DeskParts | None = None
        self.line = Line(bridge, self.status, self.banners, self.running, monotonic)
        self.decisions = Decisions(InFlight(bridge), self.status, self.tell, self.desk_time, monotonic)
        self._beat = QTimer(self, interval=1_000)
        self._beat.timeout.connect(self.tick)
        self._arrange()
        self._connect()
        self._show_mask()
        self.opening.wait()

    def _arrange(self) -> None:
        self.setWindowTitle("HOTMESS Console")
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.pages.addWidget(self.opening)
        for part in (self.app_bar, self.banners):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)
        self.resize(1280, 800)
        self.setMinimumSize(900, 560)
        self._show_time()

    def _connect(self) -> None:
        self._bridge.opened.connect(self._on_opened)
        self._bridge.refused.connect(self._on_refused)
        self._bridge.happened.connect(self._on_event)
        self.opening.retry.connect(self._try_again)
        self.banners.retry.connect(lambda: self.running.start(self.refresh()))
        self.banners.unmask.connect(self.toggle_mask)
        self.app_bar.chosen.connect(self.go_to)
        self.app_bar.search.clicked.connect(lambda _checked: self.open_palette())
        self.app_bar.mask_button.clicked.connect(lambda _checked: self.toggle_mask())
        self.app_bar.bell.clicked.connect(lambda _checked: self._open("open_notices"))
        self.app_bar.face.clicked.connect(lambda _checked: self._open("open_menu"))
        self.status.undo.undone.connect(lambda: self.running.start(self.undo()))
        theme().changed.connect(self._repaint_all)

    # ── opening ──

    def _on_opened(self, me: Me) -> None:
        self._me = me
        self.line.heard(Contact(True))
        self.running.start(self._open_desk(me), self._on_refused)

    async def _open_desk(self, me: Me) -> None:
        from hotmess_console.ui.shell_desk import DeskParts

        asking = self.running.start(self.bridge.ask(furniture), lambda _error: None)  # told where it is awaited
        if asking is None:
            return
        await asyncio.sleep(0)
        parts = DeskParts(self)
        staff, settings, views, now = await asking
        self._staff = staff
        self.desk_time.read(now)
        parts.tickets.meet(staff)
        hold = settings.get(HOLD_SETTING)
        self.decisions.hold_s = float(hold) if isinstance(hold, int | float) else self.decisions.hold_s
        self._show_who(me)
        self.parts = parts
        self.decisions.rows = parts.tickets
        self.pages.addWidget(parts.tickets)
        parts.tickets.set_views(views)
        self.app_bar.set_tabs(parts.tabs())
        self.app_bar.set_ready(True)
        self.go_to("tickets")
        parts.tickets.open_first()
        await parts.tickets.first_page()
        await parts.finish()
        self._beat.start()
        self.tick()
        self.line.look_at_mail()
        if self.preferences.trouble:
            self.tell(Notice(self.preferences.trouble, self.preferences.hint))
        if self._first_case is not None:
            wanted, self._first_case = self._first_case, None
            await self.open_case((await self.bridge.ask(lambda q: q.by_number(wanted))).id)

    def _on_refused(self, error: BaseException) -> None:
        if self.parts is not None:
            self._tell_failure(error)
            return
        self.line.refused()
        self.opening.refuse(notice_for(error))

    def _try_again(self) -> None:
        self.opening.wait()
        self.line.show()
        self._bridge.reopen()

    def _show_who(self, me: Me) -> None:
        console = self._bridge.console
        where = f" · {console.profile}" if console is not None and console.profile else ""
        self.status.set_who(f"{me.name}{where}")
        self.app_bar.face.set_person(me.name)

    # ── the host ──

    @property
    def bridge(self) -> Bridge:
        """The way down."""
        return self._bridge

    @property
    def me(self) -> Me:
        """Who is signed in. Raises RuntimeError before the desk stands: no part exists then that could ask."""
        if self._me is None:
            raise RuntimeError("the desk is not open yet")
        return self._me

    @property
    def staff(self) -> Staff:
        """The directory, as it was when the desk was opened."""
        return self._staff

    @property
    def window(self) -> QWidget:  # type: ignore[override]
        """This window: Qt's own method of that name would answer the same."""
        return self

    @property
    def masked(self) -> bool:
        """Whether names and addresses are hidden."""
        return self._masked

    def context(self) -> Context:
        """What an action would act on right now."""
        allowed = granted(self._me.roles if self._me is not None else ())
        if self.parts is None or self.pages.currentWidget() is not self.parts.tickets:
            return Context(None, (), None, None, allowed, Focus.ELSEWHERE)
        tab = self.parts.tickets
        return Context(tab.case, tab.chosen, tab.all_matching, tab.shown, allowed, tab.focus(), tab.written)

    def run_action(self, id: str) -> None:
        """Start an action as its key would."""
        if self.parts is not None:
            self.parts.run(id)

    async def decide(self, command: Command, words: str, *, leaves_queue: Sequence[CaseId] = ()) -> Outcome | None:
        """Do a reversible command, shown as done at once; None when it was refused."""
        return await self.decisions.decide(command, words, leaves_queue)

    async def undo(self) -> None:
        """Take back what was done last in this window."""
        await self.decisions.undo()

    def offer_undo(self, commands: Sequence[CommandId], words: str, cases: Sequence[CaseId]) -> None:
        """Offer several commands as one deed."""
        self.decisions.offer(commands, words, cases)

    def withdraw_undo(self, commands: Sequence[CommandId]) -> None:
        """Offer these no longer."""
        self.decisions.withdraw(commands)

    def tell(self, notice: Notice) -> None:
        """Show a line in the status bar; what is a bug stays in a band until it is dismissed."""
        if notice.is_bug:
            self.banners.show_trouble(notice)
        else:
            self.status.tell(notice.text, notice.hint)

    def untell(self, notice: Notice) -> None:
        """Take a line back whose cause is gone."""
        self.status.untell(notice.text)

    def tell_ignored(self, words: str) -> None:
        """Say for three seconds why a key did nothing."""
        self.status.tell(words, for_ms=IGNORED_MS)

    async def open_case(self, case: CaseId) -> None:
        """Show a case, wherever it is."""
        if self.parts is not None:
            if self.pages.currentWidget() is not self.parts.tickets:
                self.go_to("tickets")
            await self.parts.tickets.open_case(case)

    def go_to(self, tab: str) -> None:
        """Open a tab; one that does not exist is told."""
        if self.parts is None:
            return
        page = self.parts.page(tab)
        if page is None:
            self.tell(Notice("There is no such tab for your role.", "G then a letter goes to the others."))
            return
        self.pages.setCurrentWidget(page)
        self.app_bar.tabs.set_current(tab)
        page.focus_queue()

    def focus_queue(self) -> None:
        """Give the keyboard to the list of the open tab."""
        if self.parts is None:
            return
        self.parts.present.focus_queue()

    def start_reply(self, template: str | None = None) -> None:
        """Begin an answer on the open case."""
        if self.parts is not None:
            self.parts.tickets.composer.start_reply(template)

    def start_note(self) -> None:
        """Begin a note on the open case."""
        if self.parts is not None:
            self.parts.tickets.composer.start_note()

    async def send_draft(self, then: str) -> None:
        """Send what is written on the open case."""
        if self.parts is not None:
            await self.parts.tickets.composer.send(then)

    def focus_search(self) -> None:
        """Put the cursor into the filter field."""
        if self.parts is not None:
            self.parts.focus_search()

    async def refresh(self) -> None:
        """Read everything on screen again."""
        if self.parts is not None:
            self.desk_time.read(await self.bridge.ask(lambda q: q.now()))
            await self.parts.refresh()

    def toggle_mask(self) -> None:
        """Hide names and addresses, or show them."""
        self._masked = not self._masked
        self._show_mask()
        if self.parts is not None:
            self.parts.tickets.refresh_mask()

    def _show_mask(self) -> None:
        self.banners.privacy.setVisible(self._masked)
        self.status.set_masked(self._masked)
        self.app_bar.set_masked(self._masked)

    def open_palette(self) -> None:
        """Open the search over everything."""
        self._open("open_palette")

    def open_cheat_sheet(self) -> None:
        """Show all keys."""
        self._open("open_cheat_sheet")

    def open_settings(self, page: str = "") -> None:
        """Open the settings at ``keys``, ``look`` or ``sending``."""
        if self.parts is not None:
            self.parts.open_settings(page)

    def open_undo_list(self) -> None:
        """Show what can still be taken back."""
        self._open("open_undo_list")

    def step_view(self, by: int) -> None:
        """Open the view so many places further on."""
        if self.parts is not None:
            self.parts.step_view(by)

    def show_view(self, view: SavedView) -> None:
        """Show this filter in the queue."""
        if self.parts is not None:
            self.go_to("tickets")
            self.parts.tickets.show_view(view)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
        """Run `work` on the window's loop; a failure is told."""
        return self.running.start(work)

    def _open(self, name: str) -> None:
        if self.parts is not None:
            getattr(self.parts, name)()

    # ── time and events ──

    def tick(self) -> None:
        """A second passed: only texts that changed are painted."""
        self._ticks += 1
        self.line.tick()
        self._show_time()
        if self.parts is None:
            return
        self.parts.tickets.tick(now := self.desk_time.now())
        self.decisions.tick(now)
        if self._ticks % REREAD_EVERY_TICKS == 0 and not self.line.lost:
            self.parts.tickets.controller.refresh()
            self.parts.tickets.counts.refresh()

    def _show_time(self) -> None:
        self.status.set_time(moment_words(self.desk_time.now(), self.zone))

    def _on_event(self, event: Event) -> None:
        if self.parts is None:
            return
        self.parts.tickets.on_event(event)
        self.parts.look_at_notices()
        if isinstance(event, Resync):
            self.running.start(self.parts.templates.refresh())

    def _tell_failure(self, error: BaseException) -> None:
        self.tell(notice_for(error))

    def _repaint_all(self) -> None:
        for part in self.findChildren(QWidget):
            part.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focus_queue()  # the window itself has no use for the keyboard

    # ── closing ──

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once, unless something is unsent, held or on its way: then ask first, and close when answered."""
        if not self._closing and self.parts is not None and self.parts.leaving.must_ask():
            event.ignore()
            self.parts.leaving.ask()
            return
        event.accept()
        let_go(self, self.running)
        split = None if self.parts is None else self.parts.tickets.split
        self.preferences.keep_layout(layout_of(self, self.preferences.now.layout, split))

    def close_now(self) -> None:
        """Close without asking again."""
        self._closing = True
        self.close()
