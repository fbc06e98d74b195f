"""What may stand in each kind of placeholder, and the form in which it is sent.

Source: manual, "Communication Templates": the refund template prints "£" itself; other currencies have a variant.
What cannot be read is refused in words and never sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.london import written_day
from hotmess_console.domain.placeholders import LONGEST, SLOTS, Slot

MOST = 10_000
"""Units of money in one message; more than any refund of ours, so it is a slip."""
_POUND, _SIGNS = "£", "£€$¥₺₹"
_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,7})(?:[.,](\d{1,3}))?")
_CODE = re.compile(r"[A-Za-z]{3}")
_CODE_OF = {"€": "EUR", "$": "USD", "¥": "JPY", "₺": "TRY", "₹": "INR"}
_NUMBER = re.compile(r"#?\s*(?:HM-?)?(\d{1,9})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_BRITISH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_SPELT = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})((?:,\s*|\s+at\s+|\s+).{1,40})?")
_TIME = re.compile(r"(?:,\s*|\s+at\s+|\s+)((?:[01]?\d|2[0-3]):[0-5]\d)(?: \(London\))?")
_MONTHS = tuple(written_day(date(2000, month, 1)).split()[1] for month in range(1, 13))
_YEARS = range(2000, 2101)


def settled(name: str, words: str, before: str = "") -> str:
    """Return what was written for placeholder `name` as it is sent; `before` is the text that stands in front of it.

    Raises BadInput with what is wrong and what to write instead. What was settled once is settled as it is.
    """
    shown = words.strip()
    match SLOTS[name]:
        case Slot.AMOUNT:
            return _pounds(shown) if before.endswith(_POUND) else _figure_of(shown, before)
        case Slot.CURRENCY:
            return _currency(shown)
        case Slot.DATE:
            return _day(shown)
        case Slot.NUMBER:
            return _number(shown)
        case Slot.NAME:
            return _name(shown)
        case Slot.FREE:
            return words
        case slot:
            return _line(name, shown, LONGEST.get(slot, 300))


def fault(name: str, words: str, before: str = "") -> BadInput | None:
    """Return what is wrong with `words` in the place of ``[name]``, or None."""
    try:
        settled(name, words, before)
    except BadInput as error:
        return error
    return None


def check_sent(template: str, text: str) -> None:
    """Raise BadInput when `text`, written from `template`, has in the place of a figure or a day what is none.

    Only places that can still be found by the words in front of them are looked at: a text may be rewritten.
    """
    for name, before, found in _places(template, text):
        if found.startswith(f"[{name}]"):
            raise BadInput(f"A placeholder is empty: {name}.", hint="Fill it, then send.")
        words = found if SLOTS[name] is Slot.DATE else found.split(maxsplit=1)[0] if found.split() else ""
        words = words.rstrip(".,;:!?")
        if SLOTS[name] is not Slot.DATE and settled(name, words, before) != words:
            raise BadInput(f"The {name} “{words[:40]}” cannot be sent so.", hint=_as(settled(name, words, before)))


_PLACE = re.compile(r"([^\[\]\n]{1,60})\[([^\[\]\n]{1,60})\]")


def _places(template: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, the words before and what stands there, up to the end of the line."""
    for place in _PLACE.finditer(template):
        before, name = place[1], place[2]
        if SLOTS.get(name) in (Slot.AMOUNT, Slot.DATE) and len(before.strip()) > 3:
            for found in re.finditer(re.escape(before) + r"([^\n]*)", text):
                yield name, before, found[1]


def _as(words: str) -> str:
    return f"Write it as {words}."


def _pounds(words: str) -> str:
    if any(sign in words for sign in _SIGNS if sign != _POUND) or _other_code(words):
        raise BadInput(
            f"This template prints “£”, but “{words[:40]}” is in another currency.",
            hint="Press T and use its variant for other currencies.",
        )
    bare = re.sub(r"^(?:£|GBP)\s*|\s*(?:£|GBP)$", "", words, count=1, flags=re.IGNORECASE)
    whole, rest = _figure(bare, words, "The template prints the £ itself: write the figure, such as 9.99.")
    if len(rest) > 2:
        raise BadInput(f"“{words[:40]}” is no amount in pounds.", hint="Write pounds and pence, such as 9.99.")
    return f"{whole}.{rest:0<2}"


def _figure_of(words: str, before: str) -> str:
    if any(sign in words for sign in _SIGNS) or _other_code(words):
        raise BadInput(
            f"“{words[:40]}” has the currency in it.", hint="This template has a place of its own for the currency."
        )
    whole, rest = _figure(words, words, "Write the figure alone, such as 9.99.")
    return f"{whole}.{rest:0<2}" if rest else whole


def _other_code(words: str) -> bool:
    found = re.search(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])", words)
    return found is not None and found[1] != "GBP" and any(char.isdigit() for char in words)


def _figure(bare: str, words: str, hint: str) -> tuple[str, str]:
    """Return whole units and the digits behind the point. A comma before three digits groups them."""
    found = _FIGURE.fullmatch(bare) if bare.isascii() else None
    if found is None:
        raise BadInput(f"“{words[:40]}” is no amount of money.", hint=hint)
    whole, rest = str(int(found[1].replace(",", ""))), found[2] or ""
    if int(whole) > MOST:
        raise BadInput(f"“{words[:40]}” is more than {MOST:,}.", hint="Look at the figure again.")
    if int(whole) == 0 and not rest.strip("0"):
        raise BadInput("An amount of nothing is no refund.", hint=hint)
    return whole, rest


def _currency(words: str) -> str:
    code = _CODE_OF.get(words, words)
    if words == _POUND or not (_CODE.fullmatch(code) and code.isascii()):
        raise BadInput(f"“{words[:40]}” is no currency code.", hint="Use three letters, such as EUR.")
    return code.upper()


def _number(words: str) -> str:
    found = _NUMBER.fullmatch(words)
    if found is None or not found[1].isascii():
        raise BadInput(f"“{words[:40]}” is no case number.", hint="Write it as HM-10482.")
    return f"HM-{found[1]}"


def _name(words: str) -> str:
    line = _line("name", words, LONGEST[Slot.NAME])
    if "@" in line or "://" in line or not any(char.isalpha() for char in line):
        raise BadInput(f"“{line[:40]}” is no name.", hint="Write how the person is addressed, such as Rowan, or there.")
    return line


def _line(name: str, words: str, most: int) -> str:
    if len(words.splitlines()) > 1:
        raise BadInput(f"The {name} goes over more than one line.", hint="Write it on one line.")
    if len(words) > most:
        raise BadInput(f"The {name} is {len(words):,} characters long; {most} are the most.", hint="Shorten it.")
    return words


def _day(words: str) -> str:
    clock = ""
    if found := _ISO.fullmatch(words):
        year, month, day = (int(part) for part in found.groups())
    elif found := _BRITISH.fullmatch(words):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _SPELT.fullmatch(words)) and (month := _month(found[2])):
        day, year = int(found[1]), int(found[3])
        timed = _TIME.fullmatch(found[4]) if found[4] else None
        if found[4] and timed is None:
            raise _no_day(words)
        clock = f", {timed[1]:0>5} (London)" if timed else ""
    else:
        raise _no_day(words)
    try:
        meant = date(year, month, day)
    except ValueError as error:
        raise _no_day(words) from error
    if year not in _YEARS:
        raise _no_day(words)
    return written_day(meant) + clock


def _month(word: str) -> int:
    near = [at for at, month in enumerate(_MONTHS, 1) if month.casefold().startswith(word.casefold())]
    return near[0] if len(near) == 1 else 0


def _no_day(words: str) -> BadInput:
    return BadInput(f"“{words[:40]}” is no day.", hint="Write it as 23 November 2026.")
