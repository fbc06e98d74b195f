"""Reads tickets from a CSV file row by row, and says of every row that cannot go in why not."""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from hotmess_console.domain.csv_records import Broken, Record, cells, records
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category

REQUIRED_COLUMNS = ("subject", "message", "category", "language")
OPTIONAL_COLUMNS = ("email",)
MAX_CELL_CHARACTERS = 100_000
"""The longest text that a ticket may carry; the database takes more, people and windows do not."""

UNANSWERABLE_DOMAIN = "import.invalid"
_MAX_ROW_BYTES = 4 * 1024 * 1024
_SUBJECT_FROM_MESSAGE = 80
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"\\\x00-\x1f\x7f]+@[^@\s<>()\[\],;:\"\\\x00-\x1f\x7f]+")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ImportedTicket:
    """One row that can go in. `line` and `last_line` are the physical lines it covers, counted from 1."""

    line: int
    last_line: int
    subject: str
    message: str
    category: Category
    language: str
    """A language tag such as ``de`` or ``en-IN``; ``und`` when the cell is empty."""
    email: str | None
    key: str
    """64 hex digits, the same whenever the same row is read; the n-th of identical rows has its own."""

    @property
    def answerable(self) -> bool:
        """Whether the row names an address to which a reply can be sent (decision 17)."""
        return self.email is not None

    @property
    def address(self) -> str:
        """The row's e-mail address, or one under ``import.invalid`` that nothing is ever sent to."""
        return self.email or f"{self.key[:16]}@{UNANSWERABLE_DOMAIN}"


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot go in: its physical lines, counted from 1, and the reason in words for a person."""

    line: int
    last_line: int
    reason: str


def read_tickets(source: BinaryIO | bytes) -> Iterator[ImportedTicket | BadRow]:
    """The rows of a ticket file, in order, read as they are asked for.

    The header is read at once. Columns may come in any order and any case; unknown ones are ignored.
    Raises `BadInput` when the file is empty, is not UTF-8 text, or lacks a required column.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    found = records(stream)
    columns = _columns(next(found, None))
    return _rows(found, columns)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each known column stands, and how many there are in all."""

    place: dict[str, int]
    width: int


def _columns(header: Record | Broken | None) -> _Columns:
    if header is None:
        raise BadInput("The file is empty.", hint=f"Its first line names the columns: {', '.join(REQUIRED_COLUMNS)}.")
    if isinstance(header, Broken):
        raise BadInput(f"The first line, which names the columns, cannot be read. {header.reason}")
    names = [name.strip().casefold() for name in cells(_header_text(header.raw))]
    _check_header(names)
    known = REQUIRED_COLUMNS + OPTIONAL_COLUMNS
    return _Columns({name: names.index(name) for name in known if name in names}, len(names))


def _header_text(raw: bytes) -> str:
    if raw.startswith(_UTF16_MARKS) or b"\x00" in raw:
        raise BadInput("The file is not UTF-8 text; it looks like UTF-16.", hint=_SAVE_AS_UTF8)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BadInput("The first line, which names the columns, is not UTF-8 text.", hint=_SAVE_AS_UTF8) from None


def _check_header(names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise BadInput(_missing_words(missing, names), hint=_missing_hint(names))
    twice = [name for name in REQUIRED_COLUMNS + OPTIONAL_COLUMNS if names.count(name) > 1]
    if twice:
        raise BadInput(f"The column “{twice[0]}” is there twice.", hint="Rename or remove one of the two.")


def _missing_words(missing: Sequence[str], names: Sequence[str]) -> str:
    one_of = [_with_nearest(name, names) for name in missing]
    return f"The file lacks the column{'s' if len(missing) > 1 else ''} {', '.join(one_of)}."


def _with_nearest(name: str, names: Sequence[str]) -> str:
    spare = [other[:40] for other in names if other not in REQUIRED_COLUMNS]
    near = difflib.get_close_matches(name, spare, n=1)
    return f"“{name}” (did you mean that by “{near[0]}”?)" if near else f"“{name}”"


def _missing_hint(names: Sequence[str]) -> str:
    wanted = f"The first line must name the columns {', '.join(REQUIRED_COLUMNS)}, and may name email."
    if len(names) == 1 and re.search(r"[;\t|]", names[0]):
        return f"The columns must be parted by commas. {wanted}"
    return wanted


def _rows(found: Iterator[Record | Broken], columns: _Columns) -> Iterator[ImportedTicket | BadRow]:
    seen: Counter[str] = Counter()
    for record in found:
        if isinstance(record, Broken):
            yield BadRow(record.line, record.last_line, record.reason)
        else:
            yield _row(record, columns, seen)


def _row(record: Record, columns: _Columns, seen: Counter[str]) -> ImportedTicket | BadRow:
    try:
        return _ticket(record, _values(record.raw, columns), seen)
    except BadInput as refusal:
        return BadRow(record.line, record.last_line, str(refusal))


def _values(raw: bytes, columns: _Columns) -> dict[str, str]:
    row = cells(_row_text(raw))
    needed = 1 + max(columns.place[name] for name in REQUIRED_COLUMNS)
    if len(row) < needed:
        raise BadInput(f"The row has {_count(len(row), 'cell')}, the header names {_count(columns.width, 'column')}.")
    if any(cell.strip() for cell in row[columns.width :]):
        raise BadInput(
            f"The row has {_count(len(row), 'cell')}, the header names {_count(columns.width, 'column')}. "
            "A text with a comma in it needs quotation marks around it."
        )
    values = {name: row[place] if place < len(row) else "" for name, place in columns.place.items()}
    for name, value in values.items():
        if len(value) > MAX_CELL_CHARACTERS:
            raise BadInput(f"The {name} is too long: {len(value):,} characters, at most {MAX_CELL_CHARACTERS:,}.")
    return values


def _row_text(raw: bytes) -> str:
    if len(raw) > _MAX_ROW_BYTES:
        raise BadInput(
            f"The row is too long: {len(raw):,} bytes; a cell has at most {MAX_CELL_CHARACTERS:,} characters."
        )
    if b"\x00" in raw:
        raise BadInput(_NUL)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise BadInput(
            f"The row is not UTF-8 text: byte 0x{byte:02X} at position {error.start + 1}. {_SAVE_AS_UTF8}"
        ) from None


def _ticket(record: Record, values: dict[str, str], seen: Counter[str]) -> ImportedTicket:
    message = _text(values["message"])
    if not message:
        raise BadInput("The message is empty.")
    subject = " ".join(_text(values["subject"]).split()) or _subject_from(message)
    category = _category(values["category"])
    language = _language(values["language"])
    email = _email(values.get("email", ""))
    identity = _digest(subject, message, category.value, language.casefold(), (email or "").casefold())
    seen[identity] += 1
    key = _digest(identity, str(seen[identity]))
    return ImportedTicket(record.line, record.last_line, subject, message, category, language, email, key)


def _text(cell: str) -> str:
    """The cell with one kind of line end and one spelling of each letter: re-saving changes nothing."""
    return unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _subject_from(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= _SUBJECT_FROM_MESSAGE else line[: _SUBJECT_FROM_MESSAGE - 1].rstrip() + "…"


def _category(cell: str) -> Category:
    try:
        return Category(cell.strip().casefold())
    except ValueError:
        valid = ", ".join(Category)
        what = f"“{_shown(cell)}” is not a category" if cell.strip() else "The category is empty"
        raise BadInput(f"{what}; the categories are {valid}.") from None


def _language(cell: str) -> str:
    tag = cell.strip().replace("_", "-") or "und"
    if not _LANGUAGE.fullmatch(tag):
        raise BadInput(f"“{_shown(cell)}” is not a language; write it like en, de or pt-BR.")
    return tag


def _email(cell: str) -> str | None:
    address = cell.strip()
    if not address:
        return None
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise BadInput(f"“{_shown(cell)}” is not an e-mail address; leave the cell empty when there is none.")
    return address


def _shown(cell: str) -> str:
    """What the cell says, short and on one line, with nothing in it that could disturb a list of reasons."""
    plain = "".join(letter if letter.isprintable() else "·" for letter in cell.strip()[:41])
    return plain if len(plain) <= 40 else plain[:40] + "…"


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_SAVE_AS_UTF8 = "Save the file as UTF-8 and import it again; what is already in is not added twice."
_NUL = "The row holds NUL bytes, as UTF-16 text or damaged files do. " + _SAVE_AS_UTF8
