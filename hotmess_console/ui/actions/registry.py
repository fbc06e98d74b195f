"""An action: what a key, a menu item, a button and a palette entry all start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from hotmess_console.domain.values import Permission
from hotmess_console.ui.host import Context, Focus, Host

EVERYWHERE = "Everywhere"
IN_QUEUE = "In every queue"
GO_TO = "Go to"
ALL_FOCUS = frozenset(Focus)
READING = frozenset({Focus.QUEUE, Focus.DETAIL})


def always(context: Context) -> str:
    """Return that nothing stands in the way."""
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    """Declared once; keys, menus, palette, cheat sheet, tooltips, settings and tests all read it.

    `id` is ``area.verb`` and never changes; `keys` are Qt key sequences as portable text ("Ctrl+K", "G, T"), the
    first one shown. `why_not` returns why it cannot be done now in words, or an empty text.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    run: Callable[[Host], Awaitable[None]]
    area: str = EVERYWHERE
    icon: str = ""
    permission: Permission | None = None
    why_not: Callable[[Context], str] = field(default=always)
    where: frozenset[Focus] = READING
    """Where single letters work: never while somebody is writing. Keys with Ctrl or Alt work wherever listed."""
    decides: bool = False
    """Whether it changes the case under the cursor, so that the keyboard guards apply."""
    travels: bool = False
    """Whether holding the key repeats it, as people do to move along."""

    @property
    def about_case(self) -> bool:
        """Whether it acts on the open or the ticked cases, rather than on the window."""
        return self.decides or self.why_not is not always


def refusal(action: Action, context: Context) -> str:
    """Return why `action` cannot be done now, in words; an empty text when it can."""
    if action.permission is not None and action.permission not in context.permissions:
        return "Your role does not include this."
    return action.why_not(context)


class Registry:
    """All actions by id, in the order in which menus show them."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._actions: dict[str, Action] = {}
        for action in actions:
            if action.id in self._actions:
                raise ValueError(f"two actions are called {action.id}")
            self._actions[action.id] = action

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def __getitem__(self, id: str) -> Action:
        return self._actions[id]

    def __contains__(self, id: object) -> bool:
        return id in self._actions
