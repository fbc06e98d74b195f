"""Where clients find the local server: a private socket folder, or a random loopback port on Windows."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hotmess_console.adapters.store.embedded_folder import DataFolder, give
from hotmess_console.domain.errors import SetupError

PORT = 5432
_LONGEST = 103
"""Bytes that a socket's path may have on every system we know (Linux 107, macOS 103)."""


@dataclass(frozen=True)
class Listening:
    """What clients connect to: a socket folder (or loopback address) and a port."""

    host: str
    port: int

    def settings(self) -> list[str]:
        """The server settings that make it listen there and nowhere else."""
        if self.host.startswith("/"):
            private = "unix_socket_permissions=0700"
            return ["listen_addresses=", f"unix_socket_directories={self.host}", private]
        return [f"listen_addresses={self.host}", "unix_socket_directories="]


def listen_for(folder: DataFolder) -> Listening:
    """Choose and prepare the place to listen at. Raises SetupError when there is none, or it is taken."""
    if sys.platform == "win32":
        return Listening("127.0.0.1", _free_port())
    place = _choose(folder)
    _prepare(place, folder)
    return Listening(str(place), PORT)


def clear_away(host: str, folder: DataFolder) -> None:
    """Remove a socket folder that had to lie outside the data folder, once its server has gone."""
    if host.startswith("/") and folder.path not in Path(host).parents:
        with suppress(OSError):  # not empty, or gone already: the next start looks at it again
            Path(host).rmdir()


def _free_port() -> int:
    """A loopback port that was free a moment ago; scram keeps others out of whatever takes it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _choose(folder: DataFolder) -> Path:
    """The first place whose path is short enough: beside the data, the runtime folder, the temporary one."""
    short_name = "hm-" + hashlib.sha256(os.fsencode(folder.path)).hexdigest()[:12]
    places = [folder.path / "socket", _runtime() / short_name, Path(tempfile.gettempdir()) / short_name]
    for place in places:
        # A comma or quote would end the path in the server's list of folders.
        if len(os.fsencode(_socket_in(place))) <= _LONGEST and not set(str(place)) & set(",\"'"):
            return place
    raise SetupError(
        f"The path {folder.path} is too long for the private socket of the local database.",
        hint="Choose a data folder with a shorter path, or set TMPDIR to a short one such as /tmp.",
    )


def _runtime() -> Path:
    """The folder for things that live until the next boot; the temporary one where there is none."""
    if sys.platform != "win32" and os.geteuid() == 0 and os.access("/run", os.W_OK):
        return Path("/run")
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(given) if given and os.access(given, os.W_OK) else Path(tempfile.gettempdir())


def _socket_in(place: Path) -> Path:
    return place / f".s.PGSQL.{PORT}"


def _prepare(place: Path, folder: DataFolder) -> None:
    """Make the socket folder 0700 for the server's account and clear what a dead server left in it."""
    clash = SetupError(
        f"The socket folder {place} is used by another program.",
        hint="Close that program or move the folder away, then try again.",
    )
    try:
        place.mkdir(mode=0o700)
        give(place, folder.account)
    except FileExistsError:
        _check_private(place, folder, clash)
    if _answers(_socket_in(place)):
        raise clash
    for left_over in (_socket_in(place), place / f"{_socket_in(place).name}.lock"):
        left_over.unlink(missing_ok=True)


def _check_private(place: Path, folder: DataFolder, clash: SetupError) -> None:
    """What stands there must be a real folder of the server's account that no other account can enter."""
    found = place.lstat()
    owner = folder.account.uid if folder.account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
        raise clash


def _answers(path: Path) -> bool:
    """Whether a living program listens on this socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True
