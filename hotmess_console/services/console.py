"""One signed-in desk: what a window talks to once the connection stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from hotmess_console.domain.events import Event
from hotmess_console.domain.values import Login
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
class Seats:
    """The invented people of a demo: any of them may sit down in the same window, for nobody's password is at stake."""

    people: tuple[Me, ...]
    choose: Callable[[Login], None]
    """Says who sits down when the console is opened the next time."""


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
    seats: Seats | None = None
    """Who else may sit down here; None everywhere but in the demo."""


OpenConsole = Callable[[Listener], Awaitable[Console]]
"""Signs in and starts what runs behind the window. Runs on the I/O thread, where the heavy imports happen."""
