"""The demo: everything on this machine, nothing sent anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hotmess_console.app.desk import desk, prepare

if TYPE_CHECKING:
    from hotmess_console.adapters.mail.local_server import LocalMailServer
    from hotmess_console.adapters.store.demo_desk import DemoDesk
    from hotmess_console.services.console import Console, Listener, OpenConsole
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
        """Start listening; return what carries letters there. Raises SetupError."""
        import asyncio

        from hotmess_console.adapters.mail.local_server import LocalMailServer
        from hotmess_console.adapters.mail.smtp import SmtpMailer, SmtpServer
        from hotmess_console.domain.errors import SetupError

        self._server = LocalMailServer(self._folder)
        try:
            await asyncio.to_thread(self._server.start)
        except OSError as error:
            raise SetupError(f"The demo's mail server cannot start: {error}.", hint="Start the demo again.") from error
        post = SmtpServer(self._server.host, self._server.port, False, "support@hotmess.example", "HOTMESS Support")
        return SmtpMailer(post)

    def stop(self) -> None:
        """Stop listening, if it ever began."""
        if self._server is not None:
            self._server.stop()


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

    async def open_console(listener: Listener) -> Console:
        import asyncio
        from dataclasses import replace

        from hotmess_console.adapters.store.demo import open_demo
        from hotmess_console.domain.values import Login

        world = await open_demo(folder, size=size, reset=reset, progress=progress, meanwhile=prepare)
        post = _Post(world.postgres.folder / "mail")
        try:
            if opened is not None:
                opened(world)
            console = await desk(world.conninfo(Login(login)), profile="demo", mailer=post.start)(listener)
        except BaseException:
            await asyncio.to_thread(world.postgres.stop)
            raise

        async def close() -> None:
            await console.close()
            await asyncio.to_thread(post.stop)
            await asyncio.to_thread(world.postgres.stop)

        return replace(console, close=close)

    return open_console
