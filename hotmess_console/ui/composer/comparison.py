"""What the compare view says: theirs, what is new from the person, and what happened, since somebody began to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotmess_console.domain.people import Staff
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Login
from hotmess_console.ui.composer.news import deeds
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.mask import Mask
from hotmess_console.ui.viewmodels.thread_rows import RowKind, ThreadRow, rows_of, state_words


@dataclass(frozen=True, slots=True)
class Said:
    """One new message: by whom, when, its words, and where it is on its way."""

    author: str
    face: str
    time: str
    text: str
    state: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two of the three columns, and `deeds`: what colleagues did besides writing, such as "Jo Kerr took it".

    `person` is who wrote the case, `began` since when all this happened (empty: not known).
    """

    reference: str
    person: str
    theirs: tuple[Said, ...]
    new: tuple[Said, ...]
    deeds: tuple[str, ...]
    began: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom things are said: their login, their directory, their clock, and what is hidden from them."""

    me: Login
    staff: Staff
    zone: ZoneInfo
    mask: Mask


def compare(before: TicketDetail, now: TicketDetail, reader: Reader) -> Comparison:
    """Return what happened on the case between two readings of it."""
    at = now.read_at or now.case.rank_at
    known = {message.id for message in before.messages} | {
        message.id for message in now.messages if message.author == reader.me
    }
    rows = rows_of(now, me=reader.me, staff=reader.staff, now=at, zone=reader.zone, mask=reader.mask)
    fresh = [row for row in rows if row.message is not None and row.message not in known and not row.struck]
    return Comparison(
        now.case.reference,
        reader.mask.shown_name,
        tuple(_said(row, at, reader) for row in fresh if row.kind is RowKind.OUTGOING),
        tuple(_said(row, at, reader) for row in fresh if row.kind is RowKind.INCOMING),
        tuple(dict.fromkeys(deeds(before, now, reader.me, reader.staff))),
        when.clock_time(before.read_at, reader.zone) if before.read_at else "",
    )


def _said(row: ThreadRow, now: datetime, reader: Reader) -> Said:
    state = state_words(row, now, reader.zone).words
    return Said(row.author, row.person or row.author, row.time, row.body, state, row.masked)
