"""The quiet look over a message before it is sent: what in it a person may not have meant to give away.

Everything here only remarks; the person decides. Nothing found is repeated in the remark's own words, so that a card
number in a draft does not travel on into a log.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from hotmess_console.domain.safe_text import links

OUR_HOSTS = ("hotmess.london",)


class Risk(StrEnum):
    """What kind of thing was noticed."""

    PERSON = "another person"
    PRIVATE = "only the reporter could know"
    LOCATION = "location"
    LINK = "link"
    PASSWORD = "password"
    CARD = "card number"
    GREETING = "somebody else greeted"


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something noticed at ``[start, end)`` of the text, and what to think about before sending it."""

    start: int
    end: int
    risk: Risk
    words: str


_WORDS = {
    Risk.PERSON: "This names another person. Is the reader meant to know about them?",
    Risk.PRIVATE: "Only the person who reported could know this. It may tell who they are.",
    Risk.LOCATION: "This looks like a place where somebody lives or is. Does it have to be there?",
    Risk.PASSWORD: "This speaks of a password. We never send one and never ask for one.",
    Risk.GREETING: "The greeting names somebody else than the person it goes to.",
    Risk.CARD: "This looks like a card number. Take it out; the last four figures are enough.",
}

_PASSWORD = re.compile(
    r"(?<!\w)(?:passwords?|passcodes?|passphrases?|passw[oö]rt(?:er|es)?|kennwort|contraseñas?|mots? de passe|senhas?|"
    r"wachtwoord(?:en)?|hasł[oa]|şifre(?:n|niz)?)(?!\w)",
    re.IGNORECASE,
)
_LOCATIONS = (
    re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)", re.IGNORECASE),  # a British postcode
    re.compile(r"(?<![\d.])-?\d{1,3}\.\d{3,12}\s{0,3}[,;]\s{0,3}-?\d{1,3}\.\d{3,12}(?!\d)"),  # degrees
    re.compile(
        r"(?<!\w)\d{1,4}[A-Za-z]? (?:[^\W\d_][\w'’-]{1,30} ){1,3}"
        r"(?:Street|Road|Avenue|Lane|Square|Close|Drive|Terrace|Gardens|Mews|Crescent|Court|St|Rd|Ave)(?!\w)",
        re.IGNORECASE,
    ),
)
_GREETING = re.compile(
    r"^[ \t]*(?:dear|hi|hello|hey|hallo|liebe[r]?|hola|querid[oa]|bonjour|cher|chère|ciao|car[oa]|olá)[ \t]+"
    r"([^\W\d_][^\s,.!:;–—]*)",
    re.IGNORECASE | re.MULTILINE,
)
_ANYBODY = frozenset({"there", "all", "both", "everyone", "everybody", "again", "team", "friend", "you", "customer"})
_HONORIFICS = frozenset({"mr", "mrs", "ms", "mx", "miss", "dr", "sir", "madam", "herr", "frau"})
_FIGURES = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,}+")
_GROUP = re.compile(r"\d+")
_CARD_DIGITS = range(13, 20)
_FIRST_GROUP = 3
"""Figures with which a card number begins at least when it is written in groups."""


def remarks(
    text: str,
    *,
    people: Iterable[str] = (),
    private: Iterable[str] = (),
    known_hosts: Iterable[str] = OUR_HOSTS,
    to: str = "",
) -> tuple[Remark, ...]:
    """Return what is worth a second look in `text`, in the order it stands there.

    `people` are names and handles of others in the case, `private` phrases from what the reporter wrote;
    links to `known_hosts` and hosts below them are not remarked on. `to` is the name of who will read it, if known.
    """
    found = [
        *_of(Risk.PERSON, _phrases(text, people)),
        *_of(Risk.PRIVATE, _phrases(text, private)),
        *(remark for pattern in _LOCATIONS for remark in _of(Risk.LOCATION, _spans(pattern, text))),
        *_foreign_links(text, tuple(known_hosts)),
        *_of(Risk.PASSWORD, _spans(_PASSWORD, text)),
        *_of(Risk.CARD, _cards(text)),
        *_of(Risk.GREETING, _strangers_greeted(text, to)),
    ]
    return tuple(sorted(set(found)))


def _of(risk: Risk, spans: Iterable[tuple[int, int]]) -> Iterator[Remark]:
    return (Remark(start, end, risk, _WORDS[risk]) for start, end in spans)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in pattern.finditer(text))


def _phrases(text: str, phrases: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Find whole phrases in any case and with any blanks between their words; single letters are no name."""
    wanted = {" ".join(phrase.split()) for phrase in phrases}
    for phrase in sorted(wanted):
        if len(phrase) > 1:
            words = r"\s+".join(re.escape(word) for word in phrase.split(" "))
            yield from _spans(re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE), text)


def _strangers_greeted(text: str, to: str) -> Iterator[tuple[int, int]]:
    """Find the first greeting where it names none of the names of `to`; accents and case do not matter."""
    names = {_bare(word) for word in to.replace("-", " ").split()}
    found = _GREETING.search(text)
    if not names or found is None:
        return
    greeted = _bare(found[1])
    if greeted not in _ANYBODY | _HONORIFICS and not names & {greeted, *greeted.replace("-", " ").split()}:
        yield found.span(1)


def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in letters if not unicodedata.combining(char)).removesuffix("'s").strip("'’\"[]")


def _foreign_links(text: str, known_hosts: tuple[str, ...]) -> Iterator[Remark]:
    for link in links(text):
        if not any(link.host == host or link.host.endswith(f".{host}") for host in known_hosts):
            words = f"This link leads to {link.host}. Say in the message what it is."
            yield Remark(link.start, link.end, Risk.LINK, words)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Find runs of figures that pass the card check sum, also where an expiry date follows the number."""
    for run in _FIGURES.finditer(text):
        end = -1
        groups = list(_GROUP.finditer(text, *run.span()))
        for place, group in enumerate(groups):
            if group.start() < end or len(group[0]) < _FIRST_GROUP:
                continue
            for last, count in zip(groups[place:], accumulate(len(g[0]) for g in groups[place:]), strict=False):
                if count >= _CARD_DIGITS.stop:
                    break
                if count in _CARD_DIGITS and _passes_check_sum(text[group.start() : last.end()]):
                    end = last.end()
            if end > group.start():
                yield group.start(), end


def _passes_check_sum(figures: str) -> bool:
    """Luhn's check: every second figure from the right counts double, less nine from ten on."""
    digits = [int(char) for char in reversed(figures) if char.isdigit()]
    return any(digits) and sum(d if i % 2 == 0 else (2 * d - 9 * (d > 4)) for i, d in enumerate(digits)) % 10 == 0
