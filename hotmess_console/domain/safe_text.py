"""Text written by strangers, made harmless to show: nothing hidden, nothing endless, nothing reordered."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

MESSAGE_LIMIT = 20_000
LINE_LIMIT = 300
LONGEST_LINE = 2_000
"""Qt lays out one line of this length in a few milliseconds; the cost grows with the square of it."""
MOST_LINES = 1_000
MOST_MARKS = 4
"""Living scripts put at most four marks on one letter; what piles up more is decoration or an attack."""

_BREAKS = frozenset("\n\x0b\x0c\x85\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")  # Persian words and families of emoji need them
_VISIBLE_FORMATS = frozenset("\u00ad\u06dd\u070f\u08e2\U000110bd\U000110cd") | {chr(c) for c in range(0x600, 0x606)}
_BLANK_LETTERS = frozenset("\u3164\uffa0")  # letters that show nothing, so a name could be made of them
_FLAG = "\U0001f3f4"
_MOST_TAGS = 7
_FIRST_TAG, _LAST_TAG = "\U000e0020", "\U000e007f"
_ORDINARY = re.compile(r"[\n\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff]*")
_SMALLEST_LIMIT = 40
"""Room for the note that says how much was left out."""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address found in cleaned text at ``[start, end)``, and the host it really leads to, in ASCII."""

    start: int
    end: int
    url: str
    host: str


def clean(text: str, limit: int = MESSAGE_LIMIT, *, lines: int = MOST_LINES) -> str:
    """The text as it may be given to a widget: at most `limit` characters and `lines` lines.

    Control characters become visible pictures, bidirectional and invisible ones their code point in
    ``⟦ ⟧``; marks on one letter are capped; long lines are broken. What was left out is counted at the end.
    Cleaning twice changes nothing. Markup is left as it is: whoever shows the text shows it as plain text.
    """
    limit, lines = max(limit, _SMALLEST_LIMIT), max(lines, 1)
    if _is_fine_already(text, limit, lines):
        return text
    return _Cleaner(text, limit, lines).result()


def _is_fine_already(text: str, limit: int, lines: int) -> bool:
    """Most messages are: a pattern finds that out twenty times sooner than reading letter by letter."""
    if len(text) > limit or text.count("\n") >= lines or not _ORDINARY.fullmatch(text):
        return False
    return len(text) <= LONGEST_LINE or max(map(len, text.split("\n"))) <= LONGEST_LINE


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line of at most `limit` characters, cut with ``…``; runs of blanks and breaks become a space."""
    # Only so much is read as could matter: blanks are capped by reading ten times the limit.
    shown = " ".join(clean(text[: limit * 10], limit * 10).split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def isolate(text: str, limit: int = LINE_LIMIT) -> str:
    """A cleaned line that cannot reorder the words around it (first-strong isolate)."""
    return f"\u2068{clean_line(text, limit)}\u2069"


class _Cleaner:
    """Reads the text once, from left to right, and stops when the result is full."""

    def __init__(self, text: str, limit: int, lines: int) -> None:
        self.text = text
        self.limit, self.lines = limit, lines
        self.out: list[str] = []
        self.length = self.column = self.marks = self.tags = 0
        self.rows = 1
        self.safe_cut: tuple[int, int] = (0, 0)

    def result(self) -> str:
        at = 0
        while at < len(self.text):
            piece, taken = self._next(at)
            if not self._fits(piece):
                return self._cut()
            self._put(piece)
            at += taken
            # Cutting here leaves room for the note, in the text and in its line.
            if max(self.length - self.limit, self.column - LONGEST_LINE) + _SMALLEST_LIMIT <= 0:
                self.safe_cut = (len(self.out), at)
        return "".join(self.out)

    def _cut(self) -> str:
        keep, read = self.safe_cut
        return "".join(self.out[:keep]) + _note(len(self.text) - read)

    def _fits(self, piece: str) -> bool:
        if piece == "\n" and self.rows >= self.lines:
            return False
        return self.length + len(piece) <= self.limit

    def _put(self, piece: str) -> None:
        self.out.append(piece)
        self.length += len(piece)
        if piece == "\n":
            self.rows += 1
            self.column = 0
        else:
            self.column += len(piece)

    def _next(self, at: int) -> tuple[str, int]:
        """What stands for the text at this place, and how many characters that uses up."""
        char = self.text[at]
        if char == "\r":
            return "\n", 2 if self.text[at + 1 : at + 2] == "\n" else 1
        if char in _BREAKS:
            return "\n", 1
        shown = self._shown(char)
        if shown and self.column + len(shown) > LONGEST_LINE:
            return "\n", 0
        return shown, 1

    def _shown(self, char: str) -> str:
        if _is_extender(char):
            self.marks += 1
            return char if self.marks <= MOST_MARKS else ""
        self.marks = 0
        self.tags = self._tags_after(char)
        if self.tags > 1 and self.tags <= _MOST_TAGS:
            return char
        return _visible(char)

    def _tags_after(self, char: str) -> int:
        """1 after a black flag, one more for each tag that follows it (the flags of England and Wales)."""
        if char == _FLAG:
            return 1
        return self.tags + 1 if self.tags and _FIRST_TAG <= char <= _LAST_TAG else 0


def _note(left_out: int) -> str:
    return f"… ({left_out:,} more characters)"


def _is_extender(char: str) -> bool:
    return char in _JOINERS or (char > "\u02ff" and unicodedata.category(char)[0] == "M")


@lru_cache(maxsize=4096)
def _visible(char: str) -> str:
    code = ord(char)
    if char == "\t":
        return "    "
    if code < 0x20 or code == 0x7F:
        return chr(0x2421 if code == 0x7F else 0x2400 + code)
    return f"⟦U+{code:04X}⟧" if _is_hidden(char, code) else char


def _is_hidden(char: str, code: int) -> bool:
    if char in _BLANK_LETTERS or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return True
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in _VISIBLE_FORMATS


_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'⟦⟧]{1,2000}", re.IGNORECASE)


def links(cleaned: str) -> tuple[Link, ...]:
    """The web addresses in cleaned text, each with the ASCII host that would be contacted."""
    found = (_link(match) for match in _ADDRESS.finditer(cleaned))
    return tuple(link for link in found if link is not None)


def _link(match: re.Match[str]) -> Link | None:
    url = match.group().rstrip(".,;:!?)]}…")
    host = ascii_host(url)
    return Link(match.start(), match.start() + len(url), url, host) if host else None


def ascii_host(url: str) -> str:
    """The host of a web address as the network sees it (``xn--`` for other scripts), or nothing."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return ".".join(_ascii_label(label) for label in host.split("."))


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        # Not a valid name, but it must still be shown, and shown as what it is.
        return "xn--" + label.encode("punycode", "replace").decode("ascii", "replace")
