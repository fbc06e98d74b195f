"""The privacy mask: a person's name and address behind a steady pseudonym, so that a case can still be discussed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from hotmess_console.domain.people import UNREACHABLE_DOMAIN, UNVERIFIED, Account, Person

if TYPE_CHECKING:
    from hotmess_console.domain.tickets import TicketDetail

HIDDEN_ADDRESS = "••••@••••"
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
HIDDEN_HANDLE = "@••••"
HIDDEN_NAME = "••••"
_HANDLE = re.compile(r"(?<![\w@/.])@\w[\w.]{0,29}")
_INTRODUCED = re.compile(
    r"(?<!\w)((?:dear|hi|hello|hey|hallo|hola|bonjour|ciao|my name is|my name's|ich heiße|me llamo|je m'appelle),?"
    r"[ \t]+)"
    r"(?-i:([A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+(?:[ \t]+[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+)?))",
    re.IGNORECASE,
)
"""Where texts name somebody whom nobody has to know: behind a greeting or an introduction."""
_SHARED = frozenset({"info", "mail", "support", "hello", "contact", "admin", "office", "team"})
"""Addresses' first parts that are words and nobody's name."""
_NOBODY = frozenset({"there", "hotmess", "support", "team", "hotmess support", "hotmess team", "support team"})
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


def shown_account(account: Account, masked: bool) -> tuple[str, str]:
    """Return how a found account is named (name, handle, or that nothing is known) and its address, both as shown."""
    name = account.display_name or (f"@{account.handle}" if account.handle else "") or "Name not given"
    if not masked:
        return name, account.email or ""
    return pseudonym(name, account.email), HIDDEN_ADDRESS if account.email else ""


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides one person where `on`; where it is off every text passes unchanged."""

    name: str
    email: str | None
    on: bool = False
    others: tuple[str, ...] = ()
    """Further names and handles that the case knows, which texts may say as well."""

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
        """Return `text` without the names that the case knows, their parts, every address and every @handle.

        A name behind a greeting or an introduction goes too, whoever it is; other names that nobody told us stay.
        """
        if not self.on:
            return text
        hidden = _HANDLE.sub(HIDDEN_HANDLE, _ADDRESS.sub(HIDDEN_ADDRESS, text))
        for name, shown in self._names():
            hidden = _without(hidden, name, shown)
        return _INTRODUCED.sub(_unnamed, hidden)

    def _names(self) -> list[tuple[str, str]]:
        """Each name with what stands for it, the person's own first."""
        own = pseudonym(self.name, self.email)
        local = (self.email or "").partition("@")[0].strip()
        called = [(self.name.strip(), own)]
        if len(local) > _SHORTEST_NAME and local.casefold() not in _SHARED and not is_invented(self.email):
            called.append((local, own))
        return [*called, *((name, pseudonym(name, None)) for name in self.others)]


def _without(text: str, name: str, shown: str) -> str:
    """Return `text` with a whole name and its parts replaced by what is `shown` instead."""
    parts = {name.strip().lstrip("@"), *name.split()}
    wanted = sorted({part for part in parts if len(part) >= _SHORTEST_NAME}, key=len, reverse=True)
    if not wanted:
        return text
    pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)"
    return re.sub(pattern, lambda _found: shown, text, flags=re.IGNORECASE)


def _unnamed(found: re.Match[str]) -> str:
    known = found[2].casefold() in _NOBODY or found[2].split()[0] == "Person"
    return found[0] if known else f"{found[1]}{HIDDEN_NAME}"


def mask_for(detail: TicketDetail, on: bool, person: Person | None = None) -> Mask:
    """Return what hides everybody this case knows: who asks, whoever else wrote, the account's name and handle."""
    ticket = detail.ticket
    known = [m.author_name for m in detail.messages if m.incoming and m.author_name != UNVERIFIED]
    account = person.account if person else None
    known += [person.name] if person else []
    known += [account.display_name or "", account.handle or ""] if account else []
    own = {ticket.requester_name.strip().casefold(), ""}
    others = tuple(dict.fromkeys(name.strip() for name in known if name.strip().casefold() not in own))
    return Mask(ticket.requester_name, ticket.requester_email, on, others)
