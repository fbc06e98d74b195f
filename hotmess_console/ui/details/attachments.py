"""Files of a message as rows. Nothing is ever opened or shown by itself: a file is saved where the person says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.safe_text import clean_line
from hotmess_console.domain.threads import Attachment
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels.thread_rows import file_words
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.safe_text import SafeLabel

HELD = "held until opened"
_LONGEST_READ = 2_000
_UNFIT = frozenset('<>:"/\\|?*')
ChoosePlace = Callable[[QWidget, str], Awaitable[Path | None]]
"""Asks the person where to save a file of this name; None when they changed their mind."""


class RowButton(Button):
    """A small button inside a row of the detail."""

    def __init__(self, text: str, *, icon: str = "", kind: Kind = Kind.SECOND, parent: QWidget | None = None) -> None:
        super().__init__(text, kind, icon=icon, size="control_small", parent=parent)


class AttachmentRow(QWidget):
    """A file: name, kind and size, and one button. `wanted(attachment)` when the person asks for it."""

    wanted = Signal(object)

    def __init__(self, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attachment = attachment
        name = clean_line(attachment.filename, 120) or "File without a name"
        far = attachment.url is not None
        about = f"{file_words(attachment)}, {'kept by the platform' if far else HELD}"
        self.button = RowButton("Open link…" if far else "Save…", icon="external-link" if far else "download")
        self.button.setAccessibleName(f"{'Open the link to' if far else 'Save'} {name}")
        self.button.clicked.connect(lambda _checked: self.wanted.emit(self.attachment))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(SPACE["s"]))
        row.addWidget(IconView("paperclip", 14))
        row.addWidget(SafeLabel(name, "small", "body", weight=500, elide=True), 0)
        row.addWidget(SafeLabel(about, "small", "muted", elide=True), 1)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"File {name}, {about}")


async def save(host: Host, attachment: Attachment, choose: ChoosePlace) -> None:
    """Ask for a place and write the file there. Raises NotFound or Unreachable; tells how it went."""
    place = await choose(host.window, file_name(attachment.filename))
    if place is None:
        return
    content = await host.bridge.ask(lambda q: q.attachment(str(attachment.id)))
    try:
        await asyncio.get_running_loop().run_in_executor(None, place.write_bytes, content)
    except OSError as error:
        reason = error.strerror or "the place cannot be written to"
        raise BadInput(f"The file was not saved: {reason}.", hint="Choose another folder.") from error
    host.tell(Notice(f"Saved {clean_line(place.name, 80)}.", "It comes from outside: open it with care."))


def file_name(given: str) -> str:
    """Return a name that is safe to offer: one line, no path, no leading dot, at most 120 characters."""
    flat = clean_line(given.replace("\\", "/").rsplit("/", 1)[-1], _LONGEST_READ)
    kept = "".join("_" if c in _UNFIT or ord(c) < 0x20 or c in "⟦⟧" else c for c in flat).strip(" .")
    stem, dot, end = kept.rpartition(".")
    short = f"{stem[:100]}{dot}{end[:18]}" if stem else kept[:120]
    return short or "file"


async def ask_for_place(window: QWidget, name: str) -> Path | None:
    """Show the desktop's own dialog for saving, without a loop of its own, and return the place chosen."""
    answer: asyncio.Future[Path | None] = asyncio.get_running_loop().create_future()
    dialog = QFileDialog(window, "Save the file")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)

    def settle(place: Path | None) -> None:
        if not answer.done():
            answer.set_result(place)

    dialog.fileSelected.connect(lambda path: settle(Path(path)))
    dialog.finished.connect(lambda _code: settle(None))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return await answer
