"""Templates with typed placeholders: parsed once, filled in one pass, never expanded twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import TemplateId

_SLOT = re.compile(r"\[([^\[\]\n]{1,60})\]")
_LONGEST_LINE = 300


class Slot(StrEnum):
    """What kind of value a placeholder takes; `FREE` ones are written by the person, the others come from the case."""

    NAME = "name"
    SUBJECT = "subject"
    NUMBER = "number"
    TIMEFRAME = "timeframe"
    AMOUNT = "amount"
    CURRENCY = "currency"
    FREE = "free text"


SLOTS: dict[str, Slot] = {
    "Name": Slot.NAME,
    "subject": Slot.SUBJECT,
    "ID": Slot.NUMBER,
    "timeframe": Slot.TIMEFRAME,
    "amount": Slot.AMOUNT,
    "currency": Slot.CURRENCY,
    "Details of resolution": Slot.FREE,
    "Specific violation": Slot.FREE,
    "Period or Permanent": Slot.FREE,
    "details": Slot.FREE,
    "next step": Slot.FREE,
    "link": Slot.FREE,
}
"""Every placeholder that a template may use, as the manual writes them between square brackets."""


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template in one language."""

    id: TemplateId
    name: str
    area: str
    language: str
    version: int
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a filled template: words as they stand (`slot` is empty), or a placeholder with its value, if any."""

    text: str
    slot: str = ""
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with the values of one case in it."""

    segments: tuple[Segment, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Placeholders that still have no value, each once, in order."""
        return tuple(dict.fromkeys(s.slot for s in self.segments if not s.filled))

    def text(self) -> str:
        """Return the finished text. Raises BadInput while a placeholder is empty: such a message is never sent."""
        if self.missing:
            raise BadInput(
                f"These placeholders are empty: {', '.join(self.missing)}.",
                hint="Press Tab to go to each and fill it.",
            )
        return "".join(s.text for s in self.segments)

    def preview(self) -> str:
        """Return the text with empty placeholders still in their brackets."""
        return "".join(s.text if s.filled else f"[{s.slot}]" for s in self.segments)


def check(body: str) -> None:
    """Raise BadInput, with line and column, for the first bracket in a template that is no known placeholder."""
    for number, line in enumerate(body.splitlines(), 1):
        for found in _SLOT.finditer(line):
            if found[1] not in SLOTS:
                raise BadInput(
                    f"Line {number}, column {found.start() + 1}: “[{found[1]}]” is no placeholder.",
                    hint=f"Known ones are {', '.join(f'[{name}]' for name in SLOTS)}.",
                )


def fill(template: Template, values: Mapping[str, str]) -> Filled:
    """Return the body with `values` by placeholder name. One pass: brackets inside a value are the value's own."""
    return Filled(tuple(_segments(template.body, values)))


def _segments(body: str, values: Mapping[str, str]) -> Iterable[Segment]:
    end = 0
    for found in _SLOT.finditer(body):
        if found[1] not in SLOTS:
            continue
        if found.start() > end:
            yield Segment(body[end : found.start()])
        value = one_line(values.get(found[1], "")) if SLOTS[found[1]] is not Slot.FREE else values.get(found[1], "")
        yield Segment(value or found[1], found[1], bool(value.strip()))
        end = found.end()
    if end < len(body):
        yield Segment(body[end:])


def one_line(value: str) -> str:
    """Return `value` on one line without control characters, at most 300 characters: safe in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:_LONGEST_LINE]


def empty_slots(text: str) -> tuple[str, ...]:
    """Return the placeholders that still stand in a text that somebody is writing, each once, in order."""
    return tuple(dict.fromkeys(f[1] for f in _SLOT.finditer(text) if f[1] in SLOTS))


def best(templates: Iterable[Template], id: TemplateId, language: str) -> Template | None:
    """Return the version of template `id` in `language`, or else in English, or else none."""
    of_id = {t.language: t for t in templates if t.id == id}
    return of_id.get(language) or of_id.get(language.partition("-")[0]) or of_id.get("en")
