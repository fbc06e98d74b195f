"""Turn a failure into words for the notice bar."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.errors import ConsoleError


@dataclass(frozen=True, slots=True)
class Notice:
    """One line to show, and one line on what to do."""

    text: str
    hint: str = ""
    is_bug: bool = False


def notice_for(error: BaseException) -> Notice:
    """Return what to tell the person about `error`."""
    if isinstance(error, ConsoleError):
        return Notice(str(error), error.hint)
    return Notice(
        "Something went wrong in the console, not with what you did.",
        "Your text is kept. Press F5 to read everything again; the details are in the log.",
        is_bug=True,
    )
