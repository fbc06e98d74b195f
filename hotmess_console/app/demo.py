"""The demo: everything on this machine, nothing sent anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hotmess_console.app.desk import desk, prepare

if TYPE_CHECKING:
    from hotmess_console.adapters.mail.local_server import LocalMailServer
    from hotmess_console.adapters.store.demo_desk import DemoDesk
    from hotmess_console.services.console import Console, Listener, OpenConsole, Seats
    from hotmess_console.services.queries import Queries
    from hotmess_console.services.sending import Mailer

SIZE, MOST = 110, 1_000_000
"""How many tickets a demo starts with, and the most that it may."""
AGENT = "imani"
"""Who sits down at the demo unless somebody else is named."""
Progress = Callable[[str], None]


def _quiet(words: str) -> None:
    """Say nothing."""


class _Post:
    """The demo's mail server, started once there is time for it: importing it would hold up the first page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: LocalMailServer | None = None

    async def start(self, _queries: Queries) -> Mailer:
        """Start listening, unless it does; return what carries letters there. Raises SetupError."""
        import asyncio

        from hotmess_console.adapters.mail.local_server import LocalMailServer
        from hotmess_console.adapters.mail.smtp import SmtpMailer, SmtpServer
        from hotmess_console.domain.errors import SetupError

        if self._server is None:
            server = LocalMailServer(self._folder)
            try:
                await asyncio.to_thread(server.start)
            except OSError as error:
                trouble = f"The demo's mail server cannot start: {error}."
                raise SetupError(trouble, hint="Start the demo again.") from error
            self._server = server
        post = SmtpServer(self._server.host, self._server.port, False, "support@hotmess.example", "HOTMESS Support")
        return SmtpMailer(post)

    def stop(self) -> None:
        """Stop listening, if it ever began."""
        if self._server is not None:
            self._server.stop()


def is_there(folder: Path | None) -> bool:
    """Return whether a demo was ever begun in `folder`, by default the usual one."""
    from hotmess_console.adapters.store.embedded_place import default_folder

    return ((folder or default_folder()) / "data").exists()


def check_login(login: str, *, works: bool = False) -> None:
    """Raise BadInput unless `login` is somebody at the demo's desk; `works`: somebody who works tickets."""
    from hotmess_console.domain.errors import BadInput
    from hotmess_console.domain.policy.permissions import allows
    from hotmess_console.domain.values import Permission
    from hotmess_console.services.demo.staff import demo_staff

    known = [p.login for p in demo_staff() if not works or allows(p.roles, Permission.TICKET_REPLY)]
    if login not in known:
        who = "who answers tickets " if works else ""
        raise BadInput(f"Nobody {who}at the demo's desk is called “{login[:40]}”.", hint=f"Choose {_one_of(known)}.")


def _one_of(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def demo(
    folder: Path | None,
    *,
    size: int,
    reset: bool,
    login: str = AGENT,
    progress: Progress = _quiet,
    opened: Callable[[DemoDesk], None] | None = None,
) -> OpenConsole:
    """Return what starts the demo's own Postgres and mail server, and sits `login` down at the demo desk."""

    seat = _Seat(login)

    async def start() -> DemoDesk:
        from hotmess_console.adapters.store.demo import open_demo

        world = await open_demo(folder, size=size, reset=reset, progress=progress, meanwhile=prepare)
        if opened is not None:
            opened(world)
        return world

    async def open_console(listener: Listener) -> Console:
        return await seat.sit_down(listener, start)

    return open_console


class _Seat:
    """One window of the demo: whoever sits down in it next finds the same servers running."""

    def __init__(self, login: str) -> None:
        self._login = login
        self._world: DemoDesk | None = None
        self._post: _Post | None = None
        self._taken: Console | None = None

    async def sit_down(self, listener: Listener, start: Callable[[], Awaitable[DemoDesk]]) -> Console:
        """Open the desk of who was chosen, then leave the one before. Raises SetupError."""
        from dataclasses import replace

        from hotmess_console.domain.values import Login

        if self._world is None:
            self._world = await start()
            self._post = _Post(self._world.postgres.folder / "mail")
        before, post = self._taken, self._post
        try:
            conninfo = self._world.conninfo(Login(self._login))
            console = await desk(conninfo, profile="demo", mailer=post.start if post else None)(listener)
        except BaseException:
            if before is None:
                await self.close()
            raise
        self._taken = console
        if before is not None:
            await before.close()
        return replace(console, close=self.close, seats=self._seats())

    def _seats(self) -> Seats:
        from hotmess_console.services.console import Seats
        from hotmess_console.services.demo.staff import demo_staff
        from hotmess_console.services.queries import Me

        def choose(login: str) -> None:
            check_login(login)
            self._login = login

        return Seats(tuple(Me(p.login, frozenset(p.roles), p.name) for p in demo_staff()), choose)

    async def close(self) -> None:
        """Leave the desk and stop the servers."""
        import asyncio

        taken, world, post = self._taken, self._world, self._post
        self._taken = self._world = self._post = None
        if taken is not None:
            await taken.close()
        if post is not None:
            await asyncio.to_thread(post.stop)
        if world is not None:
            await asyncio.to_thread(world.postgres.stop)
