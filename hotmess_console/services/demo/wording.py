"""Fills the slots ``${…}`` and choices ``$[…|…]`` of a demo text, always the same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random

SEED = 20261123
"""The seed of the demo world that everybody sees unless they ask for another."""

_SLOT = re.compile(r"\$\{([a-z0-9]+)(?::(\d+)-(\d+))?\}")
_CHOICE = re.compile(r"\$\[([^\[\]]*)\]")
_LISTED = frozenset({"event", "venue", "area", "city", "radio", "item", "device", "tier", "month"})
_MADE = frozenset(
    {"date", "soon", "time", "money", "order", "days", "hours", "count", "last4", "version", "phone", "link"}
)
_GIVEN = frozenset({"name", "handle", "person", "staff"})
_PRICES = {"PLUS": "9.99", "CHROME": "19.99"}
_DATE_FORMS: Mapping[str, str] = {
    "de": "{d}.{m}.",
    "pl": "{d:02}.{m:02}",
    "ru": "{d:02}.{m:02}",
    "tr": "{d:02}.{m:02}",
    "nl": "{d}-{m}",
    "he": "{d}.{m}",
    "ja": "{m}月{d}日",
    "zh": "{m}月{d}日",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def unknown_slots(text: str) -> set[str]:
    """The names of slots in the text that no wording can fill."""
    return {match[1] for match in _SLOT.finditer(text)} - _LISTED - _MADE - _GIVEN


def drama_phone(rng: Random) -> str:
    """A mobile number from the range that Ofcom keeps free for drama: nobody has it."""
    return f"07700 900{rng.randrange(1000):03}"


class Wording:
    """Fills the texts of one ticket: a slot has the same value wherever it stands in them."""

    def __init__(
        self,
        rng: Random,
        lists: Mapping[str, Sequence[str]],
        language: str,
        today: date,
        given: Mapping[str, str],
    ) -> None:
        self._rng = rng
        self._lists = lists
        self._language = language
        self._today = today
        self._values = dict(given)

    def fill(self, text: str) -> str:
        """The text with a choice made for each ``$[…]`` and each slot filled."""
        chosen = _CHOICE.sub(lambda match: self._rng.choice(match[1].split("|")), text)
        return _SLOT.sub(self._slot, chosen)

    def _slot(self, match: re.Match[str]) -> str:
        name, low, high = match.groups()
        if name not in self._values:
            self._values[name] = str(self._rng.randint(int(low), int(high))) if low else self._make(name)
        return self._values[name]

    def _make(self, name: str) -> str:
        if name in self._lists:
            value = self._rng.choice(self._lists[name])
            return value if self._language == "en-GB" else value.removeprefix("the ")
        makers: dict[str, Callable[[], str]] = {
            "date": lambda: self._day(-self._rng.randint(1, 20)),
            "soon": lambda: self._day(self._rng.randint(2, 25)),
            "time": lambda: f"{self._rng.choice((21, 22, 23, 0, 1, 2, 3, 4)):02}:{self._rng.randrange(0, 60, 5):02}",
            "money": self._money,
            "order": lambda: f"LX{self._rng.randint(100_000, 999_999)}",
            "days": lambda: str(self._rng.randint(3, 13)),
            "hours": lambda: str(self._rng.randint(2, 6)),
            "count": lambda: str(self._rng.randint(3, 9)),
            "last4": lambda: f"{self._rng.randint(0, 9999):04}",
            "version": lambda: f"5.{self._rng.randint(0, 9)}.{self._rng.randint(0, 6)}",
            "phone": lambda: drama_phone(self._rng),
            "link": lambda: f"http://tickets-{self._rng.randint(10, 99)}.example.net/free",
        }
        return makers[name]()

    def _money(self) -> str:
        """The price of the tier that the ticket is about, otherwise what a night out costs."""
        price = _PRICES.get(self._values.get("tier", ""))
        return f"£{price or f'{self._rng.randint(8, 85)}.{self._rng.choice((0, 0, 50, 99)):02}'}"

    def _day(self, offset: int) -> str:
        day = self._today + timedelta(days=offset)
        if self._language == "en-GB":
            return f"{day.day} {_MONTHS[day.month - 1]}"
        return _DATE_FORMS.get(self._language, "{d:02}/{m:02}").format(d=day.day, m=day.month)
