"""How people move: along the queue, between its views, and from tab to tab."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hotmess_console.domain.values import Permission
from hotmess_console.ui.actions.registry import GO_TO, IN_QUEUE, READING, Action
from hotmess_console.ui.actions.window import queue_of, window_of
from hotmess_console.ui.host import Focus, Host
from hotmess_console.ui.widgets.queue_list import QueueList

_ON_QUEUE = frozenset({Focus.QUEUE})
_OUTSIDE_FIELDS = READING | {Focus.ELSEWHERE}


async def _in_queue(act: Callable[[QueueList], object], host: Host) -> None:
    queue = queue_of(host)
    if queue is not None:
        act(queue)


async def _step_view(by: int, host: Host) -> None:
    window_of(host).step_view(by)


async def _to_tab(tab: str, host: Host) -> None:
    host.go_to(tab)


def _queue(
    id: str,
    title: str,
    key: str,
    act: Callable[[QueueList], object],
    icon: str,
    *,
    where: frozenset[Focus] = READING,
    travels: bool = False,
) -> Action:
    return Action(
        id, title, (key,) if key else (), partial(_in_queue, act), IN_QUEUE, icon, where=where, travels=travels
    )


def to_tab(tab: str, title: str, letter: str, icon: str, permission: Permission | None = None) -> Action:
    """Return the action that goes to a tab by G and its letter; `tab` is the id that `Host.go_to` knows."""
    keys, go = (f"G, {letter}",), partial(_to_tab, tab)
    return Action(f"go.{tab}", title, keys, go, GO_TO, icon, permission, where=_OUTSIDE_FIELDS)


ACTIONS = (
    _queue("queue.next", "Next case", "J", lambda queue: queue.step(1), "arrow-down", travels=True),
    _queue("queue.previous", "Previous case", "K", lambda queue: queue.step(-1), "arrow-up", travels=True),
    _queue("queue.tick", "Select this case", "X", QueueList.toggle_tick, "check"),
    _queue("queue.extend", "Select downwards", "Shift+J", lambda queue: queue.extend(1), "chevrons-down", travels=True),
    _queue("queue.extend_up", "Select upwards", "Shift+K", lambda queue: queue.extend(-1), "chevrons-up", travels=True),
    _queue(
        "queue.tick_all",
        "Select all that match the filter",
        "Ctrl+A",
        QueueList.tick_all_matching,
        "check-check",
        where=_ON_QUEUE,
    ),
    _queue("queue.untick", "Select nothing", "Ctrl+Shift+A", QueueList.untick_all, "x"),
    _queue("queue.first", "First case", "Home", QueueList.go_first, "arrow-big-up", where=_ON_QUEUE),
    _queue("queue.last", "Last case that is loaded", "End", QueueList.go_last, "arrow-down", where=_ON_QUEUE),
    Action(
        "queue.next_view",
        "Next view",
        ("]",),
        partial(_step_view, 1),
        IN_QUEUE,
        "chevron-right",
        where=_OUTSIDE_FIELDS,
    ),
    Action(
        "queue.previous_view",
        "Previous view",
        ("[",),
        partial(_step_view, -1),
        IN_QUEUE,
        "chevron-left",
        where=_OUTSIDE_FIELDS,
    ),
    to_tab("tickets", "Tickets", "T", "inbox"),
    to_tab("templates", "Templates", "E", "file-text"),
    to_tab("audit", "Audit", "A", "history", Permission.AUDIT_READ),
)
"""Later tabs add their own `to_tab`."""
