"""A desk into which hostile strings came as a file: each is subject and message of a case of its own."""

from __future__ import annotations

import asyncio
import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from hotmess_console.adapters.store.embedded import Server
from hotmess_console.domain.cases import Case
from hotmess_console.domain.imports import ImportedTicket, read_tickets
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.importing import ImportTickets
from tests.desks import DeskDatabase, Seat, copied
from tests.e2e.hostile_strings import payloads

BATCH = 500


@dataclass(frozen=True)
class Hostile:
    """What went in, and what an agent then reads: cases as the queue pages them, details in the order of payloads."""

    database: DeskDatabase
    payloads: list[str]
    numbers: list[int]
    queue: list[Case]
    details: list[TicketDetail]
    searched: list[tuple[str, int, list[int]]]
    """What was searched for, the number that has it, and the numbers that were found."""


@contextmanager
def hostile_desk(server: Server, template: str, count: int) -> Iterator[Hostile]:
    """A fresh desk with `count` payloads imported and read back by an agent."""
    texts = payloads(count)
    with copied(server, template) as database, asyncio.Runner() as runner:
        yield runner.run(_filled(database, texts))


async def _filled(database: DeskDatabase, texts: list[str]) -> Hostile:
    rows = [row for row in read_tickets(csv_of(texts)) if isinstance(row, ImportedTicket)]
    async with database.sit_down() as seat:
        changed = [
            id
            for start in range(0, len(rows), BATCH)
            for id in (await seat.do(ImportTickets(rows=tuple(rows[start : start + BATCH])))).changed
        ]
        details = [await seat.queries.ticket(id) for id in changed]
        numbers = [detail.case.number for detail in details]
        queue = [case for case in await _all_pages(seat) if case.number in set(numbers)]
        return Hostile(database, texts, numbers, queue, details, [await _searched(seat, d.case) for d in details])


def csv_of(texts: Sequence[str]) -> bytes:
    """The texts as a file, each as subject and as message."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(("subject", "message", "category", "language"))
    writer.writerows((text, text, "general", "en") for text in texts)
    return written.getvalue().encode()


async def _all_pages(seat: Seat) -> list[Case]:
    page = await seat.queries.page(QueueFilter(), limit=200)
    found = [*page.cases]
    while page.more:
        page = await seat.queries.page(QueueFilter(), found[-1].key, limit=200)
        found += page.cases
    return found


async def _searched(seat: Seat, case: Case) -> tuple[str, int, list[int]]:
    """Search for the case's number together with a part of its words, as somebody would type them."""
    words = f"{case.reference} {printable_part(case.subject)}".strip()
    found = await seat.queries.page(QueueFilter(text=words))
    return words, case.number, [other.number for other in found.cases]


def printable_part(text: str, most: int = 40) -> str:
    """The first stretch of the text that could be typed into a field, at most `most` characters; or nothing."""
    for word in text.split():
        stretch = "".join(char if char.isprintable() else " " for char in word).split()
        if stretch:
            return stretch[0][:most]
    return ""


def as_stored(text: str) -> str:
    """What the import promises to keep of a message: every character, with one kind of line end and spelling."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
