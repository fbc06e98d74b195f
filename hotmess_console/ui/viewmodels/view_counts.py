"""How many cases wait in each view: counted by the database, capped, at most once a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from hotmess_console.domain.views import QueueFilter, SavedView
from hotmess_console.services.queries import Queries
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.running import Running

AT_MOST_EVERY_MS = 1_000


class ViewCounts(QObject):
    """Asks for all counts together; wishes that come in between are answered by one more asking."""

    counted = Signal(object)
    """A mapping from the view's name to its count, capped by the database."""

    def __init__(self, bridge: Bridge, running: Running, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._running = bridge, running
        self._views: Sequence[SavedView] = ()
        self._asking = False
        self._again = False
        self._rest = QTimer(self, singleShot=True, interval=AT_MOST_EVERY_MS)
        self._rest.timeout.connect(self._rested)

    def set_views(self, views: Sequence[SavedView]) -> None:
        """Count these from now on."""
        self._views = tuple(views)
        self.refresh()

    def refresh(self) -> None:
        """Count again, now or when a second has passed since the last time."""
        if self._asking or self._rest.isActive():
            self._again = True
            return
        if self._views:
            self._asking = True
            self._rest.start()
            self._running.start(self._count(), lambda _error: None)

    async def _count(self) -> None:
        wanted = {view.name: view.filter for view in self._views}
        try:
            # A failure here is told by the page, which is asked for as well; the old counts stand meanwhile.
            self.counted.emit(await self._bridge.ask(lambda q: _counts(q, wanted)))
        finally:
            self._asking = False

    def _rested(self) -> None:
        if self._again:
            self._again = False
            self.refresh()


async def _counts(queries: Queries, wanted: Mapping[str, QueueFilter]) -> dict[str, int]:
    return {name: await queries.count(filter) for name, filter in wanted.items()}
