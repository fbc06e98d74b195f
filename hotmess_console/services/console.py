"""One signed-in desk: what a window talks to once the connection stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from hotmess_console.domain.events import Event
from hotmess_console.services.bus import Bus
from hotmess_console.services.queries import Me, Queries


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether the database answered just now; `words` say why not, or how changes arrive where that is unusual."""

    live: bool
    words: str = ""


class Listener(Protocol):
    """Who is told, on the I/O thread, of what happens."""

    def on_event(self, event: Event) -> None: ...
    def on_contact(self, contact: Contact) -> None: ...
    def on_sending(self, trouble: str) -> None:
        """Nobody is sending mail, and why; an empty text when all is well."""
        ...


@dataclass(frozen=True, slots=True)
class Console:
    """A desk that is open: who sits there, the door for writes, the questions it may ask, and how to leave."""

    me: Me
    bus: Bus
    queries: Queries
    close: Callable[[], Awaitable[None]]
    profile: str = ""
    """Which installation this is, in a word: demo, staging or production."""
    read_only: str = ""
    """Why nothing can be changed from here, empty where it can."""


OpenConsole = Callable[[Listener], Awaitable[Console]]
"""Signs in and starts what runs behind the window. Runs on the I/O thread, where the heavy imports happen."""
