"""Changes as they happen: LISTEN on a connection of its own, and polling as the guarantee."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from uuid import UUID

import psycopg

from hotmess_console.adapters.store.dsn import secured
from hotmess_console.domain.events import CasesChanged, Event, MessagesMoved, Resync
from hotmess_console.domain.values import CaseId, CaseKind
from hotmess_console.services.console import Contact

HEARTBEAT = 5.0
"""Seconds without a notification after which the connection is asked whether it still answers."""
ANSWER_WITHIN = 8.0
COALESCE = 0.05
_KINDS = frozenset(kind.value for kind in CaseKind)
RETRY = (0.5, 1.0, 2.0, 4.0, 8.0)


class Changes:
    """Listens for ids, coalesces them for 50 ms and hands events on; after every reconnect a `Resync`.

    With `late`, something was already read when listening begins: then the first connection brings a `Resync` too.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        tell: Callable[[Event], None],
        contact: Callable[[Contact], None],
        late: bool = False,
    ) -> None:
        self._conninfo = conninfo
        self._late = late
        self._tell = tell
        self._contact = contact
        self._cases: set[CaseId] = set()
        self._threads: set[CaseId] = set()
        self._flush: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Listen until cancelled, reconnecting for as long as it takes."""
        attempt, missed = 0, self._late
        while True:
            try:
                async with await self._connect() as conn:
                    if missed:
                        self._tell(Resync())
                    attempt, missed = 0, True
                    await self._listen(conn)
            except (psycopg.Error, OSError, TimeoutError):
                self._contact(Contact(False, "The database does not answer."))
            await asyncio.sleep(RETRY[min(attempt, len(RETRY) - 1)])
            attempt += 1

    async def _connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        conn = await psycopg.AsyncConnection.connect(
            secured(self._conninfo), autocommit=True, application_name="hotmess-console listener", connect_timeout=5
        )
        await conn.execute("LISTEN console")
        self._contact(Contact(True))
        return conn

    async def _listen(self, conn: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        while True:
            async for notified in conn.notifies(timeout=HEARTBEAT):
                self._take(notified.payload)
            await self._still_there(conn)

    async def _still_there(self, conn: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        """Ask one question; a watchdog closes the socket, since cancelling would wait on the same dead path."""
        watchdog = asyncio.get_running_loop().call_later(ANSWER_WITHIN, _shut, conn)
        try:
            await conn.execute("SELECT 1")
        finally:
            watchdog.cancel()
        self._contact(Contact(True))

    def _take(self, payload: str) -> None:
        kind, _, rest = payload.partition(":")
        told = self._threads if kind == "thread" else self._cases if kind in _KINDS else None
        if told is None:  # of a newer revision, or a stranger's: no reason to stop listening
            return
        try:
            told.add(CaseId(UUID(rest.partition(":")[0])))
        except ValueError:
            return
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(COALESCE, self._hand_on)

    def _hand_on(self) -> None:
        self._flush = None
        cases, self._cases = tuple(self._cases), set()
        threads, self._threads = tuple(self._threads), set()
        if cases:
            self._tell(CasesChanged(cases))
        if threads:
            self._tell(MessagesMoved(threads))


def _shut(conn: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    with contextlib.suppress(OSError, psycopg.Error):
        import socket

        with socket.socket(fileno=conn.fileno()) as held:
            held.shutdown(socket.SHUT_RDWR)
            held.detach()
