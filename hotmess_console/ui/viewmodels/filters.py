"""What is typed into the filter field: `status:waiting level:2 mine`, everything else are search words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from hotmess_console.domain.people import Staff
from hotmess_console.domain.values import Category, Level, Login, Priority, Status
from hotmess_console.domain.views import QueueFilter, Snooze, Whose

_WORD = re.compile(r'"([^"]*)"?|(\S+)')
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_DUE = re.compile(r"(\d{1,4})(h|min|m)?")
_MOST_MINUTES = 90 * 24 * 60


@dataclass(frozen=True, slots=True)
class Token:
    """One condition that was typed: which field it narrows, to what, and how its chip reads."""

    field: str
    value: object
    words: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line meant: conditions, search words, and a sentence for each condition that means nothing.

    A condition whose name was misspelt has a sentence too, and stands among the search words.
    """

    tokens: tuple[Token, ...] = ()
    text: str = ""
    unknown: tuple[str, ...] = ()


STATUSES: Mapping[str, Status] = {
    "open": Status.OPEN,
    "progress": Status.IN_PROGRESS,
    "in_progress": Status.IN_PROGRESS,
    "waiting": Status.WAITING,
    "resolved": Status.RESOLVED,
    "closed": Status.CLOSED,
}
_STATUS_WORDS = {
    Status.OPEN: "open",
    Status.IN_PROGRESS: "in progress",
    Status.WAITING: "waiting",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
}
_BARE: Mapping[str, Token] = {
    "mine": Token("whose", (Whose.MINE, None), "mine"),
    "unassigned": Token("whose", (Whose.UNASSIGNED, None), "unassigned"),
    "team": Token("whose", (Whose.TEAM, None), "whole team"),
    "overdue": Token("overdue", True, "overdue"),
    "snoozed": Token("snooze", Snooze.SNOOZED, "snoozed"),
}
EXAMPLES = "status:waiting level:2 category:billing priority:high lang:de assignee:@handle due:2h mine overdue"
"""What can be typed, for the field's tip and the cheat sheet."""


def read(typed: str, staff: Staff) -> Typed:
    """Take a typed line apart. Words in double quotes are searched for as they stand, whatever they look like."""
    tokens: list[Token] = []
    text: list[str] = []
    unknown: list[str] = []
    for found in _WORD.finditer(typed):
        quoted, word = found[1], found[2]
        if quoted is not None:
            text.append(quoted)
            continue
        key, colon, value = word.partition(":")
        if not colon and word.casefold() in _BARE:
            tokens.append(_BARE[word.casefold()])
        elif colon and (reader := _READERS.get(key.casefold())):
            made, wrong = _values(value, reader, staff)
            tokens += made
            unknown += wrong
        else:
            text.append(word)
            unknown += _misspelt(key.casefold(), value, word) if colon else []
    return Typed(tuple(dict.fromkeys(tokens)), " ".join(filter(None, text)), tuple(unknown))


_Reader = Callable[[str, Staff], Token | str]


def _misspelt(key: str, value: str, word: str) -> list[str]:
    """What to say of ``stats:open``, which is searched for as it stands: people write colons in their messages too."""
    near = _near(key, _READERS, 0.7) if value and not value.startswith("//") else ""
    return [f"“{word[:30]}” is searched for as words. Did you mean {near}:{value[:20]}?"] if near else []


def _near(word: str, names: Iterable[str], likeness: float = 0.6) -> str:
    from difflib import get_close_matches  # only a mistake needs it; no start waits for it

    return next(iter(get_close_matches(word, list(names), 1, likeness)), "")


def _values(value: str, reader: _Reader, staff: Staff) -> tuple[list[Token], list[str]]:
    """The conditions in ``1,2``, and what to say of those that mean nothing."""
    read_ones = [reader(one.casefold(), staff) for one in value.split(",") if one]
    return [one for one in read_ones if isinstance(one, Token)], [one for one in read_ones if isinstance(one, str)]


def _no(what: str, value: str, known: Iterable[str]) -> str:
    names = list(known)
    near = _near(value, names)
    return f"There is no {what} “{value[:30]}”. " + (f"Did you mean {near}?" if near else f"Try {', '.join(names)}.")


def _status(value: str, staff: Staff) -> Token | str:
    found = STATUSES.get(value)
    return Token("statuses", found, f"status: {_STATUS_WORDS[found]}") if found else _no("status", value, STATUSES)


def _is(value: str, staff: Staff) -> Token | str:
    """``is:unassigned`` and ``is:open``, as other programs write them."""
    if value in _BARE:
        return _BARE[value]
    return _status(value, staff) if value in STATUSES else _no("condition", value, [*_BARE, *STATUSES])


def _category(value: str, staff: Staff) -> Token | str:
    if value in set(Category):
        return Token("categories", Category(value), f"category: {value}")
    return _no("category", value, list(Category))


def _priority(value: str, staff: Staff) -> Token | str:
    if value in set(Priority):
        return Token("priorities", Priority(value), f"priority: {value}")
    return _no("priority", value, list(Priority))


def _level(value: str, staff: Staff) -> Token | str:
    number = value.removeprefix("l")
    if number in {"1", "2", "3"}:
        return Token("levels", Level(int(number)), f"level: L{number}")
    return _no("level", value, ("1", "2", "3"))


def _language(value: str, staff: Staff) -> Token | str:
    if _LANGUAGE.fullmatch(value):
        return Token("languages", value, f"language: {value}")
    return f"“{value[:30]}” is no language code. Try en, de or pt-br."


def _assignee(value: str, staff: Staff) -> Token | str:
    handle = value.removeprefix("@")
    if handle in {"me", "mine"}:
        return _BARE["mine"]
    if handle in {"none", "nobody"}:
        return _BARE["unassigned"]
    found = staff.by_handle(handle)
    if found is None:
        return _no("colleague", handle, sorted(c.handle for c in staff if c.active)[:8])
    return Token("whose", (Whose.COLLEAGUE, found.login), f"assignee: @{found.handle}")


def _due(value: str, staff: Staff) -> Token | str:
    found = _DUE.fullmatch(value)
    if found is None:
        return f"“{value[:30]}” is no time to be due in. Try due:2h or due:30min."
    minutes = int(found[1]) * (1 if found[2] in {"m", "min"} else 60)
    return Token("due_within_minutes", min(minutes, _MOST_MINUTES), f"due in {found[1]} {_unit(found[2])}")


def _unit(typed: str | None) -> str:
    return "min" if typed in {"m", "min"} else "h"


_READERS: Mapping[str, _Reader] = {
    "status": _status,
    "category": _category,
    "priority": _priority,
    "level": _level,
    "lang": _language,
    "language": _language,
    "assignee": _assignee,
    "due": _due,
    "is": _is,
}
_SETS = ("statuses", "categories", "priorities", "levels", "languages")


def applied(view: QueueFilter, tokens: Iterable[Token], text: str = "") -> QueueFilter:
    """Return the view narrowed by what was typed: several values of one field add up, and stand for the view's own."""
    made = view
    for name in _SETS:
        values = frozenset(token.value for token in tokens if token.field == name)
        if values:
            made = replace(made, **{name: values})  # type: ignore[arg-type]
    for token in tokens:
        if token.field == "whose":
            whose, colleague = token.value if isinstance(token.value, tuple) else (Whose.TEAM, None)
            made = replace(made, whose=whose, colleague=_login(colleague))
        elif token.field not in _SETS:
            made = replace(made, **{token.field: token.value})  # type: ignore[arg-type]
    return made.with_text(" ".join(filter(None, (view.text, text))))


def _login(value: object) -> Login | None:
    return None if value is None else Login(str(value))


def added(tokens: tuple[Token, ...], more: Iterable[Token]) -> tuple[Token, ...]:
    """Return the conditions with more of them; of "whose" and the like only the last one counts."""
    made = dict.fromkeys(tokens)
    for token in more:
        if token.field not in _SETS:
            made = {known: None for known in made if known.field != token.field}
        made[token] = None
    return tuple(made)
