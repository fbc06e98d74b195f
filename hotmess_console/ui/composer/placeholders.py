"""Placeholders in a text that is being written: which still are empty, where, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.slot_values import fault, settled
from hotmess_console.domain.templates import SLOTS, Filled
from hotmess_console.services.drafts import Draft, FilledSlot

_SLOT = re.compile(r"\[([^\[\]\n]{1,60})\]")


@dataclass(frozen=True, slots=True)
class EmptySlot:
    """A placeholder that still stands in its brackets, at ``[start, end)`` in UTF-16 units."""

    start: int
    end: int
    name: str


def units(text: str) -> int:
    """Return how many UTF-16 units an editor counts for `text`."""
    return len(text) + sum(char > "\uffff" for char in text)


def empty_in(text: str, at: int, filled: Sequence[FilledSlot]) -> tuple[EmptySlot, ...]:
    """Return the empty placeholders of `text`, which begins at unit `at`; brackets inside a value are its own."""
    found = []
    for match in _SLOT.finditer(text):
        start = at + units(text[: match.start()])
        end = start + units(match[0])
        if match[1] in SLOTS and not any(slot.start < end and start < slot.end for slot in filled):
            found.append(EmptySlot(start, end, match[1]))
    return tuple(found)


def laid_out(filled: Filled) -> tuple[str, tuple[FilledSlot, ...]]:
    """Return a filled template as an editor's text, and where the values stand in it."""
    text, slots, at = [], [], 0
    for segment in filled.segments:
        words = segment.text if segment.filled else f"[{segment.slot}]"
        words = words.replace("\r\n", "\n").replace("\r", "\n")
        if segment.slot and segment.filled:
            slots.append(FilledSlot(at, at + units(words), segment.slot))
        text.append(words)
        at += units(words)
    return "".join(text), tuple(slots)


def empty_words(empty: Sequence[EmptySlot], filled: int) -> str:
    """Return what keeps the message back: "1 of 3 placeholders is empty: amount"; empty when nothing does."""
    if not empty:
        return ""
    names = ", ".join(dict.fromkeys(slot.name for slot in empty))
    total = len(empty) + filled
    which = (
        "1 placeholder is"
        if total == 1
        else f"{len(empty)} of {total} placeholders {'is' if len(empty) == 1 else 'are'}"
    )
    return f"{which} empty: {names}"


def unfit(draft: Draft) -> BadInput | None:
    """Return what is wrong with the first placeholder that has a value of the wrong kind, or None."""
    found = (fault(name, words, before) for name, words, before, _ in _pieces(draft) if name)
    return next((error for error in found if error is not None), None)


def settle(draft: Draft) -> Draft:
    """Return `draft` with each value as it is sent: `£9.9` where the template prints the sign reads `9.90`."""
    text, slots, at = [], [], 0
    for name, words, before, slot in _pieces(draft):
        shown = settled(name, words, before) if name and fault(name, words, before) is None else words
        if slot is not None:
            slots.append(replace(slot, start=at, end=at + units(shown)))
        text.append(shown)
        at += units(shown)
    return replace(draft, text="".join(text), slots=tuple(slots))


def _pieces(draft: Draft) -> Iterator[tuple[str, str, str, FilledSlot | None]]:
    """Yield the text in stretches: placeholder name (or empty), words, the words before, and the placeholder."""
    coded, at, before = draft.text.encode("utf-16-le", "surrogatepass"), 0, ""
    for slot in sorted(draft.slots, key=lambda one: one.start):
        if slot.start < at or slot.name not in SLOTS:
            continue
        before = _cut(coded, at, slot.start)
        words = _cut(coded, slot.start, slot.end)
        yield "", before, "", None
        yield slot.name, words, before, slot
        at = slot.end
    yield "", _cut(coded, at, len(coded) // 2), before, None


def _cut(coded: bytes, start: int, end: int) -> str:
    return coded[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
