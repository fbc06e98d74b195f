"""The audit in words: what was typed to narrow it, each step, each change of a row, and a case as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotmess_console.domain.people import Staff
from hotmess_console.domain.safe_text import clean_line
from hotmess_console.domain.trail import Deed, Step, Then, TrailEntry, TrailFilter
from hotmess_console.domain.values import Login
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.history_words import Teller, words_of

EXAMPLES = "by:@handle case:HM-10482 did:ticket.claim action:read about:templates from:2026-11-01 to:2026-11-23 today"
"""What can be typed, for the field's tip."""
_NUMBER = re.compile(r"(?:hm-?)?(\d{1,18})", re.IGNORECASE)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ICONS = {Deed.INSERT: "plus", Deed.UPDATE: "pencil", Deed.DELETE: "trash-2", Deed.READ: "eye"}
_DONE = {Deed.INSERT: "Added", Deed.UPDATE: "Changed", Deed.DELETE: "Deleted", Deed.READ: "Looked at"}
_UNKEPT = "changed; the audit does not repeat what it says"
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class TypedTrail:
    """What a line meant, and a sentence for each part of it that means nothing."""

    wanted: TrailFilter
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the list."""

    title: str
    detail: str
    icon: str
    day: str


def read(typed: str, staff: Staff, now: datetime, zone: ZoneInfo) -> TypedTrail:
    """Take a typed line apart: every word is a condition, and they hold together."""
    wanted, unknown = TrailFilter(), []
    for word in typed.split():
        key, colon, value = word.partition(":")
        if word.casefold() == "today":
            start = _midnight(now.astimezone(zone).date(), zone)
            wanted = replace(wanted, since=start, until=start + timedelta(days=1))
            continue
        reader = _READERS.get(key.casefold()) if colon and value else None
        found = _NO_READER if reader is None else reader(value, staff, zone)
        if isinstance(found, str):
            unknown.append(found.format(clean_line(word, 30)))
        else:
            wanted = replace(wanted, **found)
    return TypedTrail(wanted, tuple(unknown))


_NO_READER = "“{}” narrows nothing here. Use by: case: did: action: about: from: to: or today."
_Found = Mapping[str, Any] | str


def _by(value: str, staff: Staff, zone: ZoneInfo) -> _Found:
    handle = value.removeprefix("@").casefold()
    known = next((c for c in staff if c.handle.casefold() == handle or c.login == value), None)
    # a login that is at no desk is looked for as it is written: whoever installed the console, or somebody long gone
    return {"actor": known.login if known is not None else Login(value.removeprefix("@"))}


def _case(value: str, staff: Staff, zone: ZoneInfo) -> _Found:
    found = _NUMBER.fullmatch(value)
    return {"number": int(found[1])} if found else "“{}” is no case number. Try case:HM-10482."


def _action(value: str, staff: Staff, zone: ZoneInfo) -> _Found:
    if value.casefold() in set(Deed):
        return {"deed": Deed(value.casefold())}
    return "“{}” is no kind of entry. Try action:insert, update, delete or read."


def _since(value: str, staff: Staff, zone: ZoneInfo) -> _Found:
    return _from_date(value, "since", zone, 0)


def _until(value: str, staff: Staff, zone: ZoneInfo) -> _Found:
    return _from_date(value, "until", zone, 1)


def _from_date(value: str, which: str, zone: ZoneInfo, days: int) -> _Found:
    try:
        return {which: _midnight(date.fromisoformat(value) + timedelta(days=days), zone)}
    except (ValueError, OverflowError):
        return "“{}” is no date. Write it as 2026-11-23."


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


_READERS: Mapping[str, Callable[[str, Staff, ZoneInfo], _Found]] = {
    "by": _by,
    "case": _case,
    "did": lambda value, _staff, _zone: {"did": value.casefold()},
    "action": _action,
    "about": lambda value, _staff, _zone: {"subject": value},
    "from": _since,
    "to": _until,
}


def step_row(step: Step, teller: Teller) -> StepRow:
    """Return the row of a step: what was done, to which cases, by whom and when."""
    entry = step.entry
    if step.did is not None:
        line = words_of(step.did, teller)
        title, icon = line.title, line.icon
    else:
        title, icon = f"{_DONE[entry.deed]}: {_table(entry.relation)}", _ICONS[entry.deed]
    told = (when.clock_time(entry.at, teller.zone), who(entry.actor, teller), cases_words(step.numbers))
    return StepRow(title, " · ".join(filter(None, told)), icon, when.day(entry.at, teller.now, teller.zone))


def who(login: Login, teller: Teller) -> str:
    """Return a colleague's name; of a login that is at no desk, the login itself: an audit guesses nothing."""
    known = teller.staff.get(login)
    return clean_line(known.name, 60) if known is not None else clean_line(str(login), 60)


def cases_words(numbers: Sequence[int]) -> str:
    """Return "HM-10482", "HM-10482, HM-10483", or the first one "and more"."""
    names = [f"HM-{number}" for number in numbers]
    return ", ".join(names) if len(names) <= 2 else f"{names[0]} and more"


def facts_of(step: Step, teller: Teller) -> list[tuple[str, str]]:
    """Return who, when, from where and whether it is sealed."""
    entry = step.entry
    name, login = who(entry.actor, teller), clean_line(str(entry.actor), 60)
    facts = [("By", name if name == login else f"{name} ({login})"), ("At", when.full(entry.at, teller.zone))]
    facts.append(("From", entry.client or "the database's own machine"))
    if step.did is not None:
        facts.append(("Command", f"{step.did.name} · {entry.command}"))
    facts.append(("Entry", f"{entry.id:,}, {'sealed' if entry.sealed else 'not sealed yet'}"))
    return facts


def entry_words(entry: TrailEntry, teller: Teller) -> tuple[str, list[tuple[str, str]]]:
    """Return the heading of an entry and its columns: what each was and became."""
    about = f"HM-{entry.number}" if entry.number is not None else clean_line(entry.subject, 60)
    heading = f"{_DONE[entry.deed]} in {_table(entry.relation)} · {about}"
    shown = sorted((name, value) for name, value in entry.detail.items() if name not in _DERIVED)
    return heading, [(_column(name), _change(value, entry.deed, teller)) for name, value in shown]


def _change(value: Any, deed: Deed, teller: Teller) -> str:
    if deed is not Deed.UPDATE:
        return _value(value, teller)
    if isinstance(value, list) and len(value) == 2:
        return f"{_value(value[0], teller)} → {_value(value[1], teller)}"
    return _UNKEPT


def _value(value: Any, teller: Teller) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and _STAMP.match(value):
        try:
            return when.full(datetime.fromisoformat(value), teller.zone)
        except ValueError:
            return clean_line(value, _LONGEST)
    if isinstance(value, str) and (known := teller.staff.get(Login(value))) is not None:
        return clean_line(known.name, 60)
    return clean_line(value if isinstance(value, str) else str(value), _LONGEST)


def _column(name: str) -> str:
    return clean_line(name.replace("_", " "), 40).capitalize()


def _table(name: str) -> str:
    return clean_line(name.replace("_", " "), 40)


_DERIVED = frozenset({"rank_at", "changed_at", "changed_by", "xact"})
"""Columns that the database works out by itself from what is shown."""
_SHOWN = {
    "status": "Status",
    "priority": "Priority",
    "category": "Category",
    "level": "Level",
    "assignee": "Assignee",
    "due_at": "Due",
    "paused_at": "Clock paused",
    "snoozed_until": "Snoozed until",
    "opened_at": "Opened",
    "resolved_at": "Resolved",
    "language": "Language",
    "guarded": "Safety case",
    "version": "Version",
}


def then_facts(then: Then, teller: Teller) -> list[tuple[str, str]]:
    """Return the state of the case as it was, what was empty left out."""
    shown = [(words, then.values[name]) for name, words in _SHOWN.items() if then.values.get(name) not in (None, "")]
    return [(words, _value(value, teller).replace("_", " ")) for words, value in shown]
