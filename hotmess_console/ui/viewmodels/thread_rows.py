"""The thread of a ticket as rows: days, messages and notes in time order, with their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from zoneinfo import ZoneInfo

from hotmess_console.domain.people import UNVERIFIED, Staff
from hotmess_console.domain.safe_text import clean_line
from hotmess_console.domain.threads import Attachment, Delivery, DeliveryState, Message, Note
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, Login, MessageId
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.connection import LATE_AFTER_S
from hotmess_console.ui.viewmodels.mask import Mask

OUR_NAME = "HOTMESS Support"
NAME_LIMIT = 60
LONG_FROM = 1_600
"""Longer messages start folded: more than a screenful, and laying out 20,000 characters takes long enough to feel."""
FOLDED_TO = 900
FOLDED_LINES = 14
_CLAIMS_STAFF = re.compile(r"\b(hotmess|support|staff|admin\w*|moderat\w+|official)\b", re.IGNORECASE)
CHANNELS = {"platform": "In the app", "email": "Email", "import": "Imported", "console": "By hand"}


class RowKind(StrEnum):
    """What a row of the thread is."""

    DAY = "day"
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One row, ready to show. Rows that are equal look the same, whenever they were read.

    `time` is the time of day, `moment` the same in full. `person` is whose face stands beside it.
    `struck` is for what was taken back. `unverified` marks a
    message that claims to come from staff though nobody at this desk wrote it.
    """

    key: str
    kind: RowKind
    time: str
    moment: str = ""
    author: str = ""
    person: str = ""
    body: str = ""
    channel: str = ""
    message: MessageId | None = None
    delivery: Delivery | None = None
    struck: bool = False
    unverified: bool = False
    masked: bool = False
    flying_since: datetime | None = None
    """Since when it is on its way to the database, which has not confirmed it."""
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether the message starts folded."""
        return len(self.body) > LONG_FROM or self.body.count("\n", 0, LONG_FROM) > 2 * FOLDED_LINES

    @property
    def folded(self) -> str:
        """The beginning of a long message, cut at a line or a word; all of a short one."""
        if not self.is_long:
            return self.body
        lines = self.body[:FOLDED_TO].split("\n")[:FOLDED_LINES]
        start = "\n".join(lines)
        if len(start) < FOLDED_TO:
            return start + " …"
        return start.rsplit(" ", 1)[0][:FOLDED_TO] + " …"

    def spoken(self) -> str:
        """The row as one sentence for a screen reader; the text itself is read from inside the card."""
        if self.kind is RowKind.DAY:
            return f"{self.time}."
        what = {
            RowKind.INCOMING: "Message from",
            RowKind.OUTGOING: "Our message, written by",
            RowKind.NOTE: "Internal note, never sent, by",
        }[self.kind]
        files = len(self.attachments)
        parts = [
            f"{what} {self.author}",
            self.moment,
            self.channel.lower() if self.kind is RowKind.INCOMING else "",
            "claims to be staff and is not verified" if self.unverified else "",
            "taken back" if self.struck else "",
            f"{files} file{'s' if files > 1 else ''}" if files else "",
        ]
        return ", ".join(filter(None, parts)) + "."


@dataclass(frozen=True, slots=True)
class StateWords:
    """Where a message is on its way; `trouble` says what went wrong and what sending again would mean."""

    words: str
    icon: str = ""
    tone: str = "neutral"
    trouble: str = ""
    may_send_again: bool = False


def rows_of(
    detail: TicketDetail, *, me: Login, staff: Staff, now: datetime, zone: ZoneInfo, mask: Mask
) -> list[ThreadRow]:
    """Return all rows from the oldest to the newest, a heading before each new day."""
    speaker = _Speaker(detail, me, staff, zone, mask)
    dated = [(m.at, str(m.id), speaker.message(m)) for m in detail.messages]
    dated += [(n.at, str(n.id), speaker.note(n)) for n in detail.notes]
    dated.sort(key=lambda entry: entry[:2])
    return list(_with_days(((at, row) for at, _, row in dated), now, zone))


@dataclass(frozen=True, slots=True)
class Flight:
    """A reply that was given and that the database has not confirmed yet. `id` is the message's, once it is there."""

    id: MessageId
    case: CaseId
    body: str


def flying_row(flight: Flight, since: datetime, *, me: Login, staff: Staff, zone: ZoneInfo, mask: Mask) -> ThreadRow:
    """Return the row of a reply on its way; the message takes its place once it is read."""
    return ThreadRow(
        key=str(flight.id),
        kind=RowKind.OUTGOING,
        time=when.clock_time(since, zone),
        moment=when.full(since, zone),
        author="You",
        person=staff.name(me),
        body=mask.text(flight.body),
        message=flight.id,
        flying_since=since,
    )


def _with_days(rows: Iterable[tuple[datetime, ThreadRow]], now: datetime, zone: ZoneInfo) -> Iterator[ThreadRow]:
    before = None
    for at, row in rows:
        date = at.astimezone(zone).date()
        if date != before:
            yield ThreadRow(f"day {date.isoformat()}", RowKind.DAY, when.day(at, now, zone))
            before = date
        yield row


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Knows who is who in one thread."""

    detail: TicketDetail
    me: Login
    staff: Staff
    zone: ZoneInfo
    mask: Mask

    def message(self, message: Message) -> ThreadRow:
        claims = message.incoming and self._claims_staff(message.author_name)
        loose = [a for a in self.detail.attachments if a.message is None]
        first = self.detail.messages[0].id == message.id
        return ThreadRow(
            key=str(message.id),
            kind=RowKind.INCOMING if message.incoming else RowKind.OUTGOING,
            time=when.clock_time(message.at, self.zone),
            moment=when.full(message.at, self.zone),
            author=clean_line(self._author(message), NAME_LIMIT),
            person=self.staff.name(message.author) if message.author else "",
            body=self.mask.text(message.body),
            channel=CHANNELS.get(message.channel, clean_line(message.channel.capitalize(), 20)),
            message=message.id,
            delivery=message.delivery,
            struck=message.retracted or _cancelled(message.delivery),
            unverified=claims,
            masked=self.mask.on and message.incoming,
            attachments=(*message.attachments, *loose) if first else message.attachments,
        )

    def note(self, note: Note) -> ThreadRow:
        return ThreadRow(
            key=str(note.id),
            kind=RowKind.NOTE,
            time=when.clock_time(note.at, self.zone),
            moment=when.full(note.at, self.zone),
            author=self._colleague(note.author),
            body=self.mask.text(note.body),
            struck=note.retracted,
        )

    def _author(self, message: Message) -> str:
        if not message.incoming:
            return self._colleague(message.author) if message.author else OUR_NAME
        if message.author_name == UNVERIFIED:
            return "Somebody on the platform"
        return self.mask.shown_name if self.mask.on else message.author_name.strip() or self.mask.shown_name

    def _colleague(self, login: Login) -> str:
        return "You" if login == self.me else self.staff.name(login)

    def _claims_staff(self, name: str) -> bool:
        if name == UNVERIFIED or _CLAIMS_STAFF.search(name[: NAME_LIMIT * 4]):
            return True
        wanted = " ".join(name.split()).casefold()
        return any(wanted == colleague.name.casefold() for colleague in self.staff)


def _cancelled(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.state is DeliveryState.CANCELLED


def state_words(row: ThreadRow, now: datetime, zone: ZoneInfo) -> StateWords:
    """Return where the row's message is at `now`: its channel, or its delivery in words."""
    if row.kind is RowKind.NOTE:
        return StateWords("Taken back" if row.struck else "")
    if row.kind is RowKind.INCOMING:
        return StateWords(row.channel)
    if row.flying_since is not None:
        late = (now - row.flying_since).total_seconds() > LATE_AFTER_S
        words, tone = ("Sending… not confirmed", "warn") if late else ("Sending…", "info")
        return StateWords(words, "clock", tone)
    if row.struck:
        return StateWords("Taken back before it was sent", "undo-2")
    if row.delivery is None:
        return StateWords("No address", "mail", "warn", "Nobody has received this: there is no address to send it to.")
    return _delivery_words(row.delivery, now, zone)


def _delivery_words(delivery: Delivery, now: datetime, zone: ZoneInfo) -> StateWords:
    match delivery.state:
        case DeliveryState.HELD:
            left = when.seconds_left((delivery.hold_until - now).total_seconds())
            return StateWords(f"Held {left} s" if left > 0 else "Leaving now", "clock", "info")
        case DeliveryState.SENDING:
            return StateWords("Sending", "send", "info")
        case DeliveryState.SENT:
            sent = f"Sent {when.short(delivery.sent_at, now, zone)}" if delivery.sent_at else "Sent"
            return StateWords(sent, "check-check", "ok")
        case DeliveryState.FAILED:
            reason = clean_line(delivery.error, 200).rstrip(".") or "the mail server did not say why"
            return StateWords("Not sent", "triangle-alert", "warn", f"Failed: {reason}.", True)
        case DeliveryState.UNKNOWN:
            trouble = "The connection broke while it was sent. Sending again may bring it twice."
            return StateWords("Not known whether it left", "circle-question-mark", "warn", trouble, True)
        case DeliveryState.CANCELLED:
            return StateWords("Taken back before it was sent", "undo-2")


def counts_down(row: ThreadRow) -> bool:
    """Return whether the row's words change with the seconds."""
    if row.flying_since is not None:
        return True
    return not row.struck and row.delivery is not None and row.delivery.state is DeliveryState.HELD


def file_words(attachment: Attachment) -> str:
    """Return kind and size of a file: "Picture, 212 kB"."""
    return ", ".join(filter(None, (_kind_words(attachment), size_words(attachment.size))))


def size_words(size: int) -> str:
    """Return a number of bytes as people say it; nothing for 0, which stands for unknown."""
    if size <= 0:
        return ""
    if size < 1_000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{ceil(size / 1_000)} kB"
    return f"{size / 1_000_000:.1f} MB"


def _kind_words(attachment: Attachment) -> str:
    kind, _, form = attachment.media_type.partition("/")
    known = {"image": "Picture", "video": "Film", "audio": "Sound", "text": "Text"}
    if kind in known:
        return known[kind]
    return "PDF" if form == "pdf" else "File"
