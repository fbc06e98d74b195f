"""Settles what an earlier server left in the data folder, without ever deleting a living server's file."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from hotmess_console.adapters.store.embedded_process import CLUSTER_NAME, command_line
from hotmess_console.domain.errors import SetupError

_PATIENCE = 20.0
"""Seconds that a server of ours, told to stop, may take to finish writing."""


def settle_previous(data: Path) -> None:
    """Make sure that no server runs on `data` any more. Call it with the folder's lock held.

    One that we started and that lost its console is told to stop and awaited; another's raises SetupError.
    """
    pid = _recorded_pid(data)
    if pid is None or sys.platform == "win32":  # there Postgres itself refuses a second server
        return
    words = command_line(pid)
    if words is None:
        return  # gone: Postgres sees that as well and recovers
    if not _is_postgres(words):
        _disown(data)
    elif _is_ours(words, data):
        _stop_orphan(pid, data)
        settle_previous(data)  # it may have died on the way and left its file
    else:
        raise SetupError(
            f"A database server that this console did not start (process {pid}) runs on {data}.",
            hint="Stop that server, or choose another data folder.",
        )


def _recorded_pid(data: Path) -> int | None:
    """The process that says it serves `data`."""
    try:
        first = (data / "postmaster.pid").read_text("utf-8", "replace").partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() and int(first) > 1 else None


def _is_postgres(words: list[str]) -> bool:
    return bool(words) and Path(words[0]).name in {"postgres", "postmaster"}


def _is_ours(words: list[str], data: Path) -> bool:
    line = " ".join(words)
    return f"cluster_name={CLUSTER_NAME}" in line and str(data) in line


def _disown(data: Path) -> None:
    """Free the record of a number that another program has now, or one that is dead but not yet buried.

    Postgres refuses to start beside either. The file stays, because it also names the shared memory that
    Postgres must check; only the number becomes ours, which Postgres, as our child, knows not to be a server.
    """
    try:
        # The folder belongs to the server's account: root must not be led elsewhere by a link in it.
        handle = os.open(data / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    with os.fdopen(handle, "r+", encoding="utf-8", errors="replace") as stream:
        _, _, rest = stream.read().partition("\n")
        stream.seek(0)
        stream.write(f"{os.getpid()}\n{rest}")
        stream.truncate()


def _stop_orphan(pid: int, data: Path) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    give_up_at = time.monotonic() + _PATIENCE
    while (words := command_line(pid)) and _is_postgres(words):
        if time.monotonic() > give_up_at:
            raise SetupError(
                f"The database server of an earlier console (process {pid}) is still writing to {data}.",
                hint="Wait a minute and try again.",
            )
        time.sleep(0.01)
