"""Who wrote, as rows of label and value: only what is known, and nothing about what is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from hotmess_console.domain.people import Account, OtherCase, Person
from hotmess_console.domain.safe_text import clean_line
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.mask import Mask, is_invented

ADDRESS_LIMIT = 254
"""No mail address is longer; what is, was not meant to be read."""
UNREACHABLE = "No address: cannot be answered"
_STATUS_WORDS = {
    "active": "",
    "trialing": "on trial",
    "past_due": "payment overdue",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "unpaid": "not paid",
    "incomplete": "not finished paying",
    "expired": "ended",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One row; a `chip` stands before the value, such as the tier."""

    label: str
    value: str
    chip: str = ""
    copies: bool = field(default=False, compare=False)
    """Whether the value is worth copying as it stands."""


def mask_of(person: Person, on: bool) -> Mask:
    """Return the mask for this person."""
    account = person.account
    others = (account.display_name or "", account.handle or "") if account else ()
    return Mask(person.name, person.email, on, tuple(name for name in others if name))


def under_name(person: Person, masked: bool) -> str:
    """Return what stands below the name: handle and pronouns, or that both are masked."""
    if masked:
        return "Masked"
    account = person.account
    if account is None:
        if person.reachable:
            return "Not found on the platform"
        return "No address was given" if is_invented(person.email) else ""
    handle = f"@{account.handle.lstrip('@')}" if account.handle else ""
    return " · ".join(clean_line(part, 60) for part in (handle, account.pronouns or "") if part)


def facts_of(person: Person, now: datetime, zone: ZoneInfo, *, masked: bool, language: str = "") -> list[Fact]:
    """Return the rows that are known, in their fixed order."""
    account = person.account
    rows = _account_facts(account, now, zone) if account else []
    if person.reachable:
        shown = clean_line(mask_of(person, masked).shown_email, ADDRESS_LIMIT)
        rows.append(Fact("Email", shown, copies=not masked))
    if account and account.city and not masked:
        rows.append(Fact("City", clean_line(account.city, 80)))
    if is_foreign(language):
        rows.append(Fact("Writes in", language_name(language)))
    return rows


def _account_facts(account: Account, now: datetime, zone: ZoneInfo) -> list[Fact]:
    rows = []
    if account.tier:
        rows.append(Fact("Tier", _tier_words(account), clean_line(account.tier, 20).upper()))
    if account.tier_ends_at:
        past = account.tier_ends_at <= now
        rows.append(Fact("Ended" if past else "Paid until", when.date(account.tier_ends_at, zone)))
    if account.joined_at:
        rows.append(Fact("Since", when.date(account.joined_at, zone)))
    if account.last_seen_at:
        rows.append(Fact("Last seen", when.short(account.last_seen_at, now, zone)))
    if account.verified is not None:
        rows.append(Fact("Verified", "Yes" if account.verified else "Not yet"))
    return rows


def _tier_words(account: Account) -> str:
    given = (account.tier_status or "").casefold()
    return _STATUS_WORDS.get(given, clean_line(given.replace("_", " "), 30))


def other_case_words(case: OtherCase) -> str:
    """Return where another case stands."""
    words = {"open": "Open", "in_progress": "In progress", "waiting_response": "Waiting"}
    return words.get(case.status, clean_line(case.status.replace("_", " "), 20).capitalize())


LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def is_foreign(code: str) -> bool:
    """Return whether this is a language worth naming at an English desk: known, and no kind of English."""
    return code.partition("-")[0].lower() not in ("", "en", "und")


def language_name(code: str) -> str:
    """Return a language's English name; its code where the name is not known."""
    return LANGUAGES.get(code.casefold()[:2], clean_line(code, 12))
