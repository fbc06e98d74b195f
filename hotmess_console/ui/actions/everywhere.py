"""What can be done anywhere in the window: find, undo, hide names, change the look, ask for help."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QGuiApplication

from hotmess_console.ui.actions.registry import ALL_FOCUS, IN_QUEUE, READING, Action
from hotmess_console.ui.actions.window import window_of
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Context, Focus, Host
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import PALETTES
from hotmess_console.ui.widgets.part import step_part

_OUTSIDE_FIELDS = READING | {Focus.ELSEWHERE}


async def _open_palette(host: Host) -> None:
    host.open_palette()


async def _open_cheat_sheet(host: Host) -> None:
    host.open_cheat_sheet()


async def _open_settings(host: Host) -> None:
    window_of(host).open_settings()


async def _change_keys(host: Host) -> None:
    window_of(host).open_settings("keys")


async def _search(host: Host) -> None:
    host.focus_search()


async def _refresh(host: Host) -> None:
    await host.refresh()


async def _undo(host: Host) -> None:
    await host.undo()


async def _open_undo_list(host: Host) -> None:
    window_of(host).open_undo_list()


async def _toggle_mask(host: Host) -> None:
    host.toggle_mask()


async def _next_theme(host: Host) -> None:
    names = tuple(PALETTES)
    chosen = names[(names.index(theme().palette.name) + 1) % len(names)]
    window_of(host).preferences.choose_theme(chosen)
    host.tell(Notice(f"The window is in the {chosen} theme now.", "Settings can follow the system instead."))


async def _back_to_queue(host: Host) -> None:
    host.focus_queue()


async def _step_part(by: int, host: Host) -> None:
    step_part(host.window, by)


async def _quit(host: Host) -> None:
    host.window.close()


def link_to(reference: str) -> str:
    """Return what somebody else can run to open this case in their own console."""
    return f"hotmess-console open {reference}"


async def _copy_link(host: Host) -> None:
    case = host.context().current
    if case is None:
        return
    QGuiApplication.clipboard().setText(link_to(case.reference))
    host.tell(Notice(f"Copied the link to {case.reference}.", "A colleague opens it with this line in a terminal."))


def _needs_case(context: Context) -> str:
    return "" if context.current is not None else "No case is open: choose one in the queue first."


ACTIONS = (
    Action("window.palette", "Find or run anything", ("Ctrl+K",), _open_palette, icon="command", where=ALL_FOCUS),
    Action("window.search", "Search this queue", ("/",), _search, icon="search", where=_OUTSIDE_FIELDS),
    Action("window.refresh", "Read everything again", ("F5",), _refresh, icon="refresh-cw", where=ALL_FOCUS),
    Action("window.undo", "Undo", ("Z", "Ctrl+Z"), _undo, icon="undo-2", where=_OUTSIDE_FIELDS),
    Action(
        "window.undo_list",
        "Show what can be undone",
        ("Ctrl+Alt+Z",),
        _open_undo_list,
        icon="history",
        where=ALL_FOCUS,
    ),
    Action("case.copy_link", "Copy link to this case", ("Y",), _copy_link, IN_QUEUE, "copy", why_not=_needs_case),
    Action(
        "window.next_part",
        "Next part of the window",
        ("F6",),
        partial(_step_part, 1),
        icon="arrow-right",
        where=ALL_FOCUS,
    ),
    Action(
        "window.previous_part",
        "Previous part of the window",
        ("Shift+F6",),
        partial(_step_part, -1),
        icon="corner-down-left",
        where=ALL_FOCUS,
    ),
    Action("window.back", "Back to the queue", ("Esc",), _back_to_queue, icon="list", where=ALL_FOCUS),
    Action(
        "window.mask",
        "Mask for screen sharing",
        ("Ctrl+Shift+M",),
        _toggle_mask,
        icon="eye-off",
        where=ALL_FOCUS,
    ),
    Action("window.theme", "Next theme", ("Ctrl+Shift+L",), _next_theme, icon="contrast", where=ALL_FOCUS),
    Action("window.settings", "Settings", ("Ctrl+,",), _open_settings, icon="settings", where=ALL_FOCUS),
    Action("window.keys", "Change keys", (), _change_keys, icon="sliders-horizontal", where=ALL_FOCUS),
    Action(
        "window.cheat_sheet",
        "Show all keys",
        ("?", "F1"),
        _open_cheat_sheet,
        icon="keyboard",
        where=_OUTSIDE_FIELDS,
    ),
    Action("window.quit", "Quit", ("Ctrl+Q",), _quit, icon="log-out", where=ALL_FOCUS),
)
"""In the order in which the palette and the cheat sheet show them."""
