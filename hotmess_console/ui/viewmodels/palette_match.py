"""Which entries of the palette a few typed letters mean, best first, and which letters to light up."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from hotmess_console.domain.safe_text import clean_line

TITLE_LIMIT, DETAIL_LIMIT, QUERY_LIMIT = 120, 60, 80
_TYPO_AT = 78.0
"""From this likeness (of 100) on, a word counts as mistyped rather than as another word."""
_LONGEST_SHORTHAND = 12
_SHORTEST_TYPO, _SHORTEST_WORD = 4, 3
"""Fewer letters than these stand in too many words to mean one of them."""
_MOST_WORDS = 12
_GUESS, _MOST_GUESSES = 100.0, 20
"""Up to this score the word was mistyped; so many guesses are shown."""
_OFF = 60
"""What cannot be done now stands below what can, unless it fits much better."""
MOST_OF_SECTION = 4
MORE = "More"
_KEPT = 64
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette. Its texts are cleaned when it is made, since some were written by strangers.

    `does` is what choosing it means to whoever made the entry. `why_not` says why it cannot be chosen now.
    """

    title: str
    does: Any
    section: str = ""
    detail: str = ""
    keys: str = ""
    icon: str = ""
    words: str = ""
    """More to find it by: never shown."""
    why_not: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean_line(self.title, TITLE_LIMIT))
        object.__setattr__(self, "detail", clean_line(self.detail, DETAIL_LIMIT))
        object.__setattr__(self, "why_not", clean_line(self.why_not, TITLE_LIMIT))


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that matches, how well (higher is better), and the letters of its title to light up."""

    entry: Entry
    score: float
    spans: tuple[Span, ...] = ()
    over: bool = False
    """Whether its section has shown enough, so that it stands under `MORE`."""

    @property
    def section(self) -> str:
        """The heading that it stands under."""
        return MORE if self.over else self.entry.section


class Matcher:
    """Finds entries by typed letters; the last answers are kept, so that deleting a letter costs nothing."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._folded = [(_fold(entry.title), _fold(f"{entry.words} {entry.detail}")) for entry in self.entries]
        self._sections = tuple(dict.fromkeys(entry.section for entry in self.entries))
        self._kept: OrderedDict[str, tuple[Hit, ...]] = OrderedDict()

    def find(self, query: str) -> tuple[Hit, ...]:
        """Return what `query` means, best first within each section; everything in its own order for nothing typed."""
        wanted = " ".join(_fold(clean_line(query, QUERY_LIMIT)).split())
        if wanted not in self._kept:
            self._kept[wanted] = self._search(wanted)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(wanted)
        return self._kept[wanted]

    def _section_place(self, hit: Hit) -> int:
        return self._sections.index(hit.entry.section)

    def _search(self, wanted: str) -> tuple[Hit, ...]:
        if not wanted:
            usable_first = sorted(self.entries, key=lambda entry: bool(entry.why_not))
            return in_sections(sorted((Hit(entry, 0.0) for entry in usable_first), key=self._section_place))
        tokens = wanted.split()
        scored = [
            (score, score - (_OFF if entry.why_not else 0), entry, title)
            for entry, (title, words) in zip(self.entries, self._folded, strict=True)
            if (score := _score(wanted, tokens, title, words)) > 0
        ]
        scored.sort(key=lambda found: -found[1])
        guesses = [found for found in scored if found[0] <= _GUESS][_MOST_GUESSES:]
        too_many = {id(entry) for _sure, _rank, entry, _title in guesses}
        return in_sections(
            Hit(entry, rank, spans_of(title, tokens))
            for _sure, rank, entry, title in scored
            if id(entry) not in too_many
        )


def in_sections(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return the hits with each section in one piece, in the order in which the sections first appear."""
    by_section: dict[str, list[Hit]] = {}
    for hit in hits:
        by_section.setdefault(hit.entry.section, []).append(hit)
    return tuple(hit for section in by_section.values() for hit in section)


def with_more(hits: Iterable[Hit], most: int = MOST_OF_SECTION) -> tuple[Hit, ...]:
    """Return the best of each section first, and what is over at the end under `MORE`, so that all are in sight."""
    shown: dict[str, list[Hit]] = {}
    over: list[Hit] = []
    for hit in hits:
        section = shown.setdefault(hit.entry.section, [])
        if len(section) < most:
            section.append(hit)
        else:
            over.append(replace(hit, over=True))
    return (*(hit for section in shown.values() for hit in section), *over)


def as_found(entry: Entry, query: str) -> Hit:
    """Return an entry that somebody else found for `query`, with the letters lit that do stand in its title."""
    return Hit(entry, 0.0, spans_of(_fold(entry.title), _fold(clean_line(query, QUERY_LIMIT)).split()))


def _fold(text: str) -> str:
    """Lower case with as many letters as before, so that places in it are places in the original."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _score(wanted: str, tokens: list[str], title: str, words: str) -> float:
    """How well the title or the other words mean what was typed; 0 for not at all."""
    if title.startswith(wanted):
        return 400 - len(title) / 100
    if all(_begins_word(token, title) for token in tokens):
        return 300 - len(title) / 100
    if all(token in title for token in tokens):
        return 200 - len(title) / 100
    if all(token in title or (len(token) >= _SHORTEST_WORD and _begins_word(token, words)) for token in tokens):
        return 150 - len(title) / 100
    if 2 <= len(wanted) <= _LONGEST_SHORTHAND and _shorthand(title, wanted.replace(" ", "")):
        return 140 - len(title) / 100
    if len(wanted) < _SHORTEST_TYPO:
        return 0.0
    likeness = min(_likeness(token, title) for token in tokens)
    return likeness if likeness >= _TYPO_AT else 0.0


def _begins_word(token: str, text: str) -> bool:
    return text.startswith(token) or f" {token}" in text


def _shorthand(title: str, token: str) -> tuple[int, ...]:
    """Return the places of the letters in the title when each goes on a word or begins a later one, else nothing."""
    starts = [at for at, letter in enumerate(title) if letter.isalnum() and (at == 0 or not title[at - 1].isalnum())][
        :_MOST_WORDS
    ]

    hopeless: set[Span] = set()  # without this a stranger's "a a a a…" would take for ever

    def rest(wanted: int, after: int) -> tuple[int, ...] | None:
        if wanted == len(token):
            return ()
        if (wanted, after) in hopeless:
            return None
        nexts = (after + 1, *(at for at in starts if at > after + 1)) if wanted else starts
        for at in nexts:
            if at < len(title) and title[at] == token[wanted] and (more := rest(wanted + 1, at)) is not None:
                return (at, *more)
        hopeless.add((wanted, after))
        return None

    return rest(0, -1) or ()


def _likeness(token: str, title: str) -> float:
    """How like the best word of the title is to what was typed, or to as much of it as was typed."""
    if token in title:
        return 100.0
    if len(token) < _SHORTEST_TYPO:
        return 0.0
    return max((_word_likeness(token, word) for word in title.split()), default=0.0)


@lru_cache(maxsize=8192)
def _word_likeness(token: str, word: str) -> float:
    """How like the word, or as much of it as was typed, is to the token: 0 to 100. The same words come again."""
    return fuzz.ratio(token, word[: len(token) + 1])


def spans_of(title: str, tokens: list[str]) -> tuple[Span, ...]:
    """Return where in the folded title the typed letters stand, in order and without overlap."""
    found: list[Span] = []
    for token in tokens:
        found += _places(title, token)
    return _merged(found)


def _places(title: str, token: str) -> list[Span]:
    at = 0 if title.startswith(token) else title.find(f" {token}") + 1
    if at > 0 or title.startswith(token):
        return [(at, at + len(token))]
    if (at := title.find(token)) >= 0:
        return [(at, at + len(token))]
    word, start = _likest_word(title, token)
    if word and _word_likeness(token, word) >= _TYPO_AT:
        blocks = Indel.editops(token, word[: len(token) + 1]).as_matching_blocks()
        return [(start + block.b, start + block.b + block.size) for block in blocks if block.size]
    if len(token) > _LONGEST_SHORTHAND:
        return []
    return [(at, at + 1) for at in _shorthand(title, token)]


def _likest_word(title: str, token: str) -> tuple[str, int]:
    best, start, at = ("", 0), 0.0, 0
    for word in title.split(" "):
        if (likeness := _word_likeness(token, word)) > start:
            best, start = (word, at), likeness
        at += len(word) + 1
    return best


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
