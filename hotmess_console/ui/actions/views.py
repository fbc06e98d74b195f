"""Views of one's own: the present filter under a name, another name for one, and one that goes."""

from __future__ import annotations

from hotmess_console.domain.views import SavedView
from hotmess_console.services.desk_commands import DropView, RenameView, SaveView
from hotmess_console.ui.actions.registry import IN_QUEUE, READING, Action
from hotmess_console.ui.actions.window import bar_of
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import choose
from hotmess_console.ui.dialogs.name_view import NameView
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Focus, Host
from hotmess_console.ui.widgets.filter_bar import FilterBar

_OUTSIDE_FIELDS = READING | {Focus.ELSEWHERE}
_NO_QUEUE = Notice("There is no queue on this tab.", "G then T goes to the tickets.")


async def _save(host: Host) -> None:
    bar = bar_of(host)
    if bar is None:
        host.tell(_NO_QUEUE)
        return
    wanted = bar.filter
    name = await _name(NameView(host.window, conditions(bar)))
    if name:
        outcome = await host.bridge.send(SaveView(title=name, filter=wanted))
        await _show(host, bar, outcome.words, name)


async def _rename(host: Host) -> None:
    bar = bar_of(host)
    view = _own_view(host, bar)
    if bar is None or view is None or view.id is None:
        return
    taken = [other.name for other in bar.all_views if other.id not in (None, view.id)]
    name = await _name(NameView(host.window, view.name, now=view.name, taken=taken))
    if name:
        outcome = await host.bridge.send(RenameView(view=view.id, title=name, filter=view.filter))
        await _show(host, bar, outcome.words, name)


async def _delete(host: Host) -> None:
    bar = bar_of(host)
    view = _own_view(host, bar)
    if bar is None or view is None or view.id is None:
        return
    choices = [
        Choice(True, "Delete it", "its cases stay where they are", "trash-2"),
        Choice(False, "Keep it", "", "x"),
    ]
    words = "The filter goes with its name. It cannot be taken back, only set and saved again."
    if await choose(host.window, f"Delete the view “{view.name}”?", choices, words=words, icon="trash-2", now=False):
        await host.bridge.send(DropView(view=view.id))
        await _show(host, bar, f"View “{view.name}” is deleted.", "")


def _own_view(host: Host, bar: FilterBar | None) -> SavedView | None:
    """The open view, when it is the person's own; otherwise that is told."""
    if bar is None:
        host.tell(_NO_QUEUE)
        return None
    if bar.view.id is None:
        host.tell(Notice(f"Everybody has “{bar.view.name}”, so it stays as it is.", "Ctrl+S saves a view of your own."))
        return None
    return bar.view


def conditions(bar: FilterBar) -> str:
    """Return what the bar narrows the queue to, in words: the view, the conditions, the words searched for."""
    parts = (bar.view.name, *(token.words for token in bar.field.tokens), bar.field.text)
    return ", ".join(filter(None, parts))


async def _name(sheet: NameView) -> str:
    answer = await sheet.open()
    sheet.deleteLater()
    return answer if isinstance(answer, str) else ""


async def _show(host: Host, bar: FilterBar, words: str, name: str) -> None:
    """Read the views again, open the one of this name, or the first when there is none, and say what happened."""
    bar.views_read.emit(await host.bridge.ask(lambda q: q.saved_views()))
    known = [view.name for view in bar.all_views]
    bar.open_view(name if name in known else known[0])
    host.tell(Notice(words))


ACTIONS = (
    Action("view.save", "Save this filter as a view", ("Ctrl+S",), _save, IN_QUEUE, "save", where=_OUTSIDE_FIELDS),
    Action("view.rename", "Rename this view", ("F2",), _rename, IN_QUEUE, "pencil", where=_OUTSIDE_FIELDS),
    Action("view.delete", "Delete this view", ("Ctrl+Del",), _delete, IN_QUEUE, "trash-2", where=_OUTSIDE_FIELDS),
)
"""In the order in which the palette and the cheat sheet show them."""
