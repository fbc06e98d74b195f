"""The chain of seals over the audit: what is hashed, in which bytes, and what a break in it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from struct import Struct

START = bytes(32)
"""What the first seal follows."""
LATE_AFTER_S = 30.0
"""Seconds that an entry may wait for its seal before people are told."""
_LENGTH, _NUMBER = Struct(">i"), Struct(">iq")
_SEAL = Struct(">iqiqiqi")  # seq, floor, sealed_at, and whether an entry follows
_ENTRY = Struct(">qiqiq")  # id, at, xact
_GONE = -1


class Fault(StrEnum):
    """What can be wrong with a sealed audit."""

    EDITED = "edited"
    SEAL_EDITED = "seal edited"
    ENTRY_GONE = "entry gone"
    SEAL_GONE = "seal gone"
    REORDERED = "reordered"
    FOREIGN = "foreign"
    UNSEALED = "unsealed"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong: at which seal, with which entry, and what that means in words."""

    fault: Fault
    seq: int
    entry: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal of a chain; `seq` 0 with 32 zero bytes is the head of an empty one."""

    seq: int
    hash: bytes

    @property
    def words(self) -> str:
        """The number and the first digits of the hash, for people to compare."""
        return f"{self.seq:,} ({self.hash.hex()[:16]}…)"


@dataclass(frozen=True, slots=True)
class SealState:
    """How far sealing is, by the database's clock.

    `known_hash` is that of the seal which was asked for, None where there is none; `waiting_since` is when the oldest
    entry without a seal was written.
    """

    head: Head
    sealed_at: datetime | None
    known_hash: bytes | None
    waiting_since: datetime | None
    at: datetime

    @property
    def late(self) -> bool:
        """Whether an entry has waited for its seal for too long."""
        return self.waiting_since is not None and (self.at - self.waiting_since).total_seconds() > LATE_AFTER_S


def canonical(fields: Sequence[int | str | bytes | None]) -> bytes:
    """Return the bytes that are hashed: each field by its length in 4 bytes (-1: absent), then itself.

    Numbers have 8 bytes, texts are UTF-8, times are microseconds since 1970.
    """
    parts: list[bytes] = []
    for field in fields:
        if field is None:
            parts.append(_LENGTH.pack(_GONE))
        elif isinstance(field, int):
            parts.append(_NUMBER.pack(8, field))
        else:
            content = field.encode() if isinstance(field, str) else field
            parts.append(_LENGTH.pack(len(content)) + content)
    return b"".join(parts)


def fields(record: bytes) -> list[bytes | None]:
    """Return the fields of a record, the hash last: what `canonical` put together."""
    found: list[bytes | None] = []
    at = 0
    while at < len(record):
        (length,) = _LENGTH.unpack_from(record, at)
        at += 4
        found.append(None if length == _GONE else record[at : at + length])
        at += max(length, 0)
    return found


def alarm(remembered: Head | None, state: SealState) -> str:
    """Return in words how the audit contradicts the head that this workstation saw before; empty when it does not."""
    if remembered is None or state.known_hash == remembered.hash or remembered.seq == 0:
        return ""
    if state.head.seq < remembered.seq:
        return (
            f"The audit went back: this computer saw {remembered.seq:,} seals, now there are {state.head.seq:,}. "
            "Its newest entries were cut off, or an older copy was restored."
        )
    return (
        f"The audit was rewritten: seal {remembered.seq:,} is not the one that this computer saw. "
        "Somebody with the rights of a superuser has made a new chain."
    )


class Checker:
    """Takes seals with their entries in the order of `seq`, and keeps the first finding.

    `known` are heads that were kept outside of the database, by `seq`.
    """

    def __init__(self, known: Mapping[int, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self._place = (-1, 0, 0)
        self._suspect: tuple[int, int, bytes, tuple[int, int, int]] | None = None
        self.head = Head(0, START)
        self.first: Finding | None = None

    @property
    def place(self) -> tuple[int, int, int]:
        """Floor, transaction and id of the newest sealed entry: what has no seal and lies before that is foreign."""
        return self._place

    def take(self, record: bytes) -> None:
        """Check one record: the canonical bytes of a sealed entry, followed by its hash as a field."""
        _, seq, _, floor, _, _, there = _SEAL.unpack_from(record)
        before, prev, hash_ = self.head, record[-68:-36], record[-32:]
        if self._suspect is not None:
            self._name_suspect(prev, record, there)
        self.head = Head(seq, hash_)
        if self.first is not None:
            return
        if seq != before.seq + 1:
            self._find(Fault.SEAL_GONE, before.seq + 1, None, _SEALS_GONE.format(before.seq + 1, seq - 1))
        elif there == _GONE:
            self._find(Fault.ENTRY_GONE, seq, None, "The entry under this seal was deleted.")
        else:
            entry, _, _, _, xact = _ENTRY.unpack_from(record, _SEAL.size)
            place = (floor, xact, entry)
            if prev != before.hash or sha256(record[:-36]).digest() != hash_:
                self._suspect = (seq, entry, hash_ if prev == before.hash else START, place)
            elif place <= self._place or entry <= floor:
                self._find(Fault.REORDERED, seq, entry, "This entry is sealed after one that was written later.")
            elif self._known.get(seq, hash_) != hash_:
                self._find(Fault.REWRITTEN, seq, entry, _REWRITTEN)
            self._place = place

    def finish(self) -> Finding | None:
        """Return the first finding after the last record."""
        if self._suspect is not None:
            seq, entry, _, _ = self._suspect
            self._suspect = None
            self._find(Fault.EDITED, seq, entry, "This entry or its seal was changed after it was sealed.")
        beyond = [seq for seq in self._known if seq > self.head.seq]
        if self.first is None and beyond:
            words = f"Seals up to {max(beyond):,} were seen before. The end of the audit was cut off."
            self._find(Fault.CUT, self.head.seq + 1, None, words)
        return self.first

    def _name_suspect(self, next_prev: bytes, record: bytes, there: int) -> None:
        """Say what happened to the record that does not hold, now that its successor is known."""
        assert self._suspect is not None
        seq, entry, stored, place = self._suspect
        self._suspect = None
        if there != _GONE:
            following, _, _, _, xact = _ENTRY.unpack_from(record, _SEAL.size)
            if (place[0], xact, following) < place:
                self._find(Fault.REORDERED, seq, entry, "Entries have changed places: this one was written later.")
                return
        if next_prev == stored:
            self._find(Fault.EDITED, seq, entry, "What this entry says is not what was sealed: it was changed.")
        else:
            self._find(Fault.SEAL_EDITED, seq, entry, "The seal of this entry was changed.")

    def _find(self, fault: Fault, seq: int, entry: int | None, words: str) -> None:
        if self.first is None:
            self.first = Finding(fault, seq, entry, words)


_SEALS_GONE = "Seals {:,} to {:,} were deleted."
_REWRITTEN = (
    "The chain is sound in itself and yet not the one that was seen before: somebody with a superuser's rights has "
    "changed entries up to here and sealed them all again."
)
