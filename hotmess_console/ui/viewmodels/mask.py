"""The privacy mask: a person's name and address behind a steady pseudonym, so that a case can still be discussed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

HIDDEN_ADDRESS = "••••@••••"
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_SHORTEST_NAME = 3
"""Shorter parts of a name ("Al", "de") stand inside too many other words to be replaced."""


def pseudonym(name: str, email: str | None) -> str:
    """Return "Person 4F": the same for the same address (without one, the same name), whoever looks."""
    key = (email or name or "").strip().casefold()
    return f"Person {crc32(key.encode('utf-8', 'replace')) & 0xFF:02X}"


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
        return self.name.strip() or (self.email or "").split("@")[0] or "Name not given"

    @property
    def first_name(self) -> str:
        """The first word of the shown name, or the whole pseudonym."""
        return self.shown_name if self.on or not self.shown_name.split() else self.shown_name.split()[0]

    @property
    def shown_email(self) -> str:
        """The address to show; empty where there is none."""
        return HIDDEN_ADDRESS if self.on and self.email else (self.email or "")

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
