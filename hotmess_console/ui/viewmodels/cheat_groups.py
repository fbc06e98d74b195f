"""The cheat sheet as data: groups of titles and keys, the present tab first, spread over columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotmess_console.ui.viewmodels.keymap import Keymap


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What a key does."""

    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one area."""

    title: str
    rows: tuple[KeyRow, ...]


def groups(keymap: Keymap, order: Sequence[str]) -> tuple[KeyGroup, ...]:
    """Return all actions that have a key, by area: those of `order` first, the others as the registry has them."""
    areas: dict[str, list[KeyRow]] = {area: [] for area in order}
    for action in keymap:
        if keys := keymap.keys(action.id):
            areas.setdefault(action.area, []).append(KeyRow(action.title, keys))
    return tuple(KeyGroup(area, tuple(rows)) for area, rows in areas.items() if rows)


def matching(all_groups: Iterable[KeyGroup], typed: str) -> tuple[KeyGroup, ...]:
    """Return the rows whose title, area or key has what was typed; all for nothing typed."""
    wanted = typed.casefold().split()
    found = (
        KeyGroup(group.title, tuple(row for row in group.rows if _matches(group, row, wanted))) for group in all_groups
    )
    return tuple(group for group in found if group.rows)


def _matches(group: KeyGroup, row: KeyRow, wanted: Sequence[str]) -> bool:
    keys = {key.casefold() for key in row.keys}
    words = f"{group.title} {row.title}".casefold()
    return all(word in words or any(word == key or word in key.split("+") for key in keys) for word in wanted)


def columns(all_groups: Iterable[KeyGroup], count: int) -> tuple[tuple[KeyGroup, ...], ...]:
    """Spread the groups over `count` columns in reading order, each next one where there is most room."""
    spread: list[list[KeyGroup]] = [[] for _ in range(count)]
    high = [0] * count
    for group in all_groups:
        at = high.index(min(high))
        spread[at].append(group)
        high[at] += len(group.rows) + 2
    return tuple(map(tuple, spread))
