"""Every placeholder that a template may use, and how a value is made fit to stand in its place."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from enum import StrEnum

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.london import written, written_day
from hotmess_console.domain.money import Money

Value = str | Money | date
"""What fills a placeholder; a datetime is a date that is written with its London time."""


class Slot(StrEnum):
    """What kind of value a placeholder takes; `FREE` ones are written by the person, the others come from the case."""

    NAME = "name"
    SUBJECT = "subject"
    NUMBER = "number"
    TIMEFRAME = "timeframe"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DATE = "date"
    TEXT = "text"
    FREE = "free text"


SLOTS: dict[str, Slot] = {
    "Name": Slot.NAME,
    "subject": Slot.SUBJECT,
    "ID": Slot.NUMBER,
    "timeframe": Slot.TIMEFRAME,
    "amount": Slot.AMOUNT,
    "currency": Slot.CURRENCY,
    "date": Slot.DATE,
    "Specific violation": Slot.TEXT,
    "Period or Permanent": Slot.TEXT,
    "link": Slot.TEXT,
    "Details of resolution": Slot.FREE,
    "details": Slot.FREE,
    "next step": Slot.FREE,
}
"""Every placeholder by its name, as the manual writes them between square brackets."""

LONGEST: dict[Slot, int] = {Slot.NAME: 80, Slot.SUBJECT: 200, Slot.FREE: 5_000}
"""Characters of a value, 300 where nothing is said."""
_LONGEST_LINE = 300
_JOINERS = "\u200c\u200d"  # Persian words and families of emoji need them
_SIGNS = "£€$ "


def rendered(name: str, value: Value) -> str:
    """Return `value` as it stands in the text in place of ``[name]``; empty when nothing visible is left of it.

    Control characters never survive, line breaks only in free text, so no value can end a mail header.
    """
    slot = SLOTS[name]
    words = _in_words(value)
    if slot is Slot.FREE:
        return _lines(words)[: LONGEST[slot]].rstrip()
    line = one_line(words)[: LONGEST.get(slot, _LONGEST_LINE)].rstrip()
    if slot is Slot.NUMBER:
        return line.lstrip("# ")
    return line.lstrip(_SIGNS) if slot is Slot.AMOUNT else line


def money_values(money: Money) -> dict[str, Value]:
    """Return what an amount offers to placeholders: ``[amount]`` and ``[currency]``."""
    return {"amount": money, "currency": money.currency}


def refuse_foreign(before: str, value: Value) -> None:
    """Raise BadInput when an amount in another currency is to stand right behind a printed pound sign."""
    if before.endswith("£") and isinstance(value, Money) and value.currency != "GBP":
        raise BadInput(
            f"This template prints “£”, but the amount is {value}.", hint="Use its variant for other currencies."
        )


def one_line(value: str) -> str:
    """Return `value` on one line without control characters, at most 300 characters: safe in a header."""
    return " ".join(_visible(value).split())[:_LONGEST_LINE].rstrip()


def _lines(value: str) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line).rstrip() for line in lines).strip("\n")


def _in_words(value: Value) -> str:
    match value:
        case Money():
            return value.amount
        case datetime():
            return written(value)
        case date():
            return written_day(value)
        case _:
            return value


def _visible(text: str) -> str:
    """Return `text` with controls and breaks as blanks, and without what only hides or turns letters round.

    Code points that are no characters go too: editors keep some of them (U+FDD0, U+FDD1) as marks of their own.
    """
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    match unicodedata.category(char):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return ""
        case "Cf":
            return char if char in _JOINERS else ""
        case "Cn" if _is_no_character(ord(char)):
            return ""
        case _:
            return char


def _is_no_character(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
