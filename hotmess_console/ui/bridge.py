"""The one place where the I/O thread and the GUI thread meet."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from hotmess_console.domain.errors import Unreachable
from hotmess_console.ui.tidying import GuiCollector

if TYPE_CHECKING:
    from hotmess_console.domain.events import Event
    from hotmess_console.services.bus import Command, Outcome
    from hotmess_console.services.console import Console, Contact, OpenConsole
    from hotmess_console.services.queries import Queries

T = TypeVar("T")

SWITCH_INTERVAL = 0.0005
"""Seconds after which the interpreter looks for another thread: the window must not wait for the I/O thread."""


class Bridge(QObject):
    """Sends commands and questions down, brings answers and events up to the GUI thread's loop."""

    opened = Signal(object)
    """The `Console` stands; carries its `Me`."""
    refused = Signal(object)
    """Opening failed; carries the exception."""
    happened = Signal(object)
    """An `Event`, from here or from another console."""
    contact_changed = Signal(object)
    """A `Contact`, at each heartbeat and each failure."""
    sending_changed = Signal(str)
    """Why nobody is sending mail; empty when all is well."""
    asked = Signal(int)
    """Something was given to the database; carries its number."""
    answered = Signal(int, bool)
    """What became of that: whether the database answered it."""
    _deliver = Signal(object)

    def __init__(self, open_console: OpenConsole) -> None:
        super().__init__()
        self._open_console = open_console
        self._console: Console | None = None
        # psycopg refuses Windows' Proactor loop, so this thread runs a selector loop of its own
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="io", daemon=True)
        self._deliver.connect(self._on_deliver)
        self._collector = GuiCollector(self)
        self._number = 0
        self.unanswered = 0
        """How many commands are on their way: closing now would cut them off."""

    def start(self) -> None:
        """Start the I/O thread and open the console there; `opened` or `refused` follows."""
        self._collector.start()
        self._thread.start()
        self.reopen()

    def reopen(self) -> None:
        """Try again to open the console, after `refused`."""
        self._submit(self._open(), self._settle_opening)

    def stop(self) -> None:
        """Close the console, stop the I/O thread and wait for it."""
        if self._thread.is_alive():
            closing = asyncio.run_coroutine_threadsafe(_ended(self._console), self._loop)
            closing.exception(timeout=10)
            self._console = None
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
        if not self._thread.is_alive():
            self._loop.close()
            self._collector.stop()

    @property
    def console(self) -> Console | None:
        """The open console, None before `opened`."""
        return self._console

    async def send(self, command: Command) -> Outcome:
        """Run `command` off the GUI thread. Raises what the bus raises."""
        self.unanswered += 1
        try:
            return await self._answer(self._call(lambda console: console.bus.execute(command)))
        finally:
            self.unanswered -= 1

    async def ask(self, question: Callable[[Queries], Awaitable[T]]) -> T:
        """Ask `question` off the GUI thread. Raises what the queries raise."""
        return await self._answer(self._call(lambda console: question(console.queries)))

    # Called by the console, on the I/O thread: each only crosses over.
    def on_event(self, event: Event) -> None:
        """Bring an event up."""
        self._deliver.emit(partial(self.happened.emit, event))

    def on_contact(self, contact: Contact) -> None:
        """Bring the state of the connection up."""
        self._deliver.emit(partial(self.contact_changed.emit, contact))

    def on_sending(self, trouble: str) -> None:
        """Bring up why nobody is sending mail."""
        self._deliver.emit(partial(self.sending_changed.emit, trouble))

    def _call(self, work: Callable[[Console], Awaitable[T]]) -> Future[T]:
        console = self._console
        if console is None:
            raise Unreachable("The console is not connected yet.", hint="Wait a moment; it keeps trying.")
        return asyncio.run_coroutine_threadsafe(_awaited(work, console), self._loop)

    async def _answer(self, future: Future[T]) -> T:
        self._number += 1
        number, well = self._number, False
        self.asked.emit(number)
        try:
            found = await asyncio.wrap_future(future)
            well = True
            return found
        finally:
            self.answered.emit(number, well)

    async def _open(self) -> Console:
        return await self._open_console(self)

    def _submit(self, work: Coroutine[Any, Any, T], settle: Callable[[Future[T]], None]) -> None:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.add_done_callback(lambda done: self._deliver.emit(partial(settle, done)))

    def _settle_opening(self, done: Future[Console]) -> None:
        if error := done.exception():
            self.refused.emit(error)
            return
        self._console = done.result()
        # not before: two threads that import would only take the interpreter from each other
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.opened.emit(self._console.me)

    @Slot(object)
    def _on_deliver(self, call: Callable[[], None]) -> None:
        call()


async def _awaited(work: Callable[[Console], Awaitable[T]], console: Console) -> T:
    return await work(console)


async def _ended(console: Console | None) -> None:
    """Leave nothing behind: neither the console nor a question that nobody waits for any more."""
    if console is not None:
        await console.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
