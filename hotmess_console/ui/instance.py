"""One window for one set of data: a second start asks the first, which comes forward and shows what was asked for."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLockFile, QObject

from hotmess_console.domain.errors import SetupError

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

    Heard = Callable[[str], Coroutine[Any, Any, str]]

COMES_UP_WITHIN_S = 10.0
"""Seconds that a start waits for the window of another start to listen: it may still be putting itself together."""
ANSWERS_WITHIN_S = 15.0
LONGEST = 200
"""Bytes of a question."""
LONGEST_ANSWER = 2_000
RAISE = "raise"
DONE = "done"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the windows of this person on one set of data find each other; `of` names the data."""

    of: str

    @property
    def address(self) -> str:
        """The name of the socket: a full path, or on Windows the name of a pipe."""
        name = sha256(self.of.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return f"hotmess-console-{_account()}-{name}" if sys.platform == "win32" else str(_folder() / name)

    @property
    def lock(self) -> str:
        """The file that the living window holds."""
        base = str(Path(tempfile.gettempdir()) / self.address) if sys.platform == "win32" else self.address
        return f"{base}.lock"


def _account() -> str:
    if sys.platform == "win32":
        import getpass

        return getpass.getuser()
    return str(os.getuid())


def _folder() -> Path:
    """Return the folder of this person's sockets. Raises SetupError when somebody else put something there."""
    folder = Path(tempfile.gettempdir()) / f"hotmess-console-{_account()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise SetupError(
            f"{folder} belongs to somebody else or is open to others, so windows cannot find each other there.",
            hint="Remove it, or set TMPDIR to a folder of your own, then start the console again.",
        )
    return folder


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to be the one window of a place; it ends with this process, however that ends."""

    place: Place
    _lock: QLockFile

    def release(self) -> None:
        """Let another window take the place."""
        self._lock.unlock()


def claim_or_find(place: Place) -> Claim | None:
    """Become the one window of `place`; None once another one answers there. Raises SetupError where none ever does.

    Who only looks whether a window lives holds the place for a moment, and a window may die while it comes up: both
    are waited out, so that neither is taken for a window.
    """
    end = time.monotonic() + COMES_UP_WITHIN_S
    while (claimed := claim(place)) is None and _connected(place) is None:
        if time.monotonic() >= end:
            raise _silent()
        time.sleep(0.05)
    return claimed


def claim(place: Place) -> Claim | None:
    """Become the one window of `place`; None when somebody else holds it just now. Raises SetupError."""
    lock = QLockFile(place.lock)
    lock.setStaleLockTime(0)  # never by age, only when its process is gone
    if not lock.tryLock(0):
        if lock.error() is QLockFile.LockError.LockFailedError:
            return None
        raise SetupError(f"{place.lock} cannot be written.", hint="Set TMPDIR to a folder of your own that has room.")
    # a lock file that somebody cleaned away says nothing: what still answers, lives
    if os.path.exists(place.address) and _connected(place) is not None:
        lock.unlock()
        return None
    return Claim(place, lock)


def ask_running(place: Place, words: str = RAISE) -> str:
    """Ask the window at `place` for something; return its answer: `DONE`, or in two lines why not.

    Raises SetupError when it does not answer.
    """
    socket = _connected(place)
    if socket is not None:
        socket.write(f"{words}\n".encode())
        end = time.monotonic() + ANSWERS_WITHIN_S
        while not socket.canReadLine() and (left := end - time.monotonic()) > 0:
            if not socket.waitForReadyRead(int(left * 1_000)):
                break
        if socket.bytesAvailable():
            return bytes(socket.read(LONGEST_ANSWER).data()).decode("utf-8", "replace").strip()
    raise _silent()


def _silent() -> SetupError:
    return SetupError(
        "A window of the console is open on this data, and it does not answer.",
        hint="Look at that window. If there is none to be seen, end the program hotmess-console and start it again.",
    )


def _connected(place: Place) -> QLocalSocket | None:
    """Return a connection to the window at `place`; None where nobody listens."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(place.address)
    return socket if socket.waitForConnected(500) else None


class Doorbell(QObject):
    """Listens for second starts at a claimed place.

    `heard` gets what they ask for, at most LONGEST bytes, and returns the answer; `start` runs that on the loop.
    """

    def __init__(self, claimed: Claim, heard: Heard, start: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        from PySide6.QtNetwork import QLocalServer

        super().__init__()
        self._heard, self._start, self._claim = heard, start, claimed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # only the holder of the claim comes here, after nobody answered: what is left is a dead window's
        QLocalServer.removeServer(claimed.place.address)
        self._server.newConnection.connect(self._on_connection)
        self._server.listen(claimed.place.address)

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.canReadLine() or socket.bytesAvailable() >= LONGEST:
            words = bytes(socket.readLine(LONGEST).data()).decode("utf-8", "replace").strip()
            self._start(self._answer(socket, words))

    async def _answer(self, socket: QLocalSocket, words: str) -> None:
        answer = await self._heard(words)
        socket.write(f"{answer}\n".encode())
        socket.flush()
        socket.disconnectFromServer()

    def close(self) -> None:
        """Stop listening, and leave the place to others."""
        self._server.close()
        self._claim.release()
