"""The tickets tab: the queue at the left, the open ticket with its composer, the person at the right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.events import CasesChanged, Event, MessagesMoved, Resync
from hotmess_console.domain.people import Staff
from hotmess_console.domain.values import CaseId, Login
from hotmess_console.domain.views import BUILT_IN, MINE, UNASSIGNED, QueueFilter, SavedView
from hotmess_console.services.bus import Command
from hotmess_console.services.drafts import DraftKind
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Focus, Host
from hotmess_console.ui.open_case import OpenCase
from hotmess_console.ui.running import Running
from hotmess_console.ui.viewmodels.case_reader import CaseReader
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.viewmodels.masked_row import masked_row
from hotmess_console.ui.viewmodels.queue_controller import QueueController, QueueState
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.viewmodels.queue_rows import Row, draft_words, row_of
from hotmess_console.ui.viewmodels.view_counts import ViewCounts
from hotmess_console.ui.widgets.filter_bar import FilterBar
from hotmess_console.ui.widgets.pane import Pane
from hotmess_console.ui.widgets.pane_split import PaneSplit
from hotmess_console.ui.widgets.part import mark_part
from hotmess_console.ui.widgets.queue_pane import QueuePane

if TYPE_CHECKING:
    from hotmess_console.domain.tickets import TicketDetail
    from hotmess_console.ui.case_panes import CasePanes
    from hotmess_console.ui.composer.composer import Composer
    from hotmess_console.ui.details.person import PersonPane
    from hotmess_console.ui.details.tickets import TicketDetailPane

ROWS_EVERY = timedelta(seconds=5)
"""How often the rows' due words are looked at: they change by the minute, and there may be a thousand of them."""


class TicketsTab(QWidget):
    """Everything about tickets on one screen. The window asks it what is open, and takes decisions away from it.

    The queue stands at once; `finish` brings the panes beside it, as does whatever asks for one of them earlier.
    """

    told = Signal(object)
    """A `Notice` for the status bar."""
    ignored = Signal(str)
    """A key did nothing, or acts elsewhere than it looks; the text says why, for a moment."""
    counted = Signal(object)
    """Counts by the name of the view."""
    save_asked = Signal()
    next_asked = Signal()

    def __init__(
        self, host: Host, time: DeskTime, running: Running, *, monotonic: Callable[[], float], zone: ZoneInfo
    ) -> None:
        super().__init__()
        self._host, self._time, self._running, self._zone = host, time, running, zone
        self._rows_at = self._ticked_at = time.now()
        self._saved: tuple[SavedView, ...] = ()
        self.model = QueueModel(self._words, time.now(), self)
        self.filter_bar = FilterBar()
        self.queue = QueuePane(self.model, clock=monotonic)
        self._keys: Mapping[str, str] = {}
        self.controller = QueueController(self.model, host.bridge, host.me, time, running, self)
        self.reader = CaseReader(host.bridge, running, self)
        self.open = OpenCase(self.queue.list, self.model, self.reader, self)
        self.counts = ViewCounts(host.bridge, running, self)
        self._arrange()
        self._another = False
        """Whether another queue was opened and its first page is still to come."""
        self._connect()

    def _arrange(self) -> None:
        self.split = PaneSplit(self.queue, Pane("surface", ""), Pane("surface", ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        mark_part(self.filter_bar, self.queue)
        for part, stretch in ((self.filter_bar, 0), (self.split, 1)):
            column.addWidget(part, stretch)

    def finish(self) -> CasePanes:
        """Return the panes beside the queue; the first time they are built, and the open case is shown there."""
        if self.open.panes is not None:
            return self.open.panes
        from hotmess_console.ui.case_panes import CasePanes

        panes = CasePanes(self._host, self._zone, self._running)
        panes.detail.set_keys(self._keys)
        panes.stand_in(self.split, self.filter_bar.field.line, self.queue.list)
        panes.composer.left.connect(self.focus_queue)
        panes.composer.waiting_changed.connect(self.model.reword)
        self.open.stand_in(panes)
        return panes

    @property
    def detail(self) -> TicketDetailPane:
        """The open case in the middle."""
        return self.finish().detail

    @property
    def composer(self) -> Composer:
        """Where an answer to the open case is written."""
        return self.finish().composer

    @property
    def person(self) -> PersonPane:
        """Who wrote the open case."""
        return self.finish().person

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys beside what they do."""
        self._keys = keys
        if self.open.panes is not None:
            self.open.panes.detail.set_keys(keys)

    def meet(self, staff: Staff) -> None:
        """Write people's names from this directory, and times by the desk's clock, which is known now as well."""
        self.filter_bar.set_staff(staff)
        self._rows_at = self._ticked_at = self._time.now()
        self.model.tick(self._rows_at)

    def _connect(self) -> None:
        bar, rows = self.filter_bar, self.queue.list
        bar.changed.connect(self._open_filter)
        bar.told.connect(lambda words: self.told.emit(Notice(words)))
        bar.left.connect(self.focus_queue)
        bar.save_asked.connect(self.save_asked)
        bar.views_read.connect(self.set_views)
        rows.ignored.connect(self.ignored)
        rows.current_changed.connect(self._bring_up)
        self.open.told.connect(self.told)
        self.open.visited.connect(self.ignored)
        self.open.panes_wanted.connect(self.finish)
        self.queue.next_wanted.connect(self.next_asked)
        self.queue.unassigned_wanted.connect(lambda: bar.open_view(UNASSIGNED.name))
        self.queue.whole_wanted.connect(lambda: bar.open_view(bar.view.name))
        self.queue.retry_wanted.connect(self.controller.refresh)
        self.controller.state_changed.connect(self._show_state)
        self.controller.failed.connect(self._show_failure)
        self.controller.changed.connect(self.counts.refresh)
        self.counts.counted.connect(self._show_counts)

    # ── what the window asks ──

    @property
    def case(self) -> Case | None:
        """The case that is open: what is on screen, and what keys act on."""
        return self.open.case

    @property
    def shown(self) -> TicketDetail | None:
        """The open case in full, once it has been read."""
        return self.open.shown

    @property
    def chosen(self) -> tuple[Case, ...]:
        """The ticked cases that are loaded, or else the open one; one that no row stands for is always alone."""
        ticked = self.model.ticked
        if ticked and self.open.visiting is None:
            rows = (self.model.id_at(row) for row in range(self.model.rowCount()))
            found = (self.model.case(case) for case in rows if case in ticked)
            return tuple(case for case in found if case is not None)
        return () if self.case is None else (self.case,)

    @property
    def all_matching(self) -> QueueFilter | None:
        """The filter, when all that match it are ticked; the list knows which were taken out again by hand."""
        everything = self.model.ticked.all_matching and self.open.visiting is None
        return self.controller.filter if everything else None

    @property
    def written(self) -> frozenset[DraftKind]:
        """What is written on the open case and not sent."""
        return frozenset() if self.case is None else self.open.waiting.get(self.case.id, frozenset())

    def focus(self) -> Focus:
        """Which part has the keyboard."""
        at = QApplication.focusWidget()
        if self.open.writing:
            return Focus.COMPOSER
        if at is None or at is self.queue.list or self.queue.isAncestorOf(at):
            return Focus.QUEUE
        return Focus.DETAIL if self.open.has(at) else Focus.ELSEWHERE

    def focus_queue(self) -> None:
        """Give the keyboard to the queue, and show its case again after a visit elsewhere."""
        self.queue.take_focus()
        self.open.end_visit()

    def take_away(self, cases: Iterable[CaseId]) -> list[CaseId]:
        """Hide these at once; the next case is open when this returns. Returns those that were shown."""
        self.open.deciding = True
        try:
            gone = list(cases)
            if self.open.visiting is not None and self.open.visiting.id in gone:
                self.open.end_visit()
            return [case for case in gone if self.model.take_away(case)]
        finally:
            self.open.deciding = False

    def leaving(self, command: Command) -> list[CaseId]:
        """Which cases a change of owner takes out of the view that is open."""
        from hotmess_console.ui.viewmodels.leaving import leaving

        return leaving(command, self.model.case, self.controller.filter, self._host.me.login, self._time.now())

    def bring_back(self, cases: Sequence[CaseId], reason: str) -> None:
        """Show these again; `reason` stands in their rows."""
        for case in cases:
            self.model.bring_back(case, reason)
        if cases:
            self.controller.read_again(cases)

    async def show_again(self, cases: Sequence[CaseId]) -> None:
        """A command on these was taken back: show them where they belong, and open the one that was alone."""
        await self.controller.read_now(cases)
        if len(cases) == 1 and not self.open.writing:
            self.open.follow(cases[0])

    async def open_case(self, case: CaseId) -> None:
        """Open a case, in the queue if it is there, otherwise as a visit. Raises NotFound or Unreachable."""
        self.queue.take_focus()
        if self.open.follow(case):
            return
        found = await self._host.bridge.ask(lambda q: q.cases([case]))
        if found:
            self.open.visit(found[0])
        else:
            self.told.emit(Notice("That case is gone, or your role may not see it.", "Refresh with F5."))

    def set_views(self, saved: Sequence[SavedView]) -> None:
        """Offer the built-in views and these."""
        self._saved = tuple(saved)
        views = [*BUILT_IN, *saved]
        self.filter_bar.set_views(views)
        self.counts.set_views(views)

    def step_view(self, by: int) -> None:
        """Open the view so many places further on, beginning again at the end."""
        names = list(self.filter_bar.views.items)
        at = names.index(self.filter_bar.views.current())
        self.filter_bar.open_view(names[(at + by) % len(names)])

    def show_view(self, view: SavedView) -> None:
        """Show a view; one that is not in the bar is put there until other views are set."""
        if view.name not in self.filter_bar.views.items:
            self.set_views([*self._saved, view])
        self.filter_bar.open_view(view.name)

    async def first_page(self) -> None:
        """Wait until the first page, or why there is none, has been painted."""
        while self.controller.state is QueueState.LOADING:  # noqa: ASYNC110 - a look costs nothing
            await asyncio.sleep(0.002)
        await asyncio.sleep(0.001)

    def open_first(self) -> None:
        """Open the view that a shift begins with."""
        self.filter_bar.open_view(MINE.name)
        self.focus_queue()

    def on_event(self, event: Event) -> None:
        """Follow what happened, here or at another console."""
        self.controller.on_event(event)
        if isinstance(event, MessagesMoved):
            self.reader.forget(event.cases)
        elif isinstance(event, Resync):
            self.reader.forget_all()
        elif isinstance(event, CasesChanged) and (visited := self.open.visiting) and visited.id in event.ids:
            self.reader.forget([visited.id])

    def refresh(self) -> None:
        """Read everything on screen again."""
        self.controller.refresh()
        self.reader.forget_all()
        self.counts.refresh()

    def tick(self, now: datetime) -> None:
        """A second passed: only texts that changed are painted."""
        self._ticked_at = now
        if self.open.panes is not None:
            self.open.panes.detail.tick(now)
        if now - self._rows_at >= ROWS_EVERY:
            self._rows_at = now
            self.model.tick(now)
        elif self.case is not None:
            self.model.tick_row(self.case.id, now)

    def _bring_up(self, case: CaseId | None) -> None:
        """The open case's row is as old as its head: both as of the last second."""
        if case is not None and self.open.panes is not None:
            self.model.tick_row(case, self._ticked_at)

    def refresh_mask(self) -> None:
        """Show or hide names and addresses, as the window says."""
        self.model.set_words(self._words)
        self.open.refresh_mask()

    # ── the queue ──

    def _words(self, case: Case, now: datetime, readers: tuple[Login, ...]) -> Row:
        row = row_of(case, now=now, staff=self._host.staff, zone=self._zone, present=readers)
        if case.id in self.open.waiting:
            row = replace(row, draft=draft_words(self.open.waiting[case.id]))
        return masked_row(row) if self._host.masked else row

    def _open_filter(self) -> None:
        bar = self.filter_bar
        self.queue.set_view(bar.view.name, narrowed=bar.narrowed)
        self.open.end_visit()
        self.controller.open(bar.filter)

    def _show_state(self, state: QueueState) -> None:
        if state is QueueState.LOADING:
            self._another = True
            self.queue.wait()
        elif state is QueueState.READY:
            self.queue.ready()
            self.open.read_ahead()
            if self._another:
                # keys act on the case under the cursor: in another queue it is looked for, and must be seen
                self._another = False
                self.queue.list.scrollTo(self.queue.list.currentIndex())

    def _show_failure(self, notice: Notice) -> None:
        if self.controller.state is QueueState.FAILED:
            self.queue.fail(notice)
        else:
            self.told.emit(notice)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self.filter_bar.set_counts(counts)
        self.counted.emit(counts)
