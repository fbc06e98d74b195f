"""Templates with typed placeholders: parsed once, filled in one pass, never expanded twice.

Source: manual, "Communication Templates". A placeholder stands in square brackets, as the manual writes it; ``#[ID]``
is filled with the case number and reads ``#HM-10482``. One that is empty keeps the message from being sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.placeholders import SLOTS as SLOTS
from hotmess_console.domain.placeholders import Slot as Slot
from hotmess_console.domain.placeholders import Value, refuse_foreign, rendered
from hotmess_console.domain.placeholders import one_line as one_line
from hotmess_console.domain.values import Login, TemplateId

_SLOT = re.compile(r"\[([^\[\]\n]{1,60})\]")
_BRACKET = re.compile(_SLOT.pattern + r"|\[")
_FOREIGN = "-currency"


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
class TemplateVersion:
    """The words of one version, current or former, and who saved them when."""

    version: int
    subject: str
    body: str
    saved_by: Login
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a filled template: words as they stand (`slot` is empty), or a placeholder and its value, if any."""

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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template's text, and where; line and column count from 1."""

    line: int
    column: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.words}"


def problems(body: str) -> tuple[Problem, ...]:
    """Return every bracket in a template that opens no known placeholder, in order."""
    return tuple(
        Problem(number, found.start() + 1, _wrong(found[1]))
        for number, line in enumerate(body.split("\n"), 1)
        for found in _BRACKET.finditer(line)
        if found[1] not in SLOTS
    )


def check(body: str) -> None:
    """Raise BadInput, with line and column, when a template's text has a bracket that is no known placeholder."""
    found = problems(body)
    if found:
        more = f" There are {len(found) - 1} more like it." if len(found) > 1 else ""
        raise BadInput(f"{found[0]}{more}", hint=f"Known ones are {', '.join(f'[{name}]' for name in SLOTS)}.")


def _wrong(name: str | None) -> str:
    if name is None:
        return "this bracket is never closed; for a remark use round ones."
    spelt = {known.casefold(): known for known in SLOTS}
    from difflib import get_close_matches  # only a mistake needs it; no start waits for it

    near = get_close_matches(name.strip().casefold(), spelt, 1)
    return f"“[{name}]” is no placeholder{f'; did you mean [{spelt[near[0]]}]?' if near else '.'}"


def fill(template: Template, values: Mapping[str, Value]) -> Filled:
    """Return the body with `values` by placeholder name. One pass: brackets inside a value are the value's own.

    Raises BadInput when an amount in another currency would stand behind a printed pound sign.
    """
    return Filled(tuple(_segments(template.body, values)))


def _segments(body: str, values: Mapping[str, Value]) -> Iterator[Segment]:
    end = 0
    for found in _SLOT.finditer(body):
        name = found[1]
        if name not in SLOTS:
            continue
        before = body[end : found.start()]
        if before:
            yield Segment(before)
        yield _filled(name, values.get(name, ""), before)
        end = found.end()
    if end < len(body):
        yield Segment(body[end:])


def _filled(name: str, value: Value, before: str) -> Segment:
    refuse_foreign(before, value)
    words = rendered(name, value)
    # What only looks empty (blanks, joiners) counts as empty: nobody is addressed as "Hi ,".
    filled = any(char.isprintable() and not char.isspace() for char in words)
    return Segment(words if filled else name, name, filled)


def empty_slots(text: str) -> tuple[str, ...]:
    """Return the placeholders that still stand in a text that somebody is writing, each once, in order."""
    return tuple(dict.fromkeys(f[1] for f in _SLOT.finditer(text) if f[1] in SLOTS))


def best(templates: Iterable[Template], id: TemplateId, language: str) -> Template | None:
    """Return the version of template `id` in `language`, or else in English, or else none."""
    of_id = {t.language: t for t in templates if t.id == id}
    return of_id.get(language) or of_id.get(language.partition("-")[0]) or of_id.get("en")


def best_for_currency(templates: Iterable[Template], id: TemplateId, language: str, currency: str) -> Template | None:
    """Return `best`, but the variant that prints the currency's code for any but pounds; None where there is none."""
    return best(templates, id if currency == "GBP" else TemplateId(f"{id}{_FOREIGN}"), language)
