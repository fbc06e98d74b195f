"""The registry as the palette and the cheat sheet show it."""

from __future__ import annotations

from collections.abc import Iterable

from hotmess_console.ui.actions.registry import EVERYWHERE, GO_TO, IN_QUEUE, Action, Registry, refusal
from hotmess_console.ui.host import Context
from hotmess_console.ui.viewmodels.cheat_groups import KeyGroup, groups
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.viewmodels.palette_match import Entry

FOR_THIS_CASE, FOR_SELECTED = "For this case", "For the selected cases"
LEFT_OUT = frozenset({"window.palette"})
"""Who reads the palette has opened it."""


def palette_entries(registry: Registry, keymap: Keymap, context: Context) -> tuple[Entry, ...]:
    """Return every action as the palette shows it: this case's own first, then places to go, then the rest.

    Each entry's `does` is the action's id.
    """
    shown = [action for action in registry if action.id not in LEFT_OUT]
    about = _sections(context)
    entries = [_entry(action, keymap, context, about.get(_kind(action), EVERYWHERE)) for action in shown]
    order = (about["case"], GO_TO, EVERYWHERE)
    return tuple(sorted(entries, key=lambda entry: order.index(entry.section)))


def _sections(context: Context) -> dict[str, str]:
    several = context.all_matching is not None or len(context.chosen) > 1
    return {"case": FOR_SELECTED if several else FOR_THIS_CASE, "go": GO_TO}


def _kind(action: Action) -> str:
    return "case" if action.about_case else "go" if action.area == GO_TO else "window"


def _entry(action: Action, keymap: Keymap, context: Context, section: str) -> Entry:
    return Entry(
        title=action.title,
        does=action.id,
        section=section,
        detail="" if action.area in (section, IN_QUEUE) else action.area,
        keys=keymap.shown(action.id),
        icon=action.icon,
        words=f"{action.id.replace('.', ' ').replace('_', ' ')} {action.id} {action.area}",
        why_not=refusal(action, context),
    )


def cheat_groups(registry: Registry, keymap: Keymap, present: str = "") -> tuple[KeyGroup, ...]:
    """Return the keys by area: the present tab's, those of every queue, places to go, others, the window's own."""
    others = (action.area for action in registry)
    return groups(keymap, _order(present, others))


def _order(present: str, others: Iterable[str]) -> tuple[str, ...]:
    last = {EVERYWHERE}
    listed = [present, IN_QUEUE, GO_TO, *(area for area in others if area not in last), *last]
    return tuple(dict.fromkeys(area for area in listed if area))
