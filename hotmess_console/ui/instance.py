"""One window a person: a running console listens on a local socket and shows what a second start asks for."""

from __future__ import annotations

import getpass
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MS = 500
LONGEST = 200


def _name() -> str:
    return f"hotmess-console-{getpass.getuser()}"


def ask_running(words: str) -> bool:
    """Hand `words` to the console that is already running; return whether there was one."""
    socket = QLocalSocket()
    socket.connectToServer(_name())
    if not socket.waitForConnected(ANSWER_MS):
        return False
    socket.write(words.encode())
    return bool(socket.waitForBytesWritten(ANSWER_MS))


class Doorbell(QObject):
    """Listens for second starts of the same person; `heard` gets what they asked for, at most LONGEST characters."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        super().__init__()
        self._heard = heard
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(_name())  # a killed console leaves its socket file behind
        self._server.newConnection.connect(self._on_connection)
        self._server.listen(_name())

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        data = bytes(socket.read(LONGEST).data())
        self._heard(data.decode("utf-8", "replace"))
        socket.disconnectFromServer()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
