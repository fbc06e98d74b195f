"""Keeps a queue's rows true: pages by keyset, live changes, and what a decision takes away at the key press."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from hotmess_console.domain.events import CasesChanged, Event, Resync
from hotmess_console.domain.values import CaseId
from hotmess_console.domain.views import QueueFilter, matches
from hotmess_console.services.queries import PAGE, Me
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.running import Running
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.viewmodels.queue_model import QueueModel

COALESCE_MS = 40
"""Changes that come within this time are read together."""
READ_AGAIN_MOST = 2_000
"""So many rows at most are read again after changes may have been missed; what lies behind is paged in anew."""


class QueueState(StrEnum):
    """What the list can show."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class QueueController(QObject):
    """Feeds a `QueueModel` for one filter at a time. The answer to an older question is never shown."""

    state_changed = Signal(object)
    """A `QueueState`."""
    failed = Signal(object)
    """The `Notice` that says why the first page is missing."""
    changed = Signal()
    """Cases changed somewhere: counts may be out of date."""

    def __init__(
        self,
        model: QueueModel,
        bridge: Bridge,
        me: Me,
        time: DeskTime,
        running: Running,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._bridge, self._me, self._time, self._running = bridge, me, time, running
        self.filter = QueueFilter()
        self.state = QueueState.LOADING
        self._question = 0
        self._changed_ids: set[CaseId] = set()
        self._meanwhile: set[CaseId] = set()
        self._coalesce = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._coalesce.timeout.connect(self._read_changes)
        model.more_wanted.connect(self._more)

    # ── pages ──

    def open(self, wanted: QueueFilter) -> None:
        """Show another filter's queue from its start."""
        self.filter = wanted
        self._set_state(QueueState.LOADING)
        self._start(self._first(self._next_question(), PAGE, same=False))

    def refresh(self) -> None:
        """Read what is loaded again, keeping focus, ticks and scroll where their cases still are."""
        if self.state is QueueState.FAILED:
            self.open(self.filter)
            return
        loaded = min(max(PAGE, self.model.rowCount()), READ_AGAIN_MOST)
        self._start(self._first(self._next_question(), loaded, same=True))

    def _next_question(self) -> int:
        self._question += 1
        self._meanwhile.clear()
        return self._question

    def _start(self, asking: object) -> None:
        self._running.start(asking, self._fail_first)  # type: ignore[arg-type]

    async def _first(self, question: int, limit: int, *, same: bool) -> None:
        wanted = self.filter
        page = await self._bridge.ask(lambda q: q.page(wanted, None, limit))
        if question != self._question:
            return
        self.model.show_page(page.cases, first=True, last=not page.more, same=same)
        self._set_state(QueueState.READY)
        if self._meanwhile:
            # the page may be older than these changes
            self.read_again(tuple(self._meanwhile))
            self._meanwhile.clear()

    def _fail_first(self, error: BaseException) -> None:
        notice: Notice = notice_for(error)
        if self.state is QueueState.LOADING:
            self._set_state(QueueState.FAILED)
        self.failed.emit(notice)

    def _more(self) -> None:
        self._running.start(self._next_page(self._question), self._fail_more)

    async def _next_page(self, question: int) -> None:
        wanted, after = self.filter, self.model.cursor
        page = await self._bridge.ask(lambda q: q.page(wanted, after))
        if question == self._question:
            self.model.show_page(page.cases, first=False, last=not page.more)

    def _fail_more(self, error: BaseException) -> None:
        self.model.more_failed()
        self.failed.emit(notice_for(error))

    def _set_state(self, state: QueueState) -> None:
        self.state = state
        self.state_changed.emit(state)

    # ── live changes ──

    def on_event(self, event: Event) -> None:
        """Follow what happened, here or at another console."""
        if isinstance(event, CasesChanged):
            self._changed_ids.update(event.ids)
            self._meanwhile.update(event.ids)
            if not self._coalesce.isActive():
                self._coalesce.start()
        elif isinstance(event, Resync):
            self._changed_ids.clear()
            self.refresh()
            self.changed.emit()

    def read_again(self, cases: Iterable[CaseId]) -> None:
        """Read these again soon, as if they had changed."""
        self.on_event(CasesChanged(tuple(cases)))

    async def read_now(self, cases: Iterable[CaseId]) -> None:
        """Read these at once. Raises Unreachable."""
        await self._take_changes(self._question, tuple(cases))

    def _read_changes(self) -> None:
        ids, self._changed_ids = tuple(self._changed_ids), set()
        if not ids:
            return
        self.changed.emit()
        if self.filter.text:
            # what the words are looked for in is not part of the snapshot, so the server decides again
            self.refresh()
            return
        self._running.start(self._take_changes(self._question, ids), lambda _error: self._keep_for_later(ids))

    def _keep_for_later(self, ids: Iterable[CaseId]) -> None:
        # the line broke while reading: they are read when it is back, which brings a Resync
        self._changed_ids.update(ids)

    async def _take_changes(self, question: int, ids: tuple[CaseId, ...]) -> None:
        found = await self._bridge.ask(lambda q: q.cases(ids))
        if question != self._question:
            self.read_again(ids)
            return
        now = self._time.now()
        here = [case for case in found if matches(case, self.filter, me=self._me.login, now=now)]
        stays = {case.id for case in here}
        self.model.upsert(here)
        self.model.remove(case for case in ids if case not in stays)
