"""A mail server for the demo and the tests: takes every letter on loopback and keeps it in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiosmtpd.controller import Controller


class LocalMailServer:
    """An SMTP server on a free loopback port; letters lie as ``.eml`` files in `folder`, in order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host, self.port = "127.0.0.1", 0
        self._controller: Controller | None = None

    def start(self) -> None:
        """Start listening. Raises OSError when no loopback port can be had."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._controller = on_a_free_port(_Keeper(self.folder), self.host)
        self.port = int(self._controller.port)

    def stop(self) -> None:
        """Stop listening; the letters stay."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def letters(self) -> list[Path]:
        """Return the letters so far, oldest first."""
        return sorted(self.folder.glob("*.eml"))


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self._count += 1
        (self._folder / f"{self._count:06d}.eml").write_bytes(envelope.content)
        return "250 Kept"


def on_a_free_port(handler: object, host: str) -> Controller:
    """Return a started server with `handler`, its `port` the one it was given. Raises OSError."""
    from aiosmtpd.controller import Controller

    class OnAFreePort(Controller):
        def _trigger_server(self) -> None:
            # the start ends with a call to itself, for which it has to know the port that it was given
            server: Any = self.server
            self.port = server.sockets[0].getsockname()[1]
            super()._trigger_server()  # type: ignore[no-untyped-call]

    controller = OnAFreePort(handler, hostname=host, port=0)
    controller.start()
    return controller
