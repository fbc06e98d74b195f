"""Turns what a local database server or the disk says when it fails into words a person can act on."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from hotmess_console.domain.errors import SetupError

# What the server or initdb prints → (what happened and means, what to do). The first match wins.
_KNOWN: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("No space left on device", "Disk quota exceeded"),
        "The disk that holds {folder} is full, so the local database cannot start. Nothing was lost.",
        "Free some space on that disk (300 MB is enough to start), then try again.",
    ),
    (
        ("Read-only file system",),
        "The disk that holds {folder} can only be read, so the local database cannot start.",
        "Make the disk writable again, or choose another folder.",
    ),
    (
        ("already exists", "pre-existing shared memory block"),
        "Another database server is using {folder} or its socket.",
        "Close the other console, wait a few seconds and try again.",
    ),
    (
        ("could not bind", "Address already in use", "is too long (maximum"),
        "The local database could not open its private connection point (socket).",
        "Choose a data folder with a shorter path that no other program uses, then try again.",
    ),
    (
        ("could not create shared memory", "could not map anonymous shared memory", "Cannot allocate memory"),
        "There is not enough free memory for the local database.",
        "Close some programs, then try again.",
    ),
    (
        ("database files are incompatible",),
        "The data in {folder} was written by a different version of the database server.",
        "Start it with the version of the console that wrote it.",
    ),
)

_TELLING = ("PANIC:", "FATAL:", "initdb: error:", "error:", "ERROR:")
_NO_ROOM = 256_000
"""Free bytes below which a server cannot even say why it failed: its log has no room either."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def explain_output(output: str, folder: Path) -> SetupError:
    """The error to show for a server or initdb that ended with `output`; an unknown one is quoted."""
    if folder.is_dir() and shutil.disk_usage(folder).free < _NO_ROOM:
        output += "\nNo space left on device"
    for signs, message, hint in _KNOWN:
        if any(sign in output for sign in signs):
            return SetupError(message.format(folder=folder), hint=hint)
    return SetupError(
        f"The local database in {folder} did not start. It said: {telling_line(output)}",
        hint="No data was changed. If that line does not help, send it and the file server.log to whoever "
        "looks after the console.",
    )


def telling_line(output: str) -> str:
    """The last line of `output` that states a failure, or its last line at all, without time stamps."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line in reversed(lines):
        for sign in _TELLING:
            if sign in line:
                return line[line.index(sign) :].removeprefix(sign).strip()
    return lines[-1] if lines else "nothing at all"


def explain_os_error(error: OSError, folder: Path) -> SetupError:
    """The error to show when the operating system refuses a file in `folder`."""
    if error.errno in _FULL:
        return explain_output("No space left on device", folder)
    if error.errno in _CLOSED:
        return not_writable(folder)
    return SetupError(
        f"The local database in {folder} cannot be used: {error.strerror or error}.",
        hint="Check the folder and its disk, or choose another folder.",
    )


def not_writable(folder: Path) -> SetupError:
    """The error for a folder in which nothing can be written."""
    return SetupError(
        f"The folder {folder} can only be read, so the local database cannot keep anything in it.",
        hint="Make the folder writable for your account, or choose another folder.",
    )
