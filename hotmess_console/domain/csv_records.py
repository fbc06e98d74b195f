"""Splits the bytes of a CSV file into records, never losing a line and never trusting a quotation mark."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_LINE_BYTES = 32 * 1024 * 1024
"""A physical line longer than this is reported and skipped to its end."""

MAX_RECORD_BYTES = 32 * 1024 * 1024
"""How far an open quotation mark is followed before it counts as never closed."""

REREAD_BYTES = 64 * 1024 * 1024
"""How much of a file may be read a second time after broken quoting: keeps a hostile file linear."""

_REREAD_LINE_COST = 100  # a line costs time however short it is
_BOM = b"\xef\xbb\xbf"
_LONE_CR = re.compile(rb"\r(?!\n)")
_QUOTED = re.compile(rb'[^"]*+(?:""[^"]*+)*+')
_COMMA = ord(",")
_CELL = re.compile(r'(?:"([^"]*+(?:""[^"]*+)*+)"|([^,]*+))(,|\Z)')


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its raw bytes without the closing line end, and the physical lines it covers (from 1)."""

    line: int
    last_line: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Lines that are no record, and why, in words for a person."""

    line: int
    last_line: int
    reason: str


def records(stream: BinaryIO) -> Iterator[Record | Broken]:
    """Every record of the stream in order; blank lines are passed over.

    A quotation mark that is never closed, or closed in the middle of a cell, costs only the line on which
    it was opened: reading goes on with the next physical line, so no good row disappears behind a bad one.
    """
    return iter(_Scanner(stream))


def cells(text: str) -> list[str]:
    """The cells of one record that `records` has found well formed; doubled quotation marks are undone."""
    found: list[str] = []
    for match in _CELL.finditer(text):
        quoted, plain, end = match.groups()
        found.append(plain if quoted is None else quoted.replace('""', '"'))
        if not end:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    text: bytes | None  # None: longer than MAX_LINE_BYTES
    end: bytes
    number: int


def _physical_lines(stream: BinaryIO) -> Iterator[_Line]:
    """Lines ended by LF, CRLF or a lone CR (old spreadsheets write those), without a byte order mark."""
    number = 0
    for chunk in _chunks(stream):
        if len(chunk) >= MAX_LINE_BYTES - 1 and not chunk.endswith(b"\n"):
            number += 1
            _skip_line(stream)
            yield _Line(None, b"\n", number)
            continue
        for text, end in _split_at_lone_cr(chunk):
            number += 1
            yield _Line(text, end, number)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """What stands up to each LF. The second half of a UTF-16 line end is dropped from the start of the next
    line, which may itself be good."""
    before = stream.readline(MAX_LINE_BYTES).removeprefix(_BOM)
    yield before
    while chunk := stream.readline(MAX_LINE_BYTES):
        before = chunk.removeprefix(b"\x00") if b"\x00" in before else chunk
        yield before


def _split_at_lone_cr(chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
    body, end = _without_end(chunk)
    start = 0
    if b"\x00" not in body:  # in UTF-16 text the CR of a CRLF looks alone
        for cut in _LONE_CR.finditer(body):
            yield body[start : cut.start()], b"\r"
            start = cut.end()
    if start < len(body) or end:
        yield body[start:], end


def _without_end(chunk: bytes) -> tuple[bytes, bytes]:
    for end in (b"\r\n", b"\n"):
        if chunk.endswith(end):
            return chunk[: -len(end)], end
    return chunk, b""


def _skip_line(stream: BinaryIO) -> None:
    while chunk := stream.readline(io.DEFAULT_BUFFER_SIZE):
        if chunk.endswith(b"\n"):
            return


def _stays_open(text: bytes, inside: bool) -> bool | None:
    """Whether a quoted cell is open after this line; None when a quotation mark stands where none may."""
    position = 0
    while True:
        if not inside:
            opening = _next_quoted(text, position)
            if opening is None:
                return False
            position = opening + 1
        closing = _end_of_quoted(text, position)
        if closing == len(text):
            return True
        position, inside = closing + 1, False
        if position == len(text):
            return False
        if text[position] != _COMMA:
            return None


def _next_quoted(text: bytes, position: int) -> int | None:
    """Where the next quoted cell opens; within a bare cell a quotation mark is plain text."""
    if position == 0 and text.startswith(b'"'):
        return 0
    comma = text.find(b',"', position)
    return None if comma < 0 else comma + 1


def _end_of_quoted(text: bytes, start: int) -> int:
    """Where the quotation mark stands that closes the cell whose text begins at `start`; the end if none does."""
    found = _QUOTED.match(text, start)
    return found.end() if found else start


class _Scanner:
    """Joins physical lines to records, and gives lines back when a record turns out to be none."""

    def __init__(self, stream: BinaryIO) -> None:
        self._fresh = _physical_lines(stream)
        self._returned: deque[_Line] = deque()
        self._patience = REREAD_BYTES

    def __iter__(self) -> Iterator[Record | Broken]:
        while (line := self._next()) is not None:
            if line.text is None:
                limit = MAX_LINE_BYTES // (1024 * 1024)
                yield Broken(line.number, line.number, f"This line is too long: more than {limit} MB.")
            elif line.text.strip():
                yield self._record(line, line.text)

    def _next(self) -> _Line | None:
        return self._returned.popleft() if self._returned else next(self._fresh, None)

    def _record(self, first: _Line, text: bytes) -> Record | Broken:
        state = _stays_open(text, inside=False)
        if state is None:
            return Broken(first.number, first.number, _MISPLACED)
        if not state:
            return Record(first.number, first.number, text)
        return self._follow_quote(first, text)

    def _follow_quote(self, first: _Line, text: bytes) -> Record | Broken:
        """Reads on until the quoted cell and its record end; otherwise gives all but the first line back."""
        parts, taken = [text, first.end], []
        room = min(MAX_RECORD_BYTES, self._patience) - len(text)
        while room > 0 and (line := self._next()) is not None:
            taken.append(line)
            if line.text is None or (state := _stays_open(line.text, inside=True)) is None:
                return self._give_back(first, taken, f"{_UNCLOSED} before line {line.number}, {_WHERE_NEXT}")
            parts.append(line.text)
            if not state:
                return Record(first.number, line.number, b"".join(parts))
            parts.append(line.end)
            room -= len(line.text) + len(line.end)
        return self._give_back(first, taken, f"{_UNCLOSED}. {_ADVICE}")

    def _give_back(self, first: _Line, taken: list[_Line], reason: str) -> Broken:
        self._returned.extendleft(reversed(taken))
        self._patience -= sum(len(line.text or b"") + _REREAD_LINE_COST for line in taken)
        return Broken(first.number, first.number, reason)


_ADVICE = "Put one at the end of the text, and write two for each one inside it."
_MISPLACED = (
    "A quotation mark is closed in the middle of a cell: a comma or the end of the line must follow. " + _ADVICE
)
_UNCLOSED = "A quotation mark opened on this line is not closed"
_WHERE_NEXT = "where another stands in the middle of a cell. " + _ADVICE
