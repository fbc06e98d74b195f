"""What a stranger may write to break a console: the known list where it is at hand, and any number of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

KNOWN = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "naughty.json"

_MARKUP = (
    "<b>", "</b>", "<i", ">", "<img src='x' onerror='y()'>", "<table><tr><td>", "<a href='https://a.example'>", "</a>",
    "<h1>", "<script>", "<style>*{display:none}</style>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&lt;", "&#60;",
    "&#x202e;", "&nbsp;", "<br/>", "<font size=7 color=red>", "**bold**", "[a](https://b.example)", "~~", "`", "```",
    "| a | b |", "# ", "<p align=right>", "<center>", "qt_rich_text", "\\u003cb\\u003e",
)  # fmt: skip
_TURNING = (
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "שלום", "مرحبا", "abc", "123", "!", "Ω",
)  # fmt: skip
_MARKS = (*"\u0301\u0308\u0323\u0338\u0489\u20dd\u0e49\u093c\u094d\u3099\u200d\ufe0f\u1ab0", "a", "ก", "क", "o")
_ASTRAL = (
    "\U0001f469\u200d\U0001f680", "\U0001f600", "\U0001f1ec\U0001f1e7", "\U0001f44d\U0001f3fd", "\U00020000",
    "\U0001d518", "\U0001d4d7", "\U00010348", "\U000e0067", "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0010fffd",
    "\U0001f9d1\u200d\U0001f9d1", "\ufffd", "\ufdd0", "\U0001ffff",
)  # fmt: skip
_CONTROLS = (
    *map(chr, (*range(1, 32), *range(127, 160))),
    "\u2028", "\u2029", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u3164", "\r\n", "\u00a0", "\u3000",
)  # fmt: skip
_SYNTAX = (
    "'; DROP TABLE cases; --", "' OR '1'='1", "%s", "%(name)s", "%n", "{}", "{0.__class__}", "{name!r}", "${PATH}",
    "$(id)", "`id`", "[Name]", "[ID]", "[subject]", "[[", "]]", "#[ID]", "[amount]", "{{7*7}}", "{% raw %}", "<%= 1 %>",
    "\\", "\\n", "\\x00", "%00", "=cmd|' /C x'!A0", "@SUM(1)", "+1", "-1", '"', "'", ",", ";", "\t", "../../etc/x",
    "C:\\x", "nul", "NULL", "null", "None", "true", "NaN", "1e999", "0x7f",
    "Subject: x\r\nBcc: a@b.example", "=?utf-8?q?a?=",
    "HM-1", "_", "%", "E'\\\\'", "$$", ":name", "?1", "is:open", "\"quoted", "-not",
)  # fmt: skip
_WORDS = (
    "the", "quick", "brown", "fox", "über", "naïve", "façade", "Straße", "東京", "ไทย", "हिन्दी", "Ελλάδα", "мир",
    "İstanbul", "ß", "ﬁ", "Å",
)  # fmt: skip
_LONG = ("x", "W", "—", "ﷺ", "a\u0301", "\U0001f600", "https://a.example/", "w.", "0", "漢", "./", "_-")
_ALPHABETS = (_MARKUP, _TURNING, _MARKS, _ASTRAL, _CONTROLS, _SYNTAX, _WORDS)
_LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20)


def known() -> list[str]:
    """The list of ../shared/data, without what no UTF-8 file can hold; skips where it is not at hand."""
    if not KNOWN.exists():
        pytest.skip("the hostile strings of ../shared/data are not on this machine")
    found: list[str] = json.loads(KNOWN.read_text("utf-8"))
    return [text for text in found if _encodable(text)]


def _encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def invented(seed: int) -> Iterator[str]:
    """Hostile strings without end, the same for the same seed; two in a hundred are long."""
    random = Random(seed)
    while True:
        yield _long(random) if random.random() < 0.02 else _short(random)


def _short(random: Random) -> str:
    mixed = [*random.sample(_ALPHABETS, random.choice((1, 1, 2, 3))), _WORDS]
    pieces = (random.choice(random.choice(mixed)) for _ in range(random.choice(_LENGTHS)))
    return random.choice(("", " ")).join(pieces)


def _long(random: Random) -> str:
    piece: str = random.choice((*_LONG, *_MARKUP, *_MARKS, *_TURNING))
    return (piece * random.choice((60, 400, 3_000, 20_000)))[: random.choice((500, 5_000, 60_000))]


def payloads(count: int) -> list[str]:
    """`count` of them that a case can hold, each different from the others: the known and our own in turn."""
    listed, ours = iter(known()), invented(seed=20_261_123)
    found: dict[str, None] = {}
    while len(found) < count:
        both = (next(listed, ""), next(ours))
        found.update(dict.fromkeys(text for text in both if fits(text)))
    return list(found)[:count]


def fits(text: str) -> bool:
    """Whether the import takes it: the reasons it must name otherwise are proven with the import."""
    return bool(text.strip()) and "\x00" not in text
