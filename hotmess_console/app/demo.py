"""The demo: everything on this machine, nothing sent anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hotmess_console.app.desk import desk

if TYPE_CHECKING:
    from hotmess_console.adapters.store.demo_desk import DemoDesk
    from hotmess_console.services.console import Console, Listener, OpenConsole

SIZE = 110
"""How many tickets a demo starts with."""
Progress = Callable[[str], None]


def _quiet(words: str) -> None:
    """Say nothing."""


def demo(
    folder: Path | None,
    *,
    size: int,
    reset: bool,
    login: str = "imani",
    progress: Progress = _quiet,
    opened: Callable[[DemoDesk], None] | None = None,
) -> OpenConsole:
    """Return what starts the demo's own Postgres and mail server, and sits `login` down at the demo desk."""

    async def open_console(listener: Listener) -> Console:
        import asyncio
        from dataclasses import replace

        from hotmess_console.adapters.mail.local_server import LocalMailServer
        from hotmess_console.adapters.mail.smtp import SmtpMailer, SmtpServer
        from hotmess_console.adapters.store.demo import open_demo
        from hotmess_console.domain.values import Login

        world = await open_demo(folder, size=size, reset=reset, progress=progress)
        post = LocalMailServer(world.postgres.folder / "mail")
        try:
            await asyncio.to_thread(post.start)
            if opened is not None:
                opened(world)
            sender = SmtpServer(post.host, post.port, False, "support@hotmess.example", "HOTMESS Support")
            console = await desk(world.conninfo(Login(login)), profile="demo", mailer=SmtpMailer(sender))(listener)
        except BaseException:
            post.stop()
            await asyncio.to_thread(world.postgres.stop)
            raise

        async def close() -> None:
            await console.close()
            await asyncio.to_thread(post.stop)
            await asyncio.to_thread(world.postgres.stop)

        return replace(console, close=close)

    return open_console
