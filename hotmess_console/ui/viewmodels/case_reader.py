"""What the middle and the right of the window show of a case: read ahead, so that deciding shows the next at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Person
from hotmess_console.domain.values import CaseId
from hotmess_console.services.queries import Queries
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import notice_for
from hotmess_console.ui.running import Running

if TYPE_CHECKING:
    from hotmess_console.domain.tickets import TicketDetail

KEPT = 24
SETTLE_MS = 30
"""So long the cursor has to rest before a case that was not read ahead is asked for: J held down asks for none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A case in full: the ticket and who wrote it."""

    detail: TicketDetail
    person: Person

    @property
    def case(self) -> Case:
        """The case as it was when it was read."""
        return self.detail.case


class CaseReader(QObject):
    """Reads cases in full. Only the case that is wanted last ever arrives; those asked for before are kept quietly."""

    arrived = Signal(object)
    """The `Reading` of the wanted case, first or newer."""
    failed = Signal(object, object)
    """The wanted `Case` cannot be read, and the `Notice` that says why."""

    def __init__(self, bridge: Bridge, running: Running, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._running = bridge, running
        self._kept: OrderedDict[CaseId, Reading] = OrderedDict()
        self._asked: set[tuple[CaseId, int]] = set()
        self._wanted: Case | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._fetch_wanted)

    @property
    def wanted(self) -> Case | None:
        """The case that is shown, or will be."""
        return self._wanted

    def want(self, case: Case | None) -> Reading | None:
        """Say which case is looked at now. Returns what is known of it at this version, else `arrived` follows."""
        self._wanted = case
        self._settle.stop()
        if case is None:
            return None
        found = self._fresh(case)
        if found is None:
            self._settle.start()
        return found

    def known(self, case: CaseId) -> Reading | None:
        """What was last read of a case, at whatever version."""
        return self._kept.get(case)

    def prefetch(self, cases: Iterable[Case]) -> None:
        """Read these ahead, unless that was done."""
        for case in cases:
            if self._fresh(case) is None:
                self._fetch(case)

    def forget(self, cases: Iterable[CaseId]) -> None:
        """Something about these changed that their version does not tell, such as a message having left."""
        for case in cases:
            self._kept.pop(case, None)
            self._asked = {(asked, version) for asked, version in self._asked if asked != case}
            if self._wanted is not None and self._wanted.id == case:
                self._fetch(self._wanted)

    def forget_all(self) -> None:
        """Changes may have been missed: read the wanted case again and forget the rest."""
        self._kept.clear()
        self._asked.clear()
        if self._wanted is not None:
            self._fetch(self._wanted)

    def _fresh(self, case: Case) -> Reading | None:
        found = self._kept.get(case.id)
        if found is None or found.case.version < case.version:
            return None
        self._kept.move_to_end(case.id)
        return found

    def _fetch_wanted(self) -> None:
        if self._wanted is not None:
            self._fetch(self._wanted)

    def _fetch(self, case: Case) -> None:
        key = (case.id, case.version)
        if key not in self._asked:
            self._asked.add(key)
            self._running.start(self._read(case), lambda error: self._fail(case, error))

    async def _read(self, case: Case) -> None:
        try:
            reading = await self._bridge.ask(lambda q: _reading(q, case.id))
        finally:
            self._asked.discard((case.id, case.version))
        known = self._kept.get(case.id)
        if known is not None and known.case.version > reading.case.version:
            return
        self._kept[case.id] = reading
        self._kept.move_to_end(case.id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if self._wanted is not None and self._wanted.id == case.id:
            self.arrived.emit(reading)

    def _fail(self, case: Case, error: BaseException) -> None:
        if self._wanted is not None and self._wanted.id == case.id:
            self.failed.emit(case, notice_for(error))


async def _reading(queries: Queries, case: CaseId) -> Reading:
    detail, person = await asyncio.gather(queries.ticket(case), queries.person(case))
    return Reading(detail, person)
