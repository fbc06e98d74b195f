"""What the actions of the window itself ask of it, beyond what its parts may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from hotmess_console.domain.values import Login
from hotmess_console.domain.views import SavedView
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.widgets.queue_list import QueueList

if TYPE_CHECKING:
    from hotmess_console.ui.widgets.filter_bar import FilterBar


class Desk(Protocol):
    """What stands in the window while somebody sits at it."""

    def change_person(self, login: Login) -> str:
        """Let somebody else of the demo sit down here; return why not, empty where it was begun."""
        ...


class Window(Host, Protocol):
    """The shell, as the actions of the window see it."""

    @property
    def parts(self) -> Desk | None: ...

    @property
    def preferences(self) -> LivePreferences: ...
    def open_settings(self, page: str = "") -> None:
        """Open the settings, at ``keys``, ``look`` or ``sending``."""
        ...

    def open_undo_list(self) -> None: ...
    def step_view(self, by: int) -> None:
        """Open the saved view so many places further on, beginning again at the end."""
        ...

    def show_view(self, view: SavedView) -> None:
        """Show this filter in the queue; one without an id that is no built-in view is shown as a search."""
        ...


def window_of(host: Host) -> Window:
    """Return the host as the window that it is: the shell is the only implementation in the program."""
    return cast(Window, host)


def queue_of(host: Host) -> QueueList | None:
    """Return the queue that is on screen, None on a tab without one."""
    lists = host.window.findChildren(QueueList)
    return next((found for found in lists if found.isVisible()), None)


def bar_of(host: Host) -> FilterBar | None:
    """Return the bar of views and filter that is on screen, None on a tab without one."""
    from hotmess_console.ui.widgets.filter_bar import FilterBar

    return next((found for found in host.window.findChildren(FilterBar) if found.isVisible()), None)
