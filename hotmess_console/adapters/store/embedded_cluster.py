"""Makes a cluster with initdb and runs one server over it until it is told to stop."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from hotmess_console.adapters.store.embedded_binaries import Binaries
from hotmess_console.adapters.store.embedded_faults import explain_output
from hotmess_console.adapters.store.embedded_folder import DataFolder, give, write_private
from hotmess_console.adapters.store.embedded_process import CLUSTER_NAME, run, spawn
from hotmess_console.adapters.store.embedded_socket import Listening
from hotmess_console.domain.errors import SetupError

SUPERUSER = "console_root"

_SETTINGS = (
    f"cluster_name={CLUSTER_NAME}",
    "max_connections=60",
    "shared_buffers=96MB",
    "max_wal_size=512MB",
    "jit=off",
    # Nothing is ever replicated from here; less is written.
    "wal_level=minimal",
    "max_wal_senders=0",
    "password_encryption=scram-sha-256",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
    "log_checkpoints=off",
    # Statements and rejected values can hold personal data and secrets: the log gets neither.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
)
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

_READY_WITHIN = 180.0
"""Seconds; recovery after a crash may have much to replay."""
_STEP = 0.01
_FAST_WITHIN, _IMMEDIATE_WITHIN = 30.0, 5.0
_LOCKED_STILL = "pre-existing shared memory block"
_RETRY_FOR = 5.0


def make_cluster(folder: DataFolder, binaries: Binaries, *, durable: bool) -> None:
    """Make the cluster beside its final place, then rename it there. Raises SetupError, OSError."""
    folder.new_staging()
    handed_over = folder.path / "initdb.password"
    handed_over.unlink(missing_ok=True)
    write_private(handed_over, folder.new_password())
    give(handed_over, folder.account)
    try:
        code, printed = run(_initdb(folder.staging, handed_over, binaries, durable), folder.account)
    finally:
        handed_over.unlink()
    if code != 0:
        fault = explain_output(printed, folder.path)
        shutil.rmtree(folder.staging, ignore_errors=True)
        raise fault
    folder.staging.rename(folder.data)


def _initdb(data: Path, password_file: Path, binaries: Binaries, durable: bool) -> list[str | Path]:
    return [
        binaries.program("initdb"),
        "--pgdata",
        data,
        f"--username={SUPERUSER}",
        "--pwfile",
        password_file,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *_locale(binaries.major),
        *([] if durable else ["--no-sync"]),
    ]


def _locale(major: int) -> list[str]:
    """Sorting that no system library can change under an index; letters as Unicode knows them.

    Word splitting in full-text search still asks the C library's LC_CTYPE: under plain C, a word beside a
    dash or a curly quote would not be found.
    """
    if major < 17:
        return ["--locale=C.UTF-8"]
    letters = {"linux": ["--lc-ctype=C.UTF-8"], "darwin": ["--lc-ctype=UTF-8"]}
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *letters.get(sys.platform, [])]


@dataclass(frozen=True)
class ServerProcess:
    """One running server."""

    child: subprocess.Popen[bytes]
    pg_ctl: Path
    data: Path

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.child.poll() is None

    def wait(self) -> None:
        """Block until it has ended."""
        self.child.wait()

    def stop(self) -> None:
        """Fast stop; if that takes too long an immediate one, from which the next start recovers."""
        if not self.alive:
            return
        if sys.platform == "win32":  # no signals there: pg_ctl speaks the server's own protocol
            subprocess.run([self.pg_ctl, "stop", "-D", self.data, "-m", "fast", "-w"], check=False)
            self.child.wait()
            return
        for order, patience in ((signal.SIGINT, _FAST_WITHIN), (signal.SIGQUIT, _IMMEDIATE_WITHIN)):
            self.child.send_signal(order)
            try:
                self.child.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            return
        self.child.kill()
        self.child.wait()


def start_server(folder: DataFolder, binaries: Binaries, listening: Listening, *, durable: bool) -> ServerProcess:
    """Start the server and wait until it takes connections. Raises SetupError with its own last word."""
    folder.rotate_log()
    give_up_at = time.monotonic() + _RETRY_FOR
    while True:
        process, log_from = _launch(folder, binaries, listening, durable)
        if _becomes_ready(process):
            return process
        said = _log_since(folder.log, log_from)
        # The last processes of a killed server may need a moment to notice; Postgres refuses until then.
        if _LOCKED_STILL not in said or time.monotonic() > give_up_at:
            raise explain_output(said, folder.path)
        time.sleep(0.1)


def _launch(folder: DataFolder, binaries: Binaries, listening: Listening, durable: bool) -> tuple[ServerProcess, int]:
    settings = [*_SETTINGS, *listening.settings(), *(() if durable else _NOT_DURABLE)]
    options = [word for setting in settings for word in ("-c", setting)]
    command = [binaries.program("postgres"), "-D", folder.data, "-p", str(listening.port), *options]
    with folder.log.open("ab") as log:
        folder.log.chmod(0o600)
        log_from = log.tell()
        child = spawn(command, folder.account, log)
    return ServerProcess(child, binaries.program("pg_ctl"), folder.data), log_from


def _becomes_ready(process: ServerProcess) -> bool:
    """Wait for the word "ready" in the server's own record; False when it ends first. Raises SetupError."""
    give_up_at = time.monotonic() + _READY_WITHIN
    while process.alive:
        if _says_ready(process):
            return True
        if time.monotonic() > give_up_at:
            process.stop()
            raise SetupError(
                f"The local database in {process.data} did not get ready within {_READY_WITHIN:.0f} seconds.",
                hint="It may be recovering after a crash. Try again; nothing was lost.",
            )
        time.sleep(_STEP)
    return False


def _says_ready(process: ServerProcess) -> bool:
    """Line 1 of postmaster.pid is the process, line 8 its state (as pg_ctl reads it)."""
    try:
        lines = (process.data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return False
    if len(lines) < 8 or lines[7].strip() != "ready":
        return False
    return sys.platform == "win32" or lines[0].strip() == str(process.child.pid)


def _log_since(log: Path, start: int) -> str:
    with log.open("rb") as stream:
        stream.seek(start)
        return stream.read(64_000).decode("utf-8", "replace")
