"""Runs the database programs as children that die with us, as the right account, in a clean environment."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CLUSTER_NAME = "hotmess-console"
"""Stands in the command line of every server that we start: so an orphan of ours is told from others."""

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """The operating system account that a server runs as, when it is not our own."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """`nobody` when we are root (Postgres refuses root); None means our own account."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def spawn(command: Sequence[str | Path], account: Account | None, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start `command` with its output in `output`; on Linux it gets SIGINT when the *calling thread* ends.

    Call it from a thread that lives as long as the child should. Raises OSError when it cannot be started.
    """
    guard, before = _tied_to_us()
    arguments = [*guard, *(os.fspath(part) for part in command)]
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            creationflags=flags,
        )
    return subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=_environment(),
        cwd="/",
        # Its own session: Ctrl+C in the terminal must reach the console first, not the server under it.
        start_new_session=True,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=before,
    )


def run(command: Sequence[str | Path], account: Account | None) -> tuple[int, str]:
    """Run `command` to its end; its exit code and everything it printed."""
    child = spawn(command, account, subprocess.PIPE)
    printed, _ = child.communicate()
    return child.returncode, printed.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """Only what the server needs: no PG* settings, preloads or secrets of ours; UTC and English."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC"}


def _tied_to_us() -> tuple[list[str], Callable[[], None] | None]:
    """How to ask for the parent-death signal: a launcher before the command, or a step before exec.

    It must be set after the change of account, which clears it. util-linux' setpriv is preferred: running
    Python between fork and exec is unsafe beside other threads.
    """
    if sys.platform != "linux":
        return [], None
    launcher = shutil.which("setpriv")
    if launcher:
        return [launcher, "--pdeathsig", "INT", "--"], None
    return [], _death_step()


def _death_step() -> Callable[[], None]:
    """The same by prctl, with the library already loaded, for systems without setpriv."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def set_death_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)

    return set_death_signal


def command_line(pid: int) -> list[str] | None:
    """The words of a process' command line; none when it has ended but its parent has not noticed yet.

    None when there is no such process. POSIX only.
    """
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return None
        return [os.fsdecode(word) for word in words if word]
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split() or None
