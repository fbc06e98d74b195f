"""Choosing files to send along: read off the window's thread, and refused in words when too large."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.services.replies import LARGEST_FILE, File

MOST_FILES = 10


async def choose_files(window: QWidget) -> tuple[File, ...]:
    """Ask for files and read them. Raises BadInput when one is too large, empty or cannot be read."""
    dialog = QFileDialog(window, "Attach files")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    dialog.finished.connect(lambda code: None if answer.done() else answer.set_result(bool(code)))
    dialog.open()
    chosen = [Path(name) for name in dialog.selectedFiles()] if await answer else []
    dialog.deleteLater()
    return await read_files(chosen)


async def read_files(paths: list[Path]) -> tuple[File, ...]:
    """Read these files. Raises BadInput when one is too large or cannot be read, or there are too many."""
    if len(paths) > MOST_FILES:
        raise BadInput(
            f"{len(paths)} files are too many; {MOST_FILES} can go with one reply.", hint="Send the rest later."
        )
    return tuple([await asyncio.to_thread(_read, path) for path in paths])


def _read(path: Path) -> File:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise BadInput(f"{path.name} is larger than 25 MB.", hint="Make it smaller, or send a link instead.")
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check the file and try again."
        ) from error
    return File(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)
