"""The privacy mask: a person's name and address behind a steady pseudonym, so that a case can still be discussed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

from hotmess_console.domain.people import UNREACHABLE_DOMAIN

HIDDEN_ADDRESS = "••••@••••"
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_SHORTEST_NAME = 3
"""Shorter parts of a name ("Al", "de") stand inside too many other words to be replaced."""


def pseudonym(name: str, email: str | None) -> str:
    """Return "Person 4F": the same for the same address (without one, the same name), whoever looks."""
    key = (email or name or "").strip().casefold()
    return f"Person {crc32(key.encode('utf-8', 'replace')) & 0xFF:02X}"


def is_invented(email: str | None) -> bool:
    """Whether the address was made up for a row that came without one (``…@import.invalid``)."""
    return (email or "").casefold().endswith("@" + UNREACHABLE_DOMAIN)


def imported_name(email: str) -> str:
    """Return "Imported 4F2A": the same for the same invented address, and nothing that looks like one."""
    return f"Imported {crc32(email.casefold().encode('utf-8', 'replace')) & 0xFFFF:04X}"


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides one person where `on`; where it is off every text passes unchanged."""

    name: str
    email: str | None
    on: bool = False

    @property
    def shown_name(self) -> str:
        """The name to show: the pseudonym, or what the person is called, or that nothing is known."""
        if self.on:
            return pseudonym(self.name, self.email)
        if self.name.strip():
            return self.name.strip()
        if self.email and is_invented(self.email):
            return imported_name(self.email)
        return (self.email or "").split("@")[0] or "Name not given"

    @property
    def first_name(self) -> str:
        """The first word of the name, or the whole of what stands for it."""
        words = self.shown_name.split()
        return words[0] if words and not self.on and self.name.strip() else self.shown_name

    @property
    def shown_email(self) -> str:
        """The address to show; empty where there is none, or only an invented one."""
        if not self.email or is_invented(self.email):
            return ""
        return HIDDEN_ADDRESS if self.on else self.email

    def text(self, text: str) -> str:
        """Return `text` with the person's name, its parts and every address hidden."""
        if not self.on:
            return text
        hidden = _ADDRESS.sub(HIDDEN_ADDRESS, text)
        parts = [self.name.strip(), *self.name.split()]
        wanted = sorted({part for part in parts if len(part) >= _SHORTEST_NAME}, key=len, reverse=True)
        if not wanted:
            return hidden
        pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)"
        return re.sub(pattern, pseudonym(self.name, self.email), hidden, flags=re.IGNORECASE)
