"""Invented members of the platform, the same for the same seed and however many are asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from hotmess_console.services.demo.situations import read_table
from hotmess_console.services.demo.wording import SEED, drama_phone

DEMO_NAMESPACE = UUID("6c5f1f6e-0d5b-5f0a-9f41-8a4f2b7d9c31")
"""The root of all demo ids: version 5 of a seed and a place."""

LANGUAGES = ("de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ar", "he", "ja", "zh", "ru", "el")
_ENGLISH = "en-GB"
_CYCLE = tuple(part for language in LANGUAGES for part in (_ENGLISH, language, _ENGLISH))
ROUND = len(_CYCLE)
"""After so many members every language has come up; two thirds of them write English."""

_FIRST_DAY, _DAYS = date(2023, 2, 1), 1_360
_PRONOUNS = ("she/her", "he/him", "they/them", "she/they", "he/they", "they/he", "any", "")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ß": "ss", "ø": "o"})


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One member. The address lies in a reserved domain, the phone number in the range kept for drama."""

    id: UUID
    name: str
    given_name: str
    handle: str
    email: str
    phone: str | None
    pronouns: str
    tier: str
    """BASIC, PLUS or CHROME."""
    joined_on: date
    city: str
    language: str
    verified: bool


def demo_accounts(size: int, seed: int = SEED) -> Iterator[DemoAccount]:
    """The first `size` members; more of them never changes the earlier ones."""
    return (account_at(index, seed) for index in range(size))


def account_at(index: int, seed: int) -> DemoAccount:
    """The member in this place of the row, counted from 0."""
    language = _CYCLE[index % len(_CYCLE)]
    rng = Random(f"{seed}:account:{index}")
    given, name, handle = _named(language, _nth_of_language(index), rng)
    return DemoAccount(
        id=uuid5(DEMO_NAMESPACE, f"{seed}:account:{index}"),
        name=name,
        given_name=given,
        handle=handle,
        email=f"{handle}@example.{rng.choice(('org', 'com', 'net'))}",
        phone=drama_phone(rng) if rng.random() < 0.6 else None,
        pronouns=rng.choice(_PRONOUNS),
        tier=rng.choices(("BASIC", "PLUS", "CHROME"), weights=(60, 27, 13))[0],
        joined_on=_FIRST_DAY + timedelta(days=rng.randrange(_DAYS)),
        city=rng.choice(read_table("people.toml")[language]["cities"]),
        language=language,
        verified=rng.random() < 0.7,
    )


def index_of(language: str, nth: int) -> int:
    """The place in the row of the n-th member, from 0, who writes in this language."""
    places = [place for place, other in enumerate(_CYCLE) if other == language]
    return nth // len(places) * len(_CYCLE) + places[nth % len(places)]


def speakers_among(language: str, size: int) -> int:
    """How many of the first `size` members, in whole rounds, write in this language."""
    return size // len(_CYCLE) * _CYCLE.count(language)


def _nth_of_language(index: int) -> int:
    rounds, place = divmod(index, len(_CYCLE))
    language = _CYCLE[place]
    return rounds * _CYCLE.count(language) + _CYCLE[:place].count(language)


def _named(language: str, nth: int, rng: Random) -> tuple[str, str, str]:
    """Given name, full name and handle; pairs of names are used up before one comes again with a number."""
    table = read_table("people.toml")[language]
    givens, families = table["given"], table["family"]
    step, g = divmod(nth, len(givens))
    again, step = divmod(step, len(families))
    given, given_latin = _spelled(givens[g])
    family, family_latin = _spelled(families[(step + g) % len(families)])
    order = (family, given) if table.get("family_first") else (given, family)
    name = ("" if table.get("unspaced") else " ").join(order)
    handle = f"{given_latin}{rng.choice(('.', '_', ''))}{family_latin}{again + 1 if again else ''}"
    return given, name, handle


def _spelled(entry: str) -> tuple[str, str]:
    """The name as its bearer writes it, and in plain letters for a handle."""
    name, _, latin = entry.partition("/")
    plain = unicodedata.normalize("NFKD", (latin or name).translate(_LETTERS))
    return name, re.sub(r"[^a-z]", "", plain.encode("ascii", "ignore").decode().lower())
