"""Which key starts which action: the registry's own keys, and what this person has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.viewmodels.key_text import canonical, for_widget, spoken, strokes

RESERVED = frozenset(
    ["Tab", "Shift+Tab", "Backtab", "Return", "Space", "Up", "Down", "Left", "Right", "Ctrl+C", "Ctrl+V", "Ctrl+X"]
)
"""Without these nobody could move about the window by keyboard, nor copy from it."""


class Bindable(Protocol):
    """What the keymap needs to know of an action."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def area(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def where(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Conflict:
    """A key that already starts something else in the same part of the window."""

    keys: str
    other: str
    """The id of the action that has it."""
    words: str


class KeyTaken(BadInput):
    """The key asked for starts another action where this one works."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.words, hint="Choose another key, or swap the two.")
        self.conflict = conflict


class Keymap:
    """The keys in force for every action.

    `overrides` are keys by action id, as a person chose them; they outrank the registry's own. Ids that no
    action has are kept for the version that knows them.
    """

    def __init__(self, actions: Iterable[Bindable], overrides: Mapping[str, Sequence[str]] | None = None) -> None:
        self._actions = {action.id: action for action in actions}
        self.load(overrides or {})

    def load(self, overrides: Mapping[str, Sequence[str]]) -> None:
        """Put other overrides in force instead; `troubles` tells what of them could not be."""
        self._own: dict[str, tuple[str, ...]] = {}
        self._unknown: dict[str, tuple[str, ...]] = {}
        self._unread: list[str] = []
        for id, keys in overrides.items():
            self._take_over(id, tuple(keys))
        self._rebuild()

    # ── reading ──

    def __iter__(self) -> Iterator[Bindable]:
        return iter(self._actions.values())

    @property
    def troubles(self) -> tuple[str, ...]:
        """What could not be honoured, in words: keys that name none, and keys that another action won."""
        return (*self._unread, *self._lost)

    def action(self, id: str) -> Bindable:
        """Return the action with this id; KeyError when there is none."""
        return self._actions[id]

    def keys(self, id: str) -> tuple[str, ...]:
        """Return the keys that start the action, the first to be shown; none for an unknown id."""
        return self._keys.get(id, ())

    def shown(self, id: str) -> str:
        """Return the key to show beside the action, or nothing."""
        return next(iter(self.keys(id)), "")

    def is_changed(self, id: str) -> bool:
        """Whether this person gave the action other keys than its own."""
        return id in self._own

    def find(self, pressed: Sequence[str], focus: str) -> str | None:
        """Return the id of the action that these presses start with the keyboard in `focus`."""
        return self._by_strokes.get((focus, tuple(pressed)))

    def follow_ups(self, pressed: Sequence[str], focus: str) -> dict[str, str]:
        """Return what may be pressed next to complete a chord, as press → action id."""
        begun = tuple(pressed)
        return {
            presses[len(begun)]: id
            for (where, presses), id in self._by_strokes.items()
            if where == focus and len(presses) > len(begun) and presses[: len(begun)] == begun
        }

    def conflict(self, id: str, keys: str) -> Conflict | None:
        """Return what already answers to `keys` where the action works, or to the beginning of it, or to more."""
        presses, mine = strokes(keys), self._actions[id]
        for other, taken in self._keys.items():
            shared = other != id and self._actions[other].where & mine.where
            clash = next((key for key in taken if _clash(presses, strokes(key))), None) if shared else None
            if clash is not None:
                return Conflict(clash, other, f"{spoken(clash)} already starts “{self._actions[other].title}”.")
        return None

    # ── changing ──

    def assign(self, id: str, keys: str) -> None:
        """Let `keys` alone start the action. Raises KeyTaken, or BadInput when no such key can be used."""
        wanted = self._usable(keys)
        if (found := self.conflict(id, wanted)) is not None:
            raise KeyTaken(found)
        self._set(id, (wanted,))

    def swap(self, id: str, keys: str) -> None:
        """Give `keys` to the action, and what it had to the one that had them. Raises as `assign`."""
        wanted, before, mine = self._usable(keys), dict(self._own), self.keys(id)
        if (found := self.conflict(id, wanted)) is None:
            self.assign(id, wanted)
            return
        left = tuple(key for key in self.keys(found.other) if key != found.keys)
        self._set(found.other, left)
        self._set(id, ())
        if (third := self.conflict(id, wanted)) is not None:
            self._own = before
            self._rebuild()
            raise KeyTaken(third)
        self._set(id, (wanted,))
        self._offer(found.other, (*mine[:1], *left))

    def unassign(self, id: str) -> None:
        """Leave the action without a key; the palette still runs it."""
        self._set(id, ())

    def reset(self, id: str) -> None:
        """Give the action its own keys back. Raises KeyTaken when another was given one of them."""
        mine = self._own.pop(id, None)
        self._rebuild()
        for keys in map(canonical, self._actions[id].keys):
            if (found := self.conflict(id, keys)) is not None:
                self._own |= {} if mine is None else {id: mine}
                self._rebuild()
                raise KeyTaken(found)

    def reset_all(self) -> None:
        """Give every action its own keys back."""
        self._own.clear()
        self._unread.clear()
        self._rebuild()

    def overrides(self) -> dict[str, tuple[str, ...]]:
        """Return what differs from the registry, as it is stored."""
        return {**self._unknown, **self._own}

    # ── within ──

    def _usable(self, keys: str) -> str:
        wanted = canonical(keys)
        if not wanted:
            raise BadInput(f"“{keys}” names no key.", hint="Press the key that you want to use.")
        if any(stroke in RESERVED for stroke in strokes(wanted)):
            raise BadInput(
                f"{spoken(wanted)} moves about the window and cannot start an action.",
                hint="Choose a letter, or a key with Ctrl or Alt.",
            )
        if len(strokes(wanted)) > 1 and any(for_widget(stroke) for stroke in strokes(wanted)):
            raise BadInput(f"{spoken(wanted)} cannot be a chord.", hint="Use letters for a chord, such as G then T.")
        return wanted

    def _set(self, id: str, keys: tuple[str, ...]) -> None:
        if keys == tuple(map(canonical, self._actions[id].keys)):
            self._own.pop(id, None)
        else:
            self._own[id] = keys
        self._rebuild()

    def _offer(self, id: str, keys: tuple[str, ...]) -> None:
        """Give the action those of `keys` that are free for it."""
        self._set(id, tuple(key for key in keys if self.conflict(id, key) is None))

    def _take_over(self, id: str, keys: tuple[str, ...]) -> None:
        if id not in self._actions:
            self._unknown[id] = keys
            return
        good: list[str] = []
        for key in keys:
            try:
                good.append(self._usable(key))
            except BadInput as error:
                self._unread.append(f"A key for “{self._actions[id].title}” was left out: {error}")
        if good or not keys:
            self._own[id] = tuple(good)

    def _rebuild(self) -> None:
        """Work out the keys in force: what a person chose comes first, and no key starts two actions."""
        self._keys: dict[str, tuple[str, ...]] = {}
        self._lost: list[str] = []
        for id, keys in self._own.items():
            self._keep_free(id, keys)
        for id, action in self._actions.items():
            if id not in self._own:
                self._keep_free(id, tuple(map(canonical, action.keys)))
        self._by_strokes = {
            (focus, strokes(key)): id
            for id, keys in self._keys.items()
            for key in keys
            for focus in self._actions[id].where
        }

    def _keep_free(self, id: str, keys: tuple[str, ...]) -> None:
        kept = []
        for key in keys:
            found = self.conflict(id, key)
            if found is None:
                kept.append(key)
                continue
            self._lost.append(f"“{self._actions[id].title}” has lost its key: {found.words}")
        self._keys[id] = tuple(kept)


def _clash(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the two begin alike to the end of the shorter: then the longer could never be finished."""
    shorter = min(len(one), len(other))
    return shorter > 0 and one[:shorter] == other[:shorter]
